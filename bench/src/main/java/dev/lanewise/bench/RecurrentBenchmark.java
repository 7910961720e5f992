package dev.lanewise.bench;

import dev.lanewise.bench.cases.KernelCase;
import dev.lanewise.bench.cases.RecurrentStep;
import org.openjdk.jmh.annotations.Param;

/** Steps of recurrent cells, and their gradients, in {@code f32} on one thread. */
public class RecurrentBenchmark extends CaseBenchmark {
  /** Which cell. */
  @Param public RecurrentStep.Cell cell;

  /** Whether it is the gradients. */
  @Param({"false", "true"})
  public boolean backward;

  /** How many units; there are 64 samples. */
  @Param({"128", "1024"})
  public int units;

  /** Makes the benchmark; JMH calls this. */
  public RecurrentBenchmark() {}

  @Override
  protected KernelCase kernelCase() {
    return new RecurrentStep(cell, backward, 64, units);
  }
}
