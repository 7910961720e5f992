package dev.lanewise.nn.optim;

import static dev.lanewise.nn.optim.Update.GRADIENT;
import static dev.lanewise.nn.optim.Update.WEIGHT;

import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.UnaryOp;

/**
 * {@link Adam} with the largest size of gradients, forgotten over time, in the place of their mean
 * square, from D. Kingma and J. Ba, "Adam: a method for stochastic optimization", ICLR 2015,
 * section 7.1. So it is in Keras:
 *
 * <pre>
 * m += (1 − beta1) · (g − m)
 * u = max(beta2 · u, |g|)
 * w −= rate / (1 − beta1ᵗ) · m / (u + eps)
 * </pre>
 *
 * <p>In PyTorch, {@link #pytorch}, {@code u = max(beta2 · u, |g| + eps)}, and nothing is added to
 * it later.
 */
public final class Adamax extends MomentOptimizer<Adamax> {
  private static final Expr RATE = Expr.param(0);
  private static final Expr FADED = Update.state(1).mul(Expr.param(2));
  private static final Expr SIZE = Expr.unary(UnaryOp.ABS, GRADIENT);

  /** Makes one with rate 0.001, beta1 0.9, beta2 0.999 and eps 1e-7. */
  public Adamax() {
    this(0.001);
  }

  /**
   * Makes one with beta1 0.9, beta2 0.999 and eps 1e-7.
   *
   * @param learningRate how large steps are
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public Adamax(double learningRate) {
    this(constant(learningRate));
  }

  /**
   * Makes one with beta1 0.9, beta2 0.999 and eps 1e-7.
   *
   * @param learningRate how large steps are
   */
  public Adamax(Schedule learningRate) {
    this(learningRate, Convention.KERAS, 1e-7);
  }

  private Adamax(Schedule learningRate, Convention convention, double eps) {
    super(learningRate, convention, eps);
  }

  /**
   * {@return one that computes as PyTorch's: eps 1e-8 within the maximum, weight decay added to the
   * gradient}
   *
   * @param learningRate how large steps are; in PyTorch 0.002 if nobody says
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public static Adamax pytorch(double learningRate) {
    return pytorch(constant(learningRate));
  }

  /**
   * {@return one that computes as PyTorch's: eps 1e-8 within the maximum, weight decay added to the
   * gradient}
   *
   * @param learningRate how large steps are
   */
  public static Adamax pytorch(Schedule learningRate) {
    return new Adamax(learningRate, Convention.PYTORCH, 1e-8);
  }

  @Override
  protected Update update() {
    boolean within = convention() == Convention.PYTORCH;
    Expr u = FADED.max(within ? SIZE.add(EPS) : SIZE);
    Expr divisor = within ? u : u.add(EPS);
    return Update.of(WEIGHT.sub(NEW_M.mul(RATE).div(divisor))).keeping("m", NEW_M).keeping("u", u);
  }

  @Override
  protected void scalars(double learningRate, long iteration, double[] scalars) {
    scalars[0] = learningRate / correction1(iteration);
    scalars[1] = 1 - beta1();
    scalars[2] = beta2();
    scalars[3] = eps();
  }
}
