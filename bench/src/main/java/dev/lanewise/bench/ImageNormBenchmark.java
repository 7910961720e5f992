package dev.lanewise.bench;

import dev.lanewise.bench.cases.ImageNorm;
import dev.lanewise.bench.cases.KernelCase;
import org.openjdk.jmh.annotations.Param;

/** Normalizations of images with 64 channels, and their gradients, in {@code f32} on one thread. */
public class ImageNormBenchmark extends CaseBenchmark {
  /** What moments are taken over. */
  @Param public ImageNorm.Kind kind;

  /** Whether it is the gradients. */
  @Param({"false", "true"})
  public boolean backward;

  /** Height and width of the 32 images. */
  @Param({"14", "56"})
  public int side;

  /** Makes the benchmark; JMH calls this. */
  public ImageNormBenchmark() {}

  @Override
  protected KernelCase kernelCase() {
    return new ImageNorm(kind, backward, 32, 64, side);
  }
}
