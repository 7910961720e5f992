package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.CudnnContext.at;
import static dev.lanewise.cuda.fake.CudnnContext.checkApart;
import static dev.lanewise.cuda.fake.CudnnContext.choice;
import static dev.lanewise.cuda.fake.CudnnContext.require;
import static dev.lanewise.cuda.fake.CudnnContext.supported;

import dev.lanewise.cuda.simt.DeviceAccess;
import java.lang.foreign.MemorySegment;

/** Softmax and its logarithm in cuDNN. */
final class CudnnSoftmax {

  /** In the order of cudnnSoftmaxAlgorithm_t. */
  private enum Algorithm {
    /** Without the greatest subtracted, so that the exponential can overflow a float. */
    FAST,
    ACCURATE,
    LOG
  }

  /** In the order of cudnnSoftmaxMode_t. */
  private enum Mode {
    /** Over all but the batch. */
    INSTANCE,
    /** Over the channels at each place. */
    CHANNEL
  }

  /** A tensor cut into groups whose elements lie {@code step} apart. */
  private record Groups(int count, int length, int step, int perBatch) {
    static Groups of(Mode mode, TensorShape shape) {
      int batch = shape.dim(0);
      int all = shape.count() / batch;
      return switch (mode) {
        case INSTANCE -> new Groups(batch, all, 1, 1);
        case CHANNEL -> {
          int places = all / shape.dim(1);
          yield new Groups(batch * places, shape.dim(1), places, places);
        }
      };
    }

    int start(int group) {
      return group / perBatch * length * step + group % perBatch;
    }
  }

  private final CudnnContext context;
  private final DeviceAccess memory;

  CudnnSoftmax(CudnnContext context) {
    this.context = context;
    this.memory = context.cuda.blocks;
  }

  private static void same(TensorShape a, TensorShape b) {
    require(a.sameDims(b), "%s and %s differ in dimensions", a, b);
    require(a.type() == b.type(), "%s and %s differ in type", a, b);
    supported(a.type() != NumberType.I32, "a softmax of integers");
    supported(a.rank() <= 5, "a softmax of %d dimensions", a.rank());
  }

  int cudnnSoftmaxForward(
      MemorySegment handle,
      int algorithm,
      int mode,
      MemorySegment alpha,
      MemorySegment xDesc,
      MemorySegment x,
      MemorySegment beta,
      MemorySegment yDesc,
      MemorySegment y) {
    CudnnHandle dnn = context.handle(handle);
    Algorithm algo = choice(Algorithm.values(), algorithm, "softmax algorithm");
    Mode over = choice(Mode.values(), mode, "softmax mode");
    TensorShape source = context.tensor(xDesc, "xDesc");
    TensorShape result = context.tensor(yDesc, "yDesc");
    same(source, result);
    double xFactor = context.factor(alpha, result.type(), "alpha");
    double yFactor = context.factor(beta, result.type(), "beta");
    StridedArray from = at(source, x, "x");
    StridedArray to = at(result, y, "y");
    Groups groups = Groups.of(over, source);
    return context.submit(
        dnn,
        "cudnnSoftmaxForward",
        () -> {
          if (!to.sameAs(from)) {
            checkApart(to, from);
          }
          double[] values = from.read(memory);
          for (int g = 0; g < groups.count(); g++) {
            forward(algo, values, groups, groups.start(g), result.type());
          }
          to.blend(memory, xFactor, values, yFactor);
        });
  }

  private static void forward(
      Algorithm algo, double[] x, Groups groups, int start, NumberType type) {
    int end = start + groups.length() * groups.step();
    double greatest = Double.NEGATIVE_INFINITY;
    for (int i = start; i < end; i += groups.step()) {
      greatest = Math.max(greatest, x[i]);
    }
    double shift = algo == Algorithm.FAST ? 0 : greatest;
    double sum = 0;
    for (int i = start; i < end; i += groups.step()) {
      sum += exp(x[i] - shift, type);
    }
    for (int i = start; i < end; i += groups.step()) {
      x[i] =
          switch (algo) {
            case FAST, ACCURATE -> exp(x[i] - shift, type) / sum;
            case LOG -> x[i] - shift - Math.log(sum);
          };
    }
  }

  /** {@return the exponential, infinite where a float would be} */
  private static double exp(double x, NumberType type) {
    double e = Math.exp(x);
    return type != NumberType.F64 && e > Float.MAX_VALUE ? Double.POSITIVE_INFINITY : e;
  }

  /**
   * Documentation of cudnnSoftmaxBackward: the three shapes and types are the same, and the strides
   * of y and dy; dx may be dy.
   */
  int cudnnSoftmaxBackward(
      MemorySegment handle,
      int algorithm,
      int mode,
      MemorySegment alpha,
      MemorySegment yDesc,
      MemorySegment y,
      MemorySegment dyDesc,
      MemorySegment dy,
      MemorySegment beta,
      MemorySegment dxDesc,
      MemorySegment dx) {
    CudnnHandle dnn = context.handle(handle);
    Algorithm algo = choice(Algorithm.values(), algorithm, "softmax algorithm");
    Mode over = choice(Mode.values(), mode, "softmax mode");
    TensorShape output = context.tensor(yDesc, "yDesc");
    TensorShape change = context.tensor(dyDesc, "dyDesc");
    TensorShape result = context.tensor(dxDesc, "dxDesc");
    same(output, change);
    same(output, result);
    require(output.sameStrides(change), "y and dy differ in strides");
    double factor = context.factor(alpha, result.type(), "alpha");
    double old = context.factor(beta, result.type(), "beta");
    StridedArray ys = at(output, y, "y");
    StridedArray dys = at(change, dy, "dy");
    StridedArray to = at(result, dx, "dx");
    Groups groups = Groups.of(over, output);
    return context.submit(
        dnn,
        "cudnnSoftmaxBackward",
        () -> {
          checkApart(to, ys);
          if (!to.sameAs(dys)) {
            checkApart(to, dys);
          }
          double[] outs = ys.read(memory);
          double[] changes = dys.read(memory);
          for (int g = 0; g < groups.count(); g++) {
            backward(algo, outs, changes, groups, groups.start(g));
          }
          to.blend(memory, factor, changes, old);
        });
  }

  private static void backward(Algorithm algo, double[] y, double[] dy, Groups groups, int start) {
    int end = start + groups.length() * groups.step();
    double sum = 0;
    for (int i = start; i < end; i += groups.step()) {
      sum += algo == Algorithm.LOG ? dy[i] : dy[i] * y[i];
    }
    for (int i = start; i < end; i += groups.step()) {
      dy[i] =
          switch (algo) {
            case FAST, ACCURATE -> y[i] * (dy[i] - sum);
            case LOG -> dy[i] - Math.exp(y[i]) * sum;
          };
    }
  }
}
