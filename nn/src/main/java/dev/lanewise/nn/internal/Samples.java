package dev.lanewise.nn.internal;

import dev.lanewise.array.Shape;

/** Shapes of samples and of batches of them. */
public final class Samples {
  private Samples() {}

  /**
   * {@return the shape of a batch, {@code [n, sample…]}}
   *
   * @param n the number of samples
   * @param sample the shape of one sample
   */
  public static Shape batch(int n, Shape sample) {
    return sample.stacked(n);
  }

  /**
   * {@return the shape of one sample of a batch}
   *
   * @param batch {@code [n, sample…]}
   */
  public static Shape sampleOf(Shape batch) {
    int[] dims = batch.dims();
    int[] sample = new int[dims.length - 1];
    System.arraycopy(dims, 1, sample, 0, sample.length);
    return Shape.of(sample);
  }

  /**
   * {@return a batch of samples as errors write it, for example {@code [n, 28, 28]}}
   *
   * @param sample the shape of one sample
   */
  public static String batchOf(Shape sample) {
    return sample.rank() == 0 ? "[n]" : "[n, " + sample.toString().substring(1);
  }
}
