package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import java.util.function.IntToDoubleFunction;

/** The rows of an array along an axis, for bounds that depend on a whole row. */
final class RowLines {
  private final Shape shape;
  private final int axis;
  private final int length;
  private final int step;

  RowLines(Shape shape, int axis) {
    this.shape = shape;
    this.axis = axis;
    this.length = shape.dim(axis);
    int inner = 1;
    for (int i = axis + 1; i < shape.rank(); i++) {
      inner *= shape.dim(i);
    }
    this.step = inner;
  }

  int count() {
    return (int) (shape.size() / Math.max(1, length));
  }

  int length() {
    return length;
  }

  /** {@return the place of a row's element in row-major order} */
  int place(int row, int i) {
    return row / step * step * length + row % step + i * step;
  }

  /** {@return the sum of a function over a row} */
  double sum(int row, IntToDoubleFunction of) {
    double sum = 0;
    for (int i = 0; i < length; i++) {
      sum += of.applyAsDouble(place(row, i));
    }
    return sum;
  }

  double largest(int row, double[] x) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < length; i++) {
      largest = Math.max(largest, x[place(row, i)]);
    }
    return largest;
  }

  /** {@return what a sum over a row may be off by, in epsilons, as {@link ReduceContract} says} */
  double sumError(boolean equalTerms) {
    return (equalTerms ? length : Math.min(length, 4 * Math.sqrt(length))) / 2;
  }

  /** {@return c of {@link RowOperations}} */
  double c(boolean equalTerms) {
    return sumError(equalTerms) + Math.log(Math.max(1, length)) / 2 + 6;
  }

  /** {@return a few of the smallest numbers of a type} */
  static double tiny(DType dtype) {
    return 4 * (dtype == DType.F32 ? Float.MIN_VALUE : Double.MIN_VALUE);
  }

  @Override
  public String toString() {
    return "rows along axis " + axis + " of " + shape;
  }
}
