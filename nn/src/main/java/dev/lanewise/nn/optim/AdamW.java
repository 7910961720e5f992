package dev.lanewise.nn.optim;

import dev.lanewise.nn.config.Config;

/**
 * {@link Adam} with decoupled weight decay, from I. Loshchilov and F. Hutter, "Decoupled weight
 * decay regularization", ICLR 2019: before each step, {@code w −= rate · weightDecay · w}.
 */
public final class AdamW extends MomentOptimizer<AdamW> {
  private boolean amsgrad;

  /** Makes one with rate 0.001, weight decay 0.004, beta1 0.9, beta2 0.999 and eps 1e-7. */
  public AdamW() {
    this(0.001);
  }

  /**
   * Makes one with weight decay 0.004, beta1 0.9, beta2 0.999 and eps 1e-7.
   *
   * @param learningRate how large steps are
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public AdamW(double learningRate) {
    this(constant(learningRate));
  }

  /**
   * Makes one with weight decay 0.004, beta1 0.9, beta2 0.999 and eps 1e-7.
   *
   * @param learningRate how large steps are
   */
  public AdamW(Schedule learningRate) {
    this(learningRate, Convention.KERAS, 1e-7, 0.004);
  }

  private AdamW(Schedule learningRate, Convention convention, double eps, double weightDecay) {
    super(learningRate, convention, eps);
    Settings settings = settings("weightDecay");
    settings.weightDecay = weightDecay;
    settings.decoupledWeightDecay = true;
  }

  /**
   * {@return one that computes as PyTorch's: weight decay 0.01, eps 1e-8 beside the corrected root}
   *
   * @param learningRate how large steps are; in PyTorch 0.001 if nobody says
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public static AdamW pytorch(double learningRate) {
    return pytorch(constant(learningRate));
  }

  /**
   * {@return one that computes as PyTorch's: weight decay 0.01, eps 1e-8 beside the corrected root}
   *
   * @param learningRate how large steps are
   */
  public static AdamW pytorch(Schedule learningRate) {
    return new AdamW(learningRate, Convention.PYTORCH, 1e-8, 0.01);
  }

  /**
   * Chooses whether the divisor never falls, as {@link Adam#amsgrad} does.
   *
   * @param amsgrad whether it never falls
   * @return this optimizer
   * @throws IllegalStateException if the optimizer is built
   */
  public AdamW amsgrad(boolean amsgrad) {
    settings("amsgrad");
    this.amsgrad = amsgrad;
    return this;
  }

  @Override
  void describe(Config config) {
    super.describe(config);
    config.with("amsgrad", amsgrad);
  }

  @Override
  protected Update update() {
    return Adam.update(amsgrad);
  }

  @Override
  protected void scalars(double learningRate, long iteration, double[] scalars) {
    adam(learningRate, iteration, scalars);
  }
}
