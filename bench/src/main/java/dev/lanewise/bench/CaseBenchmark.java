package dev.lanewise.bench;

import dev.lanewise.bench.cases.Kernel;
import dev.lanewise.bench.cases.KernelCase;
import dev.lanewise.kernel.Backends;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A kind of kernel of {@code lanewise bench} under JMH, on one thread: its answer is proved, then
 * it is called through the contract as a program would. The line {@code amount} of the report is
 * the speed, in GFLOP/s or GB/s. A subclass has the parameters.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-Dlanewise.threads=1"
    })
@State(Scope.Thread)
public abstract class CaseBenchmark {
  /** Counts work, so that JMH reports a speed. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Work {
    /** Billions of operations or bytes. */
    public double amount;
  }

  private Kernel kernel;
  private double amount;

  /** Makes the benchmark; JMH calls this. */
  protected CaseBenchmark() {}

  /** {@return the case that the parameters choose} */
  protected abstract KernelCase kernelCase();

  /** Makes the arrays and proves the answer. */
  @Setup
  public void prepare() {
    KernelCase kernelCase = kernelCase();
    List<float[]> inputs = kernelCase.inputs();
    amount = kernelCase.work().amount();
    kernel = kernelCase.on(Backends.named("simd"), inputs);
    kernel.run();
    kernelCase.exact(inputs).check("simd, " + kernelCase.id(), kernel);
  }

  /** Frees the arrays. */
  @TearDown
  public void close() {
    kernel.close();
  }

  /**
   * Computes once.
   *
   * @param work counts
   */
  @Benchmark
  public void simd(Work work) {
    kernel.run();
    work.amount += amount;
  }
}
