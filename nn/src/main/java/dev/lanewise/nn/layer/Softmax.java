package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;

/**
 * Gives {@code eˣ} divided by its sum along an axis. Losses that are given what it makes along the
 * last axis compute from its input, which is exact where a probability is near 0.
 */
public final class Softmax extends Layer {
  private final int axis;

  /** Makes a layer that sums along the last axis, as {@code new Activation("softmax")}. */
  public Softmax() {
    this(-1);
  }

  /**
   * Makes a layer.
   *
   * @param axis along which the result sums to 1, counted as in the batch, {@code [n, …]}; negative
   *     counts from the last
   */
  public Softmax(int axis) {
    this.axis = axis;
  }

  /**
   * {@return the shape of one sample of the output, which is that of the input}
   *
   * @param input the shape of one sample of the input
   * @throws ShapeException if it has no such axis
   */
  @Override
  public Shape outputShape(Shape input) {
    SampleAxis.of(describe(), axis, input);
    return input;
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return x.softmax(axis);
  }

  @Override
  public Config config() {
    return Config.of(type()).with("axis", axis);
  }

  static Softmax of(Config config) {
    return new Softmax(config.integer("axis"));
  }
}
