package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * A function of tensors as a layer, for a line or two without weights. What shape comes out is
 * found out by calling it with a sample of zeros.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var model = Sequential.of(new Lambda(x -> x.sub(0.5).mul(2)), new Dense(1)).build(3);
 *   IO.println(model.summary());
 * }
 * }
 *
 * <p>A function can not be saved with a model; a class of one's own that extends {@link Layer} can,
 * and one with weights or that trains otherwise than it predicts must be.
 */
public final class Lambda extends Layer {
  private final UnaryOperator<Tensor> function;

  /**
   * Makes the layer.
   *
   * @param function makes of a batch, {@code [n, sample…]}, one of as many samples; differentiable
   *     if layers before it shall learn
   */
  public Lambda(UnaryOperator<Tensor> function) {
    this.function = Objects.requireNonNull(function, "function");
  }

  /**
   * {@return the shape of one sample of what the function makes}
   *
   * @param input the shape of one sample of the input
   * @throws dev.lanewise.array.ShapeException if the function does not take it, or makes another
   *     number of samples
   */
  @Override
  public Shape outputShape(Shape input) {
    return traceShapes(List.of(input)).getFirst();
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return function.apply(x);
  }

  /**
   * Refuses.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public Config config() {
    throw new UnsupportedOperationException(
        describe()
            + ": a function can not be saved; write a class that extends Layer and overrides"
            + " config(), or save weights alone");
  }
}
