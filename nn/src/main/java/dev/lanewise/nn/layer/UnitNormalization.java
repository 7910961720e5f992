package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;

/**
 * Makes vectors of length 1: {@code x / ‖x‖} along an axis. Vectors of zeros stay what they are.
 */
public final class UnitNormalization extends Layer {
  private final int axis;

  /** Makes a layer whose vectors lie along the last axis. */
  public UnitNormalization() {
    this(-1);
  }

  /**
   * Makes a layer.
   *
   * @param axis along which the vectors lie, counted as in the batch, {@code [n, …]}; negative
   *     counts from the last
   */
  public UnitNormalization(int axis) {
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
    return x.l2Normalize(axis);
  }

  @Override
  public Config config() {
    return Config.of(type()).with("axis", axis);
  }

  static UnitNormalization of(Config config) {
    return new UnitNormalization(config.integer("axis"));
  }
}
