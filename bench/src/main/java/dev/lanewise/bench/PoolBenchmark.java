package dev.lanewise.bench;

import dev.lanewise.bench.cases.KernelCase;
import dev.lanewise.bench.cases.Pool;
import org.openjdk.jmh.annotations.Param;

/** Pooling of 64 samples with 32 channels of 28 x 28, and its gradient. */
public class PoolBenchmark extends CaseBenchmark {
  /** What is taken of a window. */
  @Param public Pool.Kind kind;

  /** Whether it is the gradient by the input. */
  @Param({"false", "true"})
  public boolean backward;

  /** Height and width of the window; its step is 2. */
  @Param({"2", "3"})
  public int window;

  /** Makes the benchmark; JMH calls this. */
  public PoolBenchmark() {}

  @Override
  protected KernelCase kernelCase() {
    return new Pool(kind, backward, 64, 32, 28, window, 2, window - 2);
  }
}
