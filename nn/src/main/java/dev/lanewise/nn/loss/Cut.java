package dev.lanewise.nn.loss;

import dev.lanewise.kernel.BinaryOp;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.UnaryOp;

/** The logarithm of probabilities, whose value is cut as in Keras and whose gradient is not. */
final class Cut {
  /** How near 0 and 1 a probability may come; that of Keras. */
  private static final double EPSILON = 1e-7;

  /** Where the gradient is cut; a sigmoid's slope is lost not much later. */
  private static final double LEAST = 1e-30;

  private Cut() {}

  /** {@return p cut to [1e-7, 1 − 1e-7]} */
  static Expr cut(Expr p) {
    return Expr.binary(BinaryOp.MIN, p.max(Expr.constant(EPSILON)), Expr.constant(1 - EPSILON));
  }

  /**
   * {@return −log of {@code cut}, with the gradient −1 / p by p where that is above 1e-30, and none
   * where p is no probability}
   *
   * @param p the probability
   * @param value the same, of detached tensors
   * @param cut the same, detached and cut
   */
  static Expr minusLog(Expr p, Expr value, Expr cut) {
    Expr least = Expr.constant(LEAST);
    // 0 in value, as p is what value is, but p has a gradient.
    Expr slope = log(value.max(least)).sub(log(p.max(least)));
    Expr inside = Expr.binary(BinaryOp.LE, p, Expr.constant(1));
    return Expr.select(inside, slope, Expr.constant(0)).sub(log(cut));
  }

  private static Expr log(Expr x) {
    return Expr.unary(UnaryOp.LOG, x);
  }
}
