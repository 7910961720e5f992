package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.LibraryTester.number;
import static dev.lanewise.cuda.fake.LibraryTester.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.bindings.cuda.Cudnn;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The poolings of the double's cuDNN, through the bindings. */
final class CudnnPoolingDoubleTest {

  private static final int BAD = 2000;
  private static final int NOT_SUPPORTED = 3000;
  private static final int MAX = Cudnn.CUDNN_POOLING_MAX_DETERMINISTIC();
  private static final double NAN = Double.NaN;

  private final CudnnTester dnn = new CudnnTester();
  private final LibraryTester t = dnn.t;
  private final MemorySegment h = dnn.handle;

  @AfterEach
  void destroy() {
    dnn.close();
  }

  private MemorySegment threeByThree(int mode) {
    return dnn.pooling(mode, new int[] {3, 2}, new int[] {1, 0}, new int[] {2, 1});
  }

  @Test
  void greatestAndTheWayBack() {
    MemorySegment pooling = threeByThree(MAX);
    MemorySegment xDesc = dnn.floats(1, 1, 3, 3);
    MemorySegment yDesc = dnn.floats(1, 1, 2, 2);
    MemorySegment x = t.floats(1, 5, 5, 0, 2, 3, 5, -1, -2);
    MemorySegment y = t.floats(NAN, NAN, NAN, NAN);
    MemorySegment[] dims = {t.number(), t.number(), t.number(), t.number()};
    ok(Cudnn.cudnnGetPooling2dForwardOutputDim(pooling, xDesc, dims[0], dims[1], dims[2], dims[3]));
    assertEquals(2, number(dims[2]));
    assertEquals(2, number(dims[3]));
    ok(Cudnn.cudnnPoolingForward(h, pooling, t.f(1), xDesc, x, t.f(0), yDesc, y));
    t.assertFloats(y, 0, 5, 5, 5, 3);
    MemorySegment dx = t.floats(new double[9]);
    MemorySegment dy = t.floats(1, 10, 100, 1000);
    ok(
        Cudnn.cudnnPoolingBackward(
            h, pooling, t.f(1), yDesc, y, yDesc, dy, xDesc, x, t.f(0), xDesc, dx));
    t.assertFloats(dx, 0, 0, 11, 0, 0, 0, 1000, 100, 0, 0); // a tie goes to the first
    assertEquals(List.of(), t.cuda.math().nonDeterministicCalls());
    MemorySegment loose = threeByThree(Cudnn.CUDNN_POOLING_MAX());
    ok(
        Cudnn.cudnnPoolingBackward(
            h, loose, t.f(1), yDesc, y, yDesc, dy, xDesc, x, t.f(1), xDesc, dx));
    t.assertFloats(dx, 0, 0, 22, 0, 0, 0, 2000, 200, 0, 0);
    assertEquals(1, t.cuda.math().nonDeterministicCalls().size());
  }

  @Test
  void averagesWithAndWithoutThePadding() {
    MemorySegment xDesc = dnn.floats(1, 1, 3, 3);
    MemorySegment yDesc = dnn.floats(1, 1, 2, 2);
    MemorySegment x = t.floats(1, 2, 3, 4, 5, 6, 7, 8, 9);
    MemorySegment y = t.floats(0, 0, 0, 0);
    MemorySegment dy = t.floats(12, 0, 0, 24);
    MemorySegment include = threeByThree(Cudnn.CUDNN_POOLING_AVERAGE_COUNT_INCLUDE_PADDING());
    ok(Cudnn.cudnnPoolingForward(h, include, t.f(1), xDesc, x, t.f(0), yDesc, y));
    t.assertFloats(y, 1e-6, 12 / 6.0, 16 / 6.0, 24 / 6.0, 28 / 6.0);
    MemorySegment dx = t.floats(new double[9]);
    ok(
        Cudnn.cudnnPoolingBackward(
            h, include, t.f(1), yDesc, y, yDesc, dy, xDesc, x, t.f(0), xDesc, dx));
    t.assertFloats(dx, 1e-6, 2, 2, 0, 2, 6, 4, 0, 4, 4);
    MemorySegment exclude = threeByThree(Cudnn.CUDNN_POOLING_AVERAGE_COUNT_EXCLUDE_PADDING());
    ok(Cudnn.cudnnPoolingForward(h, exclude, t.f(1), xDesc, x, t.f(0), yDesc, y));
    t.assertFloats(y, 1e-6, 3, 4, 6, 7);
    ok(
        Cudnn.cudnnPoolingBackward(
            h, exclude, t.f(1), yDesc, y, yDesc, dy, xDesc, x, t.f(0), xDesc, dx));
    t.assertFloats(dx, 1e-6, 3, 3, 0, 3, 9, 6, 0, 6, 6);
  }

  @Test
  void threeDimensionsAndNan() {
    MemorySegment pooling =
        dnn.pooling(MAX, new int[] {2, 1, 2}, new int[] {0, 0, 0}, new int[] {1, 1, 1});
    MemorySegment xDesc = dnn.floats(1, 1, 2, 2, 2);
    MemorySegment yDesc = dnn.floats(1, 1, 1, 2, 1);
    MemorySegment x = t.floats(1, 2, 3, NAN, 9, 4, 5, 6);
    MemorySegment y = t.floats(0, 0);
    ok(Cudnn.cudnnPoolingForward(h, pooling, t.f(1), xDesc, x, t.f(0), yDesc, y));
    t.assertFloats(y, 0, 9, NAN);
    MemorySegment dx = t.floats(new double[8]);
    ok(
        Cudnn.cudnnPoolingBackward(
            h, pooling, t.f(1), yDesc, y, yDesc, t.floats(1, 2), xDesc, x, t.f(0), xDesc, dx));
    t.assertFloats(dx, 0, 0, 0, 0, 2, 1, 0, 0, 0);
    ok(
        Cudnn.cudnnSetPoolingNdDescriptor(
            pooling,
            MAX,
            Cudnn.CUDNN_NOT_PROPAGATE_NAN(),
            3,
            t.ints(2, 1, 2),
            t.ints(0, 0, 0),
            t.ints(1, 1, 1)));
    ok(Cudnn.cudnnPoolingForward(h, pooling, t.f(1), xDesc, x, t.f(0), yDesc, y));
    t.assertFloats(y, 0, 9, 6);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    MemorySegment pooling = threeByThree(MAX);
    MemorySegment xDesc = dnn.floats(1, 1, 3, 3);
    MemorySegment x = t.floats(new double[9]);
    MemorySegment y = t.floats(new double[6]);
    t.refused(
        BAD,
        Cudnn.cudnnPoolingForward(h, pooling, t.f(1), xDesc, x, t.f(0), dnn.floats(1, 1, 2, 3), y),
        "its dim 3 should be 2");
    assertEquals(
        NOT_SUPPORTED,
        Cudnn.cudnnPoolingForward(
            h,
            pooling,
            t.f(1),
            dnn.strided(new int[] {1, 1, 3, 3}, new int[] {9, 9, 1, 3}),
            x,
            t.f(0),
            dnn.floats(1, 1, 2, 2),
            y));
    MemorySegment far = dnn.pooling(MAX, new int[] {2, 2}, new int[] {2, 0}, new int[] {1, 1});
    t.refused(
        BAD,
        Cudnn.cudnnPoolingForward(h, far, t.f(1), xDesc, x, t.f(0), dnn.floats(1, 1, 6, 2), y),
        "padding not less than the window");
    t.refused(
        BAD,
        Cudnn.cudnnSetPooling2dDescriptor(pooling, MAX, 0, 0, 2, 0, 0, 1, 1),
        "windowDimA[i] <= 0");
    t.refused(
        BAD,
        Cudnn.cudnnSetPooling2dDescriptor(pooling, 4, 0, 2, 2, 0, 0, 1, 1),
        "no pooling mode 4");
  }
}
