package dev.lanewise.autodiff;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.Expr;
import java.util.Arrays;

/** Planes of more elements. */
final class Upsampling {
  /** What lies between two elements; argument 2 says how much of the second it is. */
  private static final Expr BETWEEN =
      Expr.arg(0).mul(Expr.constant(1).sub(Expr.arg(2))).add(Expr.arg(1).mul(Expr.arg(2)));

  private Upsampling() {}

  static Tensor nearest(Tensor x, int... scale) {
    Shape shape = x.shape();
    if (scale.length < 1 || scale.length > 3 || shape.rank() != scale.length + 2) {
      throw new ShapeException(
          "upsampleNearest: shape "
              + shape
              + " must be [n, c, spatial...] with 1 to 3 spatial axes, and scale "
              + Arrays.toString(scale)
              + " needs one number for each");
    }
    requireScale("upsampleNearest", scale);
    Tensor out = x;
    // The last axis first: its elements repeat one by one, and the others' in lines.
    for (int i = scale.length - 1; i >= 0; i--) {
      out = scale[i] == 1 ? out : out.repeat(scale[i], i + 2);
    }
    return Arrangements.own(x, out);
  }

  static Tensor bilinear(Tensor x, int scaleH, int scaleW, boolean alignCorners) {
    Checks.compute("upsampleBilinear", x);
    if (x.shape().rank() != 4) {
      throw new ShapeException("upsampleBilinear: shape " + x.shape() + " must be [n, c, h, w]");
    }
    requireScale("upsampleBilinear", scaleH, scaleW);
    // The last axis first: its elements are picked one by one, and the other's in lines.
    Tensor wide = stretched(x, 3, scaleW, alignCorners);
    return Arrangements.own(x, stretched(wide, 2, scaleH, alignCorners));
  }

  private static void requireScale(String name, int... scale) {
    for (int s : scale) {
      if (s < 1) {
        throw new ShapeException(
            name + ": scales must be at least 1, not " + Arrays.toString(scale));
      }
    }
  }

  /** {@return this with more elements along an axis, each between two old ones} */
  private static Tensor stretched(Tensor x, int axis, int scale, boolean alignCorners) {
    if (scale == 1) {
      return x;
    }
    int extent = x.shape().dim(axis);
    int count = Arrangements.extent("upsampleBilinear", x, (long) extent * scale);
    // Places among the old elements, as integers over a common divisor: exact.
    long divisor = alignCorners ? Math.max(1, count - 1) : 2L * scale;
    long[] low = new long[count];
    long[] high = new long[count];
    double[] part = new double[count];
    for (int i = 0; i < count; i++) {
      long place = alignCorners ? (long) i * (extent - 1) : Math.max(0, 2L * i + 1 - scale);
      low[i] = place / divisor;
      high[i] = Math.min(low[i] + 1, extent - 1);
      part[i] = (double) (place % divisor) / divisor;
    }
    int[] along = new int[x.shape().rank() - axis];
    Arrays.fill(along, 1);
    along[0] = count;
    return Elementwise.map(
        BETWEEN,
        Elementwise.NO_PARAMS,
        x.indexSelect(axis, Tensor.of(x.backend(), low, count)),
        x.indexSelect(axis, Tensor.of(x.backend(), high, count)),
        Tensor.of(x.backend(), part, along).cast(x.dtype()));
  }
}
