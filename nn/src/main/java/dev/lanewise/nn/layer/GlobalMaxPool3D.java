package dev.lanewise.nn.layer;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;

/**
 * Keeps the largest number of each channel of a volume: {@code [n, c, d, h, w]} to {@code [n, c]},
 * channels first.
 */
public final class GlobalMaxPool3D extends GlobalPoolLayer<GlobalMaxPool3D> {

  /** Makes the layer. */
  public GlobalMaxPool3D() {
    super(3);
  }

  @Override
  Tensor pool(Tensor x) {
    return x.globalMaxPool();
  }

  @Override
  GlobalMaxPool3D self() {
    return this;
  }

  static GlobalMaxPool3D of(Config config) {
    return new GlobalMaxPool3D().keepDims(config.flag("keepDims"));
  }
}
