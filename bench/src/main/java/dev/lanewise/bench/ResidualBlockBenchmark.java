package dev.lanewise.bench;

import dev.lanewise.bench.cases.KernelCase;
import dev.lanewise.bench.cases.ResidualBlock;
import org.openjdk.jmh.annotations.Param;

/** Layer normalization, GELU, dropout and a residual, at once and as a graph, on one thread. */
public class ResidualBlockBenchmark extends CaseBenchmark {
  /** The number of rows. */
  @Param({"4096"})
  public int rows;

  /** How long each is. */
  @Param({"1024"})
  public int columns;

  /** Whether the block is run as a graph. */
  @Param({"false", "true"})
  public boolean traced;

  /** Makes the benchmark; JMH calls this. */
  public ResidualBlockBenchmark() {}

  @Override
  protected KernelCase kernelCase() {
    return new ResidualBlock(rows, columns, traced);
  }
}
