package dev.lanewise.nn.optim;

import static dev.lanewise.nn.optim.Update.GRADIENT;
import static dev.lanewise.nn.optim.Update.WEIGHT;

import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.internal.Checks;

/**
 * {@link Adam} with Nesterov's momentum, from T. Dozat, "Incorporating Nesterov momentum into
 * Adam", ICLR 2016 workshop. Momentum grows over time, to {@code beta1}:
 *
 * <pre>
 * μₜ = beta1 · (1 − 0.96^(t · momentumDecay) / 2),  Πₜ = μ₁ · … · μₜ
 * m += (1 − beta1) · (g − m)
 * v += (1 − beta2) · (g² − v)
 * w −= rate · ((1 − μₜ) / (1 − Πₜ) · g + μₜ₊₁ / (1 − Πₜ₊₁) · m) / (√(v / (1 − beta2ᵗ)) + eps)
 * </pre>
 *
 * <p>Keras's {@code momentumDecay} is 1, PyTorch's, {@link #pytorch}, 0.004. Before version 2.0,
 * PyTorch computed another {@code Πₜ₊₁}: {@link #repeatedMomentum}.
 */
public final class Nadam extends MomentOptimizer<Nadam> {
  private static final Expr OF_M = Expr.param(0);
  private static final Expr OF_G = Expr.param(4);
  private static final Expr STEP =
      NEW_M.mul(OF_M).add(GRADIENT.mul(OF_G)).div(NEW_V.sqrt().add(EPS));

  private double momentumDecay;
  private boolean repeatedMomentum;

  // The product of all momenta up to a step, so that the next step need not begin at the first.
  private long known;
  private double product = 1;

  /** Makes one with rate 0.001, beta1 0.9, beta2 0.999 and eps 1e-7. */
  public Nadam() {
    this(0.001);
  }

  /**
   * Makes one with beta1 0.9, beta2 0.999 and eps 1e-7.
   *
   * @param learningRate how large steps are
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public Nadam(double learningRate) {
    this(constant(learningRate));
  }

  /**
   * Makes one with beta1 0.9, beta2 0.999 and eps 1e-7.
   *
   * @param learningRate how large steps are
   */
  public Nadam(Schedule learningRate) {
    this(learningRate, Convention.KERAS, 1e-7, 1);
  }

  private Nadam(Schedule learningRate, Convention convention, double eps, double momentumDecay) {
    super(learningRate, convention, eps);
    this.momentumDecay = momentumDecay;
  }

  /**
   * {@return one that computes as PyTorch's: eps 1e-8, momentum decay 0.004, weight decay added to
   * the gradient}
   *
   * @param learningRate how large steps are; in PyTorch 0.002 if nobody says
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public static Nadam pytorch(double learningRate) {
    return pytorch(constant(learningRate));
  }

  /**
   * {@return one that computes as PyTorch's: eps 1e-8, momentum decay 0.004, weight decay added to
   * the gradient}
   *
   * @param learningRate how large steps are
   */
  public static Nadam pytorch(Schedule learningRate) {
    return new Nadam(learningRate, Convention.PYTORCH, 1e-8, 0.004);
  }

  /**
   * Chooses how fast momentum grows from half of {@code beta1} to the whole of it; 1 if nobody
   * does.
   *
   * @param momentumDecay at least 0, which keeps it at half
   * @return this optimizer
   * @throws IllegalArgumentException if it is negative or not finite
   * @throws IllegalStateException if the optimizer is built
   */
  public Nadam momentumDecay(double momentumDecay) {
    settings("momentumDecay");
    this.momentumDecay = Checks.notNegative("Nadam: momentumDecay", momentumDecay);
    return this;
  }

  /**
   * Chooses whether {@code Πₜ₊₁ = Πₜ · μₜ · μₜ₊₁}, with one {@code μₜ} too many, as in PyTorch up
   * to 1.13 (pull request 92699 of its repository mended that), to go on with what was trained
   * there; it is {@code Πₜ · μₜ₊₁} if nobody does.
   *
   * @param repeated whether it has one too many
   * @return this optimizer
   * @throws IllegalStateException if the optimizer is built
   */
  public Nadam repeatedMomentum(boolean repeated) {
    settings("repeatedMomentum");
    this.repeatedMomentum = repeated;
    return this;
  }

  @Override
  void describe(Config config) {
    super.describe(config);
    config.with("momentumDecay", momentumDecay).with("repeatedMomentum", repeatedMomentum);
  }

  @Override
  protected Update update() {
    return Update.of(WEIGHT.sub(STEP)).keeping("m", NEW_M).keeping("v", NEW_V);
  }

  private double momentum(long iteration) {
    return beta1() * (1 - 0.5 * StrictMath.pow(0.96, iteration * momentumDecay));
  }

  private double product(long iteration) {
    if (iteration < known) {
      known = 0;
      product = 1;
    }
    // Once it is 0 it stays so.
    while (known < iteration && product > 0) {
      known++;
      product *= momentum(known);
    }
    known = iteration;
    return product;
  }

  @Override
  protected void scalars(double learningRate, long iteration, double[] scalars) {
    double momentum = momentum(iteration);
    double next = momentum(iteration + 1);
    double all = product(iteration);
    double allNext = repeatedMomentum ? all * momentum * next : all * next;
    double root = Math.sqrt(correction2(iteration));
    double rate = learningRate * root;
    scalars[0] = rate * next / (1 - allNext);
    moments(scalars);
    scalars[3] = eps() * root;
    scalars[4] = rate * (1 - momentum) / (1 - all);
  }
}
