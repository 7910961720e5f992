package dev.lanewise.autodiff;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.Expr;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** What the operations that arrange elements compute with. */
final class Arrangements {
  private static final Expr X = Expr.arg(0);
  private static final Expr ZERO = Expr.constant(0);

  /** Column less row; 0 on the main diagonal. */
  private static final Expr DIAGONAL = Expr.arg(2).sub(Expr.arg(1));

  private static final Expr LOWER = Expr.select(DIAGONAL.gt(Expr.param(0)), ZERO, X);
  private static final Expr UPPER = Expr.select(DIAGONAL.lt(Expr.param(0)), ZERO, X);
  private static final Expr FILLED = Expr.select(Expr.arg(1), Expr.param(0), X);

  private static final int[] TO_PLANES = {0, 1, 3, 5, 2, 4};
  private static final int[] TO_PLACES = {0, 1, 4, 2, 5, 3};

  private Arrangements() {}

  /** {@return the elements whose old indices along an axis are given by their new ones} */
  private static Tensor pick(Tensor x, int axis, int count, IntUnaryOperator old) {
    long[] indices = new long[count];
    Arrays.setAll(indices, old::applyAsInt);
    return x.indexSelect(axis, Tensor.of(x.backend(), indices, count));
  }

  static Tensor flip(Tensor x, int... axes) {
    Tensor flipped = x;
    for (int axis : x.shape().axes("flip", axes)) {
      int extent = x.shape().dim(axis);
      flipped = pick(flipped, axis, extent, i -> extent - 1 - i);
    }
    return own(x, flipped);
  }

  static Tensor roll(Tensor x, int shift, int axis) {
    int at = x.shape().axis("roll", axis);
    int extent = x.shape().dim(at);
    int first = extent == 0 ? 0 : Math.floorMod(-(long) shift, extent);
    return Tensor.concat(at, x.slice(at, first, extent), x.slice(at, 0, first));
  }

  /** {@return the extent with elements added at both ends, after a check of their numbers} */
  private static int paddedExtent(Tensor x, int axis, int before, int after, int most) {
    int extent = x.shape().dim(axis);
    if (before < 0 || after < 0 || before > most || after > most) {
      throw new ShapeException(
          "pad: "
              + before
              + " and "
              + after
              + " elements at the ends of axis "
              + axis
              + " of shape "
              + x.shape()
              + "; there may be from 0 to "
              + most);
    }
    return extent("pad", x, (long) extent + before + after);
  }

  static Tensor pad(Tensor x, int axis, int before, int after, double value) {
    int at = x.shape().axis("pad", axis);
    int extent = x.shape().dim(at);
    int[] dims = x.shape().dims();
    dims[at] = paddedExtent(x, at, before, after, Integer.MAX_VALUE);
    NdArray out = Tensor.full(x.backend(), x.dtype(), Shape.of(dims), value).data();
    x.backend().copy(x.data(), out.slice(at, before, before + extent));
    Gradient gradient = (_, _, up) -> up.slice(at, before, before + extent);
    return Node.record("pad", new Tensor(out), gradient, x);
  }

  static Tensor pad(Tensor x, int axis, int before, int after, Padding padding) {
    int at = x.shape().axis("pad", axis);
    int extent = x.shape().dim(at);
    int count = paddedExtent(x, at, before, after, padding.most(extent));
    return pick(x, at, count, i -> padding.place(i - before, extent));
  }

  static Tensor tile(Tensor x, int... times) {
    int rank = Math.max(x.shape().rank(), times.length);
    int[] apart = new int[2 * rank];
    int[] stretched = new int[2 * rank];
    int[] joined = new int[rank];
    for (int i = 0; i < rank; i++) {
      int axis = i - rank + x.shape().rank();
      int number = i - rank + times.length;
      int extent = axis < 0 ? 1 : x.shape().dim(axis);
      int copies = number < 0 ? 1 : count("tile", times[number], x);
      apart[2 * i] = 1;
      stretched[2 * i] = copies;
      apart[2 * i + 1] = extent;
      stretched[2 * i + 1] = extent;
      joined[i] = extent("tile", x, (long) copies * extent);
    }
    return own(x, x.reshape(apart).broadcastTo(stretched).reshape(joined));
  }

  static int extent(String name, Tensor x, long extent) {
    if (extent > Integer.MAX_VALUE) {
      throw new ShapeException(
          name
              + ": an axis of shape "
              + x.shape()
              + " would have "
              + extent
              + " elements; it may have 2^31 - 1");
    }
    return (int) extent;
  }

  private static int count(String name, int times, Tensor x) {
    if (times < 0) {
      throw new ShapeException(
          name + ": times must be at least 0, not " + times + " of shape " + x.shape());
    }
    return times;
  }

  /** {@return a result in memory of its own, where nothing was there to be done} */
  static Tensor own(Tensor x, Tensor result) {
    return result.storage() == x.storage() ? result.copy() : result;
  }

  static Tensor repeat(Tensor x, int times, int axis) {
    int at = x.shape().axis("repeat", axis);
    int[] dims = x.shape().dims();
    int[] stretched = new int[dims.length + 1];
    System.arraycopy(dims, 0, stretched, 0, at + 1);
    stretched[at + 1] = count("repeat", times, x);
    System.arraycopy(dims, at + 1, stretched, at + 2, dims.length - at - 1);
    dims[at] = extent("repeat", x, (long) dims[at] * times);
    return own(x, x.expandDims(at + 1).broadcastTo(stretched).reshape(dims));
  }

  static Tensor pixelShuffle(Tensor x, int factor) {
    int[] dims = planes("pixelShuffle", x, factor);
    int c = dims.length - 3;
    long square = (long) factor * factor;
    if (dims[c] % square != 0) {
      throw new ShapeException(
          "pixelShuffle: the square of factor %d must divide the %d channels of shape %s"
              .formatted(factor, dims[c], x.shape()));
    }
    dims[c] = (int) (dims[c] / square);
    Shape apart = Shape.of(outer(x), dims[c], factor, factor, dims[c + 1], dims[c + 2]);
    dims[c + 1] = extent("pixelShuffle", x, (long) dims[c + 1] * factor);
    dims[c + 2] = extent("pixelShuffle", x, (long) dims[c + 2] * factor);
    return own(x, x.reshape(apart).permute(TO_PLACES).reshape(dims));
  }

  static Tensor pixelUnshuffle(Tensor x, int factor) {
    int[] dims = planes("pixelUnshuffle", x, factor);
    int c = dims.length - 3;
    if (dims[c + 1] % factor != 0 || dims[c + 2] % factor != 0) {
      throw new ShapeException(
          "pixelUnshuffle: the last two extents of shape %s must be multiples of factor %d"
              .formatted(x.shape(), factor));
    }
    dims[c + 1] /= factor;
    dims[c + 2] /= factor;
    Shape apart = Shape.of(outer(x), dims[c], dims[c + 1], factor, dims[c + 2], factor);
    dims[c] = extent("pixelUnshuffle", x, (long) dims[c] * factor * factor);
    return own(x, x.reshape(apart).permute(TO_PLANES).reshape(dims));
  }

  /** {@return the extents of channels and planes, after a check of their number} */
  private static int[] planes(String name, Tensor x, int factor) {
    if (x.shape().rank() < 3 || factor < 1) {
      throw new ShapeException(
          "%s: shape %s must be [..., c, h, w], and factor %d at least 1"
              .formatted(name, x.shape(), factor));
    }
    return x.shape().dims();
  }

  /** {@return the number of elements of the axes before the last three} */
  private static int outer(Tensor x) {
    long count = 1;
    for (int i = 0; i < x.shape().rank() - 3; i++) {
      count *= x.shape().dim(i);
    }
    return Math.toIntExact(count);
  }

  static List<Tensor> split(Tensor x, int axis, int... sizes) {
    int at = x.shape().axis("split", axis);
    long sum = 0;
    boolean negative = false;
    for (int size : sizes) {
      sum += size;
      negative |= size < 0;
    }
    if (negative || sum != x.shape().dim(at)) {
      throw new ShapeException(
          "split: sizes "
              + Arrays.toString(sizes)
              + " along axis "
              + at
              + " of shape "
              + x.shape()
              + "; they must be from 0 on and make "
              + x.shape().dim(at)
              + " together");
    }
    List<Tensor> parts = new ArrayList<>();
    int start = 0;
    for (int size : sizes) {
      parts.add(x.slice(at, start, start + size));
      start += size;
    }
    return List.copyOf(parts);
  }

  static List<Tensor> unstack(Tensor x, int axis) {
    int at = x.shape().axis("unstack", axis);
    Tensor[] parts = new Tensor[x.shape().dim(at)];
    if (parts.length > 0) {
      halve(x, at, parts, 0);
    }
    return List.of(parts);
  }

  /**
   * Cuts a tensor in halves until parts are left: a slice's gradient is as large as what was cut,
   * and so n parts have n · log n elements of gradients to add, instead of n².
   */
  private static void halve(Tensor x, int axis, Tensor[] parts, int from) {
    int extent = x.shape().dim(axis);
    if (extent == 1) {
      parts[from] = x.squeeze(axis);
      return;
    }
    int half = extent / 2;
    halve(x.slice(axis, 0, half), axis, parts, from);
    halve(x.slice(axis, half, extent), axis, parts, from + half);
  }

  static Tensor triangle(String name, Tensor x, int diagonal, boolean lower) {
    if (x.shape().rank() < 2) {
      throw new ShapeException(
          name + ": shape " + x.shape() + " has no matrices; it needs two axes at least");
    }
    Checks.compute(name, x);
    Tensor rows = numbers(x, x.shape().dim(-2)).expandDims(1);
    Tensor columns = numbers(x, x.shape().dim(-1));
    return Elementwise.map(lower ? LOWER : UPPER, new double[] {diagonal}, x, rows, columns);
  }

  /** {@return 0, 1, 2 … in the type of a tensor} */
  private static Tensor numbers(Tensor like, int count) {
    return Ranges.integers(like.backend(), 0, count, 1).cast(like.dtype());
  }

  static Tensor diagonal(Tensor matrices) {
    return Views.view("diagonal", matrices, x -> x.view(x.layout().diagonal()));
  }

  static Tensor maskedFill(Tensor x, Tensor mask, double value) {
    Checks.mask("maskedFill", mask);
    Checks.compute("maskedFill", x);
    Checks.sameBackend("maskedFill", x, mask);
    if (!Shape.broadcast("maskedFill", x.shape(), mask.shape()).equals(x.shape())) {
      throw new ShapeException(
          "maskedFill: a mask of shape "
              + mask.shape()
              + " does not stretch to shape "
              + x.shape());
    }
    return Elementwise.map(FILLED, new double[] {value}, x, mask.cast(x.dtype()));
  }
}
