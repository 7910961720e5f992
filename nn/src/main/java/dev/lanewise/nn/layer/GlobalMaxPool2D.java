package dev.lanewise.nn.layer;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;

/**
 * Keeps the largest number of each channel of an image: {@code [n, c, h, w]} to {@code [n, c]},
 * channels first.
 */
public final class GlobalMaxPool2D extends GlobalPoolLayer<GlobalMaxPool2D> {

  /** Makes the layer. */
  public GlobalMaxPool2D() {
    super(2);
  }

  @Override
  Tensor pool(Tensor x) {
    return x.globalMaxPool();
  }

  @Override
  GlobalMaxPool2D self() {
    return this;
  }

  static GlobalMaxPool2D of(Config config) {
    return new GlobalMaxPool2D().keepDims(config.flag("keepDims"));
  }
}
