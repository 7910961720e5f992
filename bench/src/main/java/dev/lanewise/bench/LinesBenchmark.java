package dev.lanewise.bench;

import dev.lanewise.bench.cases.KernelCase;
import dev.lanewise.bench.cases.Lines;
import org.openjdk.jmh.annotations.Param;

/**
 * Sorting, finding and summing along the lines of a million numbers, in {@code f32} on one thread.
 */
public class LinesBenchmark extends CaseBenchmark {
  /** What is computed of each line. */
  @Param public Lines.Op op;

  /** 1 along rows, 0 along columns. */
  @Param({"0", "1"})
  public int axis;

  /** Rows of the matrix: it has as many columns as make a million. */
  @Param({"1000", "1000000"})
  public int rows;

  /** Makes the benchmark; JMH calls this. */
  public LinesBenchmark() {}

  @Override
  protected KernelCase kernelCase() {
    return new Lines(op, axis, rows, 1_000_000 / rows);
  }
}
