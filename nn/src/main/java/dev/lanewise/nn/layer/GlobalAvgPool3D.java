package dev.lanewise.nn.layer;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;

/**
 * Takes the mean of each channel of a volume: {@code [n, c, d, h, w]} to {@code [n, c]}, channels
 * first.
 */
public final class GlobalAvgPool3D extends GlobalPoolLayer<GlobalAvgPool3D> {

  /** Makes the layer. */
  public GlobalAvgPool3D() {
    super(3);
  }

  @Override
  Tensor pool(Tensor x) {
    return x.globalAvgPool();
  }

  @Override
  GlobalAvgPool3D self() {
    return this;
  }

  static GlobalAvgPool3D of(Config config) {
    return new GlobalAvgPool3D().keepDims(config.flag("keepDims"));
  }
}
