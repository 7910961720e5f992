package dev.lanewise.nn.layer;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;

/**
 * Takes the mean of each channel of an image: {@code [n, c, h, w]} to {@code [n, c]}, channels
 * first.
 */
public final class GlobalAvgPool2D extends GlobalPoolLayer<GlobalAvgPool2D> {

  /** Makes the layer. */
  public GlobalAvgPool2D() {
    super(2);
  }

  @Override
  Tensor pool(Tensor x) {
    return x.globalAvgPool();
  }

  @Override
  GlobalAvgPool2D self() {
    return this;
  }

  static GlobalAvgPool2D of(Config config) {
    return new GlobalAvgPool2D().keepDims(config.flag("keepDims"));
  }
}
