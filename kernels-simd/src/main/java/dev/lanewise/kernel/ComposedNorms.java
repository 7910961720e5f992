package dev.lanewise.kernel;

import static dev.lanewise.kernel.Expr.param;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import java.util.Arrays;

/**
 * The normalizations, made of reductions and elementwise operations: the defaults of {@link
 * Normalization}, of which a backend may use a part where it overrides the rest. Nothing is checked
 * here.
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

  /**
   * Computes mean and variance.
   *
   * @param loops who computes
   * @param spec what they are taken over
   * @param x what is normalized
   * @param mean an output
   * @param variance an output
   */
  public static void moments(
      Loops loops, NormSpec spec, NdArray x, NdArray mean, NdArray variance) {
    NdArray in = spec.viewOf(x);
    double[] share = {1.0 / spec.count()};
    if (spec.centered()) {
      loops.reduce(ReduceOp.SUM, X, spec.momentAxes(), mean, NONE, in);
      loops.elementwise(SCALED, mean, share, mean);
    } else {
      loops.elementwise(Expr.constant(0), mean, NONE);
    }
    Expr square = X.sub(MEAN).square();
    NdArray stretched = spec.viewOfMoment(mean);
    loops.reduce(ReduceOp.SUM, square, spec.momentAxes(), variance, NONE, in, stretched);
    loops.elementwise(SCALED, variance, share, variance);
  }

  /**
   * Normalizes by a mean and a variance.
   *
   * @param loops who computes
   * @param spec how
   * @param x what is normalized
   * @param mean of {@link NormSpec#moments}
   * @param variance of {@link NormSpec#moments}
   * @param weight the factors, or null
   * @param bias what is added, or null
   * @param out the output
   */
  public static void normalizeBy(
      Loops loops,
      NormSpec spec,
      NdArray x,
      NdArray mean,
      NdArray variance,
      NdArray weight,
      NdArray bias,
      NdArray out) {
    try (Scope _ = Scope.open("normalize temporaries")) {
      NdArray rstd = loops.uninitialized(x.dtype(), spec.moments());
      loops.elementwise(RECIPROCAL_ROOT, rstd, new double[] {spec.eps()}, variance);
      loops.elementwise(
          OUT,
          spec.viewOf(out),
          NONE,
          spec.viewOf(x),
          spec.viewOfMoment(mean),
          spec.viewOfMoment(rstd),
          weightOr(1, loops, spec, x, weight),
          weightOr(0, loops, spec, x, bias));
    }
  }

  /** {@return a weight or bias, or a number that stretches to all elements where there is none} */
  private static NdArray weightOr(
      double value, Loops loops, NormSpec spec, NdArray x, NdArray weight) {
    if (weight != null) {
      return spec.viewOfWeight(weight);
    }
    NdArray one = loops.uninitialized(x.dtype(), Shape.SCALAR);
    loops.elementwise(Expr.constant(value), one, NONE);
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
      inputGradient(backend, spec, mean, rstd, x, weight, outGrad, xGrad);
      weightGradients(backend, spec, mean, rstd, x, outGrad, weightGrad, biasGrad);
    }
  }

  /**
   * Computes the gradient of a normalization by what was normalized.
   *
   * @param loops who computes
   * @param spec what was normalized
   * @param mean of {@link NormSpec#moments}
   * @param variance of {@link NormSpec#moments}; becomes 1 / √(variance + eps)
   * @param x what was normalized
   * @param weight the factors, or null
   * @param outGrad the gradient by the output
   * @param xGrad receives the gradient
   */
  public static void inputGradient(
      Loops loops,
      NormSpec spec,
      NdArray mean,
      NdArray variance,
      NdArray x,
      NdArray weight,
      NdArray outGrad,
      NdArray xGrad) {
    loops.elementwise(RECIPROCAL_ROOT, variance, new double[] {spec.eps()}, variance);
    NdArray[] ins = {
      spec.viewOf(x),
      spec.viewOfMoment(mean),
      spec.viewOfMoment(variance),
      weightOr(1, loops, spec, x, weight),
      spec.viewOf(outGrad)
    };
    NdArray ofUp = meanOf(loops, spec, spec.centered() ? WEIGHTED : null, ins);
    NdArray ofProduct = meanOf(loops, spec, WEIGHTED.mul(NORMALIZED), ins);
    NdArray[] all = Arrays.copyOf(ins, 7);
    all[5] = ofUp;
    all[6] = ofProduct;
    loops.elementwise(GRADIENT, spec.viewOf(xGrad), NONE, all);
  }

  /** {@return the mean of an expression over the moments' axes; zeros of none} */
  private static NdArray meanOf(Loops loops, NormSpec spec, Expr expr, NdArray[] ins) {
    NdArray mean = loops.uninitialized(ins[0].dtype(), spec.moments());
    if (expr == null) {
      loops.elementwise(Expr.constant(0), mean, NONE);
    } else {
      loops.reduce(ReduceOp.SUM, expr, spec.momentAxes(), mean, NONE, ins);
      loops.elementwise(SCALED, mean, new double[] {1.0 / spec.count()}, mean);
    }
    return spec.viewOfMoment(mean);
  }

  /**
   * Computes the gradients of a normalization by its weight and bias: sums over all axes that share
   * one.
   *
   * @param loops who computes
   * @param spec what was normalized
   * @param mean of {@link NormSpec#moments}
   * @param rstd 1 / √(variance + eps), of {@link NormSpec#moments}
   * @param x what was normalized
   * @param outGrad the gradient by the output
   * @param weightGrad receives the gradient by the weight; null if it is not asked for
   * @param biasGrad receives the gradient by the bias; null if it is not asked for
   */
  public static void weightGradients(
      Loops loops,
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
          loops,
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
      sum(loops, spec, X, shared, biasGrad, up);
    }
  }

  private static void sum(
      Loops loops, NormSpec spec, Expr expr, int[] axes, NdArray out, NdArray... ins) {
    Shape left = spec.view().reduced(axes, false);
    NdArray target = out.view(out.layout().reshape(left));
    if (axes.length == 0) {
      loops.elementwise(expr, target, NONE, ins); // no axis would mean all
    } else {
      loops.reduce(ReduceOp.SUM, expr, axes, target, NONE, ins);
    }
  }
}
