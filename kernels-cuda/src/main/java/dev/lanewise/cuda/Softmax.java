package dev.lanewise.cuda;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.bindings.cuda.Cudnn;
import dev.lanewise.kernel.SoftmaxSpec;
import java.lang.foreign.MemorySegment;

/**
 * Softmax and its logarithm by cuDNN, with the axis as the channels of {@code [before, axis, after,
 * 1]}. The accurate form takes the largest element of a row off first, as the logarithm's does. A
 * NaN or ∞ in a row makes the sum NaN, and so the row; in a row of nothing but −∞ the differences
 * or the quotients are.
 */
final class Softmax {
  private final CudaBackend backend;
  private final Dnn dnn;

  Softmax(CudaBackend backend, Dnn dnn) {
    this.backend = backend;
    this.dnn = dnn;
  }

  /** An array cut at an axis. */
  private record Rows(int before, int axis, int after) {
    /**
     * {@return the cut, or null if the rows at one place before the axis are too many for cuDNN}
     */
    static Rows of(Shape shape, int axis) {
      long before = 1;
      long after = 1;
      for (int i = 0; i < shape.rank(); i++) {
        before *= i < axis ? shape.dim(i) : 1;
        after *= i > axis ? shape.dim(i) : 1;
      }
      boolean fits = before <= Dnn.MOST_ELEMENTS && after * shape.dim(axis) <= Dnn.MOST_ELEMENTS;
      return fits ? new Rows((int) before, shape.dim(axis), (int) after) : null;
    }

    long block() {
      return (long) axis * after;
    }
  }

  /** One call of cuDNN for some of the rows. */
  private interface Part {
    int run(MemorySegment tensor, long firstByte);
  }

  private void each(DType dtype, Rows rows, String function, Part part) {
    int atOnce = Dnn.atOnce(rows.before, rows.block());
    for (int from = 0; from < rows.before; from += atOnce) {
      int count = Math.min(atOnce, rows.before - from);
      Status.dnn(
          function,
          part.run(
              dnn.tensor(dtype, count, rows.axis, rows.after, 1),
              from * rows.block() * dtype.byteSize()));
    }
  }

  /** {@return whether it was done; otherwise the array is too large for cuDNN} */
  boolean softmax(NdArray x, int axis, NdArray out) {
    return forward("softmax", Cudnn.CUDNN_SOFTMAX_ACCURATE(), x, axis, out);
  }

  /** {@return whether it was done; otherwise the array is too large for cuDNN} */
  boolean softmaxBackward(NdArray y, NdArray outGrad, int axis, NdArray xGrad) {
    return backward("softmaxBackward", Cudnn.CUDNN_SOFTMAX_ACCURATE(), y, outGrad, axis, xGrad);
  }

  /** {@return whether it was done; otherwise the array is too large for cuDNN} */
  boolean logSoftmax(NdArray x, int axis, NdArray out) {
    return forward("logSoftmax", Cudnn.CUDNN_SOFTMAX_LOG(), x, axis, out);
  }

  /** {@return whether it was done; otherwise the array is too large for cuDNN} */
  boolean logSoftmaxBackward(NdArray y, NdArray outGrad, int axis, NdArray xGrad) {
    return backward("logSoftmaxBackward", Cudnn.CUDNN_SOFTMAX_LOG(), y, outGrad, axis, xGrad);
  }

  private boolean forward(String name, int algorithm, NdArray x, int axis, NdArray out) {
    SoftmaxSpec spec = SoftmaxSpec.of(name, axis, out, x);
    Rows rows = Rows.of(x.shape(), spec.axis());
    if (rows == null || x.size() == 0) {
      return rows != null;
    }
    DType dtype = x.dtype();
    try (Operation operation = backend.device().begin(name, x, out);
        Scope _ = Scope.open("softmax temporaries")) {
      NdArray from = dnn.plain(x);
      NdArray to = dnn.target(out);
      long source = operation.address(from);
      long target = operation.address(to);
      each(
          dtype,
          rows,
          "cudnnSoftmaxForward",
          (tensor, at) ->
              Cudnn.cudnnSoftmaxForward(
                  dnn.handle(),
                  algorithm,
                  Cudnn.CUDNN_SOFTMAX_MODE_CHANNEL(),
                  Dnn.one(dtype),
                  tensor,
                  Dnn.at(source + at),
                  Dnn.zero(dtype),
                  tensor,
                  Dnn.at(target + at)));
      dnn.deliver(to, out);
    }
    return true;
  }

  private boolean backward(
      String name, int algorithm, NdArray y, NdArray outGrad, int axis, NdArray xGrad) {
    SoftmaxSpec spec = SoftmaxSpec.of(name, axis, xGrad, y, outGrad);
    Rows rows = Rows.of(y.shape(), spec.axis());
    if (rows == null || y.size() == 0) {
      return rows != null;
    }
    DType dtype = y.dtype();
    try (Operation operation = backend.device().begin(name, y, outGrad, xGrad);
        Scope _ = Scope.open("softmaxBackward temporaries")) {
      NdArray to = dnn.target(xGrad);
      long result = operation.address(dnn.plain(y));
      long up = operation.address(dnn.plain(outGrad));
      long target = operation.address(to);
      each(
          dtype,
          rows,
          "cudnnSoftmaxBackward",
          (tensor, at) ->
              Cudnn.cudnnSoftmaxBackward(
                  dnn.handle(),
                  algorithm,
                  Cudnn.CUDNN_SOFTMAX_MODE_CHANNEL(),
                  Dnn.one(dtype),
                  tensor,
                  Dnn.at(result + at),
                  tensor,
                  Dnn.at(up + at),
                  Dnn.zero(dtype),
                  tensor,
                  Dnn.at(target + at)));
      dnn.deliver(to, xGrad);
    }
    return true;
  }
}
