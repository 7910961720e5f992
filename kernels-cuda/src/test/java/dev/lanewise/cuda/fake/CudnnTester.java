package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.LibraryTester.ok;

import dev.lanewise.bindings.cuda.Cudnn;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A handle of cuDNN and descriptors, for a test. */
final class CudnnTester {

  final LibraryTester t = new LibraryTester();
  final MemorySegment handle = t.make(Cudnn::cudnnCreate);
  private final List<Runnable> ends = new ArrayList<>();

  void close() {
    ends.forEach(Runnable::run);
    ok(Cudnn.cudnnDestroy(handle));
    t.close();
  }

  void atEnd(Runnable end) {
    ends.add(end);
  }

  MemorySegment tensor(int type, int... dims) {
    MemorySegment tensor = t.make(Cudnn::cudnnCreateTensorDescriptor);
    atEnd(() -> ok(Cudnn.cudnnDestroyTensorDescriptor(tensor)));
    ok(
        Cudnn.cudnnSetTensorNdDescriptorEx(
            tensor, Cudnn.CUDNN_TENSOR_NCHW(), type, dims.length, t.ints(dims)));
    return tensor;
  }

  /** {@return a tensor of floats} */
  MemorySegment floats(int... dims) {
    return tensor(Cudnn.CUDNN_DATA_FLOAT(), dims);
  }

  /** {@return a tensor of doubles} */
  MemorySegment doubles(int... dims) {
    return tensor(Cudnn.CUDNN_DATA_DOUBLE(), dims);
  }

  /** {@return a tensor of floats of 4 dimensions with strides} */
  MemorySegment strided(int[] dims, int[] strides) {
    MemorySegment tensor = t.make(Cudnn::cudnnCreateTensorDescriptor);
    atEnd(() -> ok(Cudnn.cudnnDestroyTensorDescriptor(tensor)));
    ok(
        Cudnn.cudnnSetTensorNdDescriptor(
            tensor, Cudnn.CUDNN_DATA_FLOAT(), dims.length, t.ints(dims), t.ints(strides)));
    return tensor;
  }

  MemorySegment filter(int type, int... dims) {
    MemorySegment filter = t.make(Cudnn::cudnnCreateFilterDescriptor);
    atEnd(() -> ok(Cudnn.cudnnDestroyFilterDescriptor(filter)));
    ok(
        Cudnn.cudnnSetFilterNdDescriptor(
            filter, type, Cudnn.CUDNN_TENSOR_NCHW(), dims.length, t.ints(dims)));
    return filter;
  }

  MemorySegment convolution(int type, int groups, int[] padding, int[] stride, int[] dilation) {
    MemorySegment convolution = t.make(Cudnn::cudnnCreateConvolutionDescriptor);
    atEnd(() -> ok(Cudnn.cudnnDestroyConvolutionDescriptor(convolution)));
    ok(
        Cudnn.cudnnSetConvolutionNdDescriptor(
            convolution,
            padding.length,
            t.ints(padding),
            t.ints(stride),
            t.ints(dilation),
            Cudnn.CUDNN_CROSS_CORRELATION(),
            type));
    ok(Cudnn.cudnnSetConvolutionGroupCount(convolution, groups));
    ok(Cudnn.cudnnSetConvolutionMathType(convolution, Cudnn.CUDNN_FMA_MATH()));
    return convolution;
  }

  MemorySegment activation(int mode, double coefficient) {
    MemorySegment activation = t.make(Cudnn::cudnnCreateActivationDescriptor);
    atEnd(() -> ok(Cudnn.cudnnDestroyActivationDescriptor(activation)));
    ok(
        Cudnn.cudnnSetActivationDescriptor(
            activation, mode, Cudnn.CUDNN_NOT_PROPAGATE_NAN(), coefficient));
    return activation;
  }

  MemorySegment pooling(int mode, int[] window, int[] padding, int[] stride) {
    MemorySegment pooling = t.make(Cudnn::cudnnCreatePoolingDescriptor);
    atEnd(() -> ok(Cudnn.cudnnDestroyPoolingDescriptor(pooling)));
    ok(
        Cudnn.cudnnSetPoolingNdDescriptor(
            pooling,
            mode,
            Cudnn.CUDNN_PROPAGATE_NAN(),
            window.length,
            t.ints(window),
            t.ints(padding),
            t.ints(stride)));
    return pooling;
  }
}
