package dev.lanewise.nn.tensorboard;

import dev.lanewise.autodiff.Tensor;
import java.util.function.IntToDoubleFunction;

/**
 * How often numbers lie where: equally wide buckets between the least and the greatest, as Keras
 * and {@code tf.summary.histogram} make them.
 *
 * @param rows the left end, the right end and the count of each bucket, {@code [BUCKETS, 3]}; all
 *     zero if there is no number
 * @param leftOut how many values are NaN or infinite and so in no bucket
 */
record Histogram(double[] rows, int leftOut) {
  static final int BUCKETS = 30;

  static Histogram of(Tensor values) {
    // As doubles where they need it: for the others that would be twice the memory.
    return switch (values.dtype()) {
      case F16, BF16, F32 -> of(values.toFloatArray());
      case F64, I32, I64, BOOL -> {
        double[] all = values.toDoubleArray();
        yield of(all.length, i -> all[i]);
      }
    };
  }

  static Histogram of(float[] values) {
    return of(values.length, i -> values[i]);
  }

  private static Histogram of(int n, IntToDoubleFunction values) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    int finite = 0;
    for (int i = 0; i < n; i++) {
      double x = values.applyAsDouble(i);
      if (Double.isFinite(x)) {
        min = Math.min(min, x);
        max = Math.max(max, x);
        finite++;
      }
    }
    double[] rows = new double[3 * BUCKETS];
    if (finite == 0) {
      return new Histogram(rows, n);
    }
    for (int k = 0; k < BUCKETS; k++) {
      rows[3 * k] = edge(min, max, k);
      rows[3 * k + 1] = edge(min, max, k + 1);
    }
    // One value only: all buckets are empty but the last, in their width too.
    int last = BUCKETS - 1;
    for (int i = 0; i < n; i++) {
      double x = values.applyAsDouble(i);
      if (Double.isFinite(x)) {
        int k = min == max ? last : (int) Math.min(BUCKETS * share(min, max, x), last);
        rows[3 * k + 2]++;
      }
    }
    return new Histogram(rows, n - finite);
  }

  private static double edge(double min, double max, int k) {
    double range = max - min;
    double t = (double) k / BUCKETS;
    double edge = range < Double.POSITIVE_INFINITY ? min + range * t : min * (1 - t) + max * t;
    return k == BUCKETS ? max : Math.min(edge, max);
  }

  /** {@return how far from the one to the other, 0 to 1} */
  private static double share(double min, double max, double x) {
    double range = max - min;
    return range < Double.POSITIVE_INFINITY
        ? (x - min) / range
        : (x / 2 - min / 2) / (max / 2 - min / 2);
  }
}
