package dev.lanewise.kernel;

/**
 * An elementwise expression: what a kernel computes for each element from its arrays and scalars. A
 * backend compiles it into one loop. Equal expressions are the same object, so that a shared
 * subexpression is computed once and comparing two is comparing references.
 *
 * {@snippet :
 * Expr x = Expr.arg(0), bias = Expr.arg(1), scale = Expr.param(0);
 * Expr fused = x.mul(scale).add(bias).relu();      // relu(x · scale + bias)
 * backend.elementwise(fused, out, new double[] {0.5}, xs, biases);
 * }
 *
 * <p>Scalars that change from call to call are {@link Param}s; a {@link Const} is compiled in.
 */
public sealed interface Expr {

  /** {@return one more than the highest number of an array that occurs, 0 if none does} */
  int args();

  /** {@return one more than the highest number of a scalar that occurs, 0 if none does} */
  int params();

  /** The element of an array; arrays are numbered from 0. */
  final class Arg implements Expr {
    private final int index;

    Arg(int index) {
      this.index = index;
    }

    /** {@return the array's number} */
    public int index() {
      return index;
    }

    @Override
    public int args() {
      return index + 1;
    }

    @Override
    public int params() {
      return 0;
    }

    @Override
    public String toString() {
      return ExprText.of(this);
    }
  }

  /** A scalar given with each call; scalars are numbered from 0. */
  final class Param implements Expr {
    private final int index;

    Param(int index) {
      this.index = index;
    }

    /** {@return the scalar's number} */
    public int index() {
      return index;
    }

    @Override
    public int args() {
      return 0;
    }

    @Override
    public int params() {
      return index + 1;
    }

    @Override
    public String toString() {
      return ExprText.of(this);
    }
  }

  /** A number that is part of the expression. */
  final class Const implements Expr {
    private final double value;

    Const(double value) {
      this.value = value;
    }

    /** {@return the number} */
    public double value() {
      return value;
    }

    @Override
    public int args() {
      return 0;
    }

    @Override
    public int params() {
      return 0;
    }

    @Override
    public String toString() {
      return ExprText.of(this);
    }
  }

  /** A function of one expression. */
  final class Unary implements Expr {
    private final UnaryOp op;
    private final Expr x;
    private final int args;
    private final int params;

    Unary(UnaryOp op, Expr x) {
      this.op = op;
      this.x = x;
      this.args = x.args();
      this.params = x.params();
    }

    @Override
    public int args() {
      return args;
    }

    @Override
    public int params() {
      return params;
    }

    /** {@return the function} */
    public UnaryOp op() {
      return op;
    }

    /** {@return its argument} */
    public Expr x() {
      return x;
    }

    @Override
    public String toString() {
      return ExprText.of(this);
    }
  }

  /** A function of two expressions. */
  final class Binary implements Expr {
    private final BinaryOp op;
    private final Expr x;
    private final Expr y;
    private final int args;
    private final int params;

    Binary(BinaryOp op, Expr x, Expr y) {
      this.op = op;
      this.x = x;
      this.y = y;
      this.args = Math.max(x.args(), y.args());
      this.params = Math.max(x.params(), y.params());
    }

    @Override
    public int args() {
      return args;
    }

    @Override
    public int params() {
      return params;
    }

    /** {@return the function} */
    public BinaryOp op() {
      return op;
    }

    /** {@return its first argument} */
    public Expr x() {
      return x;
    }

    /** {@return its second argument} */
    public Expr y() {
      return y;
    }

    @Override
    public String toString() {
      return ExprText.of(this);
    }
  }

  /** One of two expressions, for each element; both are computed. */
  final class Select implements Expr {
    private final Expr condition;
    private final Expr ifTrue;
    private final Expr ifFalse;
    private final int args;
    private final int params;

    Select(Expr condition, Expr ifTrue, Expr ifFalse) {
      this.condition = condition;
      this.ifTrue = ifTrue;
      this.ifFalse = ifFalse;
      this.args = Math.max(condition.args(), Math.max(ifTrue.args(), ifFalse.args()));
      this.params = Math.max(condition.params(), Math.max(ifTrue.params(), ifFalse.params()));
    }

    @Override
    public int args() {
      return args;
    }

    @Override
    public int params() {
      return params;
    }

    /** {@return what decides: true where it is not 0} */
    public Expr condition() {
      return condition;
    }

    /** {@return the value where the condition is true} */
    public Expr ifTrue() {
      return ifTrue;
    }

    /** {@return the value where the condition is false} */
    public Expr ifFalse() {
      return ifFalse;
    }

    @Override
    public String toString() {
      return ExprText.of(this);
    }
  }

  /**
   * {@return the element of an array}
   *
   * @param index the array's number in the call, from 0
   */
  static Expr arg(int index) {
    return ExprTable.of(new ExprTable.Key(Arg.class, requireIndex(index), null, null, null));
  }

  /**
   * {@return a scalar given with each call}
   *
   * @param index the scalar's number in the call, from 0
   */
  static Expr param(int index) {
    return ExprTable.of(new ExprTable.Key(Param.class, requireIndex(index), null, null, null));
  }

  /**
   * {@return a number}
   *
   * @param value the number; rounded to the type that the kernel computes in, which must hold it
   *     exactly if it is an integer type
   */
  static Expr constant(double value) {
    return ExprTable.of(new ExprTable.Key(Const.class, value, null, null, null));
  }

  /**
   * {@return an integer, of 64 bits} One that no {@code double} holds is a sum of two constants,
   * exact where the kernel computes in i64.
   *
   * @param value the integer
   */
  static Expr integer(long value) {
    long low = value & 0xFFFF_FFFFL;
    boolean isDouble = value != Long.MAX_VALUE && (long) (double) value == value;
    return isDouble ? constant(value) : constant(value - low).add(constant(low));
  }

  /**
   * {@return a function of one expression}
   *
   * @param op the function
   * @param x its argument
   */
  static Expr unary(UnaryOp op, Expr x) {
    return ExprTable.of(new ExprTable.Key(Unary.class, op, x, null, null));
  }

  /**
   * {@return a function of two expressions}
   *
   * @param op the function
   * @param x its first argument
   * @param y its second
   */
  static Expr binary(BinaryOp op, Expr x, Expr y) {
    return ExprTable.of(new ExprTable.Key(Binary.class, op, x, y, null));
  }

  /**
   * {@return one of two expressions, for each element}
   *
   * @param condition true where it is not 0; NaN counts as true
   * @param ifTrue the value there
   * @param ifFalse the value elsewhere
   */
  static Expr select(Expr condition, Expr ifTrue, Expr ifFalse) {
    return ExprTable.of(new ExprTable.Key(Select.class, null, condition, ifTrue, ifFalse));
  }

  private static Integer requireIndex(int index) {
    if (index < 0) {
      throw new IllegalArgumentException("expr: index " + index + " is negative");
    }
    return index;
  }

  /**
   * {@return {@code this + y}}
   *
   * @param y the other summand
   */
  default Expr add(Expr y) {
    return binary(BinaryOp.ADD, this, y);
  }

  /**
   * {@return {@code this - y}}
   *
   * @param y what to take away
   */
  default Expr sub(Expr y) {
    return binary(BinaryOp.SUB, this, y);
  }

  /**
   * {@return {@code this * y}}
   *
   * @param y the other factor
   */
  default Expr mul(Expr y) {
    return binary(BinaryOp.MUL, this, y);
  }

  /**
   * {@return {@code this / y}}
   *
   * @param y the divisor
   */
  default Expr div(Expr y) {
    return binary(BinaryOp.DIV, this, y);
  }

  /**
   * {@return the larger of the two}
   *
   * @param y the other
   */
  default Expr max(Expr y) {
    return binary(BinaryOp.MAX, this, y);
  }

  /**
   * {@return 1 where this equals {@code y}, else 0}
   *
   * @param y what to compare with
   */
  default Expr eq(Expr y) {
    return binary(BinaryOp.EQ, this, y);
  }

  /**
   * {@return 1 where this is less than {@code y}, else 0}
   *
   * @param y what to compare with
   */
  default Expr lt(Expr y) {
    return binary(BinaryOp.LT, this, y);
  }

  /**
   * {@return 1 where this is greater than {@code y}, else 0}
   *
   * @param y what to compare with
   */
  default Expr gt(Expr y) {
    return binary(BinaryOp.GT, this, y);
  }

  /** {@return {@code -this}} */
  default Expr neg() {
    return unary(UnaryOp.NEG, this);
  }

  /** {@return the sign: −1, 0 or 1} */
  default Expr sign() {
    return unary(UnaryOp.SIGN, this);
  }

  /** {@return the square} */
  default Expr square() {
    return unary(UnaryOp.SQUARE, this);
  }

  /** {@return the square root} */
  default Expr sqrt() {
    return unary(UnaryOp.SQRT, this);
  }

  /** {@return 1 divided by this} */
  default Expr reciprocal() {
    return unary(UnaryOp.RECIPROCAL, this);
  }

  /** {@return e to the power of this} */
  default Expr exp() {
    return unary(UnaryOp.EXP, this);
  }

  /** {@return {@code 1 / (1 + exp(-this))}} */
  default Expr sigmoid() {
    return unary(UnaryOp.SIGMOID, this);
  }

  /** {@return the larger of this and 0} */
  default Expr relu() {
    return unary(UnaryOp.RELU, this);
  }

  /** {@return the natural logarithm} */
  default Expr log() {
    return unary(UnaryOp.LOG, this);
  }

  /** {@return {@code 1 / √this}} */
  default Expr rsqrt() {
    return unary(UnaryOp.RSQRT, this);
  }

  /** {@return the sine} */
  default Expr sin() {
    return unary(UnaryOp.SIN, this);
  }

  /** {@return the cosine} */
  default Expr cos() {
    return unary(UnaryOp.COS, this);
  }

  /** {@return the hyperbolic sine} */
  default Expr sinh() {
    return unary(UnaryOp.SINH, this);
  }

  /** {@return the hyperbolic cosine} */
  default Expr cosh() {
    return unary(UnaryOp.COSH, this);
  }

  /**
   * {@return this to the power of {@code y}}
   *
   * @param y the exponent
   */
  default Expr pow(Expr y) {
    return binary(BinaryOp.POW, this, y);
  }
}
