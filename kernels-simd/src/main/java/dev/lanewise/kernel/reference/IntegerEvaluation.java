package dev.lanewise.kernel.reference;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.Expr;

/**
 * Computes an expression of integers for one element after the other: each part in 64 bits, of
 * which a narrower type keeps the lowest.
 */
final class IntegerEvaluation {
  private final Parts parts;
  private final long[] values;
  private final DType dtype;
  private final double[] params;
  private final Elements[] ins;

  IntegerEvaluation(Expr expr, DType dtype, double[] params, Elements[] ins) {
    this.parts = new Parts(expr);
    this.values = new long[parts.count()];
    this.dtype = dtype;
    this.params = params;
    this.ins = ins;
  }

  DType dtype() {
    return dtype;
  }

  /** {@return the expression's value for the element at an index} */
  long at(int[] index) {
    for (int i = 0; i < values.length; i++) {
      values[i] = wrapped(computed(parts.get(i), index));
    }
    return values[values.length - 1];
  }

  /** {@return what the type keeps of an integer} */
  long wrapped(long value) {
    return dtype == DType.I32 ? (int) value : value;
  }

  private long computed(Expr part, int[] index) {
    return switch (part) {
      case Expr.Arg a -> ins[a.index()].getLong(index);
      case Expr.Param p -> (long) params[p.index()];
      case Expr.Const c -> (long) c.value();
      case Expr.Unary u -> u.op().applyInteger(value(u.x()));
      case Expr.Binary b -> b.op().applyInteger(value(b.x()), value(b.y()));
      case Expr.Select s -> value(s.condition()) != 0 ? value(s.ifTrue()) : value(s.ifFalse());
    };
  }

  private long value(Expr part) {
    return values[parts.place(part)];
  }
}
