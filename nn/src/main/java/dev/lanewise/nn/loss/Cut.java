package dev.lanewise.nn.loss;

import dev.lanewise.kernel.BinaryOp;
import dev.lanewise.kernel.Expr;

/**
 * What crossentropies do to probabilities: their logarithm, whose value is cut as in Keras and
 * whose gradient is not, label smoothing and focus.
 */
final class Cut {
  /** How near 0 and 1 a probability may come; that of Keras. */
  static final double EPSILON = 1e-7;

  /** Where the gradient is cut; a sigmoid's slope is lost not much later. */
  private static final Expr LEAST = Expr.constant(1e-30);

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
    // 0 in value, as p is what value is, but p has a gradient.
    Expr slope = value.max(LEAST).log().sub(p.max(LEAST).log());
    Expr inside = Expr.binary(BinaryOp.LE, p, Term.ONE);
    return Expr.select(inside, slope, Term.ZERO).sub(cut.log());
  }

  /** {@return a target, smoothed by the scalars 0 and 1 that {@link #smoothing} gives} */
  static Expr smoothed(Expr target) {
    return target.mul(Expr.param(0)).add(Expr.param(1));
  }

  /**
   * {@return the scalars of {@link #smoothed}}
   *
   * @param share of each target, spread over all classes
   * @param classes how many there are
   */
  static double[] smoothing(double share, int classes) {
    return new double[] {1 - share, share / classes};
  }

  /**
   * {@return {@code miss} to the power of scalar 0, with a slope of 0 from 1e-30 on, so that none
   * is endless}
   *
   * @param miss what a probability lacks of 1
   */
  static Expr focus(Expr miss) {
    return miss.max(LEAST).pow(Expr.param(0));
  }
}
