package dev.lanewise.nn.optim;

import static dev.lanewise.nn.optim.Update.GRADIENT;
import static dev.lanewise.nn.optim.Update.WEIGHT;

import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.config.Config;

/**
 * Stochastic gradient descent: {@code w −= rate · g}. With momentum, the steps' velocity is kept:
 * {@code v = momentum · v − rate · g}, and {@code w += v}, or, by Nesterov's rule, {@code w +=
 * momentum · v − rate · g}. So it is in Keras.
 *
 * <p>In PyTorch, {@link #pytorch}, the velocity is that of gradients: {@code v = momentum · v + g},
 * and {@code w −= rate · v}, or, by Nesterov's rule, {@code w −= rate · (g + momentum · v)}. Both
 * are the same until the rate changes.
 */
public final class SGD extends Optimizer implements OptimizerSettings<SGD> {
  private static final Expr RATE = Expr.param(0);
  private static final Expr MOMENTUM = Expr.param(1);
  private static final Expr UNDAMPED = Expr.param(2);
  private static final Expr STEP = GRADIENT.mul(RATE);
  private static final Expr V = Update.state(0);

  private final Convention convention;
  private double momentum;
  private boolean nesterov;
  private double dampening;

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
   * Makes one without momentum.
   *
   * @param learningRate how large steps are
   */
  public SGD(Schedule learningRate) {
    this(learningRate, Convention.KERAS);
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
    super(learningRate);
    this.convention = Convention.KERAS;
    this.momentum = requireMomentum("SGD", momentum);
    this.nesterov = nesterov;
  }

  private SGD(Schedule learningRate, Convention convention) {
    super(learningRate, convention);
    this.convention = convention;
  }

  /**
   * {@return one that computes as PyTorch's: the velocity is that of gradients, weight decay is
   * added to them}
   *
   * @param learningRate how large steps are
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public static SGD pytorch(double learningRate) {
    return pytorch(constant(learningRate));
  }

  /**
   * {@return one that computes as PyTorch's: the velocity is that of gradients, weight decay is
   * added to them}
   *
   * @param learningRate how large steps are
   */
  public static SGD pytorch(Schedule learningRate) {
    return new SGD(learningRate, Convention.PYTORCH);
  }

  /**
   * Chooses how much of the last step goes on; 0 if nobody does.
   *
   * @param momentum from 0 to 1
   * @return this optimizer
   * @throws IllegalArgumentException if it is out of range
   * @throws IllegalStateException if the optimizer is built
   */
  public SGD momentum(double momentum) {
    settings("momentum");
    this.momentum = requireMomentum("SGD", momentum);
    return this;
  }

  /**
   * Chooses whether the gradient counts as if taken after the velocity's step; it does not if
   * nobody does.
   *
   * @param nesterov whether it does
   * @return this optimizer
   * @throws IllegalStateException if the optimizer is built, or has a dampening
   */
  public SGD nesterov(boolean nesterov) {
    settings("nesterov");
    requireOne("nesterov", nesterov, dampening);
    this.nesterov = nesterov;
    return this;
  }

  /**
   * Chooses how much less of each gradient goes into the velocity, but for that of the first step;
   * 0 if nobody does. Without momentum it changes nothing.
   *
   * @param dampening from 0 to 1
   * @return this optimizer
   * @throws IllegalArgumentException if it is out of range
   * @throws IllegalStateException if the optimizer is built, or follows Nesterov's rule
   */
  public SGD dampening(double dampening) {
    settings("dampening");
    if (!(dampening >= 0 && dampening <= 1)) {
      throw new IllegalArgumentException("SGD: dampening must be from 0 to 1, not " + dampening);
    }
    requireOne("dampening", nesterov, dampening);
    this.dampening = dampening;
    return this;
  }

  static double requireMomentum(String optimizer, double momentum) {
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new IllegalArgumentException(
          optimizer + ": momentum must be from 0 to 1, not " + momentum);
    }
    return momentum;
  }

  private static void requireOne(String setting, boolean nesterov, double dampening) {
    if (nesterov && dampening != 0) {
      throw new IllegalStateException(
          "SGD: " + setting + ": Nesterov's rule knows no dampening; choose one of them");
    }
  }

  @Override
  void describe(Config config) {
    config
        .with("convention", convention)
        .with("momentum", momentum)
        .with("nesterov", nesterov)
        .with("dampening", dampening);
  }

  @Override
  protected Update update() {
    if (momentum == 0) {
      return Update.of(WEIGHT.sub(STEP));
    }
    return switch (convention) {
      case KERAS -> {
        Expr velocity = V.mul(MOMENTUM).sub(damped(STEP));
        Expr change = nesterov ? velocity.mul(MOMENTUM).sub(STEP) : velocity;
        yield Update.of(WEIGHT.add(change)).keeping("velocity", velocity);
      }
      case PYTORCH -> {
        Expr velocity = V.mul(MOMENTUM).add(damped(GRADIENT));
        Expr change = nesterov ? GRADIENT.add(velocity.mul(MOMENTUM)) : velocity;
        yield Update.of(WEIGHT.sub(change.mul(RATE))).keeping("velocity", velocity);
      }
    };
  }

  private Expr damped(Expr x) {
    return dampening == 0 ? x : x.mul(UNDAMPED);
  }

  @Override
  protected void scalars(double learningRate, long iteration, double[] scalars) {
    scalars[0] = learningRate;
    if (momentum != 0) {
      scalars[1] = momentum;
      if (dampening != 0) {
        scalars[2] = iteration == 1 ? 1 : 1 - dampening;
      }
    }
  }
}
