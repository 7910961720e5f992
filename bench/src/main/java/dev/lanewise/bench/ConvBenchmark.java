package dev.lanewise.bench;

import dev.lanewise.bench.cases.Conv;
import dev.lanewise.bench.cases.ConvShape;
import dev.lanewise.bench.cases.KernelCase;
import org.openjdk.jmh.annotations.Param;

/** Convolutions and their gradients, in {@code f32} on one thread. */
public class ConvBenchmark extends CaseBenchmark {
  /** What is computed. */
  @Param public Conv.Direction direction;

  /** On which shapes. */
  @Param public ConvShape shape;

  /** Makes the benchmark; JMH calls this. */
  public ConvBenchmark() {}

  @Override
  protected KernelCase kernelCase() {
    return new Conv(direction, shape);
  }
}
