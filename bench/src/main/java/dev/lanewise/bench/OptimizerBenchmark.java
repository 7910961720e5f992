package dev.lanewise.bench;

import dev.lanewise.bench.cases.KernelCase;
import dev.lanewise.bench.cases.OptimizerStep;
import org.openjdk.jmh.annotations.Param;

/** Steps of optimizers on one array of weights, in {@code f32} on one thread. */
public class OptimizerBenchmark extends CaseBenchmark {
  /** How weights change. */
  @Param public OptimizerStep.Rule rule;

  /** The number of weights: 16,384 stay in a core's cache, 16,777,216 do not. */
  @Param({"16384", "16777216"})
  public int length;

  /** Makes the benchmark; JMH calls this. */
  public OptimizerBenchmark() {}

  @Override
  protected KernelCase kernelCase() {
    return new OptimizerStep(rule, length);
  }
}
