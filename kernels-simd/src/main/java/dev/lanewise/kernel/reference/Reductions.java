package dev.lanewise.kernel.reference;

import dev.lanewise.array.Shape;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.ReduceSpec;

/** Many elements combined into one. */
final class Reductions {
  private Reductions() {}

  static void reduce(ReduceSpec spec) {
    Elements out = new Elements(spec.out());
    Evaluation expr =
        new Evaluation(spec.expr(), spec.dtype(), spec.params(), Elements.of(spec.ins()));
    int[] axes = spec.axes();
    Shape shape = spec.shape();
    int[] extents = new int[axes.length];
    for (int k = 0; k < axes.length; k++) {
      extents[k] = shape.dim(axes[k]);
    }
    int[] index = new int[shape.rank()];
    for (Index o = new Index(spec.out().shape()); o.inside(); o.next()) {
      Total sum = new Total(0);
      double other = spec.op().identity();
      for (Index r = new Index(extents); r.inside(); r.next()) {
        merge(o.at(), axes, r.at(), index);
        double value = expr.at(index);
        if (spec.op() == ReduceOp.SUM) {
          sum.add(value);
        } else {
          other = spec.op().combine(other, value);
        }
      }
      boolean empty = shape.size() == 0;
      out.set(o.at(), empty ? spec.identity() : spec.op() == ReduceOp.SUM ? sum.value() : other);
    }
  }

  /** The full index: {@code reduced} along the named axes, {@code kept} along the others. */
  private static void merge(int[] kept, int[] axes, int[] reduced, int[] index) {
    int r = 0;
    int k = 0;
    for (int axis = 0; axis < index.length; axis++) {
      boolean isReduced = r < axes.length && axes[r] == axis;
      index[axis] = isReduced ? reduced[r++] : kept[k++];
    }
  }

  /** {@return whether a value is larger than the largest before it; NaN is the largest of all} */
  static boolean beats(double value, double largest) {
    return value > largest || Double.isNaN(value) && !Double.isNaN(largest);
  }
}
