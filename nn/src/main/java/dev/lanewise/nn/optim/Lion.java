package dev.lanewise.nn.optim;

import static dev.lanewise.nn.optim.Update.GRADIENT;
import static dev.lanewise.nn.optim.Update.WEIGHT;

import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.config.Config;

/**
 * Steps of one size, along the sign of a momentum, from X. Chen et al., "Symbolic discovery of
 * optimization algorithms", NeurIPS 2023, algorithm 2. Its rate is usually 3 to 10 times smaller
 * than Adam's, its weight decay as many times larger, which is decoupled if nobody chooses.
 *
 * <pre>
 * w −= rate · sign(beta1 · m + (1 − beta1) · g)
 * m = beta2 · m + (1 − beta2) · g
 * </pre>
 */
public final class Lion extends Optimizer implements OptimizerSettings<Lion> {
  private static final Expr RATE = Expr.param(0);
  private static final Expr M = Update.state(0);
  private static final Expr NEWS = GRADIENT.sub(M);
  private static final Expr DIRECTION = M.add(NEWS.mul(Expr.param(1))).sign();
  private static final Expr NEW_M = M.add(NEWS.mul(Expr.param(2)));

  private double beta1 = 0.9;
  private double beta2 = 0.99;

  /** Makes one with rate 0.001, beta1 0.9 and beta2 0.99. */
  public Lion() {
    this(0.001);
  }

  /**
   * Makes one with beta1 0.9 and beta2 0.99.
   *
   * @param learningRate how large steps are
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public Lion(double learningRate) {
    super(learningRate);
  }

  /**
   * Makes one with beta1 0.9 and beta2 0.99.
   *
   * @param learningRate how large steps are
   */
  public Lion(Schedule learningRate) {
    super(learningRate);
  }

  /**
   * Chooses how much of the momentum counts; 0.9 and 0.99 if nobody does.
   *
   * @param beta1 in the direction of a step, from 0 and below 1
   * @param beta2 in what is kept of it, from 0 and below 1
   * @return this optimizer
   * @throws IllegalArgumentException if one is out of range
   * @throws IllegalStateException if the optimizer is built
   */
  public Lion betas(double beta1, double beta2) {
    settings("betas");
    MomentOptimizer.requireBetas(beta1, beta2);
    this.beta1 = beta1;
    this.beta2 = beta2;
    return this;
  }

  @Override
  void describe(Config config) {
    config.with("beta1", beta1).with("beta2", beta2);
  }

  @Override
  protected Update update() {
    return Update.of(WEIGHT.sub(DIRECTION.mul(RATE))).keeping("m", NEW_M);
  }

  @Override
  protected void scalars(double learningRate, long iteration, double[] scalars) {
    scalars[0] = learningRate;
    scalars[1] = 1 - beta1;
    scalars[2] = 1 - beta2;
  }
}
