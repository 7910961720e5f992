package dev.lanewise.kernel.reference;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.ElementwiseSpec;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.ReduceSpec;
import java.util.List;

/** Many elements combined into one. */
final class Reductions {
  private Reductions() {}

  static void reduce(ReduceSpec spec) {
    if (spec.shape().size() == 0) {
      NdArray[] outs = {spec.out()};
      Elementwise.compute(ElementwiseSpec.of(List.of(spec.identity()), outs, spec.params()));
      return;
    }
    Elements out = new Elements(spec.out());
    Elements[] ins = Elements.of(spec.ins());
    Combined combined =
        spec.dtype().isInteger()
            ? new CombinedIntegers(
                spec.op(), new IntegerEvaluation(spec.expr(), spec.dtype(), spec.params(), ins))
            : new CombinedNumbers(
                spec.op(), new Evaluation(spec.expr(), spec.dtype(), spec.params(), ins));
    int[] axes = spec.axes();
    Shape shape = spec.shape();
    int[] extents = new int[axes.length];
    for (int k = 0; k < axes.length; k++) {
      extents[k] = shape.dim(axes[k]);
    }
    int[] index = new int[shape.rank()];
    for (Index o = new Index(spec.out().shape()); o.inside(); o.next()) {
      combined.reset();
      for (Index r = new Index(extents); r.inside(); r.next()) {
        merge(o.at(), axes, r.at(), index);
        combined.add(index);
      }
      combined.writeTo(out, o.at());
    }
  }

  /** An expression's values for some elements, combined. */
  private interface Combined {
    void reset();

    void add(int[] index);

    void writeTo(Elements out, int[] index);
  }

  private static final class CombinedNumbers implements Combined {
    private final ReduceOp op;
    private final Evaluation expr;
    private Total sum;
    private double other;

    CombinedNumbers(ReduceOp op, Evaluation expr) {
      this.op = op;
      this.expr = expr;
    }

    @Override
    public void reset() {
      sum = new Total(0);
      other = op.identity();
    }

    @Override
    public void add(int[] index) {
      double value = expr.at(index);
      if (op == ReduceOp.SUM) {
        sum.add(value);
      } else {
        other = op.combine(other, value);
      }
    }

    @Override
    public void writeTo(Elements out, int[] index) {
      out.set(index, op == ReduceOp.SUM ? sum.value() : other);
    }
  }

  private static final class CombinedIntegers implements Combined {
    private final ReduceOp op;
    private final IntegerEvaluation expr;
    private long result;

    CombinedIntegers(ReduceOp op, IntegerEvaluation expr) {
      this.op = op;
      this.expr = expr;
    }

    @Override
    public void reset() {
      result = op.identity(expr.dtype());
    }

    @Override
    public void add(int[] index) {
      result = expr.wrapped(op.binary().applyInteger(result, expr.at(index)));
    }

    @Override
    public void writeTo(Elements out, int[] index) {
      out.setLong(index, result);
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
