package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.array.Device;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.ReduceSpec;
import dev.lanewise.simd.gemm.Gemm;
import java.lang.ref.Reference;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Convolutions and their gradients. Three ways, each the fastest where it serves (GFLOP/s of a core
 * that multiplies matrices at 225, {@code [32, 32, 28, 28]} with 64 filters of 3×3):
 *
 * <ul>
 *   <li>A window of one element without steps is a matrix product as it is.
 *   <li>{@link Correlation} and {@link FilterGradient} read images where they lie, only padded (180
 *       to 205, where unfolding reaches 110 to 150).
 *   <li>Where windows or their elements are so far apart that padded images would be much larger
 *       than the arrays, the matrix is built, one image and group at a time, by {@link Im2col}.
 * </ul>
 */
final class Convolution {
  /** Into how many partial sums the images of a filter gradient fall, at most. */
  private static final int PARTS = 8;

  /** Partial sums together take at most so many elements. */
  private static final long PARTIAL_ELEMENTS = 1L << 24;

  private final Device device;
  private final Workers workers;
  private final Reduction reduction;

  Convolution(Device device, Workers workers, Reduction reduction) {
    this.device = device;
    this.workers = workers;
    this.reduction = reduction;
  }

  /** The extents of one call's matrix products, and the memory in which images are unfolded. */
  private final class Call {
    final Planes planes;
    final DType dtype;
    final int bytes;
    final int images;
    final int groups;
    final int channels; // of one group
    final int filters; // of one group
    final int taps;
    final int inSize;
    final int outSize;
    final Im2col im2col;
    final boolean identity;
    private final ConcurrentLinkedQueue<Long> matrices = new ConcurrentLinkedQueue<>();

    Call(ConvSpec spec, DType dtype) {
      this.planes = new Planes(spec.input(), spec.output(), spec.window());
      this.dtype = dtype;
      this.bytes = dtype.byteSize();
      this.images = spec.input().dim(0);
      this.groups = spec.groups();
      this.channels = spec.filter().dim(1);
      this.filters = spec.filter().dim(0) / groups;
      this.taps = planes.taps();
      this.inSize = planes.inSize();
      this.outSize = planes.outSize();
      this.im2col = new Im2col(planes, dtype);
      this.identity = planes.isIdentity();
    }

    int depth() {
      return Math.multiplyExact(channels, taps);
    }

    /** {@return memory for one unfolded image for each task that can run at a time} */
    NdArray openMatrices(int tasks) {
      int count = Math.max(1, Math.min(tasks, workers.threads()));
      int rows = identity ? 0 : depth();
      NdArray memory = NdArray.uninitialized(device, dtype, Shape.of(count, rows, outSize));
      for (int i = 0; i < count; i++) {
        matrices.add(Addresses.of(memory) + (long) i * rows * outSize * bytes);
      }
      return memory;
    }

    long takeMatrix() {
      return matrices.remove();
    }

    void giveMatrix(long matrix) {
      matrices.add(matrix);
    }

    long image(long x, int image, int group) {
      return x + ((long) image * groups + group) * channels * inSize * bytes;
    }

    long output(long out, int image, int group) {
      return out + ((long) image * groups + group) * filters * outSize * bytes;
    }

    long filter(long w, int group) {
      return w + (long) group * filters * depth() * bytes;
    }

    void multiply(
        int m,
        int n,
        int k,
        long a,
        long rsA,
        long csA,
        long b,
        long rsB,
        long csB,
        double beta,
        long c,
        long rsC) {
      if (dtype == DType.F32) {
        Gemm.f32(m, n, k, 1, a, rsA, csA, b, rsB, csB, (float) beta, c, rsC);
      } else {
        Gemm.f64(m, n, k, 1, a, rsA, csA, b, rsB, csB, beta, c, rsC);
      }
    }
  }

  /**
   * {@return what follows each part of a convolution, or null if it can not be computed in place}
   *
   * @param arguments the output and the others, of its shape
   */
  static Epilogue epilogue(ConvSpec spec, Expr expr, double[] params, NdArray... arguments) {
    if (!arguments[0].layout().isContiguous() || arguments[0].size() == 0) {
      return null;
    }
    // The spatial axes as one, so that a part of an image is a block of a matrix.
    int filters = spec.output().dim(1);
    int images = spec.output().dim(0);
    int plane = Math.toIntExact(spec.output().size() / images / filters);
    NdArray[] matrices = new NdArray[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      Layout layout = arguments[i].layout().reshape(Shape.of(images, filters, plane));
      if (layout == null) {
        return null;
      }
      matrices[i] = arguments[i].view(layout);
    }
    return Epilogue.of(matrices[0], expr, params, matrices);
  }

  /**
   * Convolves.
   *
   * @param epilogue what follows each part, or null
   */
  void forward(ConvSpec spec, NdArray x, NdArray filter, NdArray out, Epilogue epilogue) {
    if (spec.output().size() == 0) {
      return;
    }
    Call call = new Call(spec, x.dtype());
    Correlation correlation = Correlation.forward(spec, x.dtype());
    try (Scope _ = Scope.open("conv temporaries")) {
      NdArray denseX = Dense.input(x, workers);
      NdArray denseW = Dense.input(filter, workers);
      NdArray denseOut = Dense.output(out);
      long from = Addresses.of(denseX);
      long weights = Addresses.of(denseW);
      long to = Addresses.of(denseOut);
      if (!call.identity && correlation.isReasonable()) {
        correlation.run(device, workers, call.images, call.groups, from, weights, to, epilogue);
        Dense.finish(denseOut, out, workers);
        keepReachable(denseX, denseW, denseOut);
        return;
      }
      int tasks = Math.multiplyExact(call.images, call.groups);
      NdArray memory = call.openMatrices(tasks);
      workers.run(
          tasks,
          t -> {
            int image = t / call.groups;
            int group = t % call.groups;
            long matrix = call.takeMatrix();
            long unfolded = unfold(call, call.image(from, image, group), matrix);
            call.multiply(
                call.filters,
                call.outSize,
                call.depth(),
                call.filter(weights, group),
                call.depth(),
                1,
                unfolded,
                call.outSize,
                1,
                0,
                call.output(to, image, group),
                call.outSize);
            call.giveMatrix(matrix);
            if (epilogue != null) {
              int first = group * call.filters;
              epilogue.run(image, first, first + call.filters, 0, call.outSize);
            }
          });
      Dense.finish(denseOut, out, workers);
      keepReachable(denseX, denseW, denseOut, memory);
    }
  }

  private static long unfold(Call call, long image, long matrix) {
    if (call.identity) {
      return image;
    }
    call.im2col.unfold(image, call.channels, matrix);
    return matrix;
  }

  void backwardData(ConvSpec spec, NdArray outGrad, NdArray filter, NdArray xGrad) {
    if (spec.input().size() == 0) {
      return;
    }
    Call call = new Call(spec, outGrad.dtype());
    Correlation correlation = Correlation.backwardData(spec, outGrad.dtype());
    try (Scope _ = Scope.open("convBackwardData temporaries")) {
      NdArray denseG = Dense.input(outGrad, workers);
      NdArray denseW = Dense.input(filter, workers);
      NdArray denseX = Dense.output(xGrad);
      long grads = Addresses.of(denseG);
      long weights = Addresses.of(denseW);
      long to = Addresses.of(denseX);
      if (!call.identity && correlation.isReasonable()) {
        correlation.run(device, workers, call.images, call.groups, grads, weights, to, null);
        Dense.finish(denseX, xGrad, workers);
        keepReachable(denseG, denseW, denseX);
        return;
      }
      int tasks = Math.multiplyExact(call.images, call.groups);
      NdArray memory = call.openMatrices(tasks);
      long imageBytes = (long) call.channels * call.inSize * call.bytes;
      workers.run(
          tasks,
          t -> {
            int image = t / call.groups;
            int group = t % call.groups;
            long target = call.image(to, image, group);
            long matrix = call.takeMatrix();
            call.multiply(
                call.depth(),
                call.outSize,
                call.filters,
                call.filter(weights, group),
                1,
                call.depth(),
                call.output(grads, image, group),
                call.outSize,
                1,
                0,
                call.identity ? target : matrix,
                call.outSize);
            if (!call.identity) {
              Addresses.ALL.asSlice(target, imageBytes).fill((byte) 0);
              call.im2col.fold(matrix, call.channels, target);
            }
            call.giveMatrix(matrix);
          });
      Dense.finish(denseX, xGrad, workers);
      keepReachable(denseG, denseW, denseX, memory);
    }
  }

  void backwardFilter(ConvSpec spec, NdArray x, NdArray outGrad, NdArray filterGrad) {
    if (spec.filter().size() == 0) {
      return;
    }
    Call call = new Call(spec, x.dtype());
    try (Scope _ = Scope.open("convBackwardFilter temporaries")) {
      NdArray denseX = Dense.input(x, workers);
      NdArray denseG = Dense.input(outGrad, workers);
      long from = Addresses.of(denseX);
      long grads = Addresses.of(denseG);
      FilterGradient way = FilterGradient.of(spec, call.dtype);
      if (!call.identity && way.isReasonable() && spec.output().size() > 0) {
        way.run(device, workers, reduction, from, grads, filterGrad);
        keepReachable(denseX, denseG);
        return;
      }
      // How many parts depends on the problem alone, so that threads change no bit.
      long elements = spec.filter().size();
      int parts = Math.clamp(Math.min(call.images, PARTIAL_ELEMENTS / elements), 1, PARTS);
      NdArray partial =
          NdArray.zeros(device, call.dtype, Shape.of(parts, Math.toIntExact(elements)));
      long sums = Addresses.of(partial);
      int tasks = parts * call.groups;
      NdArray memory = call.openMatrices(tasks);
      workers.run(
          tasks,
          t -> {
            int part = t / call.groups;
            int group = t % call.groups;
            long target = call.filter(sums + part * elements * call.bytes, group);
            long matrix = call.takeMatrix();
            int end = (int) ((part + 1L) * call.images / parts);
            for (int image = (int) ((long) part * call.images / parts); image < end; image++) {
              long unfolded = unfold(call, call.image(from, image, group), matrix);
              call.multiply(
                  call.filters,
                  call.depth(),
                  call.outSize,
                  call.output(grads, image, group),
                  call.outSize,
                  1,
                  unfolded,
                  1,
                  call.outSize,
                  1,
                  target,
                  call.depth());
            }
            call.giveMatrix(matrix);
          });
      NdArray sum = NdArray.uninitialized(device, call.dtype, Shape.of((int) elements));
      reduction.run(
          ReduceSpec.of(ReduceOp.SUM, Expr.arg(0), new int[] {0}, sum, new double[0], partial),
          null);
      StridedCopy.run(Nest.of(reshaped(sum, spec.filter()), filterGrad), workers);
      keepReachable(denseX, denseG, partial, memory);
    }
  }

  private static NdArray reshaped(NdArray x, Shape shape) {
    return x.view(x.layout().reshape(shape));
  }

  private static void keepReachable(NdArray... arrays) {
    Reference.reachabilityFence(arrays);
  }
}
