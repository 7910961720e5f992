package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;

/**
 * Adds waves of many lengths to the steps of a sequence, {@code [n, steps, d]}, so that attention
 * can tell the steps apart: at step p, number 2i gets {@code sin(p / 10000^(2i/d))} and number 2i +
 * 1 the cosine of the same. From A. Vaswani et al., "Attention is all you need", 2017, section 3.5.
 * There are no weights, and sequences may be of any length.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var model = Sequential.of(new SinePositionEmbedding());
 *   IO.println(model.predict(Tensor.zeros(1, 2, 2))); // [[[0, 1], [sin 1, cos 1]]]
 * }
 * }
 */
public final class SinePositionEmbedding extends Layer {
  private static final double LONGEST = 10_000;

  /** Makes the layer. */
  public SinePositionEmbedding() {}

  /**
   * {@return the shape of one sample of the output, which is that of the input}
   *
   * @param input the shape of one sample of the input
   * @throws ShapeException if it is not {@code [steps, features]}
   */
  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() != 2) {
      throw new ShapeException(
          "%s: input must be sequences, [n, steps, features], not %s"
              .formatted(describe(), batchOf(input)));
    }
    return input;
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    int steps = x.shape().dim(1);
    int features = x.shape().dim(2);
    int pairs = (features + 1) / 2;
    // Made where x lives, so that nothing is sent to a device.
    Tensor place = Tensor.linspace(x.backend(), x.dtype(), 0, steps - 1, steps).expandDims(1);
    double last = -Math.log(LONGEST) * 2 * (pairs - 1) / features;
    Tensor rate = Tensor.linspace(x.backend(), x.dtype(), 0, last, pairs).exp();
    Tensor angle = place.mul(rate);
    Tensor waves = Tensor.stack(-1, angle.sin(), angle.cos()).reshape(steps, 2 * pairs);
    return x.add(waves.slice(1, 0, features));
  }

  @Override
  public Config config() {
    return Config.of(type());
  }
}
