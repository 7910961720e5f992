package dev.lanewise.bench;

import dev.lanewise.bench.cases.KernelCase;
import dev.lanewise.bench.cases.Reduction;
import dev.lanewise.kernel.ReduceOp;
import org.openjdk.jmh.annotations.Param;

/** Reductions of rows of 256 numbers, in {@code f32} on one thread. */
public class ReductionBenchmark extends CaseBenchmark {
  /** How elements are combined. */
  @Param({"SUM", "MAX"})
  public ReduceOp op;

  /** Which elements are combined. */
  @Param public Reduction.Over over;

  /** The number of elements: 16,384 stay in a core's cache, 16,777,216 do not. */
  @Param({"16384", "16777216"})
  public int length;

  /** Makes the benchmark; JMH calls this. */
  public ReductionBenchmark() {}

  @Override
  protected KernelCase kernelCase() {
    return new Reduction(op, over, length / 256, 256);
  }
}
