package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;

/**
 * Gives what it takes: a place in a model with a name, for a hook, an {@link #activityRegularizer}
 * or a branch without layers. Keras's {@code Identity}, a name that Java has for something else.
 */
public final class IdentityLayer extends Layer {

  /** Makes the layer. */
  public IdentityLayer() {}

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return x;
  }

  @Override
  public Config config() {
    return Config.of(type());
  }
}
