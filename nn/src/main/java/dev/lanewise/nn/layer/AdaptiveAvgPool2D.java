package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.PoolSpec;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.internal.Checks;
import dev.lanewise.nn.internal.Samples;

/**
 * Takes the mean of each of as many windows as are wanted, whatever the size of the images: {@code
 * [n, c, h, w]} to {@code [n, c, height, width]}, channels first. Windows differ by one row or
 * column in size where the extents are no multiples, and overlap where the output is larger, as
 * {@link PoolSpec#adaptive} says; so it is in PyTorch.
 */
public final class AdaptiveAvgPool2D extends Layer {
  private final int height;
  private final int width;

  /**
   * Makes the layer.
   *
   * @param height of the output, at least 1
   * @param width of the output, at least 1
   * @throws IllegalArgumentException if a number is not positive
   */
  public AdaptiveAvgPool2D(int height, int width) {
    this.height = Checks.atLeastOne("AdaptiveAvgPool2D: height", height);
    this.width = Checks.atLeastOne("AdaptiveAvgPool2D: width", width);
  }

  /**
   * {@return the shape of one sample of the output, {@code [c, height, width]}}
   *
   * @param input the shape of one sample of the input, {@code [c, h, w]}
   * @throws ShapeException if it is of another rank, or empty
   */
  @Override
  public Shape outputShape(Shape input) {
    Images.check(describe(), input);
    Images.requirePixels(describe(), input);
    return Samples.sampleOf(PoolSpec.adaptive(Samples.batch(1, input), height, width).output());
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return x.adaptiveAvgPool(height, width);
  }

  @Override
  public Config config() {
    return Config.of(type()).with("height", height).with("width", width);
  }

  static AdaptiveAvgPool2D of(Config config) {
    return new AdaptiveAvgPool2D(config.integer("height"), config.integer("width"));
  }
}
