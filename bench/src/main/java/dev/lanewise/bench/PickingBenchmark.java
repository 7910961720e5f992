package dev.lanewise.bench;

import dev.lanewise.bench.cases.KernelCase;
import dev.lanewise.bench.cases.Picking;
import org.openjdk.jmh.annotations.Param;

/** Picking and adding by indices, in {@code f32} on one thread. */
public class PickingBenchmark extends CaseBenchmark {
  /** What is done. */
  @Param public Picking.Op op;

  /** How many rows of a table of 30,000 are picked. */
  @Param({"512", "8192"})
  public int picks;

  /** How many columns the table has. */
  @Param({"128", "512"})
  public int width;

  /** Makes the benchmark; JMH calls this. */
  public PickingBenchmark() {}

  @Override
  protected KernelCase kernelCase() {
    return new Picking(op, 30_000, width, picks);
  }
}
