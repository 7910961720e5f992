package dev.lanewise.nn.layer;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;

/**
 * Keeps the largest number of each channel of a series: {@code [n, c, steps]} to {@code [n, c]},
 * channels first. Put {@code new Permute(2, 1)} before it for series of {@code [n, steps,
 * features]}, as an embedding gives them.
 */
public final class GlobalMaxPool1D extends GlobalPoolLayer<GlobalMaxPool1D> {

  /** Makes the layer. */
  public GlobalMaxPool1D() {
    super(1);
  }

  @Override
  Tensor pool(Tensor x) {
    return x.globalMaxPool();
  }

  @Override
  GlobalMaxPool1D self() {
    return this;
  }

  static GlobalMaxPool1D of(Config config) {
    return new GlobalMaxPool1D().keepDims(config.flag("keepDims"));
  }
}
