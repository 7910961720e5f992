package dev.lanewise.nn.layer;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;

/**
 * Takes the mean of each channel of a series: {@code [n, c, steps]} to {@code [n, c]}, channels
 * first. Put {@code new Permute(2, 1)} before it for series of {@code [n, steps, features]}, as an
 * embedding gives them.
 */
public final class GlobalAvgPool1D extends GlobalPoolLayer<GlobalAvgPool1D> {

  /** Makes the layer. */
  public GlobalAvgPool1D() {
    super(1);
  }

  @Override
  Tensor pool(Tensor x) {
    return x.globalAvgPool();
  }

  @Override
  GlobalAvgPool1D self() {
    return this;
  }

  static GlobalAvgPool1D of(Config config) {
    return new GlobalAvgPool1D().keepDims(config.flag("keepDims"));
  }
}
