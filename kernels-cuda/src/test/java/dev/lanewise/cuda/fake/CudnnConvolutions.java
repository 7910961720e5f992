package dev.lanewise.cuda.fake;

import java.lang.foreign.MemorySegment;

/** The convolutions of cuDNN. */
final class CudnnConvolutions {

  private final CudnnContext context;

  CudnnConvolutions(CudnnContext context) {
    this.context = context;
  }

  private ConvolutionCall call(
      ConvolutionDirection direction,
      MemorySegment convolution,
      MemorySegment xDesc,
      MemorySegment x,
      MemorySegment wDesc,
      MemorySegment w,
      MemorySegment yDesc,
      MemorySegment y) {
    var descriptor = context.cuda.handles.get(ConvolutionDescriptor.class, convolution);
    ConvolutionGeometry geometry =
        ConvolutionGeometry.of(
            context.tensor(xDesc, "the input"),
            context.filter(wDesc, "the filter"),
            context.tensor(yDesc, "the output"),
            descriptor);
    return new ConvolutionCall(context, direction, geometry, descriptor, x, w, y);
  }

  /** {@code y = alpha * (x convolved with w) + beta * y}. */
  int cudnnConvolutionForward(
      MemorySegment handle,
      MemorySegment alpha,
      MemorySegment xDesc,
      MemorySegment x,
      MemorySegment wDesc,
      MemorySegment w,
      MemorySegment convolution,
      int algo,
      MemorySegment workspace,
      long workspaceBytes,
      MemorySegment beta,
      MemorySegment yDesc,
      MemorySegment y) {
    CudnnHandle dnn = context.handle(handle);
    ConvolutionCall call =
        call(ConvolutionDirection.FORWARD, convolution, xDesc, x, wDesc, w, yDesc, y);
    double factor = context.factor(alpha, call.type(), "alpha");
    double old = context.factor(beta, call.type(), "beta");
    return call.with(algo, workspace, workspaceBytes)
        .submit(dnn, "cudnnConvolutionForward", factor, old);
  }

  /** The change of the input for a change dy of the output. */
  int cudnnConvolutionBackwardData(
      MemorySegment handle,
      MemorySegment alpha,
      MemorySegment wDesc,
      MemorySegment w,
      MemorySegment dyDesc,
      MemorySegment dy,
      MemorySegment convolution,
      int algo,
      MemorySegment workspace,
      long workspaceBytes,
      MemorySegment beta,
      MemorySegment dxDesc,
      MemorySegment dx) {
    CudnnHandle dnn = context.handle(handle);
    ConvolutionCall call =
        call(ConvolutionDirection.BACKWARD_DATA, convolution, dxDesc, dx, wDesc, w, dyDesc, dy);
    double factor = context.factor(alpha, call.type(), "alpha");
    double old = context.factor(beta, call.type(), "beta");
    return call.with(algo, workspace, workspaceBytes)
        .submit(dnn, "cudnnConvolutionBackwardData", factor, old);
  }

  /** The change of the filter for a change dy of the output. */
  int cudnnConvolutionBackwardFilter(
      MemorySegment handle,
      MemorySegment alpha,
      MemorySegment xDesc,
      MemorySegment x,
      MemorySegment dyDesc,
      MemorySegment dy,
      MemorySegment convolution,
      int algo,
      MemorySegment workspace,
      long workspaceBytes,
      MemorySegment beta,
      MemorySegment dwDesc,
      MemorySegment dw) {
    CudnnHandle dnn = context.handle(handle);
    ConvolutionCall call =
        call(ConvolutionDirection.BACKWARD_FILTER, convolution, xDesc, x, dwDesc, dw, dyDesc, dy);
    double factor = context.factor(alpha, call.type(), "alpha");
    double old = context.factor(beta, call.type(), "beta");
    return call.with(algo, workspace, workspaceBytes)
        .submit(dnn, "cudnnConvolutionBackwardFilter", factor, old);
  }
}
