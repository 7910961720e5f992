package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.internal.Samples;

/**
 * Applies a layer to each step of a sequence, with the same weights: {@code [n, steps, …]} to
 * {@code [n, steps, …]}.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var frames = new TimeDistributed(new Conv2D(4, 3));
 *   IO.println(frames.outputShape(Shape.of(10, 1, 28, 28))); // [10, 4, 26, 26]
 * }
 * }
 */
public final class TimeDistributed extends Layer {
  private final Layer each;

  /**
   * Makes the layer.
   *
   * @param layer is applied to each step, as if the steps were samples
   */
  public TimeDistributed(Layer layer) {
    each = addLayer(layer);
  }

  /**
   * {@return the shape of one sample of the output}
   *
   * @param input the shape of one sample of the input
   * @throws ShapeException if it has no axis of steps, or the layer does not take its steps
   */
  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() == 0) {
      throw new ShapeException(
          describe() + ": input must be sequences, [n, steps, ...], not " + batchOf(input));
    }
    return Samples.batch(input.dim(0), each.outputShape(Samples.sampleOf(input)));
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    int n = x.shape().dim(0);
    int steps = x.shape().dim(1);
    Shape step = Samples.sampleOf(Samples.sampleOf(x.shape()));
    Tensor out = each.apply(x.reshape(Samples.batch(Math.multiplyExact(n, steps), step)), training);
    return out.reshape(Samples.batch(n, Samples.batch(steps, Samples.sampleOf(out.shape()))));
  }

  @Override
  public Config config() {
    return Config.of(type()).with("layer", LayerTypes.configOf(each));
  }

  static TimeDistributed of(Config config, LayerTypes types) {
    return new TimeDistributed(types.make(config.config("layer")));
  }
}
