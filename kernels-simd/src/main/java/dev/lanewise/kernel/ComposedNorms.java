package dev.lanewise.kernel;

import static dev.lanewise.kernel.Expr.param;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;

/**
 * The normalizations, made of reductions and elementwise operations: the defaults of {@link
 * Normalization}, of which a backend may use a part where it overrides the rest.
 */
public final class ComposedNorms {
  private static final double[] NONE = {};
  private static final Expr X = Expr.arg(0);
  private static final Expr MEAN = Expr.arg(1);
  private static final Expr RSTD = Expr.arg(2);
  private static final Expr WEIGHT = Expr.arg(3);
  private static final Expr BIAS = Expr.arg(4);
  private static final Expr SCALED = X.mul(param(0));
  private static final Expr RECIPROCAL_ROOT = X.add(param(0)).sqrt().reciprocal();
  private static final Expr NORMALIZED = X.sub(MEAN).mul(RSTD);
  private static final Expr OUT = NORMALIZED.mul(WEIGHT).add(BIAS);

  // Of x, mean, reciprocal deviation, weight, gradient by the output, and two means.
  private static final Expr UP = Expr.arg(4);
  private static final Expr WEIGHTED = UP.mul(WEIGHT);
  private static final Expr GRADIENT =
      WEIGHTED.sub(Expr.arg(5)).sub(NORMALIZED.mul(Expr.arg(6))).mul(RSTD);

  private ComposedNorms() {}

  static void moments(Backend backend, NormSpec spec, NdArray x, NdArray mean, NdArray variance) {
    NdArray in = spec.viewOf(x);
    double[] share = {1.0 / spec.count()};
    if (spec.centered()) {
      backend.reduce(ReduceOp.SUM, X, spec.momentAxes(), mean, NONE, in);
      backend.elementwise(SCALED, mean, share, mean);
    } else {
      backend.elementwise(Expr.constant(0), mean, NONE);
    }
    Expr square = X.sub(MEAN).square();
    NdArray stretched = spec.viewOfMoment(mean);
    backend.reduce(ReduceOp.SUM, square, spec.momentAxes(), variance, NONE, in, stretched);
    backend.elementwise(SCALED, variance, share, variance);
  }

  static void normalizeBy(
      Backend backend,
      NormSpec spec,
      NdArray x,
      NdArray mean,
      NdArray variance,
      NdArray weight,
      NdArray bias,
      NdArray out) {
    try (Scope _ = Scope.open("normalize temporaries")) {
      NdArray rstd = backend.uninitialized(x.dtype(), spec.moments());
      backend.elementwise(RECIPROCAL_ROOT, rstd, new double[] {spec.eps()}, variance);
      backend.elementwise(
          OUT,
          spec.viewOf(out),
          NONE,
          spec.viewOf(x),
          spec.viewOfMoment(mean),
          spec.viewOfMoment(rstd),
          weightOr(1, backend, spec, x, weight),
          weightOr(0, backend, spec, x, bias));
    }
  }

  /** {@return a weight or bias, or a number that stretches to all elements where there is none} */
  static NdArray weightOr(double value, Backend backend, NormSpec spec, NdArray x, NdArray weight) {
    if (weight != null) {
      return spec.viewOfWeight(weight);
    }
    NdArray one = backend.uninitialized(x.dtype(), Shape.SCALAR);
    backend.elementwise(Expr.constant(value), one, NONE);
    return one;
  }

  static void normalize(
      Backend backend, NormSpec spec, NdArray x, NdArray weight, NdArray bias, NdArray out) {
    try (Scope _ = Scope.open("normalize temporaries")) {
      NdArray mean = backend.uninitialized(x.dtype(), spec.moments());
      NdArray variance = backend.uninitialized(x.dtype(), spec.moments());
      backend.moments(spec, x, mean, variance);
      backend.normalizeBy(spec, x, mean, variance, weight, bias, out);
    }
  }

  static void normalizeBackward(
      Backend backend,
      NormSpec spec,
      NdArray x,
      NdArray weight,
      NdArray outGrad,
      NdArray xGrad,
      NdArray weightGrad,
      NdArray biasGrad) {
    try (Scope _ = Scope.open("normalizeBackward temporaries")) {
      NdArray mean = backend.uninitialized(x.dtype(), spec.moments());
      NdArray rstd = backend.uninitialized(x.dtype(), spec.moments());
      backend.moments(spec, x, mean, rstd);
      backend.elementwise(RECIPROCAL_ROOT, rstd, new double[] {spec.eps()}, rstd);
      NdArray[] ins = {
        spec.viewOf(x),
        spec.viewOfMoment(mean),
        spec.viewOfMoment(rstd),
        weightOr(1, backend, spec, x, weight),
        spec.viewOf(outGrad)
      };
      NdArray ofUp = meanOf(backend, spec, spec.centered() ? WEIGHTED : null, ins);
      NdArray ofProduct = meanOf(backend, spec, WEIGHTED.mul(NORMALIZED), ins);
      backend.elementwise(
          GRADIENT,
          spec.viewOf(xGrad),
          NONE,
          ins[0],
          ins[1],
          ins[2],
          ins[3],
          ins[4],
          ofUp,
          ofProduct);
      weightGradients(backend, spec, mean, rstd, x, outGrad, weightGrad, biasGrad);
    }
  }

  /** {@return the mean of an expression over the moments' axes; zeros of none} */
  private static NdArray meanOf(Backend backend, NormSpec spec, Expr expr, NdArray[] ins) {
    NdArray mean = backend.uninitialized(ins[0].dtype(), spec.moments());
    if (expr == null) {
      backend.elementwise(Expr.constant(0), mean, NONE);
    } else {
      backend.reduce(ReduceOp.SUM, expr, spec.momentAxes(), mean, NONE, ins);
      backend.elementwise(SCALED, mean, new double[] {1.0 / spec.count()}, mean);
    }
    return spec.viewOfMoment(mean);
  }

  /**
   * Computes the gradients of a normalization by its weight and bias: sums over all axes that share
   * one.
   *
   * @param backend who computes
   * @param spec what was normalized
   * @param mean of {@link NormSpec#moments}
   * @param rstd 1 / √(variance + eps), of {@link NormSpec#moments}
   * @param x what was normalized
   * @param outGrad the gradient by the output
   * @param weightGrad receives the gradient by the weight; null if it is not asked for
   * @param biasGrad receives the gradient by the bias; null if it is not asked for
   */
  public static void weightGradients(
      Backend backend,
      NormSpec spec,
      NdArray mean,
      NdArray rstd,
      NdArray x,
      NdArray outGrad,
      NdArray weightGrad,
      NdArray biasGrad) {
    NdArray up = spec.viewOf(outGrad);
    int[] shared = spec.sharedAxes();
    if (weightGrad != null) {
      Expr product = NORMALIZED.mul(Expr.arg(3));
      sum(
          backend,
          spec,
          product,
          shared,
          weightGrad,
          spec.viewOf(x),
          spec.viewOfMoment(mean),
          spec.viewOfMoment(rstd),
          up);
    }
    if (biasGrad != null) {
      sum(backend, spec, X, shared, biasGrad, up);
    }
  }

  private static void sum(
      Backend backend, NormSpec spec, Expr expr, int[] axes, NdArray out, NdArray... ins) {
    Shape left = spec.view().reduced(axes, false);
    NdArray target = out.view(out.layout().reshape(left));
    if (axes.length == 0) {
      backend.elementwise(expr, target, NONE, ins); // no axis would mean all
    } else {
      backend.reduce(ReduceOp.SUM, expr, axes, target, NONE, ins);
    }
  }
}
