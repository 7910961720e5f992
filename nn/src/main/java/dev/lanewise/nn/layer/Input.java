package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;

/**
 * Says what samples of a model are like. {@link #of} begins a model of inputs and outputs; as the
 * first layer of a {@code Sequential} it lets that be built and summed up before it sees data.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var model = Sequential.of(new Input(2), new Dense(5, "sigmoid"), new Dense(1, "sigmoid"));
 *   IO.println(model.summary()); // 21 parameters
 * }
 * }
 */
public final class Input extends Layer {
  private final Shape shape;

  /**
   * Makes the layer.
   *
   * @param sampleShape the shape of one sample, without the batch axis
   * @throws ShapeException if an extent is negative
   */
  public Input(int... sampleShape) {
    shape = Shape.of(sampleShape);
  }

  /**
   * {@return an input of a model}
   *
   * @param sampleShape the shape of one sample, without the batch axis
   * @throws ShapeException if an extent is negative
   */
  public static SymbolicTensor of(int... sampleShape) {
    return new Input(sampleShape).tensor();
  }

  /**
   * {@return an input of a model, with a name}
   *
   * @param name what the model calls it
   * @param sampleShape the shape of one sample, without the batch axis
   * @throws ShapeException if an extent is negative
   */
  public static SymbolicTensor of(String name, int... sampleShape) {
    Input input = new Input(sampleShape);
    input.named(name);
    return input.tensor();
  }

  /** {@return what flows from here} */
  public SymbolicTensor tensor() {
    return LayerCall.of(this, shape).outputs().getFirst();
  }

  /** {@return the shape of one sample} */
  public Shape shape() {
    return shape;
  }

  /**
   * {@return the shape of one sample}
   *
   * @param input the shape of a sample that comes
   * @throws ShapeException if it is another
   */
  @Override
  public Shape outputShape(Shape input) {
    if (!input.equals(shape)) {
      throw new ShapeException(
          "%s: samples must be %s, not %s".formatted(describe(), batchOf(shape), batchOf(input)));
    }
    return shape;
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return x;
  }

  @Override
  public Config config() {
    return Config.of(type()).with("shape", shape.dims());
  }
}
