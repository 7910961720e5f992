package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.CudnnContext.SUCCESS;
import static dev.lanewise.cuda.fake.CudnnContext.at;
import static dev.lanewise.cuda.fake.CudnnContext.checkApart;
import static dev.lanewise.cuda.fake.CudnnContext.choice;
import static dev.lanewise.cuda.fake.CudnnContext.require;
import static dev.lanewise.cuda.fake.CudnnContext.supported;

import dev.lanewise.cuda.fake.PoolingDescriptor.Pooling;
import dev.lanewise.cuda.simt.DeviceAccess;
import java.lang.foreign.MemorySegment;

/** The poolings of cuDNN. */
final class CudnnPoolings {

  /** Seen with 9.5: seven dimensions are CUDNN_STATUS_NOT_SUPPORTED. */
  private static final int MOST_DIMS = 6;

  private final CudnnContext context;
  private final DeviceAccess memory;

  CudnnPoolings(CudnnContext context) {
    this.context = context;
    this.memory = context.cuda.blocks;
  }

  int cudnnCreatePoolingDescriptor(MemorySegment descriptor) {
    return context.create(descriptor, PoolingDescriptor::new);
  }

  int cudnnDestroyPoolingDescriptor(MemorySegment descriptor) {
    return context.destroy(PoolingDescriptor.class, descriptor);
  }

  int cudnnSetPooling2dDescriptor(
      MemorySegment descriptor,
      int mode,
      int nanOption,
      int windowHeight,
      int windowWidth,
      int paddingHeight,
      int paddingWidth,
      int strideHeight,
      int strideWidth) {
    return set(
        descriptor,
        mode,
        nanOption,
        new int[] {windowHeight, windowWidth},
        new int[] {paddingHeight, paddingWidth},
        new int[] {strideHeight, strideWidth});
  }

  int cudnnSetPoolingNdDescriptor(
      MemorySegment descriptor,
      int mode,
      int nanOption,
      int rank,
      MemorySegment window,
      MemorySegment padding,
      MemorySegment stride) {
    require(rank > 0, "nbDims <= 0");
    supported(rank <= MOST_DIMS, "a pooling of %d dimensions", rank);
    return set(
        descriptor,
        mode,
        nanOption,
        context.numbers(window, rank, "windowDimA"),
        context.numbers(padding, rank, "paddingA"),
        context.numbers(stride, rank, "strideA"));
  }

  /** The real library takes a negative padding; it is refused here. */
  private int set(
      MemorySegment descriptor,
      int mode,
      int nanOption,
      int[] window,
      int[] padding,
      int[] stride) {
    var found = context.cuda.handles.get(PoolingDescriptor.class, descriptor);
    var chosen = choice(PoolingDescriptor.Mode.values(), mode, "pooling mode");
    require(nanOption == 0 || nanOption == 1, "maxpoolingNanOpt is %d", nanOption);
    for (int i = 0; i < window.length; i++) {
      require(window[i] > 0, "windowDimA[i] <= 0");
      require(padding[i] >= 0, "paddingA[i] < 0");
      require(stride[i] > 0, "strideA[i] <= 0");
    }
    found.pooling = new Pooling(chosen, nanOption == 1, window, padding, stride);
    return SUCCESS;
  }

  private Pooling pooling(MemorySegment descriptor) {
    Pooling pooling = context.cuda.handles.get(PoolingDescriptor.class, descriptor).pooling;
    require(pooling != null, "poolingDesc is not set");
    return pooling;
  }

  int cudnnGetPooling2dForwardOutputDim(
      MemorySegment descriptor,
      MemorySegment input,
      MemorySegment n,
      MemorySegment c,
      MemorySegment h,
      MemorySegment w) {
    Pooling pooling = pooling(descriptor);
    TensorShape shape = context.tensor(input, "inputTensorDesc");
    require(shape.rank() == 4 && pooling.window().length == 2, "the input is %s", shape);
    int height = pooling.output(0, shape.dim(2));
    int width = pooling.output(1, shape.dim(3));
    require(height > 0 && width > 0, "an output of %d by %d", height, width);
    context.out.number(n, shape.dim(0));
    context.out.number(c, shape.dim(1));
    context.out.number(h, height);
    context.out.number(w, width);
    return SUCCESS;
  }

  /**
   * Checks input and output. Documentation of cudnnPoolingForward: batch, channels and types are
   * the same, and the stride of the last dimension is 1; output dims are 1 + (input + 2 * padding -
   * window) / stride. A window that lies in the padding alone has no greatest element, so the
   * double refuses a padding that is not less than the window.
   */
  private static void check(Pooling pooling, TensorShape x, TensorShape y) {
    int spatial = pooling.window().length;
    supported(spatial == 2 || spatial == 3, "a pooling over %d dimensions", spatial);
    require(x.rank() == spatial + 2, "x is %s for a pooling over %d dimensions", x, spatial);
    require(x.rank() == y.rank(), "x is %s, y is %s", x, y);
    require(x.type() == y.type(), "x is %s, y is %s", x, y);
    supported(x.type() != NumberType.I32, "a pooling of integers");
    require(x.dim(0) == y.dim(0) && x.dim(1) == y.dim(1), "x is %s, y is %s", x, y);
    supported(
        x.stride(spatial + 1) == 1 && y.stride(spatial + 1) == 1,
        "a last dimension of another stride than 1");
    for (int i = 0; i < spatial; i++) {
      require(pooling.padding()[i] < pooling.window()[i], "padding not less than the window");
      int output = pooling.output(i, x.dim(i + 2));
      require(y.dim(i + 2) == output, "y is %s, its dim %d should be %d", y, i + 2, output);
    }
  }

  int cudnnPoolingForward(
      MemorySegment handle,
      MemorySegment descriptor,
      MemorySegment alpha,
      MemorySegment xDesc,
      MemorySegment x,
      MemorySegment beta,
      MemorySegment yDesc,
      MemorySegment y) {
    CudnnHandle dnn = context.handle(handle);
    Pooling pooling = pooling(descriptor);
    TensorShape source = context.tensor(xDesc, "xDesc");
    TensorShape result = context.tensor(yDesc, "yDesc");
    check(pooling, source, result);
    double xFactor = context.factor(alpha, result.type(), "alpha");
    double yFactor = context.factor(beta, result.type(), "beta");
    StridedArray from = at(source, x, "x");
    StridedArray to = at(result, y, "y");
    PoolingWindows windows = new PoolingWindows(pooling, source.dims(), result.dims());
    return context.submit(
        dnn,
        "cudnnPoolingForward",
        () -> {
          checkApart(to, from);
          to.blend(memory, xFactor, windows.forward(from.read(memory)), yFactor);
        });
  }

  /** CUDNN_POOLING_MAX is not deterministic on its way back (documentation of the mode). */
  int cudnnPoolingBackward(
      MemorySegment handle,
      MemorySegment descriptor,
      MemorySegment alpha,
      MemorySegment yDesc,
      MemorySegment y,
      MemorySegment dyDesc,
      MemorySegment dy,
      MemorySegment xDesc,
      MemorySegment x,
      MemorySegment beta,
      MemorySegment dxDesc,
      MemorySegment dx) {
    CudnnHandle dnn = context.handle(handle);
    Pooling pooling = pooling(descriptor);
    TensorShape output = context.tensor(yDesc, "yDesc");
    TensorShape change = context.tensor(dyDesc, "dyDesc");
    TensorShape input = context.tensor(xDesc, "xDesc");
    TensorShape result = context.tensor(dxDesc, "dxDesc");
    check(pooling, input, output);
    check(pooling, result, change);
    require(input.sameDims(result) && input.type() == result.type(), "x %s, dx %s", input, result);
    // documentation: strides of x and dx, and of y and dy, are the same
    require(input.sameStrides(result), "x and dx differ in strides");
    require(output.sameStrides(change), "y and dy differ in strides");
    double factor = context.factor(alpha, result.type(), "alpha");
    double old = context.factor(beta, result.type(), "beta");
    StridedArray ys = at(output, y, "y");
    StridedArray dys = at(change, dy, "dy");
    StridedArray xs = at(input, x, "x");
    StridedArray to = at(result, dx, "dx");
    PoolingWindows windows = new PoolingWindows(pooling, input.dims(), output.dims());
    if (pooling.mode() == PoolingDescriptor.Mode.MAX) {
      context.cuda.math.nonDeterministic("cudnnPoolingBackward with CUDNN_POOLING_MAX");
    }
    return context.submit(
        dnn,
        "cudnnPoolingBackward",
        () -> {
          checkApart(to, xs, ys, dys);
          double[] changes = windows.backward(xs.read(memory), ys.read(memory), dys.read(memory));
          to.blend(memory, factor, changes, old);
        });
  }
}
