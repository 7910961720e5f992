package dev.lanewise.bench;

import dev.lanewise.bench.cases.Copy;
import dev.lanewise.bench.cases.KernelCase;
import org.openjdk.jmh.annotations.Param;

/** Conversions and transposing copies of a square, on one thread. */
public class CopyBenchmark extends CaseBenchmark {
  /** What becomes of it on the way. */
  @Param public Copy.Kind kind;

  /** Rows and columns. */
  @Param({"128", "4096"})
  public int side;

  /** Makes the benchmark; JMH calls this. */
  public CopyBenchmark() {}

  @Override
  protected KernelCase kernelCase() {
    return new Copy(kind, side, side);
  }
}
