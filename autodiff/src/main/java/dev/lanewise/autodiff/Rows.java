package dev.lanewise.autodiff;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.CrossEntropySpec;

/**
 * Softmax and its kin: single kernel calls, forward and backward. Where a gradient is itself
 * recorded, it is written in tensor operations instead, so that it has gradients too.
 */
final class Rows {
  private Rows() {}

  private static Tensor like(Tensor x) {
    return new Tensor(x.backend().uninitialized(x.dtype(), x.shape()));
  }

  static Tensor softmax(Tensor x, int axis) {
    int at = x.shape().axis("softmax", axis);
    Tensor out = like(x);
    x.backend().softmax(x.data(), at, out.data());
    Gradient gradient =
        (_, _, up) -> {
          if (Grad.records(x, up)) {
            Tensor y = x.softmax(at);
            return y.mul(up.sub(y.mul(up).sum(true, at)));
          }
          Tensor grad = like(x);
          x.backend().softmaxBackward(out.data(), up.data(), at, grad.data());
          return grad;
        };
    if (at == x.shape().rank() - 1) {
      out.logits = x;
    }
    return Node.record("softmax", out, gradient, x);
  }

  static Tensor logSoftmax(Tensor x, int axis) {
    int at = x.shape().axis("logSoftmax", axis);
    Tensor out = like(x);
    x.backend().logSoftmax(x.data(), at, out.data());
    Gradient gradient =
        (_, _, up) -> {
          if (Grad.records(x, up)) {
            return up.sub(x.softmax(at).mul(up.sum(true, at)));
          }
          Tensor grad = like(x);
          x.backend().logSoftmaxBackward(out.data(), up.data(), at, grad.data());
          return grad;
        };
    return Node.record("logSoftmax", out, gradient, x);
  }

  static Tensor crossEntropy(Tensor x, Tensor labels) {
    if (x.shape().rank() != 2
        || labels.shape().rank() != 1
        || labels.shape().dim(0) != x.shape().dim(0)) {
      throw new ShapeException(
          "crossEntropy: logits must be [n, c] and labels [n], not "
              + x.shape()
              + " and "
              + labels.shape());
    }
    return crossEntropy(CrossEntropySpec.of(x.shape(), 1), x, labels);
  }

  static Tensor crossEntropy(CrossEntropySpec spec, Tensor x, Tensor labels) {
    Checks.sameBackend("crossEntropy", x, labels);
    NdArray loss = x.backend().uninitialized(x.dtype(), spec.rows());
    x.backend().crossEntropy(spec, x.data(), labels.data(), loss);
    Gradient gradient =
        (_, _, up) -> {
          if (Grad.records(x, up)) {
            return crossEntropyGradient(spec, x, labels, up);
          }
          Tensor grad = like(x);
          NdArray again = x.backend().uninitialized(x.dtype(), spec.rows());
          x.backend()
              .crossEntropyWithGradient(
                  spec, x.data(), labels.data(), up.data(), again, grad.data());
          return grad;
        };
    return Node.record("crossEntropy", new Tensor(loss), gradient, x);
  }

  /** up · (softmax − target), the target being 1 − s at the label and s / c everywhere besides. */
  private static Tensor crossEntropyGradient(
      CrossEntropySpec spec, Tensor x, Tensor labels, Tensor up) {
    Tensor classes = labels;
    Tensor weight = up;
    if (spec.ignored().isPresent()) {
      // Ignored labels count as class 0, by a weight of 0. In i64: they may be no i32.
      Tensor values = labels.cast(DType.I64);
      Tensor counts = values.ne(spec.ignored().getAsLong());
      classes = values.mul(counts);
      weight = up.mul(counts);
    }
    int axis = spec.axis();
    double share = spec.labelSmoothing();
    weight = weight.expandDims(axis);
    return x.softmax(axis)
        .sub(share / spec.classes())
        .mul(weight)
        .scatterAdd(axis, classes.expandDims(axis), weight.mul(share - 1));
  }
}
