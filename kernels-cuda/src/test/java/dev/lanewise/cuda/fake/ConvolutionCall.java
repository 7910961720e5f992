package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.CudnnContext.at;
import static dev.lanewise.cuda.fake.CudnnContext.checkApart;
import static dev.lanewise.cuda.fake.CudnnContext.require;

import dev.lanewise.cuda.simt.DeviceAccess;
import java.lang.foreign.MemorySegment;

/** A call of any convolution of cuDNN: the three tensors, the algorithm and its workspace. */
final class ConvolutionCall {

  private final CudnnContext context;
  private final DeviceAccess memory;
  private final ConvolutionDirection direction;
  private final ConvolutionGeometry geometry;
  private final Precision precision;
  private final StridedArray x;
  private final StridedArray w;
  private final StridedArray y;
  private MemorySegment workspace = MemorySegment.NULL;
  private long workspaceBytes;

  ConvolutionCall(
      CudnnContext context,
      ConvolutionDirection direction,
      ConvolutionGeometry geometry,
      ConvolutionDescriptor descriptor,
      MemorySegment x,
      MemorySegment w,
      MemorySegment y) {
    this.context = context;
    this.memory = context.cuda.blocks;
    this.direction = direction;
    this.geometry = geometry;
    this.precision = descriptor.math.precision(geometry.x.type(), context.cuda.device.major);
    this.x = at(geometry.x, x, "the input");
    this.w = at(geometry.w, w, "the filter");
    this.y = at(geometry.y, y, "the output");
  }

  NumberType type() {
    return geometry.x.type();
  }

  /**
   * Checks the algorithm and the workspace: one that is too small, or null where some is wanted, is
   * CUDNN_STATUS_BAD_PARAM.
   */
  ConvolutionCall with(int algo, MemorySegment workspace, long bytes) {
    var algorithm = direction.algorithm(algo, geometry);
    long wanted = algorithm.workspace(geometry);
    require(
        bytes >= wanted && (wanted == 0 || workspace.address() != 0),
        "a workspace of %d bytes at %s, and algorithm %d wants %d",
        bytes,
        DeviceBlocks.hex(workspace.address()),
        algo,
        wanted);
    if (!algorithm.deterministic()) {
      context.cuda.math.nonDeterministic(direction + " convolution by algorithm " + algo);
    }
    context.cuda.math.product(precision);
    this.workspace = workspace;
    this.workspaceBytes = bytes;
    return this;
  }

  /** {@return the output of the forward convolution, or the change of the input or the filter} */
  double[] compute() {
    spoilWorkspace();
    double[] xs = direction == ConvolutionDirection.BACKWARD_DATA ? null : inputs(x);
    double[] ws = direction == ConvolutionDirection.BACKWARD_FILTER ? null : inputs(w);
    double[] ys = direction == ConvolutionDirection.FORWARD ? null : inputs(y);
    double[] result = new double[result().count()];
    geometry.visit(
        switch (direction) {
          case FORWARD -> (xi, wi, yi) -> result[yi] += xs[xi] * ws[wi];
          case BACKWARD_DATA -> (xi, wi, yi) -> result[xi] += ws[wi] * ys[yi];
          case BACKWARD_FILTER -> (xi, wi, yi) -> result[wi] += xs[xi] * ys[yi];
        });
    return result;
  }

  StridedArray result() {
    return switch (direction) {
      case FORWARD -> y;
      case BACKWARD_DATA -> x;
      case BACKWARD_FILTER -> w;
    };
  }

  /** Stores {@code alpha * convolution + beta * old} when the stream gets to it. */
  int submit(CudnnHandle handle, String what, double alpha, double beta) {
    return context.submit(
        handle,
        what,
        () -> {
          double[] values = compute();
          result().blend(memory, alpha, values, beta);
        });
  }

  private double[] inputs(StridedArray array) {
    double[] values = array.read(memory);
    precision.round(values);
    return values;
  }

  /** What lay in the workspace is lost, so that one in use elsewhere is found out. */
  private void spoilWorkspace() {
    switch (direction) {
      case FORWARD -> checkApart(y, x, w);
      case BACKWARD_DATA -> checkApart(x, w, y);
      case BACKWARD_FILTER -> checkApart(w, x, y);
    }
    memory.at(workspace.address(), workspaceBytes).fill(DeviceBlocks.NOISE);
  }
}
