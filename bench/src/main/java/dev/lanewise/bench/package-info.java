/**
 * How fast Lanewise is, and beside what: JMH benchmarks, and the parts of {@code lanewise bench}.
 *
 * <p><b>The command</b> measures the machine's own peaks, then each case of {@link
 * dev.lanewise.bench.cases.KernelCases}: it proves the answer against the definition in {@code
 * double}, warms up, and times rounds.
 *
 * <pre>{@code
 * ./lanewise bench                                    # all cases on one thread
 * ./lanewise bench --filter 'gemm f32|conv'           # those whose name has this in it
 * ./lanewise bench --peers --html r.html --json r.json
 * ./lanewise bench --quick --gate                     # did anything fall below the baseline?
 * ./lanewise bench --train                            # epochs in turn with libtorch
 * }</pre>
 *
 * <p>{@code --peers} fetches OpenBLAS, MKL, libtorch and ONNX Runtime from Maven Central (350 MB)
 * and times each of them in turn with Lanewise, in the same JVM. Where a peer cannot run, its row
 * says why. What bytedeco's jars and MKL are is in {@code bench/peers/pom.xml}, whose module is
 * part of the build with Maven's profile {@code peers}.
 *
 * <p>{@code --quick} compares each speed with {@code baseline.json}, which holds for each kind of
 * processor ratios to the FMA peak, or to {@code add}. To renew its entry for this processor, after
 * kernels became faster and on an idle machine:
 *
 * <pre>{@code
 * ./lanewise bench --quick \
 *   --write-baseline bench/src/main/resources/dev/lanewise/bench/report/baseline.json
 * }</pre>
 *
 * <p><b>JMH</b> measures with forks of the JVM. {@link dev.lanewise.bench.GemmBenchmark}, {@link
 * dev.lanewise.bench.ElementwiseBenchmark} and {@link dev.lanewise.bench.ArraysBenchmark} compare
 * with plain Java; the subclasses of {@link dev.lanewise.bench.CaseBenchmark} time the other kinds
 * of cases, and {@link dev.lanewise.bench.IntegerBenchmark} integers. Each proves its answers
 * before it times them. To run them from a clean checkout, in its folder:
 *
 * <pre>{@code
 * mvn -q package -Dlanewise.quick
 * java -cp "$(find . -path '*target/launch*' -name '*.jar' -not -path './bench/peers/*' | paste -sd: -)" org.openjdk.jmh.Main
 * }</pre>
 *
 * <p>A name behind that selects, as in {@code Gemm}; {@code -p form=NN -p size=512x512x512} chooses
 * parameters, {@code -f 1 -wi 3 -i 3} makes it quick, {@code -h} lists more. The JVMs that JMH
 * starts get the flags they need, and one thread, from the benchmarks themselves; {@code java} is
 * that of a JDK 25 or newer.
 */
package dev.lanewise.bench;
