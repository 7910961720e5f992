package dev.lanewise.nn.optim;

import static dev.lanewise.nn.optim.Update.WEIGHT;

import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.config.Config;

/**
 * Steps scaled by running moments of the gradient, from D. Kingma and J. Ba, "Adam: a method for
 * stochastic optimization", ICLR 2015, in the form that ends its section 2: the bias corrections
 * are part of the rate. So it is in Keras; {@code eps} stands beside the uncorrected {@code √v}.
 *
 * <pre>
 * m += (1 − beta1) · (g − m)
 * v += (1 − beta2) · (g² − v)
 * w −= rate · √(1 − beta2ᵗ) / (1 − beta1ᵗ) · m / (√v + eps)
 * </pre>
 *
 * <p>In PyTorch, {@link #pytorch}, {@code eps} stands beside the corrected root, as in the paper's
 * algorithm 1: {@code w −= rate / (1 − beta1ᵗ) · m / (√(v / (1 − beta2ᵗ)) + eps)}.
 */
public final class Adam extends MomentOptimizer<Adam> {
  private static final Expr RATE = Expr.param(0);
  private static final Expr LARGEST = Update.state(2).max(NEW_V);

  private boolean amsgrad;

  /** Makes one with rate 0.001, beta1 0.9, beta2 0.999 and eps 1e-7. */
  public Adam() {
    this(0.001);
  }

  /**
   * Makes one with beta1 0.9, beta2 0.999 and eps 1e-7.
   *
   * @param learningRate how large steps are
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public Adam(double learningRate) {
    this(learningRate, 0.9, 0.999, 1e-7);
  }

  /**
   * Makes one with beta1 0.9, beta2 0.999 and eps 1e-7.
   *
   * @param learningRate how large steps are
   */
  public Adam(Schedule learningRate) {
    super(learningRate, Convention.KERAS, 1e-7);
  }

  /**
   * Makes one.
   *
   * @param learningRate how large steps are
   * @param beta1 how slowly the first moment forgets, from 0 and below 1
   * @param beta2 how slowly the second moment forgets, from 0 and below 1
   * @param eps keeps the divisor from 0
   * @throws IllegalArgumentException if a number is out of range
   */
  public Adam(double learningRate, double beta1, double beta2, double eps) {
    super(constant(learningRate), Convention.KERAS, beta1, beta2, eps);
  }

  private Adam(Schedule learningRate, Convention convention, double eps) {
    super(learningRate, convention, eps);
  }

  /**
   * {@return one that computes as PyTorch's: eps 1e-8 beside the corrected root, weight decay added
   * to the gradient}
   *
   * @param learningRate how large steps are; in PyTorch 0.001 if nobody says
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public static Adam pytorch(double learningRate) {
    return pytorch(constant(learningRate));
  }

  /**
   * {@return one that computes as PyTorch's: eps 1e-8 beside the corrected root, weight decay added
   * to the gradient}
   *
   * @param learningRate how large steps are
   */
  public static Adam pytorch(Schedule learningRate) {
    return new Adam(learningRate, Convention.PYTORCH, 1e-8);
  }

  /**
   * Chooses whether the divisor never falls: its {@code v} is the largest so far, from S. Reddi, S.
   * Kale and S. Kumar, "On the convergence of Adam and beyond", ICLR 2018. It may if nobody does.
   *
   * @param amsgrad whether it never falls
   * @return this optimizer
   * @throws IllegalStateException if the optimizer is built
   */
  public Adam amsgrad(boolean amsgrad) {
    settings("amsgrad");
    this.amsgrad = amsgrad;
    return this;
  }

  /** {@return the update of Adam and AdamW, which differ by their weight decay} */
  static Update update(boolean amsgrad) {
    Expr v = amsgrad ? LARGEST : NEW_V;
    Update update =
        Update.of(WEIGHT.sub(NEW_M.mul(RATE).div(v.sqrt().add(EPS))))
            .keeping("m", NEW_M)
            .keeping("v", NEW_V);
    return amsgrad ? update.keeping("v_max", LARGEST) : update;
  }

  @Override
  void describe(Config config) {
    super.describe(config);
    config.with("amsgrad", amsgrad);
  }

  @Override
  protected Update update() {
    return update(amsgrad);
  }

  @Override
  protected void scalars(double learningRate, long iteration, double[] scalars) {
    adam(learningRate, iteration, scalars);
  }
}
