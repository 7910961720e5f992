package dev.lanewise.nn.optim;

import dev.lanewise.kernel.Expr;
import java.util.List;

/**
 * Stochastic gradient descent: {@code w −= rate · g}. With momentum, the steps' velocity is kept:
 * {@code v = momentum · v − rate · g}, and {@code w += v}, or, by Nesterov's rule, {@code w +=
 * momentum · v − rate · g}.
 */
public final class SGD extends Optimizer {
  private static final Expr STEP = Expr.arg(0).mul(Expr.param(0));
  private static final Expr WEIGHT = Expr.arg(1);
  private static final Expr MOMENTUM = Expr.param(1);
  private static final Expr VELOCITY = Expr.arg(2).mul(MOMENTUM).sub(STEP);

  private final double momentum;

  /** Makes one with rate 0.01 and no momentum. */
  public SGD() {
    this(0.01);
  }

  /**
   * Makes one without momentum.
   *
   * @param learningRate how large steps are
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public SGD(double learningRate) {
    this(learningRate, 0, false);
  }

  /**
   * Makes one.
   *
   * @param learningRate how large steps are
   * @param momentum how much of the last step goes on, from 0 to 1
   * @param nesterov whether the gradient counts as if taken after the velocity's step
   * @throws IllegalArgumentException if a number is out of range
   */
  public SGD(double learningRate, double momentum, boolean nesterov) {
    super(learningRate, update(momentum, nesterov));
    this.momentum = momentum;
  }

  private static List<Expr> update(double momentum, boolean nesterov) {
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new IllegalArgumentException("SGD: momentum must be from 0 to 1, not " + momentum);
    }
    if (momentum == 0) {
      return List.of(WEIGHT.sub(STEP));
    }
    Expr change = nesterov ? VELOCITY.mul(MOMENTUM).sub(STEP) : VELOCITY;
    return List.of(WEIGHT.add(change), VELOCITY);
  }

  @Override
  protected double[] scalars(double learningRate, long iteration) {
    return new double[] {learningRate, momentum};
  }
}
