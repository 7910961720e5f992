package dev.lanewise.kernel.reference;

import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.ScanSpec;

/** Elements combined with all before them. */
final class Scans {
  private Scans() {}

  static void scan(ScanSpec spec) {
    Elements x = new Elements(spec.x());
    Elements out = new Elements(spec.out());
    int extent = spec.x().shape().dim(spec.axis());
    int[] starts = spec.x().shape().dims();
    starts[spec.axis()] = Math.min(1, extent);
    for (Index o = new Index(starts); o.inside(); o.next()) {
      int[] at = o.at().clone();
      if (spec.x().dtype().isFloating()) {
        floating(spec, x, out, at, extent);
      } else {
        integers(spec, x, out, at, extent);
      }
    }
  }

  private static int place(ScanSpec spec, int step, int extent) {
    return spec.reverse() ? extent - 1 - step : step;
  }

  private static void floating(ScanSpec spec, Elements x, Elements out, int[] at, int extent) {
    Total sum = new Total(0);
    double other = spec.op().identity();
    for (int i = 0; i < extent; i++) {
      at[spec.axis()] = place(spec, i, extent);
      double before = spec.op() == ReduceOp.SUM ? sum.value() : other;
      double value = x.get(at);
      sum.add(value);
      other = spec.op().combine(other, value);
      double after = spec.op() == ReduceOp.SUM ? sum.value() : other;
      out.set(at, spec.exclusive() ? before : after);
    }
  }

  private static void integers(ScanSpec spec, Elements x, Elements out, int[] at, int extent) {
    // Of a 32-bit integer's sum or product in 64 bits, the lower half is the wrapped result.
    long result =
        switch (spec.op()) {
          case SUM -> 0;
          case PROD -> 1;
          case MAX -> x.smallest();
          case MIN -> x.largest();
        };
    for (int i = 0; i < extent; i++) {
      at[spec.axis()] = place(spec, i, extent);
      long value = x.getLong(at);
      long before = result;
      result =
          switch (spec.op()) {
            case SUM -> result + value;
            case PROD -> result * value;
            case MAX -> Math.max(result, value);
            case MIN -> Math.min(result, value);
          };
      out.setLong(at, spec.exclusive() ? before : result);
    }
  }
}
