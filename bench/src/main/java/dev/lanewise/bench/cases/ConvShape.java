package dev.lanewise.bench.cases;

import dev.lanewise.array.Shape;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.Window;

/** The convolutions that are measured, all padded so that a stride of 1 keeps the extents. */
public enum ConvShape {
  /** The second layer of the Fashion-MNIST network, before pooling was invented for it. */
  C32_K64(32, 32, 28, 64, 3, 1, 1, 1),
  /** The first layer of the Fashion-MNIST network: one channel. */
  C1_K32(32, 1, 28, 32, 3, 1, 1, 1),
  /** A layer of a residual network. */
  C64_K64(32, 64, 56, 64, 3, 1, 1, 1),
  /** A layer that halves the image. */
  STRIDE_2(32, 128, 28, 128, 3, 2, 1, 1),
  /** A matrix product in disguise. */
  POINTWISE(32, 256, 28, 64, 1, 1, 1, 1),
  /** One filter for each channel. */
  DEPTHWISE(32, 96, 28, 96, 3, 1, 1, 96),
  /** A larger filter. */
  FIVE(32, 32, 28, 64, 5, 1, 1, 1),
  /** A filter with gaps. */
  DILATED(32, 32, 28, 64, 3, 1, 2, 1);

  private final ConvSpec spec;

  ConvShape(int n, int c, int side, int k, int kernel, int stride, int dilation, int groups) {
    int padding = dilation * (kernel / 2);
    this.spec =
        ConvSpec.of(
            Shape.of(n, c, side, side),
            Shape.of(k, c / groups, kernel, kernel),
            Window.of(kernel, kernel)
                .withStride(stride, stride)
                .withPadding(padding, padding)
                .withDilation(dilation, dilation),
            groups);
  }

  /** {@return the geometry, of two axes, square, the same in both} */
  public ConvSpec spec() {
    return spec;
  }

  /** {@return the extents, for example {@code "n32 c32 28x28 k64 3x3"}} */
  @Override
  public String toString() {
    int side = spec.input().dim(2);
    int kernel = spec.window().kernel(0);
    String text =
        "n%d c%d %dx%d k%d %dx%d"
            .formatted(
                spec.input().dim(0),
                spec.input().dim(1),
                side,
                side,
                spec.filter().dim(0),
                kernel,
                kernel);
    if (spec.window().stride(0) > 1) {
      text += " stride " + spec.window().stride(0);
    }
    if (spec.window().dilation(0) > 1) {
      text += " dilation " + spec.window().dilation(0);
    }
    return spec.groups() > 1 ? text + " groups " + spec.groups() : text;
  }
}
