package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import java.util.Arrays;
import java.util.function.Supplier;

/** Compares the numbers of an array with those that they should be. */
final class Judge {
  private Judge() {}

  /** {@return the distance from 1 to the next number} */
  static double epsilon(DType dtype) {
    return dtype == DType.F32 ? Math.ulp(1f) : Math.ulp(1.0);
  }

  /** Makes a call of a backend; an exception of its own says too what was called. */
  static void run(Supplier<String> what, Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      throw new AssertionError(what.get() + ": threw " + e, e);
    }
  }

  /** Every number must be the expected one bit for bit; one NaN is as good as another. */
  static void same(Supplier<String> what, Placed expected, Placed actual) {
    if (expected.dtype().isInteger()) {
      // Doubles hold them only up to 2⁵³.
      long[] e = expected.integers();
      long[] a = actual.integers();
      int wrong = Arrays.mismatch(e, a);
      if (wrong >= 0) {
        String rule = "must be equal, " + e[wrong] + " and not " + a[wrong];
        fail(what, expected, actual, wrong, e[wrong], a[wrong], rule);
      }
      actual.assertNothingAroundTouched(what.get());
      return;
    }
    double[] e = expected.numbers();
    double[] a = actual.numbers();
    for (int i = 0; i < e.length; i++) {
      if (!same(e[i], a[i])) {
        fail(what, expected, actual, i, e[i], a[i], "must be equal");
      }
    }
    actual.assertNothingAroundTouched(what.get());
  }

  /** {@return whether two numbers have the same bits, or both are NaN} */
  static boolean same(double x, double y) {
    return Double.doubleToLongBits(x) == Double.doubleToLongBits(y);
  }

  /**
   * Every number may be off by its own bound; NaN and infinities must be the same.
   *
   * @param what the call
   * @param expected what the numbers should be
   * @param actual what they are
   * @param bounds how far each may be off, in row-major order
   */
  static void within(Supplier<String> what, Placed expected, Placed actual, double[] bounds) {
    double[] e = expected.numbers();
    double[] a = actual.numbers();
    for (int i = 0; i < e.length; i++) {
      if (!same(e[i], a[i]) && !(Math.abs(e[i] - a[i]) <= bounds[i])) {
        fail(what, expected, actual, i, e[i], a[i], "may differ by " + bounds[i]);
      }
    }
    actual.assertNothingAroundTouched(what.get());
  }

  static void fail(
      Supplier<String> what,
      Placed expected,
      Placed actual,
      int at,
      double e,
      double a,
      String rule) {
    throw new AssertionError(
        what.get()
            + ": element "
            + Arrays.toString(index(expected.shape(), at))
            + " should be "
            + e
            + " ("
            + Double.toHexString(e)
            + ") but is "
            + a
            + " ("
            + Double.toHexString(a)
            + "); they "
            + rule
            + "; output "
            + actual);
  }

  /** {@return the index of an element, from its place in row-major order} */
  static int[] index(Shape shape, long place) {
    int[] index = new int[shape.rank()];
    for (int axis = index.length - 1; axis >= 0; axis--) {
      index[axis] = (int) (place % shape.dim(axis));
      place /= shape.dim(axis);
    }
    return index;
  }

  /** {@return each number times a factor, and a little more} */
  static double[] scaled(double[] numbers, double factor, double more) {
    return Arrays.stream(numbers).map(x -> Math.abs(x) * factor + more).toArray();
  }

  /** {@return a list of arrays for a message} */
  static String layouts(Placed... arrays) {
    return Arrays.toString(arrays);
  }
}
