package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.ConvolutionDirection.BACKWARD_DATA;
import static dev.lanewise.cuda.fake.ConvolutionDirection.BACKWARD_FILTER;
import static dev.lanewise.cuda.fake.ConvolutionDirection.FORWARD;
import static dev.lanewise.cuda.fake.CudnnContext.SUCCESS;
import static dev.lanewise.cuda.fake.CudnnContext.require;

import dev.lanewise.bindings.cuda.Cudnn;
import dev.lanewise.bindings.cuda.cudnnConvolutionFwdAlgoPerfStruct;
import dev.lanewise.cuda.fake.ConvolutionDirection.Algorithm;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The algorithms of cuDNN's convolutions and the workspaces that they want. */
final class CudnnConvolutionAlgorithms {

  private final CudnnContext context;

  CudnnConvolutionAlgorithms(CudnnContext context) {
    this.context = context;
  }

  private ConvolutionGeometry geometry(
      MemorySegment handle,
      MemorySegment x,
      MemorySegment w,
      MemorySegment convolution,
      MemorySegment y) {
    context.handle(handle);
    return ConvolutionGeometry.of(
        context.tensor(x, "the input"),
        context.filter(w, "the filter"),
        context.tensor(y, "the output"),
        context.cuda.handles.get(ConvolutionDescriptor.class, convolution));
  }

  private int count(ConvolutionDirection direction, MemorySegment handle, MemorySegment count) {
    context.handle(handle);
    context.out.number(count, direction.algorithms().size());
    return SUCCESS;
  }

  private int workspace(
      ConvolutionDirection direction, ConvolutionGeometry geometry, int algo, MemorySegment size) {
    context.out.size(size, direction.algorithm(algo, geometry).workspace(geometry));
    return SUCCESS;
  }

  /**
   * Fills the caller's array: first the algorithms that can do it, the fastest first, then the
   * others with their status, as the library does. The structs of the three directions are laid out
   * alike.
   */
  private int list(
      ConvolutionDirection direction,
      ConvolutionGeometry geometry,
      MemorySegment convolution,
      int requested,
      MemorySegment returned,
      MemorySegment results,
      float milliseconds) {
    require(requested > 0, "%d algorithms are asked for", requested);
    List<Algorithm> sorted = new ArrayList<>(direction.algorithms());
    sorted.sort(Comparator.comparing(each -> !each.supports(geometry)));
    int count = Math.min(requested, sorted.size());
    MemorySegment array =
        context.cuda.host.at(results, count * cudnnConvolutionFwdAlgoPerfStruct.sizeof());
    int mathType =
        context.cuda.handles.get(ConvolutionDescriptor.class, convolution).math.ordinal();
    for (int i = 0; i < count; i++) {
      Algorithm algorithm = sorted.get(i);
      boolean supported = algorithm.supports(geometry);
      MemorySegment perf = cudnnConvolutionFwdAlgoPerfStruct.asSlice(array, i);
      cudnnConvolutionFwdAlgoPerfStruct.algo(perf, algorithm.number());
      cudnnConvolutionFwdAlgoPerfStruct.status(
          perf, supported ? SUCCESS : Cudnn.CUDNN_STATUS_NOT_SUPPORTED());
      cudnnConvolutionFwdAlgoPerfStruct.time(perf, supported ? milliseconds : -1);
      cudnnConvolutionFwdAlgoPerfStruct.memory(perf, supported ? algorithm.workspace(geometry) : 0);
      cudnnConvolutionFwdAlgoPerfStruct.determinism(
          perf,
          algorithm.deterministic()
              ? Cudnn.CUDNN_DETERMINISTIC()
              : Cudnn.CUDNN_NON_DETERMINISTIC());
      cudnnConvolutionFwdAlgoPerfStruct.mathType(perf, mathType);
    }
    context.out.number(returned, count);
    return SUCCESS;
  }

  int cudnnGetConvolutionForwardAlgorithmMaxCount(MemorySegment handle, MemorySegment count) {
    return count(FORWARD, handle, count);
  }

  int cudnnGetConvolutionForwardAlgorithm_v7(
      MemorySegment handle,
      MemorySegment x,
      MemorySegment w,
      MemorySegment convolution,
      MemorySegment y,
      int requested,
      MemorySegment returned,
      MemorySegment results) {
    return list(
        FORWARD,
        geometry(handle, x, w, convolution, y),
        convolution,
        requested,
        returned,
        results,
        -1);
  }

  int cudnnGetConvolutionForwardWorkspaceSize(
      MemorySegment handle,
      MemorySegment x,
      MemorySegment w,
      MemorySegment convolution,
      MemorySegment y,
      int algo,
      MemorySegment size) {
    return workspace(FORWARD, geometry(handle, x, w, convolution, y), algo, size);
  }

  int cudnnGetConvolutionBackwardDataAlgorithmMaxCount(MemorySegment handle, MemorySegment count) {
    return count(BACKWARD_DATA, handle, count);
  }

  int cudnnGetConvolutionBackwardDataAlgorithm_v7(
      MemorySegment handle,
      MemorySegment w,
      MemorySegment y,
      MemorySegment convolution,
      MemorySegment x,
      int requested,
      MemorySegment returned,
      MemorySegment results) {
    return list(
        BACKWARD_DATA,
        geometry(handle, x, w, convolution, y),
        convolution,
        requested,
        returned,
        results,
        -1);
  }

  int cudnnGetConvolutionBackwardDataWorkspaceSize(
      MemorySegment handle,
      MemorySegment w,
      MemorySegment y,
      MemorySegment convolution,
      MemorySegment x,
      int algo,
      MemorySegment size) {
    return workspace(BACKWARD_DATA, geometry(handle, x, w, convolution, y), algo, size);
  }

  int cudnnGetConvolutionBackwardFilterAlgorithmMaxCount(
      MemorySegment handle, MemorySegment count) {
    return count(BACKWARD_FILTER, handle, count);
  }

  int cudnnGetConvolutionBackwardFilterAlgorithm_v7(
      MemorySegment handle,
      MemorySegment x,
      MemorySegment y,
      MemorySegment convolution,
      MemorySegment w,
      int requested,
      MemorySegment returned,
      MemorySegment results) {
    return list(
        BACKWARD_FILTER,
        geometry(handle, x, w, convolution, y),
        convolution,
        requested,
        returned,
        results,
        -1);
  }

  int cudnnGetConvolutionBackwardFilterWorkspaceSize(
      MemorySegment handle,
      MemorySegment x,
      MemorySegment y,
      MemorySegment convolution,
      MemorySegment w,
      int algo,
      MemorySegment size) {
    return workspace(BACKWARD_FILTER, geometry(handle, x, w, convolution, y), algo, size);
  }

  /** Measures, for which it allocates and waits. */
  int cudnnFindConvolutionForwardAlgorithm(
      MemorySegment handle,
      MemorySegment x,
      MemorySegment w,
      MemorySegment convolution,
      MemorySegment y,
      int requested,
      MemorySegment returned,
      MemorySegment results) {
    context.cuda.streams.unsafe("cudnnFindConvolutionForwardAlgorithm");
    return list(
        FORWARD,
        geometry(handle, x, w, convolution, y),
        convolution,
        requested,
        returned,
        results,
        1);
  }
}
