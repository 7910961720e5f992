package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.LibraryTester.ok;
import static dev.lanewise.cuda.fake.LibraryTester.size;
import static dev.lanewise.cuda.fake.LibraryTester.some;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.bindings.cuda.Cudnn;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Element by element, activations, reductions and softmax of the double's cuDNN. */
final class CudnnElementwiseDoubleTest {

  private static final int BAD = 2000;
  private static final int NOT_SUPPORTED = 3000;
  private static final int FAILED = 5000;
  private static final int FLOAT = Cudnn.CUDNN_DATA_FLOAT();
  private static final double NAN = Double.NaN;

  private final CudnnTester dnn = new CudnnTester();
  private final LibraryTester t = dnn.t;
  private final MemorySegment h = dnn.handle;

  @AfterEach
  void destroy() {
    dnn.close();
  }

  private MemorySegment operation(int operation) {
    MemorySegment descriptor = t.make(Cudnn::cudnnCreateOpTensorDescriptor);
    dnn.atEnd(() -> ok(Cudnn.cudnnDestroyOpTensorDescriptor(descriptor)));
    ok(
        Cudnn.cudnnSetOpTensorDescriptor(
            descriptor, operation, FLOAT, Cudnn.CUDNN_NOT_PROPAGATE_NAN()));
    return descriptor;
  }

  @Test
  void operationsWithAnOperandThatRepeats() {
    MemorySegment full = dnn.floats(1, 2, 1, 3);
    MemorySegment channels = dnn.floats(1, 2, 1, 1);
    MemorySegment a = t.floats(1, 2, 3, 4, 5, 6);
    MemorySegment b = t.floats(10, 20);
    MemorySegment c = t.floats(NAN, NAN, NAN, NAN, NAN, NAN);
    MemorySegment add = operation(Cudnn.CUDNN_OP_TENSOR_ADD());
    ok(Cudnn.cudnnOpTensor(h, add, t.f(1), full, a, t.f(2), channels, b, t.f(0), full, c));
    t.assertFloats(c, 0, 21, 22, 23, 44, 45, 46);
    MemorySegment mul = operation(Cudnn.CUDNN_OP_TENSOR_MUL());
    ok(Cudnn.cudnnOpTensor(h, mul, t.f(1), full, a, t.f(1), channels, b, t.f(1), full, c));
    t.assertFloats(c, 0, 31, 42, 53, 124, 145, 166);
    MemorySegment max = operation(Cudnn.CUDNN_OP_TENSOR_MAX());
    MemorySegment nans = t.floats(NAN, 5);
    ok(Cudnn.cudnnOpTensor(h, max, t.f(1), full, a, t.f(1), channels, nans, t.f(0), full, c));
    t.assertFloats(c, 0, 1, 2, 3, 5, 5, 6);
    MemorySegment min = operation(Cudnn.CUDNN_OP_TENSOR_MIN());
    ok(Cudnn.cudnnOpTensor(h, min, t.f(1), full, a, t.f(1), channels, nans, t.f(0), full, c));
    t.assertFloats(c, 0, 1, 2, 3, 4, 5, 5);
    t.refused(
        BAD,
        Cudnn.cudnnOpTensor(h, add, t.f(1), channels, b, t.f(1), full, a, t.f(0), full, c),
        "C is");
    t.refused(
        BAD,
        Cudnn.cudnnOpTensor(h, add, t.f(1), full, a, t.f(1), full, c, t.f(0), full, c),
        "B is C, and A is not");
  }

  @Test
  void aBiasIsAddedInPlaceToAStridedTensor() {
    // [1, 2, 1, 2] with channels last: memory is c0w0 c1w0 c0w1 c1w1
    MemorySegment last = dnn.strided(new int[] {1, 2, 1, 2}, new int[] {4, 1, 4, 2});
    MemorySegment channels = dnn.floats(1, 2, 1, 1);
    MemorySegment c = t.floats(1, 2, 3, 4);
    ok(Cudnn.cudnnAddTensor(h, t.f(1), channels, t.floats(10, 20), t.f(1), last, c));
    t.assertFloats(c, 0, 11, 22, 13, 24);
    MemorySegment packed = dnn.floats(1, 2, 1, 2);
    MemorySegment to = t.floats(0, 0, 0, 0);
    ok(Cudnn.cudnnTransformTensor(h, t.f(2), last, c, t.f(0), packed, to));
    t.assertFloats(to, 0, 22, 26, 44, 48);
    t.refused(
        FAILED, Cudnn.cudnnTransformTensor(h, t.f(1), last, c, t.f(0), packed, c), "overlaps");
    ok(Cudnn.cudnnScaleTensor(h, packed, to, t.f(0.5)));
    t.assertFloats(to, 0, 11, 13, 22, 24);
    ok(Cudnn.cudnnSetTensor(h, packed, to, t.f(3)));
    t.assertFloats(to, 0, 3, 3, 3, 3);
    t.refused(BAD, Cudnn.cudnnAddTensor(h, t.f(1), packed, to, t.f(1), channels, c), "C is");
    t.refused(BAD, Cudnn.cudnnSetTensor(h, packed, to, to), "looks like a device address");
    t.refused(FAILED, Cudnn.cudnnSetTensor(h, packed, t.floats(1), t.f(3)), "past the end");
  }

  @Test
  void activationsAndTheirDerivatives() {
    MemorySegment shape = dnn.doubles(1, 1, 1, 4);
    double[] x = {-1.5, -0.25, 0.5, 3};
    double[] dy = {1, 2, -1, 0.5};
    for (int mode = 0; mode <= Cudnn.CUDNN_ACTIVATION_SWISH(); mode++) {
      if (mode == Cudnn.CUDNN_ACTIVATION_IDENTITY()) {
        continue;
      }
      MemorySegment activation = dnn.activation(mode, 2);
      MemorySegment xs = t.doubles(x);
      MemorySegment ys = t.doubles(0, 0, 0, 0);
      ok(Cudnn.cudnnActivationForward(h, activation, t.d(1), shape, xs, t.d(0), shape, ys));
      double[] y = t.read(NumberType.F64, ys, 4);
      for (int i = 0; i < 4; i++) {
        assertEquals(activation(mode, x[i]), y[i], 1e-12);
      }
      MemorySegment dxs = t.doubles(0, 0, 0, 0);
      ok(
          Cudnn.cudnnActivationBackward(
              h,
              activation,
              t.d(1),
              shape,
              ys,
              shape,
              t.doubles(dy),
              shape,
              xs,
              t.d(0),
              shape,
              dxs));
      double[] dx = t.read(NumberType.F64, dxs, 4);
      for (int i = 0; i < 4; i++) {
        double step = 1e-6;
        double slope = (activation(mode, x[i] + step) - activation(mode, x[i] - step)) / (2 * step);
        assertEquals(dy[i] * slope, dx[i], 1e-8, "mode " + mode);
      }
    }
  }

  /** As the documentation of cudnnActivationMode_t has them, with a coefficient of 2. */
  private static double activation(int mode, double x) {
    return switch (mode) {
      case 0 -> 1 / (1 + Math.exp(-x));
      case 1 -> Math.max(0, x);
      case 2 -> Math.tanh(x);
      case 3 -> Math.min(Math.max(0, x), 2);
      case 4 -> x < 0 ? 2 * (Math.exp(x) - 1) : x;
      case 6 -> x / (1 + Math.exp(-x));
      default -> throw new AssertionError(mode);
    };
  }

  @Test
  void activationsThatAreRefused() {
    MemorySegment shape = dnn.floats(1, 1, 1, 2);
    MemorySegment wide = dnn.strided(new int[] {1, 1, 1, 2}, new int[] {4, 4, 4, 2});
    MemorySegment x = t.floats(1, 2);
    MemorySegment relu = dnn.activation(Cudnn.CUDNN_ACTIVATION_RELU(), 0);
    MemorySegment identity = dnn.activation(Cudnn.CUDNN_ACTIVATION_IDENTITY(), 0);
    t.refused(
        BAD,
        Cudnn.cudnnActivationForward(h, identity, t.f(1), shape, x, t.f(0), shape, x),
        "identity");
    t.refused(
        BAD,
        Cudnn.cudnnActivationForward(h, relu, t.f(1), shape, x, t.f(0), dnn.doubles(1, 1, 1, 2), x),
        "differ");
    t.refused(BAD, Cudnn.cudnnSetActivationDescriptor(relu, 7, 0, 0), "no activation mode 7");
    assertEquals(
        NOT_SUPPORTED,
        Cudnn.cudnnActivationBackward(
            h, relu, t.f(1), wide, x, shape, x, shape, x, t.f(0), shape, x));
    // relu: a NaN becomes 0 unless NaN are to be propagated
    MemorySegment nan = t.floats(NAN, -1);
    ok(Cudnn.cudnnActivationForward(h, relu, t.f(1), shape, nan, t.f(0), shape, x));
    t.assertFloats(x, 0, 0, 0);
    ok(
        Cudnn.cudnnSetActivationDescriptor(
            relu, Cudnn.CUDNN_ACTIVATION_RELU(), Cudnn.CUDNN_PROPAGATE_NAN(), 0));
    ok(Cudnn.cudnnActivationForward(h, relu, t.f(1), shape, nan, t.f(0), shape, x));
    t.assertFloats(x, 0, NAN, 0);
  }

  @Test
  void reductions() {
    MemorySegment full = dnn.floats(1, 2, 1, 3);
    MemorySegment channels = dnn.floats(1, 2, 1, 1);
    MemorySegment a = t.floats(1, -4, 3, 0, 2, 2);
    double[][] expected = {
      {0, 4},
      {-12, 0},
      {-4, 0},
      {3, 2},
      {4, 2},
      {0, 4 / 3.0},
      {8, 4},
      {Math.sqrt(26), Math.sqrt(8)},
      {-12, 4}
    };
    MemorySegment reduction = t.make(Cudnn::cudnnCreateReduceTensorDescriptor);
    MemorySegment bytes = t.size();
    for (int operation = 0; operation < expected.length; operation++) {
      ok(
          Cudnn.cudnnSetReduceTensorDescriptor(
              reduction, operation, FLOAT, Cudnn.CUDNN_PROPAGATE_NAN(), 0, 0));
      ok(Cudnn.cudnnGetReductionWorkspaceSize(h, reduction, full, channels, bytes));
      MemorySegment workspace = t.bytes(size(bytes));
      MemorySegment c = t.floats(NAN, NAN);
      ok(
          Cudnn.cudnnReduceTensor(
              h,
              reduction,
              MemorySegment.NULL,
              0,
              workspace,
              size(bytes),
              t.f(1),
              full,
              a,
              t.f(0),
              channels,
              c));
      t.assertFloats(c, 1e-6, expected[operation]);
      t.refused(
          BAD,
          Cudnn.cudnnReduceTensor(
              h,
              reduction,
              MemorySegment.NULL,
              0,
              workspace,
              size(bytes) - 1,
              t.f(1),
              full,
              a,
              t.f(0),
              channels,
              c),
          "a workspace of");
    }
    ok(Cudnn.cudnnDestroyReduceTensorDescriptor(reduction));
  }

  @Test
  void softmaxOverChannelsAndOverInstances() {
    int n = 2;
    int c = 3;
    int hw = 4;
    double[] x = some(n * c * hw, 7);
    double[] dy = some(n * c * hw, 8);
    MemorySegment shape = dnn.doubles(n, c, 2, 2);
    for (int algo = 0; algo < 3; algo++) {
      for (int mode = 0; mode < 2; mode++) {
        MemorySegment y = t.doubles(new double[x.length]);
        ok(Cudnn.cudnnSoftmaxForward(h, algo, mode, t.d(1), shape, t.doubles(x), t.d(0), shape, y));
        MemorySegment dx = t.doubles(dy); // in place
        ok(
            Cudnn.cudnnSoftmaxBackward(
                h, algo, mode, t.d(1), shape, y, shape, dx, t.d(0), shape, dx));
        double[] expected = softmax(x, c, hw, mode == 1, algo == 2);
        t.assertDoubles(y, 1e-12, expected);
        double[] change = t.read(NumberType.F64, dx, x.length);
        for (int i = 0; i < x.length; i += 5) {
          double[] more = x.clone();
          more[i] += 1e-6;
          double[] moved = softmax(more, c, hw, mode == 1, algo == 2);
          double sum = 0;
          for (int j = 0; j < x.length; j++) {
            sum += dy[j] * (moved[j] - expected[j]) / 1e-6;
          }
          assertEquals(sum, change[i], 1e-4);
        }
      }
    }
  }

  private static double[] softmax(double[] x, int c, int hw, boolean channel, boolean log) {
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double sum = 0;
      for (int j = 0; j < x.length; j++) {
        boolean sameInstance = i / (c * hw) == j / (c * hw);
        boolean samePlace = i % hw == j % hw;
        sum += sameInstance && (!channel || samePlace) ? Math.exp(x[j]) : 0;
      }
      y[i] = log ? x[i] - Math.log(sum) : Math.exp(x[i]) / sum;
    }
    return y;
  }

  @Test
  void theFastSoftmaxOverflowsAsFloatsDo() {
    MemorySegment shape = dnn.floats(1, 2, 1, 1);
    MemorySegment x = t.floats(100, 100);
    MemorySegment y = t.floats(0, 0);
    ok(
        Cudnn.cudnnSoftmaxForward(
            h, Cudnn.CUDNN_SOFTMAX_ACCURATE(), 1, t.f(1), shape, x, t.f(0), shape, y));
    t.assertFloats(y, 0, 0.5, 0.5);
    ok(
        Cudnn.cudnnSoftmaxForward(
            h, Cudnn.CUDNN_SOFTMAX_FAST(), 1, t.f(1), shape, x, t.f(0), shape, y));
    t.assertFloats(y, 0, NAN, NAN);
    t.refused(
        BAD,
        Cudnn.cudnnSoftmaxForward(h, 3, 1, t.f(1), shape, x, t.f(0), shape, y),
        "no softmax algorithm 3");
    t.refused(
        BAD,
        Cudnn.cudnnSoftmaxForward(h, 0, 1, t.f(1), shape, x, t.f(0), dnn.floats(1, 1, 2, 1), y),
        "differ in dimensions");
  }
}
