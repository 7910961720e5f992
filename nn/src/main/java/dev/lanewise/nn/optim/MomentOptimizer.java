package dev.lanewise.nn.optim;

import static dev.lanewise.nn.optim.Update.GRADIENT;

import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.internal.Checks;

/**
 * What {@link Adam} and its relatives have in common: running means of the gradient, {@code m}, and
 * of its size, mostly its square, {@code v}, that forget by {@code beta1} and {@code beta2}.
 *
 * @param <S> the optimizer's own type
 */
public abstract sealed class MomentOptimizer<S extends MomentOptimizer<S>> extends Optimizer
    implements OptimizerSettings<S> permits Adam, AdamW, Adamax, Nadam, RAdam {
  /** The scalar that the new first moment takes of the gradient. */
  static final Expr REST_1 = Expr.param(1);

  /** The scalar that the new second moment takes of the gradient's square. */
  static final Expr REST_2 = Expr.param(2);

  /** The scalar that keeps a divisor from 0. */
  static final Expr EPS = Expr.param(3);

  private static final Expr M = Update.state(0);
  private static final Expr V = Update.state(1);

  /** The new first moment, which is state 0. */
  static final Expr NEW_M = M.add(GRADIENT.sub(M).mul(REST_1));

  /** The new second moment, which is state 1. */
  static final Expr NEW_V = V.add(GRADIENT.square().sub(V).mul(REST_2));

  private final Convention convention;
  private double beta1;
  private double beta2;
  private double eps;

  MomentOptimizer(Schedule learningRate, Convention convention, double eps) {
    this(learningRate, convention, 0.9, 0.999, eps);
  }

  MomentOptimizer(
      Schedule learningRate, Convention convention, double beta1, double beta2, double eps) {
    super(learningRate, convention);
    requireBetas(beta1, beta2);
    requireEps(eps);
    this.convention = convention;
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.eps = eps;
  }

  /**
   * Chooses how slowly the moments forget; 0.9 and 0.999 if nobody does.
   *
   * @param beta1 of the first moment, from 0 and below 1
   * @param beta2 of the second moment, from 0 and below 1
   * @return this optimizer
   * @throws IllegalArgumentException if one is out of range
   * @throws IllegalStateException if the optimizer is built
   */
  public final S betas(double beta1, double beta2) {
    settings("betas");
    requireBetas(beta1, beta2);
    this.beta1 = beta1;
    this.beta2 = beta2;
    return self();
  }

  /**
   * Chooses what keeps the divisor from 0; in Keras's convention 1e-7 if nobody does, in PyTorch's
   * 1e-8.
   *
   * @param eps at least 0
   * @return this optimizer
   * @throws IllegalArgumentException if it is negative or not finite
   * @throws IllegalStateException if the optimizer is built
   */
  public final S eps(double eps) {
    settings("eps");
    requireEps(eps);
    this.eps = eps;
    return self();
  }

  @SuppressWarnings("unchecked")
  private S self() {
    return (S) this;
  }

  private static boolean isNoBeta(double beta) {
    return !(beta >= 0 && beta < 1);
  }

  static void requireBetas(double beta1, double beta2) {
    if (isNoBeta(beta1) || isNoBeta(beta2)) {
      throw new IllegalArgumentException(
          "betas: must be from 0 and below 1, not %s and %s".formatted(beta1, beta2));
    }
  }

  static void requireEps(double eps) {
    Checks.notNegative("eps:", eps);
  }

  final Convention convention() {
    return convention;
  }

  final double beta1() {
    return beta1;
  }

  final double beta2() {
    return beta2;
  }

  final double eps() {
    return eps;
  }

  @Override
  void describe(Config config) {
    config
        .with("convention", convention)
        .with("beta1", beta1)
        .with("beta2", beta2)
        .with("eps", eps);
  }

  /** {@return what the first moment is divided by, as it began with 0} */
  final double correction1(long iteration) {
    return 1 - StrictMath.pow(beta1, iteration);
  }

  /** {@return what the second moment is divided by, as it began with 0} */
  final double correction2(long iteration) {
    return 1 - StrictMath.pow(beta2, iteration);
  }

  /** Sets the scalars of the moments: how much of the new they take. */
  final void moments(double[] scalars) {
    scalars[1] = 1 - beta1;
    scalars[2] = 1 - beta2;
  }

  /**
   * Sets the scalars of a step along the first moment, divided by the root of the second, both
   * corrected. The corrections are part of the rate, and of {@code eps} if that stands beside the
   * corrected root.
   */
  final void adam(double learningRate, long iteration, double[] scalars) {
    double root = Math.sqrt(correction2(iteration));
    scalars[0] = learningRate * (root / correction1(iteration));
    moments(scalars);
    scalars[3] =
        switch (convention) {
          case KERAS -> eps;
          case PYTORCH -> eps * root;
        };
  }
}
