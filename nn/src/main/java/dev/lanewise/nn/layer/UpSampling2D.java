package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.internal.Checks;

/** Makes images larger: {@code [n, c, h, w]} to {@code [n, c, h · rows, w · columns]}. */
public final class UpSampling2D extends Layer {
  private final int rows;
  private final int columns;
  private Interpolation interpolation = Interpolation.NEAREST;

  /**
   * Makes a layer that takes each new pixel from the nearest old one.
   *
   * @param scale how many times higher and wider, at least 1
   * @throws IllegalArgumentException if it is not positive
   */
  public UpSampling2D(int scale) {
    this(scale, scale);
  }

  /**
   * Makes a layer that takes each new pixel from the nearest old one.
   *
   * @param rows how many times higher, at least 1
   * @param columns how many times wider, at least 1
   * @throws IllegalArgumentException if a number is not positive
   */
  public UpSampling2D(int rows, int columns) {
    this.rows = Checks.atLeastOne("UpSampling2D: the scale", rows);
    this.columns = Checks.atLeastOne("UpSampling2D: the scale", columns);
  }

  /**
   * Chooses where new pixels come from; {@link Interpolation#NEAREST} if nobody does.
   *
   * @param interpolation from where
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public UpSampling2D interpolation(Interpolation interpolation) {
    requireUnbuilt("interpolation");
    this.interpolation = interpolation;
    return this;
  }

  /**
   * Chooses where new pixels come from; {@code "nearest"} if nobody does.
   *
   * @param interpolation {@code "nearest"} or {@code "bilinear"}
   * @return this layer
   * @throws IllegalArgumentException if there is no such name
   * @throws IllegalStateException if the layer is built
   */
  public UpSampling2D interpolation(String interpolation) {
    return interpolation(Interpolation.named(interpolation));
  }

  /**
   * {@return the shape of one sample of the output, {@code [c, h · rows, w · columns]}}
   *
   * @param input the shape of one sample of the input, {@code [c, h, w]}
   * @throws ShapeException if it is of another rank, or the output would be too large
   */
  @Override
  public Shape outputShape(Shape input) {
    Images.check(describe(), input);
    return Shape.of(
        input.dim(0),
        Images.extent(describe(), input, (long) input.dim(1) * rows),
        Images.extent(describe(), input, (long) input.dim(2) * columns));
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return switch (interpolation) {
      case NEAREST -> x.upsampleNearest(rows, columns);
      case BILINEAR -> x.upsampleBilinear(rows, columns, false);
    };
  }

  @Override
  public Config config() {
    return Config.of(type())
        .with("rows", rows)
        .with("columns", columns)
        .with("interpolation", interpolation);
  }

  static UpSampling2D of(Config config) {
    return new UpSampling2D(config.integer("rows"), config.integer("columns"))
        .interpolation(config.text("interpolation"));
  }
}
