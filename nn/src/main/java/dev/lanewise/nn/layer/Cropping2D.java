package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;

/** Takes rows and columns away from the sides of images, {@code [n, c, h, w]}. */
public final class Cropping2D extends Layer {
  private final Margins margins;

  /**
   * Makes the layer.
   *
   * @param margins how many: one number for all sides; one for above and below and one for left and
   *     right; or four, for top, bottom, left and right
   * @throws IllegalArgumentException if there are others, or one is negative
   */
  public Cropping2D(int... margins) {
    this.margins = Margins.of("Cropping2D", margins);
  }

  /**
   * {@return the shape of one sample of the output, {@code [c, h − top − bottom, w − left −
   * right]}}
   *
   * @param input the shape of one sample of the input, {@code [c, h, w]}
   * @throws ShapeException if it is of another rank, or nothing is left
   */
  @Override
  public Shape outputShape(Shape input) {
    Images.check(describe(), input);
    long height = (long) input.dim(1) - margins.top() - margins.bottom();
    long width = (long) input.dim(2) - margins.left() - margins.right();
    if (height < 1 || width < 1) {
      throw new ShapeException(
          "%s: nothing is left of %s without %d + %d rows and %d + %d columns"
              .formatted(
                  describe(),
                  batchOf(input),
                  margins.top(),
                  margins.bottom(),
                  margins.left(),
                  margins.right()));
    }
    return Shape.of(input.dim(0), (int) height, (int) width);
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return x.slice(2, margins.top(), x.shape().dim(2) - margins.bottom())
        .slice(3, margins.left(), x.shape().dim(3) - margins.right());
  }

  @Override
  public Config config() {
    return margins.config(type());
  }

  static Cropping2D of(Config config) {
    return new Cropping2D(config.integers("margins"));
  }
}
