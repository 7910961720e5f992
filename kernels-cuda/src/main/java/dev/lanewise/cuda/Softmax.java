package dev.lanewise.cuda;

import dev.lanewise.array.NdArray;

/** Softmax and its logarithm by cuDNN. */
final class Softmax {
  private final CudaBackend backend;

  Softmax(CudaBackend backend) {
    this.backend = backend;
  }

  void softmax(NdArray x, int axis, NdArray out) {
    throw new UnsupportedOperationException("to be written");
  }

  void softmaxBackward(NdArray y, NdArray outGrad, int axis, NdArray xGrad) {
    throw new UnsupportedOperationException("to be written");
  }

  void logSoftmax(NdArray x, int axis, NdArray out) {
    throw new UnsupportedOperationException("to be written");
  }

  void logSoftmaxBackward(NdArray y, NdArray outGrad, int axis, NdArray xGrad) {
    throw new UnsupportedOperationException("to be written");
  }
}
