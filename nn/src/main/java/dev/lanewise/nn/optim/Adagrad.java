package dev.lanewise.nn.optim;

import static dev.lanewise.nn.optim.Update.GRADIENT;
import static dev.lanewise.nn.optim.Update.WEIGHT;

import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.internal.Checks;

/**
 * Steps divided by the root of the sum of all squares of the gradient so far, from J. Duchi, E.
 * Hazan and Y. Singer, "Adaptive subgradient methods for online learning and stochastic
 * optimization", JMLR 12, 2011. So it is in Keras:
 *
 * <pre>
 * v += g²
 * w −= rate · g / √(v + eps)
 * </pre>
 *
 * <p>In PyTorch, {@link #pytorch}, {@code eps} stands beside the root. Its {@code lr_decay} is a
 * schedule here: {@link Schedule#inverseTime Schedule.inverseTime(rate, decay, 1)}.
 */
public final class Adagrad extends Optimizer implements OptimizerSettings<Adagrad> {
  private static final Expr RATE = Expr.param(0);
  private static final Expr EPS = Expr.param(1);
  private static final Expr NEW_V = Update.state(0).add(GRADIENT.square());

  private final Convention convention;
  private double initialAccumulator;
  private double eps;

  /** Makes one with rate 0.001, initial accumulator 0.1 and eps 1e-7. */
  public Adagrad() {
    this(0.001);
  }

  /**
   * Makes one with initial accumulator 0.1 and eps 1e-7.
   *
   * @param learningRate how large steps are
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public Adagrad(double learningRate) {
    this(constant(learningRate));
  }

  /**
   * Makes one with initial accumulator 0.1 and eps 1e-7.
   *
   * @param learningRate how large steps are
   */
  public Adagrad(Schedule learningRate) {
    this(learningRate, Convention.KERAS, 0.1, 1e-7);
  }

  private Adagrad(
      Schedule learningRate, Convention convention, double initialAccumulator, double eps) {
    super(learningRate, convention);
    this.convention = convention;
    this.initialAccumulator = initialAccumulator;
    this.eps = eps;
  }

  /**
   * {@return one that computes as PyTorch's: initial accumulator 0, eps 1e-10 beside the root,
   * weight decay added to the gradient}
   *
   * @param learningRate how large steps are; in PyTorch 0.01 if nobody says
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public static Adagrad pytorch(double learningRate) {
    return pytorch(constant(learningRate));
  }

  /**
   * {@return one that computes as PyTorch's: initial accumulator 0, eps 1e-10 beside the root,
   * weight decay added to the gradient}
   *
   * @param learningRate how large steps are
   */
  public static Adagrad pytorch(Schedule learningRate) {
    return new Adagrad(learningRate, Convention.PYTORCH, 0, 1e-10);
  }

  /**
   * Chooses where the sums begin; in Keras's convention at 0.1 if nobody does, in PyTorch's at 0.
   *
   * @param value at least 0
   * @return this optimizer
   * @throws IllegalArgumentException if it is negative or not finite
   * @throws IllegalStateException if the optimizer is built
   */
  public Adagrad initialAccumulator(double value) {
    settings("initialAccumulator");
    this.initialAccumulator = Checks.notNegative("Adagrad: initialAccumulator", value);
    return this;
  }

  /**
   * Chooses what keeps the divisor from 0; in Keras's convention 1e-7 if nobody does, in PyTorch's
   * 1e-10.
   *
   * @param eps at least 0
   * @return this optimizer
   * @throws IllegalArgumentException if it is negative or not finite
   * @throws IllegalStateException if the optimizer is built
   */
  public Adagrad eps(double eps) {
    settings("eps");
    MomentOptimizer.requireEps(eps);
    this.eps = eps;
    return this;
  }

  @Override
  void describe(Config config) {
    config
        .with("convention", convention)
        .with("initialAccumulator", initialAccumulator)
        .with("eps", eps);
  }

  @Override
  protected Update update() {
    Expr step = GRADIENT.mul(RATE).div(RMSprop.root(convention, NEW_V, EPS));
    return Update.of(WEIGHT.sub(step)).keeping("v", initialAccumulator, NEW_V);
  }

  @Override
  protected void scalars(double learningRate, long iteration, double[] scalars) {
    scalars[0] = learningRate;
    scalars[1] = eps;
  }
}
