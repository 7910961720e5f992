package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.CudnnContext.SUCCESS;
import static dev.lanewise.cuda.fake.CudnnContext.choice;
import static dev.lanewise.cuda.fake.CudnnContext.require;
import static dev.lanewise.cuda.fake.CudnnContext.supported;

import dev.lanewise.cuda.fake.ConvolutionDescriptor.Convolution;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** The convolution descriptors of cuDNN, and the output dimensions. */
final class CudnnConvolutionDescriptors {

  /** Seen with 9.5: seven dimensions are CUDNN_STATUS_NOT_SUPPORTED. */
  private static final int MOST_DIMS = 6;

  private final CudnnContext context;

  CudnnConvolutionDescriptors(CudnnContext context) {
    this.context = context;
  }

  private ConvolutionDescriptor descriptor(MemorySegment handle) {
    return context.cuda.handles.get(ConvolutionDescriptor.class, handle);
  }

  int cudnnCreateConvolutionDescriptor(MemorySegment descriptor) {
    return context.create(descriptor, ConvolutionDescriptor::new);
  }

  int cudnnDestroyConvolutionDescriptor(MemorySegment descriptor) {
    return context.destroy(ConvolutionDescriptor.class, descriptor);
  }

  int cudnnSetConvolution2dDescriptor(
      MemorySegment descriptor,
      int paddingHeight,
      int paddingWidth,
      int strideHeight,
      int strideWidth,
      int dilationHeight,
      int dilationWidth,
      int mode,
      int computeType) {
    return set(
        descriptor,
        new int[] {paddingHeight, paddingWidth},
        new int[] {strideHeight, strideWidth},
        new int[] {dilationHeight, dilationWidth},
        mode,
        computeType);
  }

  int cudnnSetConvolutionNdDescriptor(
      MemorySegment descriptor,
      int rank,
      MemorySegment padding,
      MemorySegment stride,
      MemorySegment dilation,
      int mode,
      int computeType) {
    require(rank > 0, "arrayLength is %d", rank);
    supported(rank <= MOST_DIMS, "a convolution of %d dimensions", rank);
    return set(
        descriptor,
        context.numbers(padding, rank, "padA"),
        context.numbers(stride, rank, "filterStrideA"),
        context.numbers(dilation, rank, "dilationA"),
        mode,
        computeType);
  }

  private int set(
      MemorySegment descriptor,
      int[] padding,
      int[] stride,
      int[] dilation,
      int mode,
      int computeType) {
    ConvolutionDescriptor found = descriptor(descriptor);
    for (int i = 0; i < padding.length; i++) {
      require(padding[i] >= 0, "padA[i] < 0");
      require(stride[i] > 0, "strideA[i] <= 0");
      require(dilation[i] > 0, "dilationA[i] <= 0");
    }
    NumberType type = CudnnContext.type(computeType);
    require(type != NumberType.BF16, "the compute type is %s", type);
    found.convolution =
        new Convolution(
            padding,
            stride,
            dilation,
            choice(ConvolutionDescriptor.Mode.values(), mode, "convolution mode"),
            type);
    return SUCCESS;
  }

  int cudnnSetConvolutionGroupCount(MemorySegment descriptor, int groups) {
    require(groups >= 1, "groupCount < 1");
    descriptor(descriptor).groups = groups;
    return SUCCESS;
  }

  int cudnnSetConvolutionMathType(MemorySegment descriptor, int mathType) {
    descriptor(descriptor).math =
        choice(ConvolutionDescriptor.MathType.values(), mathType, "math type");
    return SUCCESS;
  }

  private int[] output(MemorySegment descriptor, MemorySegment input, MemorySegment filter) {
    ConvolutionDescriptor found = descriptor(descriptor);
    require(found.convolution != null, "convDesc is not set");
    TensorShape x = context.tensor(input, "inputTensorDesc");
    TensorShape w = context.filter(filter, "filterDesc").shape;
    return ConvolutionGeometry.output(x, w, found.convolution, found.groups);
  }

  int cudnnGetConvolution2dForwardOutputDim(
      MemorySegment descriptor,
      MemorySegment input,
      MemorySegment filter,
      MemorySegment n,
      MemorySegment c,
      MemorySegment h,
      MemorySegment w) {
    int[] output = output(descriptor, input, filter);
    require(output.length == 4, "the output has %d dimensions", output.length);
    context.out.number(n, output[0]);
    context.out.number(c, output[1]);
    context.out.number(h, output[2]);
    context.out.number(w, output[3]);
    return SUCCESS;
  }

  int cudnnGetConvolutionNdForwardOutputDim(
      MemorySegment descriptor,
      MemorySegment input,
      MemorySegment filter,
      int rank,
      MemorySegment dims) {
    int[] output = output(descriptor, input, filter);
    require(
        rank > 0 && rank <= output.length,
        "nbDims < 0 || nbDims > inputTensorDesc->nbDims: %d",
        rank);
    context.numbers(dims, Arrays.copyOf(output, rank));
    return SUCCESS;
  }
}
