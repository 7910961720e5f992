package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.Expr;

/**
 * Convolutions and their gradients. Four ways, each the fastest where it serves (GFLOP/s of a core
 * that multiplies matrices at 225, {@code [32, 32, 28, 28]} with 64 filters of 3×3):
 *
 * <ul>
 *   <li>A window of one element without steps is a matrix product as it is.
 *   <li>{@link Winograd} takes fewer than half of the products for windows of 3×3 that move by one.
 *       Where {@link WinogradTiles#isFaster} expects it to pay, about from 24 channels and 10×10
 *       outputs on, it is 1.1 to 1.6 times as fast as the next (1.3 times here).
 *   <li>{@link Correlation} and {@link FilterGradient} read images where they lie, only padded (180
 *       to 205, where unfolding reaches 110 to 150).
 *   <li>Where windows or their elements are so far apart that padded images would be much larger
 *       than the arrays, the matrix is built, one image and group at a time, by {@link
 *       UnfoldedProducts}.
 * </ul>
 */
final class Convolution {
  private static final NdArray[] NO_ARRAYS = {};
  private static final double[] NO_PARAMS = {};

  private final Backend backend;
  private final Workers workers;
  private final Plans<ConvolutionPlan> forwards = new Plans<>();
  private final Plans<ConvolutionPlan> backwardsData = new Plans<>();
  private final Plans<ConvolutionPlan> backwardsFilter = new Plans<>();

  /**
   * Makes the family.
   *
   * @param backend computes what can not be computed together with a convolution
   */
  Convolution(Backend backend, Workers workers) {
    this.backend = backend;
    this.workers = workers;
  }

  /** Checks a call and convolves. */
  void forward(ConvSpec spec, NdArray x, NdArray filter, NdArray out) {
    Signature call = Signature.of(spec, 0).in(x).in(filter).out(out);
    ConvolutionPlan plan = forwards.lend(call);
    if (plan == null || !call.isPlain()) {
      spec.checkForward(x, filter, out);
    }
    if (plan == null) {
      if (out.size() == 0) {
        return;
      }
      plan = forward(call, spec, x, filter, out, null);
    }
    plan.run(x, filter, out, NO_PARAMS, NO_ARRAYS);
    forwards.giveBack(plan);
  }

  /** Checks a call, convolves, and computes an expression from each element. */
  void forward(
      ConvSpec spec,
      NdArray x,
      NdArray filter,
      NdArray out,
      Expr expr,
      double[] params,
      NdArray[] ins) {
    Signature call = Signature.of(spec, params.length).expr(expr).in(x).in(filter).in(ins).out(out);
    ConvolutionPlan plan = forwards.lend(call);
    NdArray[] arguments = NO_ARRAYS;
    if (plan == null || !call.isPlain() || !plan.isFused()) {
      arguments = spec.checkForward(x, filter, out, expr, params, ins);
    }
    if (plan == null) {
      if (out.size() == 0) {
        return;
      }
      plan = forward(call, spec, x, filter, out, epilogue(spec, expr, arguments));
    }
    plan.run(x, filter, out, params, ins);
    if (!plan.isFused()) {
      backend.elementwise(expr, out, params, arguments);
    }
    forwards.giveBack(plan);
  }

  private ConvolutionPlan forward(
      Signature call, ConvSpec spec, NdArray x, NdArray filter, NdArray out, Epilogue epilogue) {
    ConvolutionWay way = way(spec, x.dtype(), true);
    return new ConvolutionPlan(call, way, x, filter, out, epilogue, workers);
  }

  /**
   * {@return the fastest way}
   *
   * @param forward to the convolution, else to its gradient by the input
   */
  private ConvolutionWay way(ConvSpec spec, DType dtype, boolean forward) {
    if (WinogradTiles.fit(spec, dtype)) {
      WinogradTiles tiles =
          forward ? WinogradTiles.forward(spec) : WinogradTiles.backwardData(spec);
      if (tiles.isFaster()) {
        return new Winograd(tiles, workers);
      }
    }
    Planes planes = new Planes(spec.input(), spec.output(), spec.window());
    Correlation correlation =
        forward ? Correlation.forward(spec, dtype) : Correlation.backwardData(spec, dtype);
    if (!planes.isIdentity() && correlation.isReasonable()) {
      return new CorrelationRun(correlation, workers);
    }
    return forward
        ? UnfoldedProducts.forward(spec, dtype, planes, workers)
        : UnfoldedProducts.backwardData(spec, dtype, planes, workers);
  }

  /**
   * {@return what follows each part of a convolution, or null if it can not be computed in place}
   *
   * @param arguments the output and the others, of its shape
   */
  private static Epilogue epilogue(ConvSpec spec, Expr expr, NdArray[] arguments) {
    if (!arguments[0].layout().isContiguous()) {
      return null;
    }
    // The spatial axes as one, so that a part of an image is a block of a matrix.
    int filters = spec.output().dim(1);
    int images = spec.output().dim(0);
    int plane = Math.toIntExact(spec.output().size() / images / filters);
    Layout[] matrices = new Layout[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      matrices[i] = arguments[i].layout().reshape(Shape.of(images, filters, plane));
      if (matrices[i] == null) {
        return null;
      }
    }
    return Epilogue.of(arguments[0].dtype(), expr, matrices);
  }

  /** Checks a call and computes the gradient by the input. */
  void backwardData(ConvSpec spec, NdArray outGrad, NdArray filter, NdArray xGrad) {
    Signature call = Signature.of(spec, 0).in(outGrad).in(filter).out(xGrad);
    ConvolutionPlan plan = backwardsData.lend(call);
    if (plan == null || !call.isPlain()) {
      spec.checkBackwardData(outGrad, filter, xGrad);
    }
    if (plan == null) {
      if (xGrad.size() == 0) {
        return;
      }
      ConvolutionWay way = way(spec, outGrad.dtype(), false);
      plan = new ConvolutionPlan(call, way, outGrad, filter, xGrad, null, workers);
    }
    plan.run(outGrad, filter, xGrad, NO_PARAMS, NO_ARRAYS);
    backwardsData.giveBack(plan);
  }

  /** Checks a call and computes the gradient by the filter. */
  void backwardFilter(ConvSpec spec, NdArray x, NdArray outGrad, NdArray filterGrad) {
    Signature call = Signature.of(spec, 0).in(x).in(outGrad).out(filterGrad);
    ConvolutionPlan plan = backwardsFilter.lend(call);
    if (plan == null || !call.isPlain()) {
      spec.checkBackwardFilter(x, outGrad, filterGrad);
    }
    if (plan == null) {
      if (filterGrad.size() == 0) {
        return;
      }
      DType dtype = x.dtype();
      Planes planes = new Planes(spec.input(), spec.output(), spec.window());
      FilterGradient gradient = FilterGradient.of(spec, dtype);
      ConvolutionWay way =
          !planes.isIdentity() && gradient.isReasonable() && outGrad.size() > 0
              ? new FilterGradientRun(gradient, workers)
              : UnfoldedProducts.backwardFilter(spec, dtype, planes, workers);
      plan = new ConvolutionPlan(call, way, x, outGrad, filterGrad, null, workers);
    }
    plan.run(x, outGrad, filterGrad, NO_PARAMS, NO_ARRAYS);
    backwardsFilter.giveBack(plan);
  }
}
