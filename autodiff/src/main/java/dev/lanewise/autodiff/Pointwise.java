package dev.lanewise.autodiff;

import dev.lanewise.kernel.BinaryOp;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.Exprs;
import dev.lanewise.kernel.UnaryOp;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;

/** An elementwise expression with its partial derivatives, each derived once. */
final class Pointwise {
  /** Stands, in {@link Partial#saved}, for the operation's result. */
  static final int OUTPUT = -1;

  /** More than a program has; one that makes expressions without end must not fill the heap. */
  private static final int MOST = 4096;

  private static final ConcurrentHashMap<Expr, Pointwise> KNOWN = new ConcurrentHashMap<>();
  private static final Expr X = Expr.arg(0);
  private static final Expr Y = Expr.arg(1);
  private static final Expr P = Expr.param(0);
  private static final Pointwise[] UNARY = new Pointwise[UnaryOp.values().length];
  private static final Pointwise[] BINARY = new Pointwise[BinaryOp.values().length];
  private static final Pointwise[] WITH_SCALAR = new Pointwise[BINARY.length];
  private static final Pointwise[] SCALAR_WITH = new Pointwise[BINARY.length];

  static {
    for (UnaryOp op : UnaryOp.values()) {
      UNARY[op.ordinal()] = new Pointwise(name(op), Expr.unary(op, X));
    }
    for (BinaryOp op : BinaryOp.values()) {
      BINARY[op.ordinal()] = new Pointwise(name(op), Expr.binary(op, X, Y));
      WITH_SCALAR[op.ordinal()] = new Pointwise(name(op), Expr.binary(op, X, P));
      SCALAR_WITH[op.ordinal()] = new Pointwise(name(op), Expr.binary(op, P, X));
    }
    for (Pointwise[] table : new Pointwise[][] {UNARY, BINARY, WITH_SCALAR, SCALAR_WITH}) {
      for (Pointwise p : table) {
        KNOWN.put(p.expr, p);
      }
    }
  }

  /**
   * The chain rule by one argument.
   *
   * @param gradient the gradient: arguments are what {@code saved} names, and last the gradient by
   *     the result; {@code null} if that passes unchanged
   * @param saved the numbers of the arguments that it needs again, or {@link #OUTPUT}
   */
  record Partial(Expr gradient, int... saved) {
    /** The derivative is 0. */
    static final Partial ZERO = new Partial(null);

    /** The derivative is 1. */
    static final Partial ONE = new Partial(null);
  }

  final String name;
  final Expr expr;

  /** The same when its result is summed: what is left then is not the result of each element. */
  final Pointwise summed;

  private final boolean keepsOutput;
  private final Partial[] partials;

  private Pointwise(String name, Expr expr) {
    this(
        name,
        expr,
        expr instanceof Expr.Unary u
            && u.x() instanceof Expr.Arg
            && u.op().keeps() == UnaryOp.Keeps.OUTPUT);
  }

  private Pointwise(String name, Expr expr, boolean keepsOutput) {
    this.name = name;
    this.expr = expr;
    this.keepsOutput = keepsOutput;
    this.summed = keepsOutput ? new Pointwise(name, expr, false) : this;
    int args = 0;
    for (Expr part : Exprs.parts(expr)) {
      args = part instanceof Expr.Arg a ? Math.max(args, a.index() + 1) : args;
    }
    this.partials = new Partial[args];
  }

  private static String name(Enum<?> op) {
    return op.name().toLowerCase(Locale.ROOT);
  }

  static Pointwise of(UnaryOp op) {
    return UNARY[op.ordinal()];
  }

  static Pointwise of(BinaryOp op) {
    return BINARY[op.ordinal()];
  }

  /** {@return the operation on an array and, as second argument, a scalar} */
  static Pointwise withScalar(BinaryOp op) {
    return WITH_SCALAR[op.ordinal()];
  }

  /** {@return the operation on a scalar and, as second argument, an array} */
  static Pointwise scalarWith(BinaryOp op) {
    return SCALAR_WITH[op.ordinal()];
  }

  static Pointwise of(Expr expr) {
    Pointwise known = KNOWN.get(expr);
    if (known == null) {
      if (KNOWN.size() >= MOST) {
        KNOWN.clear();
      }
      known = new Pointwise("map", expr);
      KNOWN.put(expr, known);
    }
    return known;
  }

  /** {@return whether the result is true or false for each element} */
  boolean isPredicate() {
    return switch (expr) {
      case Expr.Unary u -> u.op().isPredicate();
      case Expr.Binary b -> b.op().isPredicate();
      case Expr.Arg _, Expr.Const _, Expr.Param _, Expr.Select _ -> false;
    };
  }

  /** {@return the chain rule by an argument} */
  Partial partial(int arg) {
    if (arg >= partials.length) {
      return Partial.ZERO;
    }
    Partial known = partials[arg];
    if (known == null) {
      // Two threads may derive it at once: they find the same, and records are safe to share.
      known = derive(arg);
      partials[arg] = known;
    }
    return known;
  }

  private Partial derive(int arg) {
    int output = partials.length;
    Expr derivative = Exprs.derivative(expr, arg);
    if (keepsOutput && expr instanceof Expr.Unary u && u.x() == Expr.arg(arg)) {
      derivative = u.op().derivative(u.x(), Expr.arg(output));
    }
    if (derivative instanceof Expr.Const c && (c.value() == 0 || c.value() == 1)) {
      return c.value() == 0 ? Partial.ZERO : Partial.ONE;
    }
    int[] place = new int[output + 1];
    int[] saved = new int[output + 1];
    int count = 0;
    for (Expr part : Exprs.parts(derivative)) {
      if (part instanceof Expr.Arg a) {
        place[a.index()] = count;
        saved[count++] = a.index() == output ? OUTPUT : a.index();
      }
    }
    Expr renumbered = Exprs.substitute(derivative, a -> Expr.arg(place[a.index()]));
    Expr gradient = Exprs.product(Expr.arg(count), renumbered);
    return new Partial(gradient, Arrays.copyOf(saved, count));
  }
}
