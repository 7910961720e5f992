package dev.lanewise.graph;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.BinaryOp;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.Exprs;
import dev.lanewise.kernel.UnaryOp;
import java.util.ArrayList;
import java.util.List;

/** The arguments and scalars of an expression that is put together of others: each view once. */
final class Operands {
  private final List<View> views = new ArrayList<>();
  private Scalars scalars;

  /**
   * Begins with the scalars of the expression that others are put into, which keep their places.
   */
  Operands(Scalars scalars) {
    this.scalars = scalars;
  }

  List<View> views() {
    return views;
  }

  Scalars scalars() {
    return scalars;
  }

  /** {@return an argument} */
  Expr.Arg arg(View view) {
    int at = views.indexOf(view);
    if (at < 0) {
      at = views.size();
      views.add(view);
    }
    return (Expr.Arg) Expr.arg(at);
  }

  /** Takes an argument in its own place, even if it is there already. */
  void append(View view) {
    views.add(view);
  }

  /** {@return an expression with its arguments here, and its scalars behind those of before} */
  Expr inline(Expr expr, Scalars own, List<View> ins) {
    Expr moved = shiftParams(expr, scalars.count());
    scalars = scalars.and(own);
    return Exprs.substitute(moved, arg -> arg(ins.get(arg.index())));
  }

  /** {@return expressions with parts in the places of their arguments} */
  List<Expr> substitute(List<Expr> exprs, Expr... parts) {
    return exprs.stream().map(e -> Exprs.substitute(e, arg -> parts[arg.index()])).toList();
  }

  /** {@return an expression whose scalars are found so many places later} */
  static Expr shiftParams(Expr expr, int by) {
    return by == 0
        ? expr
        : Exprs.rewrite(
            expr, part -> part instanceof Expr.Param p ? Expr.param(p.index() + by) : part);
  }

  /** {@return the type that an elementwise call or a reduction computes in} */
  static DType computeType(KernelCall instruction) {
    for (List<View> views : List.of(instruction.outs(), instruction.ins())) {
      for (View view : views) {
        if (view.dtype() != DType.BOOL) {
          return view.dtype();
        }
      }
    }
    return DType.F32;
  }

  /** {@return whether an expression is 0 or 1, so that a mask keeps it} */
  static boolean isTruth(Expr expr) {
    return switch (expr) {
      case Expr.Unary u -> u.op().isPredicate();
      case Expr.Binary b -> b.op().isPredicate();
      case Expr.Const c -> c.value() == 0 || c.value() == 1;
      case Expr.Arg _, Expr.Param _, Expr.Select _ -> false;
    };
  }

  /** {@return whether computing an expression once more costs more than reading its result} */
  static boolean isCostly(Expr expr) {
    return Exprs.parts(expr).stream()
        .anyMatch(
            part ->
                part instanceof Expr.Unary u && !isCheap(u.op())
                    || part instanceof Expr.Binary b && !isCheap(b.op()));
  }

  private static boolean isCheap(UnaryOp op) {
    return op.isForIntegers() || op == UnaryOp.RELU || op.isPredicate();
  }

  private static boolean isCheap(BinaryOp op) {
    return op.isForIntegers() && op != BinaryOp.DIV && op != BinaryOp.POW || op.isPredicate();
  }
}
