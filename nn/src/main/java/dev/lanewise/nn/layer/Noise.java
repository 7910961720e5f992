package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Distribution;

/**
 * Disturbs in training what it is given, by random numbers of which each step has a stream of its
 * own; gives it on as it is otherwise.
 */
abstract class Noise extends Layer {
  private Generator generator;

  Noise() {}

  /** {@return the number, which is at least 0 and less than 1} */
  static double rate(String layer, double rate) {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException(
          "%s: rate must be at least 0 and less than 1, not %s".formatted(layer, rate));
    }
    return rate;
  }

  /** {@return random numbers of the input's type} */
  final Tensor random(Distribution distribution, Tensor like, Shape shape) {
    return Tensor.random(like.backend(), like.dtype(), distribution, generator, shape);
  }

  /** {@return the input, disturbed} */
  abstract Tensor disturbed(Tensor x);

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  protected void createWeights(Shape input) {
    generator = addGenerator();
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return training ? disturbed(x) : x;
  }
}
