package dev.lanewise.nn.optim;

import dev.lanewise.kernel.Expr;
import java.util.List;

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
 */
public final class Adam extends Optimizer {
  private static final Expr G = Expr.arg(0);
  private static final Expr W = Expr.arg(1);
  private static final Expr M = Expr.arg(2);
  private static final Expr V = Expr.arg(3);
  private static final Expr RATE = Expr.param(0);
  private static final Expr NEW_M = M.add(G.sub(M).mul(Expr.param(1)));
  private static final Expr NEW_V = V.add(G.square().sub(V).mul(Expr.param(2)));
  private static final Expr NEW_W = W.sub(NEW_M.mul(RATE).div(NEW_V.sqrt().add(Expr.param(3))));

  private final double beta1;
  private final double beta2;
  private final double eps;

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
   * Makes one.
   *
   * @param learningRate how large steps are
   * @param beta1 how slowly the first moment forgets, from 0 and below 1
   * @param beta2 how slowly the second moment forgets, from 0 and below 1
   * @param eps keeps the divisor from 0
   * @throws IllegalArgumentException if a number is out of range
   */
  public Adam(double learningRate, double beta1, double beta2, double eps) {
    super(learningRate, List.of(NEW_W, NEW_M, NEW_V));
    if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && eps >= 0)) {
      throw new IllegalArgumentException(
          "Adam: beta1 and beta2 must be from 0 and below 1, eps at least 0, not %s, %s, %s"
              .formatted(beta1, beta2, eps));
    }
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.eps = eps;
  }

  @Override
  protected double[] scalars(double learningRate, long iteration) {
    double correction =
        Math.sqrt(1 - StrictMath.pow(beta2, iteration)) / (1 - StrictMath.pow(beta1, iteration));
    return new double[] {learningRate * correction, 1 - beta1, 1 - beta2, eps};
  }
}
