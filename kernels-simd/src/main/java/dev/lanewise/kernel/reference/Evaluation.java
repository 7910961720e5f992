package dev.lanewise.kernel.reference;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.Expr;

/** Computes an expression for one element after the other, each part in double, then rounded. */
final class Evaluation {
  private final Parts parts;
  private final double[] values;
  private final DType dtype;
  private final double[] params;
  private final Elements[] ins;

  Evaluation(Expr expr, DType dtype, double[] params, Elements[] ins) {
    this.parts = new Parts(expr);
    this.values = new double[parts.count()];
    this.dtype = dtype;
    this.params = params;
    this.ins = ins;
  }

  /** {@return the expression's value for the element at an index} */
  double at(int[] index) {
    for (int i = 0; i < values.length; i++) {
      values[i] = rounded(computed(parts.get(i), index));
    }
    return values[values.length - 1];
  }

  private double computed(Expr part, int[] index) {
    return switch (part) {
      case Expr.Arg a -> ins[a.index()].get(index);
      case Expr.Param p -> params[p.index()];
      case Expr.Const c -> c.value();
      case Expr.Unary u -> u.op().apply(value(u.x()));
      case Expr.Binary b -> b.op().apply(value(b.x()), value(b.y()));
      case Expr.Select s -> value(s.condition()) != 0 ? value(s.ifTrue()) : value(s.ifFalse());
    };
  }

  private double value(Expr part) {
    return values[parts.place(part)];
  }

  private double rounded(double value) {
    return dtype == DType.F32 ? (float) value : value;
  }
}
