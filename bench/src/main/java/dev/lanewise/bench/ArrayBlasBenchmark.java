package dev.lanewise.bench;

import dev.lanewise.bench.cases.ArrayBlas;
import dev.lanewise.bench.cases.KernelCase;
import org.openjdk.jmh.annotations.Param;

/** Products of matrices and vectors on Java arrays, in {@code f32}. */
public class ArrayBlasBenchmark extends CaseBenchmark {
  /** Which call. */
  @Param public ArrayBlas.Op op;

  /** Rows and columns of the matrix; vectors alone are as long as it is large. */
  @Param({"128", "4096"})
  public int side;

  /** Makes the benchmark; JMH calls this. */
  public ArrayBlasBenchmark() {}

  @Override
  protected KernelCase kernelCase() {
    return switch (op) {
      case SGEMV, SGEMV_T -> new ArrayBlas(op, side, side);
      case SDOT, SAXPY -> new ArrayBlas(op, 1, side * side);
    };
  }
}
