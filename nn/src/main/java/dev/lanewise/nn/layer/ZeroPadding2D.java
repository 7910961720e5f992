package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;

/** Adds rows and columns of zeros around images, {@code [n, c, h, w]}. */
public final class ZeroPadding2D extends Layer {
  private final Margins margins;

  /**
   * Makes the layer.
   *
   * @param margins how many: one number for all sides; one for above and below and one for left and
   *     right; or four, for top, bottom, left and right
   * @throws IllegalArgumentException if there are others, or one is negative
   */
  public ZeroPadding2D(int... margins) {
    this.margins = Margins.of("ZeroPadding2D", margins);
  }

  /**
   * {@return the shape of one sample of the output, {@code [c, h + top + bottom, w + left +
   * right]}}
   *
   * @param input the shape of one sample of the input, {@code [c, h, w]}
   * @throws ShapeException if it is of another rank, or the output would be too large
   */
  @Override
  public Shape outputShape(Shape input) {
    Images.check(describe(), input);
    return Shape.of(
        input.dim(0),
        Images.extent(describe(), input, (long) input.dim(1) + margins.top() + margins.bottom()),
        Images.extent(describe(), input, (long) input.dim(2) + margins.left() + margins.right()));
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return x.pad(2, margins.top(), margins.bottom(), 0).pad(3, margins.left(), margins.right(), 0);
  }

  @Override
  public Config config() {
    return margins.config(type());
  }

  static ZeroPadding2D of(Config config) {
    return new ZeroPadding2D(config.integers("margins"));
  }
}
