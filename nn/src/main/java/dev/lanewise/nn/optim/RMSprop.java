package dev.lanewise.nn.optim;

import static dev.lanewise.nn.optim.Update.GRADIENT;
import static dev.lanewise.nn.optim.Update.WEIGHT;

import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.config.Config;

/**
 * Steps divided by the root of a running mean of the gradient's square, from T. Tieleman and G.
 * Hinton, "Neural networks for machine learning", lecture 6.5, 2012. So it is in Keras:
 *
 * <pre>
 * v = rho · v + (1 − rho) · g²
 * w −= rate · g / √(v + eps)
 * </pre>
 *
 * <p>Centered, the square of a running mean of the gradient is taken from {@code v} before the
 * root, which is then that of a variance. With momentum, steps add up in a velocity, {@code
 * velocity = momentum · velocity + step}, that the weight follows.
 *
 * <p>In PyTorch, {@link #pytorch}, {@code eps} stands beside the root, and the velocity is that of
 * gradients, to be multiplied by the rate.
 */
public final class RMSprop extends Optimizer implements OptimizerSettings<RMSprop> {
  private static final Expr RATE = Expr.param(0);
  private static final Expr REST = Expr.param(1);
  private static final Expr EPS = Expr.param(2);
  private static final Expr MOMENTUM = Expr.param(3);
  private static final Expr V = Update.state(0);
  private static final Expr MEAN = Update.state(1);
  private static final Expr NEW_V = V.add(GRADIENT.square().sub(V).mul(REST));
  private static final Expr NEW_MEAN = MEAN.add(GRADIENT.sub(MEAN).mul(REST));

  // A variance near 0 may come out below it, by rounding.
  private static final Expr VARIANCE = NEW_V.sub(NEW_MEAN.square()).max(Expr.constant(0));

  private final Convention convention;
  private double rho;
  private double eps;
  private double momentum;
  private boolean centered;

  /** Makes one with rate 0.001, rho 0.9 and eps 1e-7. */
  public RMSprop() {
    this(0.001);
  }

  /**
   * Makes one with rho 0.9 and eps 1e-7.
   *
   * @param learningRate how large steps are
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public RMSprop(double learningRate) {
    this(constant(learningRate));
  }

  /**
   * Makes one with rho 0.9 and eps 1e-7.
   *
   * @param learningRate how large steps are
   */
  public RMSprop(Schedule learningRate) {
    this(learningRate, Convention.KERAS, 0.9, 1e-7);
  }

  private RMSprop(Schedule learningRate, Convention convention, double rho, double eps) {
    super(learningRate, convention);
    this.convention = convention;
    this.rho = rho;
    this.eps = eps;
  }

  /**
   * {@return one that computes as PyTorch's: rho, which is {@code alpha} there, 0.99, eps 1e-8
   * beside the root, a velocity of gradients, weight decay added to them}
   *
   * @param learningRate how large steps are; in PyTorch 0.01 if nobody says
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public static RMSprop pytorch(double learningRate) {
    return pytorch(constant(learningRate));
  }

  /**
   * {@return one that computes as PyTorch's: rho, which is {@code alpha} there, 0.99, eps 1e-8
   * beside the root, a velocity of gradients, weight decay added to them}
   *
   * @param learningRate how large steps are
   */
  public static RMSprop pytorch(Schedule learningRate) {
    return new RMSprop(learningRate, Convention.PYTORCH, 0.99, 1e-8);
  }

  /**
   * Chooses how slowly the means forget; in Keras's convention 0.9 if nobody does, in PyTorch's
   * 0.99.
   *
   * @param rho from 0 and below 1
   * @return this optimizer
   * @throws IllegalArgumentException if it is out of range
   * @throws IllegalStateException if the optimizer is built
   */
  public RMSprop rho(double rho) {
    settings("rho");
    this.rho = requireRho("RMSprop", rho);
    return this;
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
  public RMSprop eps(double eps) {
    settings("eps");
    MomentOptimizer.requireEps(eps);
    this.eps = eps;
    return this;
  }

  /**
   * Chooses how much of the last step goes on; 0 if nobody does.
   *
   * @param momentum from 0 to 1
   * @return this optimizer
   * @throws IllegalArgumentException if it is out of range
   * @throws IllegalStateException if the optimizer is built
   */
  public RMSprop momentum(double momentum) {
    settings("momentum");
    this.momentum = SGD.requireMomentum("RMSprop", momentum);
    return this;
  }

  /**
   * Chooses whether the divisor is the root of a variance; it is that of a mean square if nobody
   * does.
   *
   * @param centered whether it is
   * @return this optimizer
   * @throws IllegalStateException if the optimizer is built
   */
  public RMSprop centered(boolean centered) {
    settings("centered");
    this.centered = centered;
    return this;
  }

  static double requireRho(String optimizer, double rho) {
    if (!(rho >= 0 && rho < 1)) {
      throw new IllegalArgumentException(
          optimizer + ": rho must be from 0 and below 1, not " + rho);
    }
    return rho;
  }

  /** {@return the root of a mean square, with {@code eps} where the convention puts it} */
  static Expr root(Convention convention, Expr square, Expr eps) {
    return switch (convention) {
      case KERAS -> square.add(eps).sqrt();
      case PYTORCH -> square.sqrt().add(eps);
    };
  }

  @Override
  void describe(Config config) {
    config
        .with("convention", convention)
        .with("rho", rho)
        .with("eps", eps)
        .with("momentum", momentum)
        .with("centered", centered);
  }

  @Override
  protected Update update() {
    Expr divisor = root(convention, centered ? VARIANCE : NEW_V, EPS);
    boolean rated = momentum == 0 || convention == Convention.KERAS;
    Expr step = (rated ? GRADIENT.mul(RATE) : GRADIENT).div(divisor);
    Expr velocity = Update.state(centered ? 2 : 1).mul(MOMENTUM).add(step);
    Expr way = momentum == 0 ? step : velocity;
    Update update = Update.of(WEIGHT.sub(rated ? way : way.mul(RATE))).keeping("v", NEW_V);
    update = centered ? update.keeping("mean", NEW_MEAN) : update;
    return momentum == 0 ? update : update.keeping("velocity", velocity);
  }

  @Override
  protected void scalars(double learningRate, long iteration, double[] scalars) {
    scalars[0] = learningRate;
    scalars[1] = 1 - rho;
    scalars[2] = eps;
    if (momentum != 0) {
      scalars[3] = momentum;
    }
  }
}
