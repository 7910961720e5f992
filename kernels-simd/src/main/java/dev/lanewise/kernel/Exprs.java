package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** What can be asked of an expression as a whole, and the rules of calculus on it. */
public final class Exprs {
  private Exprs() {}

  /**
   * {@return the distinct parts of an expression, each after the parts that it needs, itself last}
   *
   * @param root the expression
   */
  public static List<Expr> parts(Expr root) {
    List<Expr> order = new ArrayList<>();
    Set<Expr> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    // A stack of our own: a chain of many thousand operations must not overflow the thread's.
    Deque<Expr> path = new ArrayDeque<>();
    path.push(root);
    while (!path.isEmpty()) {
      Expr e = path.peek();
      Expr missing = seen.contains(e) ? null : firstNotIn(seen, e);
      if (missing != null) {
        path.push(missing);
      } else {
        path.pop();
        if (seen.add(e)) {
          order.add(e);
        }
      }
    }
    return order;
  }

  private static Expr firstNotIn(Set<Expr> seen, Expr e) {
    return switch (e) {
      case Expr.Arg _, Expr.Param _, Expr.Const _ -> null;
      case Expr.Unary u -> seen.contains(u.x()) ? null : u.x();
      case Expr.Binary b -> !seen.contains(b.x()) ? b.x() : seen.contains(b.y()) ? null : b.y();
      case Expr.Select s ->
          !seen.contains(s.condition())
              ? s.condition()
              : !seen.contains(s.ifTrue())
                  ? s.ifTrue()
                  : seen.contains(s.ifFalse()) ? null : s.ifFalse();
    };
  }

  /**
   * Checks that a call gives every array and scalar that an expression names.
   *
   * @param operation who asks, for the error's text
   * @param expr the expression
   * @param args how many arrays are given
   * @param params how many scalars are given
   * @throws IllegalArgumentException if one is missing
   */
  public static void checkInputs(String operation, Expr expr, int args, int params) {
    if (expr.args() > args) {
      throw new IllegalArgumentException(missing(operation, expr, "array x", expr.args(), args));
    }
    if (expr.params() > params) {
      throw new IllegalArgumentException(
          missing(operation, expr, "scalar p", expr.params(), params));
    }
  }

  /**
   * Checks that an expression can be computed in a type. In floating-point types each can; in
   * integer types one of functions that integers have, with scalars that are integers of the type.
   *
   * @param operation who asks, for the error's text
   * @param expr the expression
   * @param dtype the type
   * @param params the scalars
   * @throws DTypeException if it can not
   */
  public static void checkType(String operation, Expr expr, DType dtype, double[] params) {
    if (!dtype.isInteger()) {
      return;
    }
    for (Expr part : parts(expr)) {
      String wrong =
          switch (part) {
            case Expr.Unary u -> u.op().isForIntegers() ? null : u.op().name();
            case Expr.Binary b -> b.op().isForIntegers() ? null : b.op().name();
            case Expr.Const c -> isScalar(dtype, c.value()) ? null : "the constant " + c.value();
            case Expr.Param p ->
                isScalar(dtype, params[p.index()])
                    ? null
                    : "the value " + params[p.index()] + " of scalar p" + p.index();
            case Expr.Arg _, Expr.Select _ -> null;
          };
      if (wrong != null) {
        throw new DTypeException(
            operation
                + ": "
                + wrong
                + " has no meaning in "
                + dtype
                + ", in which "
                + expr
                + " is computed; cast the arrays to f32 or f64 first");
      }
    }
  }

  /**
   * {@return whether a number can be a scalar of expressions in a type: of floating-point types
   * every number, which is rounded, of integer types one of their integers}
   *
   * @param dtype the type
   * @param value the number
   */
  public static boolean isScalar(DType dtype, double value) {
    return switch (dtype) {
      case I32 -> value == (int) value;
      // The cast takes 2⁶³, which is too large, for the largest integer.
      case I64 -> value == (long) value && value < 0x1p63;
      case F32, F64, BOOL, F16, BF16 -> true;
    };
  }

  private static String missing(String operation, Expr expr, String what, int named, int given) {
    return operation
        + ": the expression "
        + expr
        + " names "
        + what
        + (named - 1)
        + " but "
        + given
        + (given == 1 ? " is given" : " are given");
  }

  /**
   * {@return an expression with its arrays replaced by other expressions}
   *
   * @param expr the expression
   * @param replacement what stands for each array
   */
  public static Expr substitute(Expr expr, Function<Expr.Arg, Expr> replacement) {
    return rewrite(expr, part -> part instanceof Expr.Arg a ? replacement.apply(a) : part);
  }

  /**
   * {@return an expression in which each part has been replaced} Inner parts come first: an outer
   * one is handed over with the replacements of its own parts already in it.
   *
   * @param expr the expression
   * @param rule what to put in the place of a part; the part itself if it stays
   */
  public static Expr rewrite(Expr expr, UnaryOperator<Expr> rule) {
    Map<Expr, Expr> done = new IdentityHashMap<>();
    for (Expr part : parts(expr)) {
      done.put(part, rule.apply(withParts(part, done)));
    }
    return done.get(expr);
  }

  private static Expr withParts(Expr part, Map<Expr, Expr> done) {
    return switch (part) {
      case Expr.Arg _, Expr.Param _, Expr.Const _ -> part;
      case Expr.Unary u -> Expr.unary(u.op(), done.get(u.x()));
      case Expr.Binary b -> Expr.binary(b.op(), done.get(b.x()), done.get(b.y()));
      case Expr.Select s ->
          Expr.select(done.get(s.condition()), done.get(s.ifTrue()), done.get(s.ifFalse()));
    };
  }

  /**
   * {@return the partial derivative of an expression by one of its arrays} Parts that do not depend
   * on the array contribute nothing, and zeros and ones are folded away.
   *
   * @param expr the expression
   * @param arg the array's number
   */
  public static Expr derivative(Expr expr, int arg) {
    Expr zero = Expr.constant(0);
    Map<Expr, Expr> d = new HashMap<>();
    for (Expr part : parts(expr)) {
      d.put(
          part,
          switch (part) {
            case Expr.Arg a -> a.index() == arg ? Expr.constant(1) : zero;
            case Expr.Param _, Expr.Const _ -> zero;
            case Expr.Unary u -> product(u.op().derivative(u.x(), u), d.get(u.x()));
            case Expr.Binary b ->
                plus(
                    product(b.op().leftDerivative(b.x(), b.y()), d.get(b.x())),
                    product(b.op().rightDerivative(b.x(), b.y()), d.get(b.y())));
            case Expr.Select s -> choose(s.condition(), d.get(s.ifTrue()), d.get(s.ifFalse()));
          });
    }
    return d.get(expr);
  }

  /**
   * {@return the product of two expressions, with zeros and ones folded away}
   *
   * @param x one factor
   * @param y the other
   */
  public static Expr product(Expr x, Expr y) {
    Expr zero = Expr.constant(0);
    Expr one = Expr.constant(1);
    if (x == zero || y == zero) {
      return zero;
    }
    return x == one ? y : y == one ? x : x.mul(y);
  }

  private static Expr plus(Expr x, Expr y) {
    Expr zero = Expr.constant(0);
    return x == zero ? y : y == zero ? x : x.add(y);
  }

  private static Expr choose(Expr condition, Expr x, Expr y) {
    return x == y ? x : Expr.select(condition, x, y);
  }
}
