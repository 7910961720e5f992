package dev.lanewise.bench;

import dev.lanewise.bench.cases.KernelCase;
import dev.lanewise.bench.cases.Rows;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Param;

/** Kernels that work on each row of a matrix by itself, in {@code f32} on one thread. */
public class RowsBenchmark extends CaseBenchmark {
  /** What is computed for each row. */
  @Param public Rows.Op op;

  /** Rows and columns. */
  @Param({"64x10", "256x64", "4096x1000"})
  public String size;

  /** Makes the benchmark; JMH calls this. */
  public RowsBenchmark() {}

  @Override
  protected KernelCase kernelCase() {
    int[] dims = Arrays.stream(size.split("x")).mapToInt(Integer::parseInt).toArray();
    return new Rows(op, dims[0], dims[1]);
  }
}
