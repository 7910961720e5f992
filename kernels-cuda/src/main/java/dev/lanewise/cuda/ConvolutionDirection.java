package dev.lanewise.cuda;

import dev.lanewise.bindings.cuda.Cudnn;
import java.lang.foreign.MemorySegment;

/** What cuDNN computes of a convolution: three sets of functions of one form. */
enum ConvolutionDirection {
  /** From input and filter the output. */
  FORWARD("Forward", Cudnn.CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM()) {
    @Override
    int search(
        MemorySegment dnn, ConvolutionPlan p, int most, MemorySegment count, MemorySegment found) {
      return Cudnn.cudnnGetConvolutionForwardAlgorithm_v7(
          dnn, p.input(), p.filter(), p.convolution(), p.output(), most, count, found);
    }

    @Override
    int workspace(MemorySegment dnn, ConvolutionPlan p, int algorithm, MemorySegment bytes) {
      return Cudnn.cudnnGetConvolutionForwardWorkspaceSize(
          dnn, p.input(), p.filter(), p.convolution(), p.output(), algorithm, bytes);
    }

    @Override
    int run(
        MemorySegment dnn,
        ConvolutionPlan p,
        Arrays arrays,
        MemorySegment workspace,
        MemorySegment one,
        MemorySegment ofOld) {
      return Cudnn.cudnnConvolutionForward(
          dnn,
          one,
          p.input(),
          arrays.input,
          p.filter(),
          arrays.filter,
          p.convolution(),
          p.algorithm(),
          workspace,
          p.workspaceBytes(),
          ofOld,
          p.output(),
          arrays.output);
    }

    @Override
    boolean isTransform(int algorithm) {
      return algorithm == Cudnn.CUDNN_CONVOLUTION_FWD_ALGO_FFT()
          || algorithm == Cudnn.CUDNN_CONVOLUTION_FWD_ALGO_FFT_TILING()
          || algorithm == Cudnn.CUDNN_CONVOLUTION_FWD_ALGO_WINOGRAD()
          || algorithm == Cudnn.CUDNN_CONVOLUTION_FWD_ALGO_WINOGRAD_NONFUSED();
    }
  },

  /** From the gradient by the output, and the filter, the gradient by the input. */
  BACKWARD_DATA("BackwardData", Cudnn.CUDNN_CONVOLUTION_BWD_DATA_ALGO_1()) {
    @Override
    int search(
        MemorySegment dnn, ConvolutionPlan p, int most, MemorySegment count, MemorySegment found) {
      return Cudnn.cudnnGetConvolutionBackwardDataAlgorithm_v7(
          dnn, p.filter(), p.output(), p.convolution(), p.input(), most, count, found);
    }

    @Override
    int workspace(MemorySegment dnn, ConvolutionPlan p, int algorithm, MemorySegment bytes) {
      return Cudnn.cudnnGetConvolutionBackwardDataWorkspaceSize(
          dnn, p.filter(), p.output(), p.convolution(), p.input(), algorithm, bytes);
    }

    @Override
    int run(
        MemorySegment dnn,
        ConvolutionPlan p,
        Arrays arrays,
        MemorySegment workspace,
        MemorySegment one,
        MemorySegment ofOld) {
      return Cudnn.cudnnConvolutionBackwardData(
          dnn,
          one,
          p.filter(),
          arrays.filter,
          p.output(),
          arrays.output,
          p.convolution(),
          p.algorithm(),
          workspace,
          p.workspaceBytes(),
          ofOld,
          p.input(),
          arrays.input);
    }

    @Override
    boolean isTransform(int algorithm) {
      return algorithm == Cudnn.CUDNN_CONVOLUTION_BWD_DATA_ALGO_FFT()
          || algorithm == Cudnn.CUDNN_CONVOLUTION_BWD_DATA_ALGO_FFT_TILING()
          || algorithm == Cudnn.CUDNN_CONVOLUTION_BWD_DATA_ALGO_WINOGRAD()
          || algorithm == Cudnn.CUDNN_CONVOLUTION_BWD_DATA_ALGO_WINOGRAD_NONFUSED();
    }
  },

  /** From the input, and the gradient by the output, the gradient by the filter. */
  BACKWARD_FILTER("BackwardFilter", Cudnn.CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1()) {
    @Override
    int search(
        MemorySegment dnn, ConvolutionPlan p, int most, MemorySegment count, MemorySegment found) {
      return Cudnn.cudnnGetConvolutionBackwardFilterAlgorithm_v7(
          dnn, p.input(), p.output(), p.convolution(), p.filter(), most, count, found);
    }

    @Override
    int workspace(MemorySegment dnn, ConvolutionPlan p, int algorithm, MemorySegment bytes) {
      return Cudnn.cudnnGetConvolutionBackwardFilterWorkspaceSize(
          dnn, p.input(), p.output(), p.convolution(), p.filter(), algorithm, bytes);
    }

    @Override
    int run(
        MemorySegment dnn,
        ConvolutionPlan p,
        Arrays arrays,
        MemorySegment workspace,
        MemorySegment one,
        MemorySegment ofOld) {
      return Cudnn.cudnnConvolutionBackwardFilter(
          dnn,
          one,
          p.input(),
          arrays.input,
          p.output(),
          arrays.output,
          p.convolution(),
          p.algorithm(),
          workspace,
          p.workspaceBytes(),
          ofOld,
          p.filter(),
          arrays.filter);
    }

    @Override
    boolean isTransform(int algorithm) {
      return algorithm == Cudnn.CUDNN_CONVOLUTION_BWD_FILTER_ALGO_FFT()
          || algorithm == Cudnn.CUDNN_CONVOLUTION_BWD_FILTER_ALGO_FFT_TILING()
          || algorithm == Cudnn.CUDNN_CONVOLUTION_BWD_FILTER_ALGO_WINOGRAD()
          || algorithm == Cudnn.CUDNN_CONVOLUTION_BWD_FILTER_ALGO_WINOGRAD_NONFUSED();
    }
  };

  /**
   * Where the three arrays of a convolution lie on the device, in whichever direction it is
   * computed.
   *
   * @param input the input, or the gradient by it
   * @param filter the filter, or the gradient by it
   * @param output the output, or the gradient by it
   */
  record Arrays(MemorySegment input, MemorySegment filter, MemorySegment output) {}

  private final String verb;
  private final int general;

  ConvolutionDirection(String verb, int general) {
    this.verb = verb;
    this.general = general;
  }

  /** {@return the end of the names of cuDNN's functions} */
  String verb() {
    return verb;
  }

  /**
   * {@return the algorithm that is deterministic and can do all that is asked of it; of gradients
   * by the input, cuDNN's documentation excepts windows with gaps along three axes}
   */
  int general() {
    return general;
  }

  /** Asks for algorithms, the fastest first; the results are all of one form. */
  abstract int search(
      MemorySegment dnn, ConvolutionPlan p, int most, MemorySegment count, MemorySegment found);

  /** Asks how much memory an algorithm needs. */
  abstract int workspace(MemorySegment dnn, ConvolutionPlan p, int algorithm, MemorySegment bytes);

  /** Gives the work to the device. */
  abstract int run(
      MemorySegment dnn,
      ConvolutionPlan p,
      Arrays arrays,
      MemorySegment workspace,
      MemorySegment one,
      MemorySegment ofOld);

  /** {@return whether an algorithm transforms images, by Fourier's or Winograd's transforms} */
  abstract boolean isTransform(int algorithm);
}
