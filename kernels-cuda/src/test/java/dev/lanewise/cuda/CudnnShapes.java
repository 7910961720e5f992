package dev.lanewise.cuda;

import static dev.lanewise.bindings.cuda.Cudnn.C_INT;
import static dev.lanewise.bindings.cuda.Cudnn.C_POINTER;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.bindings.cuda.CudaLibrary;
import dev.lanewise.bindings.cuda.Cudnn;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.function.ToIntFunction;

/**
 * One cuDNN descriptor of each kind, for float32 in row-major order. What sets or asks one returns
 * cuDNN's status.
 */
final class CudnnShapes implements AutoCloseable {

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment tensor;
  private final MemorySegment filter;
  private final MemorySegment convolution;
  private final MemorySegment pooling;

  CudnnShapes() {
    CudaLibrary.CUDNN.require();
    tensor = make(Cudnn::cudnnCreateTensorDescriptor);
    filter = make(Cudnn::cudnnCreateFilterDescriptor);
    convolution = make(Cudnn::cudnnCreateConvolutionDescriptor);
    pooling = make(Cudnn::cudnnCreatePoolingDescriptor);
  }

  private MemorySegment make(ToIntFunction<MemorySegment> create) {
    MemorySegment handle = arena.allocate(C_POINTER);
    assertEquals(Cudnn.CUDNN_STATUS_SUCCESS(), create.applyAsInt(handle));
    return handle.get(C_POINTER, 0);
  }

  @Override
  public void close() {
    assertEquals(0, Cudnn.cudnnDestroyTensorDescriptor(tensor));
    assertEquals(0, Cudnn.cudnnDestroyFilterDescriptor(filter));
    assertEquals(0, Cudnn.cudnnDestroyConvolutionDescriptor(convolution));
    assertEquals(0, Cudnn.cudnnDestroyPoolingDescriptor(pooling));
    arena.close();
  }

  private MemorySegment ints(int... values) {
    return arena.allocateFrom(C_INT, values);
  }

  int setTensor(int... dims) {
    int[] strides = new int[dims.length];
    int stride = 1;
    for (int i = dims.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= dims[i];
    }
    return setTensor(dims, strides);
  }

  int setTensor(int[] dims, int[] strides) {
    return Cudnn.cudnnSetTensorNdDescriptor(
        tensor, Cudnn.CUDNN_DATA_FLOAT(), dims.length, ints(dims), ints(strides));
  }

  /** Reads the tensor's extents, then its strides. */
  int getTensor(int[] dims, int[] strides) {
    MemorySegment type = arena.allocate(C_INT);
    MemorySegment rank = arena.allocate(C_INT);
    MemorySegment extents = ints(dims);
    MemorySegment steps = ints(strides);
    int status = Cudnn.cudnnGetTensorNdDescriptor(tensor, dims.length, type, rank, extents, steps);
    assertEquals(Cudnn.CUDNN_DATA_FLOAT(), type.get(C_INT, 0));
    assertEquals(dims.length, rank.get(C_INT, 0));
    copy(extents, dims);
    copy(steps, strides);
    return status;
  }

  int setFilter(int... dims) {
    return Cudnn.cudnnSetFilterNdDescriptor(
        filter, Cudnn.CUDNN_DATA_FLOAT(), Cudnn.CUDNN_TENSOR_NCHW(), dims.length, ints(dims));
  }

  int setConvolution(int[] padding, int[] stride, int[] dilation) {
    return Cudnn.cudnnSetConvolutionNdDescriptor(
        convolution,
        padding.length,
        ints(padding),
        ints(stride),
        ints(dilation),
        Cudnn.CUDNN_CROSS_CORRELATION(),
        Cudnn.CUDNN_DATA_FLOAT());
  }

  int setGroups(int groups) {
    return Cudnn.cudnnSetConvolutionGroupCount(convolution, groups);
  }

  int setPooling(int[] kernel, int[] padding, int[] stride) {
    return Cudnn.cudnnSetPoolingNdDescriptor(
        pooling,
        Cudnn.CUDNN_POOLING_MAX_DETERMINISTIC(),
        Cudnn.CUDNN_PROPAGATE_NAN(),
        kernel.length,
        ints(kernel),
        ints(padding),
        ints(stride));
  }

  /** Sets the same through the call for two axes. */
  int setPooling2d(int[] kernel, int[] padding, int[] stride) {
    return Cudnn.cudnnSetPooling2dDescriptor(
        pooling,
        Cudnn.CUDNN_POOLING_AVERAGE_COUNT_INCLUDE_PADDING(),
        Cudnn.CUDNN_PROPAGATE_NAN(),
        kernel[0],
        kernel[1],
        padding[0],
        padding[1],
        stride[0],
        stride[1]);
  }

  /** Asks for the extents of the convolution's output. */
  int convolutionOutput(int[] dims) {
    MemorySegment extents = ints(dims);
    int status =
        Cudnn.cudnnGetConvolutionNdForwardOutputDim(
            convolution, tensor, filter, dims.length, extents);
    copy(extents, dims);
    return status;
  }

  /** Asks for the four extents of the pooling's output. */
  int poolingOutput(int[] dims) {
    MemorySegment extents = ints(dims);
    int status =
        Cudnn.cudnnGetPooling2dForwardOutputDim(
            pooling,
            tensor,
            extents.asSlice(0, C_INT),
            extents.asSlice(4, C_INT),
            extents.asSlice(8, C_INT),
            extents.asSlice(12, C_INT));
    copy(extents, dims);
    return status;
  }

  private static void copy(MemorySegment from, int[] to) {
    MemorySegment.copy(from, C_INT, 0, to, 0, to.length);
  }

  /** {@return what cuDNN says of the last call that failed in this thread} */
  static String lastError() {
    try (var arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(1024);
      Cudnn.cudnnGetLastErrorString(text, text.byteSize());
      return text.getString(0, StandardCharsets.UTF_8);
    }
  }
}
