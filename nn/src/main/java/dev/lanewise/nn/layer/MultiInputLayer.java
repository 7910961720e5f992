package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import java.util.List;

/**
 * A layer of several inputs and one output. A subclass says what shape comes out and computes; see
 * {@link Layer} for weights.
 */
public abstract class MultiInputLayer extends Layer {

  /** Makes a layer without a name; the model that it is added to gives it one. */
  protected MultiInputLayer() {}

  /**
   * {@return the shape of one sample of the output}
   *
   * @param inputs the shape of one sample of each input
   * @throws dev.lanewise.array.ShapeException if this layer does not take such samples
   */
  public abstract Shape outputShape(List<Shape> inputs);

  /**
   * {@return the output for a batch}
   *
   * @param inputs the batch, {@code [n, sample…]} for each input
   * @param training whether this is a step of training
   */
  protected abstract Tensor call(List<Tensor> inputs, boolean training);

  @Override
  public final Shape outputShape(Shape input) {
    return outputShape(List.of(input));
  }

  @Override
  public final List<Shape> outputShapes(List<Shape> inputs) {
    return List.of(outputShape(inputs));
  }

  @Override
  protected void createWeights(List<Shape> inputs) {}

  @Override
  protected final Tensor call(Tensor x, boolean training) {
    return call(List.of(x), training);
  }

  @Override
  protected final List<Tensor> callAll(List<Tensor> inputs, boolean training) {
    return List.of(call(inputs, training));
  }
}
