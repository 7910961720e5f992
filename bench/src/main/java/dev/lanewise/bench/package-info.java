/**
 * Benchmarks, and what they measure against. {@link dev.lanewise.bench.GemmBenchmark} and {@link
 * dev.lanewise.bench.ElementwiseBenchmark} are run by JMH; each proves its answers before it times
 * them. The command line is not here but in {@code dev.lanewise.cli}.
 *
 * <p>To run them from a clean checkout, in its folder:
 *
 * <pre>{@code
 * mvn -q package -Dlanewise.quick
 * java -cp "$(find . -path '*target/launch*' -name '*.jar' | paste -sd: -)" org.openjdk.jmh.Main
 * }</pre>
 *
 * <p>A name behind that selects, as in {@code Gemm}; {@code -p form=NN -p size=512x512x512} chooses
 * parameters, {@code -f 1 -wi 3 -i 3} makes it quick, {@code -h} lists more. The JVMs that JMH
 * starts get the flags they need, and one thread, from the benchmarks themselves; {@code java} is
 * that of a JDK 25 or newer.
 */
package dev.lanewise.bench;
