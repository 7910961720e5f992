package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.LibraryTester.number;
import static dev.lanewise.cuda.fake.LibraryTester.ok;
import static dev.lanewise.cuda.fake.LibraryTester.some;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bindings.cuda.Cudnn;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The convolutions of the double's cuDNN, through the bindings. */
final class CudnnConvolutionDoubleTest {

  private static final int FLOAT = Cudnn.CUDNN_DATA_FLOAT();
  private static final int DOUBLE = Cudnn.CUDNN_DATA_DOUBLE();
  private static final MemorySegment NULL = MemorySegment.NULL;

  private final CudnnTester dnn = new CudnnTester();
  private final LibraryTester t = dnn.t;
  private final MemorySegment h = dnn.handle;

  @AfterEach
  void destroy() {
    dnn.close();
  }

  /**
   * A convolution of [2, 4, 5, 6] with [6, 2, 3, 2] in 2 groups, asymmetric in all: by the
   * definition with a padded input.
   */
  private static double[] expected(double[] x, double[] w) {
    double[] y = new double[2 * 6 * 3 * 7];
    for (int n = 0; n < 2; n++) {
      for (int k = 0; k < 6; k++) {
        for (int oh = 0; oh < 3; oh++) {
          for (int ow = 0; ow < 7; ow++) {
            double sum = 0;
            for (int c = 0; c < 2; c++) {
              for (int kh = 0; kh < 3; kh++) {
                for (int kw = 0; kw < 2; kw++) {
                  int row = oh * 2 + kh - 1;
                  int col = ow + kw * 3 - 2;
                  if (row >= 0 && row < 5 && col >= 0 && col < 6) {
                    int channel = k < 3 ? c : 2 + c;
                    sum +=
                        x[((n * 4 + channel) * 5 + row) * 6 + col]
                            * w[((k * 2 + c) * 3 + kh) * 2 + kw];
                  }
                }
              }
            }
            y[((n * 6 + k) * 3 + oh) * 7 + ow] = sum;
          }
        }
      }
    }
    return y;
  }

  private final int[] padding = {1, 2};
  private final int[] stride = {2, 1};
  private final int[] dilation = {1, 3};

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  @Test
  void groupsStridesDilationAndTheWaysBack() {
    double[] x = some(2 * 4 * 5 * 6, 1);
    double[] w = some(6 * 2 * 3 * 2, 2);
    double[] dy = some(2 * 6 * 3 * 7, 3);
    MemorySegment convolution = dnn.convolution(DOUBLE, 2, padding, stride, dilation);
    MemorySegment xDesc = dnn.doubles(2, 4, 5, 6);
    MemorySegment wDesc = dnn.filter(DOUBLE, 6, 2, 3, 2);
    MemorySegment yDesc = dnn.doubles(2, 6, 3, 7);
    MemorySegment[] dims = {t.number(), t.number(), t.number(), t.number()};
    ok(
        Cudnn.cudnnGetConvolution2dForwardOutputDim(
            convolution, xDesc, wDesc, dims[0], dims[1], dims[2], dims[3]));
    assertEquals(3, number(dims[2]));
    assertEquals(7, number(dims[3]));
    MemorySegment y = t.doubles(some(dy.length, 9));
    ok(
        Cudnn.cudnnConvolutionForward(
            h,
            t.d(2),
            xDesc,
            t.doubles(x),
            wDesc,
            t.doubles(w),
            convolution,
            0,
            NULL,
            0,
            t.d(-1),
            yDesc,
            y));
    double[] plain = expected(x, w);
    double[] old = some(dy.length, 9);
    double[] blended = new double[plain.length];
    for (int i = 0; i < plain.length; i++) {
      blended[i] = 2 * plain[i] - old[i];
    }
    t.assertDoubles(y, 1e-12, blended);

    // both ways back are adjoint to the definition, one unit at a time
    MemorySegment workspace = t.bytes(4096);
    MemorySegment dx = t.doubles(new double[x.length]);
    ok(
        Cudnn.cudnnConvolutionBackwardData(
            h,
            t.d(1),
            wDesc,
            t.doubles(w),
            yDesc,
            t.doubles(dy),
            convolution,
            1,
            workspace,
            4096,
            t.d(0),
            xDesc,
            dx));
    double[] inputs = t.read(NumberType.F64, dx, x.length);
    for (int i = 0; i < x.length; i++) {
      double[] unit = new double[x.length];
      unit[i] = 1;
      assertEquals(dot(expected(unit, w), dy), inputs[i], 1e-12);
    }
    MemorySegment dw = t.doubles(new double[w.length]);
    ok(
        Cudnn.cudnnConvolutionBackwardFilter(
            h,
            t.d(1),
            xDesc,
            t.doubles(x),
            yDesc,
            t.doubles(dy),
            convolution,
            1,
            workspace,
            4096,
            t.d(0),
            wDesc,
            dw));
    double[] filters = t.read(NumberType.F64, dw, w.length);
    for (int i = 0; i < w.length; i++) {
      double[] unit = new double[w.length];
      unit[i] = 1;
      assertEquals(dot(expected(x, unit), dy), filters[i], 1e-12);
    }
    assertEquals(List.of(), t.cuda.math().nonDeterministicCalls());
  }

  @Test
  void threeDimensionsAndFlippedFilters() {
    MemorySegment convolution =
        dnn.convolution(FLOAT, 1, new int[] {0, 0, 0}, new int[] {1, 1, 1}, new int[] {1, 1, 1});
    MemorySegment x = t.floats(1, 2, 3, 4, 5, 6, 7, 8);
    MemorySegment xDesc = dnn.floats(1, 1, 2, 2, 2);
    MemorySegment wDesc = dnn.filter(FLOAT, 1, 1, 2, 1, 2);
    MemorySegment w = t.floats(1, 10, 100, 1000);
    MemorySegment yDesc = dnn.floats(1, 1, 1, 2, 1);
    MemorySegment y = t.floats(0, 0);
    ok(
        Cudnn.cudnnConvolutionForward(
            h, t.f(1), xDesc, x, wDesc, w, convolution, 0, NULL, 0, t.f(0), yDesc, y));
    t.assertFloats(y, 0, 1 + 20 + 500 + 6000, 3 + 40 + 700 + 8000);
    ok(
        Cudnn.cudnnSetConvolutionNdDescriptor(
            convolution,
            3,
            t.ints(0, 0, 0),
            t.ints(1, 1, 1),
            t.ints(1, 1, 1),
            Cudnn.CUDNN_CONVOLUTION(),
            FLOAT));
    ok(
        Cudnn.cudnnConvolutionForward(
            h, t.f(1), xDesc, x, wDesc, w, convolution, 0, NULL, 0, t.f(0), yDesc, y));
    t.assertFloats(y, 0, 6 + 50 + 200 + 1000, 8 + 70 + 400 + 3000);
  }

  private MemorySegment unit() {
    return dnn.convolution(FLOAT, 1, new int[] {0, 0}, new int[] {1, 1}, new int[] {1, 1});
  }

  @Test
  void halvesAndTf32() {
    double fine = 1 + Math.scalb(1.0, -12);
    MemorySegment convolution = unit();
    MemorySegment shape = dnn.floats(1, 1, 1, 1);
    MemorySegment filter = dnn.filter(FLOAT, 1, 1, 1, 1);
    MemorySegment y = t.floats(0);
    ok(
        Cudnn.cudnnConvolutionForward(
            h,
            t.f(1),
            shape,
            t.floats(fine),
            filter,
            t.floats(1),
            convolution,
            0,
            NULL,
            0,
            t.f(0),
            shape,
            y));
    t.assertFloats(y, 0, fine);
    assertEquals(Set.of(Precision.F32), t.cuda.math().precisions());
    ok(Cudnn.cudnnSetConvolutionMathType(convolution, Cudnn.CUDNN_DEFAULT_MATH()));
    ok(
        Cudnn.cudnnConvolutionForward(
            h,
            t.f(1),
            shape,
            t.floats(fine),
            filter,
            t.floats(1),
            convolution,
            0,
            NULL,
            0,
            t.f(0),
            shape,
            y));
    t.assertFloats(y, 0, 1);
    assertTrue(t.cuda.math().precisions().contains(Precision.TF32));
    int half = Cudnn.CUDNN_DATA_HALF();
    MemorySegment halves = dnn.tensor(half, 1, 1, 1, 1);
    MemorySegment z = t.values(NumberType.F16, 0);
    ok(
        Cudnn.cudnnConvolutionForward(
            h,
            t.f(2),
            halves,
            t.values(NumberType.F16, 3),
            dnn.filter(half, 1, 1, 1, 1),
            t.values(NumberType.F16, 5),
            convolution,
            0,
            NULL,
            0,
            t.f(0),
            halves,
            z));
    assertEquals(30, t.read(NumberType.F16, z, 1)[0]);
  }
}
