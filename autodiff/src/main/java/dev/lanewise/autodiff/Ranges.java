package dev.lanewise.autodiff;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.Backend;
import java.util.Arrays;

/** Evenly spaced numbers. */
final class Ranges {
  private Ranges() {}

  static Tensor integers(Backend backend, long start, long stop, long step) {
    requireStep(step, start, stop);
    boolean isNone = step > 0 ? start >= stop : start <= stop;
    // Unsigned: two longs are less than 2^64 apart.
    long distance = step > 0 ? stop - start : start - stop;
    long gaps = Long.divideUnsigned(distance - 1, Math.abs(step));
    double places = gaps < 0 ? 0x1p63 : gaps + 1d;
    long[] values = new long[count(isNone ? 0 : places, start, stop, step)];
    Arrays.setAll(values, i -> start + i * step);
    return Tensor.of(backend, values);
  }

  static Tensor spaced(Backend backend, DType dtype, double start, double stop, double step) {
    if (!Double.isFinite(start) || !Double.isFinite(stop) || !Double.isFinite(step)) {
      throw new IllegalArgumentException(
          "arange: from " + start + " to " + stop + " by " + step + "; all must be finite");
    }
    requireStep(step, start, stop);
    double places = Math.ceil((stop - start) / step);
    double[] values = new double[count(Math.max(0, places), start, stop, step)];
    Arrays.setAll(values, i -> start + i * step);
    return Tensor.of(backend, values).cast(dtype);
  }

  static Tensor between(Backend backend, DType dtype, double start, double stop, int count) {
    Shape shape = Shape.of(count);
    double step = count > 1 ? (stop - start) / (count - 1) : 0;
    double[] values = new double[(int) shape.size()];
    Arrays.setAll(values, i -> i * step + start);
    if (count > 1) {
      values[count - 1] = stop; // exactly
    }
    NdArray numbers = NdArray.of(backend, values);
    return new Tensor(numbers).cast(dtype);
  }

  private static void requireStep(double step, Object start, Object stop) {
    if (step == 0) {
      throw new IllegalArgumentException(
          "arange: from " + start + " to " + stop + " by 0; the step must not be 0");
    }
  }

  private static int count(double count, Object start, Object stop, Object step) {
    if (count > Integer.MAX_VALUE - 8) {
      throw new ShapeException(
          "arange: from "
              + start
              + " to "
              + stop
              + " by "
              + step
              + " are too many numbers; an axis may have 2^31 - 1");
    }
    return (int) count;
  }
}
