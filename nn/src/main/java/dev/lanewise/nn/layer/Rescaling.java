package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.config.Config;

/**
 * Scales and shifts: {@code x · scale + offset}. {@code new Rescaling(1 / 255.0)} brings pixels of
 * 0 to 255 to 0 to 1, and {@code new Rescaling(1 / 127.5, -1)} to −1 to 1.
 */
public final class Rescaling extends Layer {
  private static final Expr SCALED = Expr.arg(0).mul(Expr.param(0)).add(Expr.param(1));

  private final double scale;
  private final double offset;

  /**
   * Makes a layer that only scales.
   *
   * @param scale the factor
   */
  public Rescaling(double scale) {
    this(scale, 0);
  }

  /**
   * Makes the layer.
   *
   * @param scale the factor
   * @param offset what is added
   */
  public Rescaling(double scale, double offset) {
    this.scale = scale;
    this.offset = offset;
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return Tensor.map(SCALED, new double[] {scale, offset}, x);
  }

  @Override
  public Config config() {
    return Config.of(type()).with("scale", scale).with("offset", offset);
  }

  static Rescaling of(Config config) {
    return new Rescaling(config.number("scale"), config.number("offset"));
  }
}
