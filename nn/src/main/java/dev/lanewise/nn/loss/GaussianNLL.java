package dev.lanewise.nn.loss;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.internal.Checks;

/**
 * How unexpected each target is where targets are normally distributed: {@code (log(variance) +
 * (mean − target)² / variance) / 2} (Nix and Weigend, "Estimating the Mean and Variance of the
 * Target Probability Distribution", 1994). A loss of three tensors, for models that say how sure
 * they are.
 *
 * @param full whether the constant {@code log(2π) / 2} is added
 * @param eps the least variance, above 0; lower ones count as that, but keep their gradient
 */
public record GaussianNLL(boolean full, double eps) {
  private static final String NAME = "gaussianNLL";

  /** Of mean, target, variance and that detached. */
  private static final Term TERM = new Term(term());

  /**
   * Checks the record.
   *
   * @throws IllegalArgumentException if eps is outside its range
   */
  public GaussianNLL {
    Checks.positive(NAME + ": eps", eps);
  }

  /** Makes the loss without the constant, with a least variance of 1e-6. */
  public GaussianNLL() {
    this(false, 1e-6);
  }

  private static Expr term() {
    Expr value = Expr.arg(3);
    // The difference is 0, but has a gradient.
    Expr variance = value.max(Expr.param(0)).add(Expr.arg(2).sub(value));
    Expr distance = Term.DISTANCE.square().div(variance);
    return Term.HALF.mul(variance.log().add(distance)).add(Expr.param(1));
  }

  /**
   * {@return the mean loss, a scalar}
   *
   * @param mean what the model expects
   * @param target what is right, of the same shape
   * @param variance how unsure the model is, of a shape that stretches to it
   * @throws dev.lanewise.array.ShapeException if a shape does not fit
   * @throws dev.lanewise.array.DTypeException unless all are f32 or all f64
   */
  public Tensor apply(Tensor mean, Tensor target, Tensor variance) {
    return apply(mean, target, variance, Reduction.MEAN);
  }

  /**
   * {@return the loss}
   *
   * @param mean what the model expects
   * @param target what is right, of the same shape
   * @param variance how unsure the model is, of a shape that stretches to it
   * @param reduction what becomes of the losses of the elements
   * @throws dev.lanewise.array.ShapeException if a shape does not fit
   * @throws dev.lanewise.array.DTypeException unless all are f32 or all f64
   */
  public Tensor apply(Tensor mean, Tensor target, Tensor variance, Reduction reduction) {
    double[] settings = {eps, full ? Math.log(2 * Math.PI) / 2 : 0};
    return TERM.reduce(NAME, reduction, settings, mean, target, variance, variance.detach());
  }
}
