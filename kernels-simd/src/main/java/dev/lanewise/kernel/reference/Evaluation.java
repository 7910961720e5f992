package dev.lanewise.kernel.reference;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.Exprs;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Computes an expression for one element after the other, each part in double, then rounded. */
final class Evaluation {
  private final List<Expr> parts;
  private final Map<Expr, Integer> place = new IdentityHashMap<>();
  private final double[] values;
  private final DType dtype;
  private final double[] params;
  private final Elements[] ins;

  Evaluation(Expr expr, DType dtype, double[] params, Elements[] ins) {
    this.parts = Exprs.parts(expr);
    for (Expr part : parts) {
      place.put(part, place.size());
    }
    this.values = new double[parts.size()];
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
    return values[place.get(part)];
  }

  private double rounded(double value) {
    return dtype == DType.F32 ? (float) value : value;
  }
}
