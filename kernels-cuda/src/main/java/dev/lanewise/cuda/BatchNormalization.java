package dev.lanewise.cuda;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.bindings.cuda.Cudnn;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.NormSpec;
import java.lang.foreign.MemorySegment;

/**
 * Batch normalization by cuDNN, with all places of a channel as the rows of {@code [n, c, places,
 * 1]}. Other normalizations are composed as the contract's defaults do it, and so are moments
 * alone, for which cuDNN has no call.
 */
final class BatchNormalization {
  private static final double[] NONE = {};

  private final CudaBackend backend;
  private final Dnn dnn;

  BatchNormalization(CudaBackend backend, Dnn dnn) {
    this.backend = backend;
    this.dnn = dnn;
  }

  /** {@return whether a normalization is one that cuDNN can do here} */
  static boolean canDo(NormSpec spec) {
    Shape shape = spec.shape();
    return shape.rank() >= 2
        && shape.size() > 0
        && shape.size() <= Dnn.MOST_ELEMENTS
        // Outside of training cuDNN refuses more, and in training on some devices (PyTorch issues
        // 2917, 19911 and 29744).
        && shape.dim(0) <= Dnn.MOST_IMAGES
        && spec.equals(NormSpec.batch(shape, spec.eps()));
  }

  private MemorySegment images(DType dtype, Shape shape) {
    int c = shape.dim(1);
    int places = (int) (shape.size() / c / shape.dim(0));
    return dnn.tensor(dtype, shape.dim(0), c, places, 1);
  }

  /** Weight, bias and moments, whose type is that of the images for f32 and f64. */
  private MemorySegment channels(DType dtype, Shape shape) {
    return dnn.tensor(dtype, 1, shape.dim(1), 1, 1);
  }

  /** {@return a weight or bias as cuDNN takes it: it wants one in any case} */
  private NdArray weightOr(double value, NormSpec spec, DType dtype, NdArray weight) {
    if (weight != null) {
      return dnn.plain(weight);
    }
    NdArray all = backend.uninitialized(dtype, spec.weights());
    backend.elementwise(Expr.constant(value), all, NONE);
    return all;
  }

  /** {@return an output that does not lie over the input: cuDNN does not say that it may} */
  private NdArray targetApart(NdArray x, NdArray out) {
    return out.storage() == x.storage()
        ? backend.uninitialized(out.dtype(), out.shape())
        : dnn.target(out);
  }

  void normalize(NormSpec spec, NdArray x, NdArray weight, NdArray bias, NdArray out) {
    spec.checkForward("normalize", x, weight, bias, out);
    DType dtype = x.dtype();
    try (Operation operation = backend.device().begin("normalize", x, out);
        Scope _ = Scope.open("normalize temporaries")) {
      NdArray to = targetApart(x, out);
      MemorySegment images = images(dtype, spec.shape());
      Status.dnn(
          "cudnnBatchNormalizationForwardTraining",
          Cudnn.cudnnBatchNormalizationForwardTraining(
              dnn.handle(),
              Cudnn.CUDNN_BATCHNORM_SPATIAL(),
              Dnn.one(dtype),
              Dnn.zero(dtype),
              images,
              at(operation, dnn.plain(x)),
              images,
              at(operation, to),
              channels(dtype, spec.shape()),
              at(operation, weightOr(1, spec, dtype, weight)),
              at(operation, weightOr(0, spec, dtype, bias)),
              1,
              MemorySegment.NULL, // no running moments
              MemorySegment.NULL,
              spec.eps(),
              MemorySegment.NULL, // nothing kept for the gradient, which computes it again
              MemorySegment.NULL));
      dnn.deliver(to, out);
    }
  }

  void normalizeBy(
      NormSpec spec,
      NdArray x,
      NdArray mean,
      NdArray variance,
      NdArray weight,
      NdArray bias,
      NdArray out) {
    spec.checkForward("normalizeBy", x, weight, bias, out, mean, variance);
    DType dtype = x.dtype();
    try (Operation operation = backend.device().begin("normalizeBy", x, out);
        Scope _ = Scope.open("normalizeBy temporaries")) {
      NdArray to = targetApart(x, out);
      MemorySegment images = images(dtype, spec.shape());
      Status.dnn(
          "cudnnBatchNormalizationForwardInference",
          Cudnn.cudnnBatchNormalizationForwardInference(
              dnn.handle(),
              Cudnn.CUDNN_BATCHNORM_SPATIAL(),
              Dnn.one(dtype),
              Dnn.zero(dtype),
              images,
              at(operation, dnn.plain(x)),
              images,
              at(operation, to),
              channels(dtype, spec.shape()),
              at(operation, weightOr(1, spec, dtype, weight)),
              at(operation, weightOr(0, spec, dtype, bias)),
              at(operation, dnn.plain(mean)),
              at(operation, dnn.plain(variance)),
              spec.eps()));
      dnn.deliver(to, out);
    }
  }

  void normalizeBackward(
      NormSpec spec,
      NdArray x,
      NdArray weight,
      NdArray outGrad,
      NdArray xGrad,
      NdArray weightGrad,
      NdArray biasGrad) {
    spec.checkBackward(x, weight, outGrad, xGrad, weightGrad, biasGrad);
    DType dtype = x.dtype();
    try (Operation operation = backend.device().begin("normalizeBackward", x, outGrad, xGrad);
        Scope _ = Scope.open("normalizeBackward temporaries")) {
      NdArray toX = dnn.target(xGrad);
      NdArray toWeight = gradient(spec, dtype, weightGrad);
      NdArray toBias = gradient(spec, dtype, biasGrad);
      MemorySegment images = images(dtype, spec.shape());
      Status.dnn(
          "cudnnBatchNormalizationBackward",
          Cudnn.cudnnBatchNormalizationBackward(
              dnn.handle(),
              Cudnn.CUDNN_BATCHNORM_SPATIAL(),
              Dnn.one(dtype),
              Dnn.zero(dtype),
              Dnn.one(dtype),
              Dnn.zero(dtype),
              images,
              at(operation, dnn.plain(x)),
              images,
              at(operation, dnn.plain(outGrad)),
              images,
              at(operation, toX),
              channels(dtype, spec.shape()),
              at(operation, weightOr(1, spec, dtype, weight)),
              at(operation, toWeight),
              at(operation, toBias),
              spec.eps(),
              MemorySegment.NULL, // computed again from x
              MemorySegment.NULL));
      dnn.deliver(toX, xGrad);
      if (weightGrad != null) {
        dnn.deliver(toWeight, weightGrad);
      }
      if (biasGrad != null) {
        dnn.deliver(toBias, biasGrad);
      }
    }
  }

  /** {@return where a gradient goes: cuDNN computes it whether it is asked for or not} */
  private NdArray gradient(NormSpec spec, DType dtype, NdArray grad) {
    return grad == null ? backend.uninitialized(dtype, spec.weights()) : dnn.target(grad);
  }

  private static MemorySegment at(Operation operation, NdArray array) {
    return Dnn.at(operation.address(array));
  }
}
