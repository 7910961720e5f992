package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.CudnnContext.SUCCESS;
import static dev.lanewise.cuda.fake.CudnnContext.require;
import static dev.lanewise.cuda.fake.CudnnContext.supported;
import static dev.lanewise.cuda.fake.CudnnContext.type;

import dev.lanewise.bindings.cuda.Cudnn;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** The tensor and filter descriptors of cuDNN. */
final class CudnnTensors {

  private final CudnnContext context;

  CudnnTensors(CudnnContext context) {
    this.context = context;
  }

  private TensorDescriptor descriptor(MemorySegment handle) {
    return context.cuda.handles.get(TensorDescriptor.class, handle);
  }

  /**
   * The library of 9.5 takes 2 and 3 dimensions too; its documentation of the Nd descriptors says 4
   * to CUDNN_DIM_MAX, else CUDNN_STATUS_NOT_SUPPORTED, and many functions want 4.
   */
  private static void checkRank(int rank) {
    require(rank >= 2, "nbDims < 2: %d", rank);
    supported(rank >= 4 && rank <= Cudnn.CUDNN_DIM_MAX(), "a tensor of %d dimensions", rank);
  }

  int cudnnCreateTensorDescriptor(MemorySegment descriptor) {
    return context.create(descriptor, TensorDescriptor::new);
  }

  int cudnnDestroyTensorDescriptor(MemorySegment descriptor) {
    return context.destroy(TensorDescriptor.class, descriptor);
  }

  int cudnnSetTensor4dDescriptor(
      MemorySegment descriptor, int format, int dataType, int n, int c, int h, int w) {
    descriptor(descriptor).shape =
        TensorShape.packed(type(dataType), format, new int[] {n, c, h, w});
    return SUCCESS;
  }

  int cudnnSetTensor4dDescriptorEx(
      MemorySegment descriptor,
      int dataType,
      int n,
      int c,
      int h,
      int w,
      int strideN,
      int strideC,
      int strideH,
      int strideW) {
    descriptor(descriptor).shape =
        TensorShape.strided(
            type(dataType), new int[] {n, c, h, w}, new int[] {strideN, strideC, strideH, strideW});
    return SUCCESS;
  }

  int cudnnSetTensorNdDescriptor(
      MemorySegment descriptor, int dataType, int rank, MemorySegment dims, MemorySegment strides) {
    checkRank(rank);
    descriptor(descriptor).shape =
        TensorShape.strided(
            type(dataType),
            context.numbers(dims, rank, "dimA"),
            context.numbers(strides, rank, "strideA"));
    return SUCCESS;
  }

  int cudnnSetTensorNdDescriptorEx(
      MemorySegment descriptor, int format, int dataType, int rank, MemorySegment dims) {
    checkRank(rank);
    descriptor(descriptor).shape =
        TensorShape.packed(type(dataType), format, context.numbers(dims, rank, "dimA"));
    return SUCCESS;
  }

  int cudnnGetTensor4dDescriptor(
      MemorySegment descriptor,
      MemorySegment dataType,
      MemorySegment n,
      MemorySegment c,
      MemorySegment h,
      MemorySegment w,
      MemorySegment strideN,
      MemorySegment strideC,
      MemorySegment strideH,
      MemorySegment strideW) {
    TensorShape shape = context.tensor(descriptor, "tensorDesc");
    require(shape.rank() == 4, "the tensor has %d dimensions", shape.rank());
    context.out.number(dataType, shape.type().cudnn());
    MemorySegment[] dims = {n, c, h, w};
    MemorySegment[] strides = {strideN, strideC, strideH, strideW};
    for (int i = 0; i < 4; i++) {
      context.out.number(dims[i], shape.dim(i));
      context.out.number(strides[i], shape.stride(i));
    }
    return SUCCESS;
  }

  /** Stores no more dimensions than are asked for, but tells how many there are. */
  int cudnnGetTensorNdDescriptor(
      MemorySegment descriptor,
      int requested,
      MemorySegment dataType,
      MemorySegment rank,
      MemorySegment dims,
      MemorySegment strides) {
    TensorShape shape = context.tensor(descriptor, "tensorDesc");
    require(requested > 0, "%d dimensions are asked for", requested);
    int stored = Math.min(requested, shape.rank());
    context.out.number(dataType, shape.type().cudnn());
    context.out.number(rank, shape.rank());
    context.numbers(dims, Arrays.copyOf(shape.dims(), stored));
    context.numbers(strides, Arrays.copyOf(shape.strides(), stored));
    return SUCCESS;
  }

  /** The bytes from the first element to the end of the last; 0 for a descriptor not set. */
  int cudnnGetTensorSizeInBytes(MemorySegment descriptor, MemorySegment size) {
    TensorShape shape = descriptor(descriptor).shape;
    context.out.size(size, shape == null ? 0 : shape.bytes());
    return SUCCESS;
  }

  int cudnnCreateFilterDescriptor(MemorySegment descriptor) {
    return context.create(descriptor, FilterDescriptor::new);
  }

  int cudnnDestroyFilterDescriptor(MemorySegment descriptor) {
    return context.destroy(FilterDescriptor.class, descriptor);
  }

  int cudnnSetFilter4dDescriptor(
      MemorySegment descriptor, int dataType, int format, int k, int c, int h, int w) {
    return setFilter(descriptor, dataType, format, new int[] {k, c, h, w});
  }

  int cudnnSetFilterNdDescriptor(
      MemorySegment descriptor, int dataType, int format, int rank, MemorySegment dims) {
    require(rank > 2, "nbDims <= 2: %d", rank);
    supported(rank <= Cudnn.CUDNN_DIM_MAX(), "a filter of %d dimensions", rank);
    return setFilter(descriptor, dataType, format, context.numbers(dims, rank, "filterDimA"));
  }

  private int setFilter(MemorySegment descriptor, int dataType, int format, int[] dims) {
    FilterDescriptor filter = context.cuda.handles.get(FilterDescriptor.class, descriptor);
    filter.shape = TensorShape.packed(type(dataType), format, dims);
    filter.channelsLast = format == Cudnn.CUDNN_TENSOR_NHWC();
    return SUCCESS;
  }

  int cudnnGetFilterSizeInBytes(MemorySegment descriptor, MemorySegment size) {
    context.out.size(size, context.filter(descriptor, "filterDesc").shape.bytes());
    return SUCCESS;
  }
}
