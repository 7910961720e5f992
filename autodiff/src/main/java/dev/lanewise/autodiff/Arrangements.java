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

  private static int extent(String name, Tensor x, long extent) {
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
  private static Tensor own(Tensor x, Tensor result) {
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
    List<Tensor> parts = new ArrayList<>();
    for (int i = 0; i < x.shape().dim(at); i++) {
      parts.add(x.slice(at, i, i + 1).squeeze(at));
    }
    return List.copyOf(parts);
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
