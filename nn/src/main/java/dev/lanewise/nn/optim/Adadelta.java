package dev.lanewise.nn.optim;

import static dev.lanewise.nn.optim.Update.GRADIENT;
import static dev.lanewise.nn.optim.Update.WEIGHT;

import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.config.Config;

/**
 * Steps of the size of those before, divided by the root of a running mean of the gradient's
 * square, from M. Zeiler, "ADADELTA: an adaptive learning rate method", 2012, algorithm 1:
 *
 * <pre>
 * v = rho · v + (1 − rho) · g²
 * step = √(s + eps) / √(v + eps) · g
 * s = rho · s + (1 − rho) · step²
 * w −= rate · step
 * </pre>
 *
 * <p>Keras and PyTorch compute the same, but with other numbers if nobody chooses.
 */
public final class Adadelta extends Optimizer implements OptimizerSettings<Adadelta> {
  private static final Expr RATE = Expr.param(0);
  private static final Expr REST = Expr.param(1);
  private static final Expr EPS = Expr.param(2);
  private static final Expr V = Update.state(0);
  private static final Expr S = Update.state(1);
  private static final Expr NEW_V = V.add(GRADIENT.square().sub(V).mul(REST));
  private static final Expr STEP = S.add(EPS).sqrt().div(NEW_V.add(EPS).sqrt()).mul(GRADIENT);
  private static final Expr NEW_S = S.add(STEP.square().sub(S).mul(REST));

  private double rho;
  private double eps;

  /** Makes one with rate 0.001, rho 0.95 and eps 1e-7. */
  public Adadelta() {
    this(0.001);
  }

  /**
   * Makes one with rho 0.95 and eps 1e-7.
   *
   * @param learningRate how large steps are; the paper's is 1
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public Adadelta(double learningRate) {
    this(constant(learningRate));
  }

  /**
   * Makes one with rho 0.95 and eps 1e-7.
   *
   * @param learningRate how large steps are; the paper's is 1
   */
  public Adadelta(Schedule learningRate) {
    this(learningRate, Convention.KERAS, 0.95, 1e-7);
  }

  private Adadelta(Schedule learningRate, Convention convention, double rho, double eps) {
    super(learningRate, convention);
    this.rho = rho;
    this.eps = eps;
  }

  /**
   * {@return one with PyTorch's numbers: rho 0.9, eps 1e-6, weight decay added to the gradient}
   *
   * @param learningRate how large steps are; in PyTorch 1 if nobody says
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public static Adadelta pytorch(double learningRate) {
    return pytorch(constant(learningRate));
  }

  /**
   * {@return one with PyTorch's numbers: rho 0.9, eps 1e-6, weight decay added to the gradient}
   *
   * @param learningRate how large steps are
   */
  public static Adadelta pytorch(Schedule learningRate) {
    return new Adadelta(learningRate, Convention.PYTORCH, 0.9, 1e-6);
  }

  /**
   * Chooses how slowly the means forget; in Keras's convention 0.95 if nobody does, in PyTorch's
   * 0.9.
   *
   * @param rho from 0 and below 1
   * @return this optimizer
   * @throws IllegalArgumentException if it is out of range
   * @throws IllegalStateException if the optimizer is built
   */
  public Adadelta rho(double rho) {
    settings("rho");
    this.rho = RMSprop.requireRho("Adadelta", rho);
    return this;
  }

  /**
   * Chooses what keeps the divisor from 0, and lets the first step be one; in Keras's convention
   * 1e-7 if nobody does, in PyTorch's 1e-6.
   *
   * @param eps at least 0
   * @return this optimizer
   * @throws IllegalArgumentException if it is negative or not finite
   * @throws IllegalStateException if the optimizer is built
   */
  public Adadelta eps(double eps) {
    settings("eps");
    MomentOptimizer.requireEps(eps);
    this.eps = eps;
    return this;
  }

  @Override
  void describe(Config config) {
    config.with("rho", rho).with("eps", eps);
  }

  @Override
  protected Update update() {
    return Update.of(WEIGHT.sub(STEP.mul(RATE))).keeping("v", NEW_V).keeping("s", NEW_S);
  }

  @Override
  protected void scalars(double learningRate, long iteration, double[] scalars) {
    scalars[0] = learningRate;
    scalars[1] = 1 - rho;
    scalars[2] = eps;
  }
}
