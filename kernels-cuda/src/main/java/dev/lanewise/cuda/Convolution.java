package dev.lanewise.cuda;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.ConvSpec;

/** Convolutions and their gradients by cuDNN. */
final class Convolution {
  private final CudaBackend backend;

  Convolution(CudaBackend backend) {
    this.backend = backend;
  }

  void forward(ConvSpec spec, NdArray x, NdArray filter, NdArray out) {
    throw new UnsupportedOperationException("to be written");
  }

  void backwardData(ConvSpec spec, NdArray outGrad, NdArray filter, NdArray xGrad) {
    throw new UnsupportedOperationException("to be written");
  }

  void backwardFilter(ConvSpec spec, NdArray x, NdArray outGrad, NdArray filterGrad) {
    throw new UnsupportedOperationException("to be written");
  }
}
