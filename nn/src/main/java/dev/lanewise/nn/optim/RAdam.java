package dev.lanewise.nn.optim;

import static dev.lanewise.nn.optim.Update.WEIGHT;

import dev.lanewise.kernel.Expr;

/**
 * {@link Adam} whose first steps are not divided by the root of a second moment of few gradients,
 * and whose next ones are smaller, from L. Liu et al., "On the variance of the adaptive learning
 * rate and beyond", ICLR 2020, algorithm 2. As in PyTorch, {@code eps} stands beside the
 * uncorrected {@code √v}, and weight decay is added to the gradient if nobody chooses.
 *
 * <pre>
 * ρ∞ = 2 / (1 − beta2) − 1,  ρ = ρ∞ − 2t · beta2ᵗ / (1 − beta2ᵗ)
 * m += (1 − beta1) · (g − m)
 * v += (1 − beta2) · (g² − v)
 * w −= rate / (1 − beta1ᵗ) · m                                         if ρ ≤ 5, else
 * w −= rate / (1 − beta1ᵗ) · m · √(1 − beta2ᵗ) / (√v + eps)
 *      · √((ρ − 4) · (ρ − 2) · ρ∞ / ((ρ∞ − 4) · (ρ∞ − 2) · ρ))
 * </pre>
 */
public final class RAdam extends MomentOptimizer<RAdam> {
  private static final Expr RATE = Expr.param(0);
  private static final Expr IS_ADAPTIVE = Expr.param(4);
  private static final Expr DIVISOR =
      Expr.select(IS_ADAPTIVE, NEW_V.sqrt().add(EPS), Expr.constant(1));

  /** Makes one with rate 0.001, beta1 0.9, beta2 0.999 and eps 1e-8. */
  public RAdam() {
    this(0.001);
  }

  /**
   * Makes one with beta1 0.9, beta2 0.999 and eps 1e-8.
   *
   * @param learningRate how large steps are
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public RAdam(double learningRate) {
    this(constant(learningRate));
  }

  /**
   * Makes one with beta1 0.9, beta2 0.999 and eps 1e-8.
   *
   * @param learningRate how large steps are
   */
  public RAdam(Schedule learningRate) {
    super(learningRate, Convention.PYTORCH, 1e-8);
  }

  @Override
  protected Update update() {
    return Update.of(WEIGHT.sub(NEW_M.mul(RATE).div(DIVISOR)))
        .keeping("m", NEW_M)
        .keeping("v", NEW_V);
  }

  @Override
  protected void scalars(double learningRate, long iteration, double[] scalars) {
    double rate = learningRate / correction1(iteration);
    double rest = correction2(iteration);
    double most = 2 / (1 - beta2()) - 1;
    double length = most - 2 * iteration * (1 - rest) / rest;
    boolean adaptive = length > 5;
    if (adaptive) {
      double share = (length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length);
      rate *= Math.sqrt(rest * share);
    }
    scalars[0] = rate;
    moments(scalars);
    scalars[3] = eps();
    scalars[4] = adaptive ? 1 : 0;
  }
}
