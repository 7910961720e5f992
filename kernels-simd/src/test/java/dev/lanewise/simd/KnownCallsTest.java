package dev.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A call that is made again is not planned again, but still right, and refused if it is wrong. */
class KnownCallsTest {
  private static final Backend BACKEND = new SimdBackend(1);
  private static final Expr X = Expr.arg(0);
  private static final Expr Y = Expr.arg(1);
  private static final Expr SUM = X.add(Y);
  private static final double[] NONE = {};
  private static final int[] ALL = {};

  private static NdArray of(double... values) {
    return NdArray.of(BACKEND, values);
  }

  private static NdArray matrix(double... values) {
    return of(values).view(Layout.contiguous(Shape.of(2, 2)));
  }

  private static void add(NdArray out, NdArray... ins) {
    BACKEND.elementwise(SUM, out, NONE, ins);
  }

  @Test
  void newNumbersAndNewArraysCount() {
    NdArray x = of(1, 2, 3);
    for (int i = 0; i < 3; i++) {
      x.set(i, 0);
      NdArray out = of(0, 0, 0);
      add(out, x, of(10 * i, 20, 30));
      assertArrayEquals(new double[] {11 * i, 22, 33}, out.toDoubleArray());
    }
  }

  @Test
  void otherLayoutsTypesAndExpressionsAreOtherCalls() {
    NdArray x = matrix(1, 2, 3, 4);
    for (int i = 0; i < 2; i++) {
      NdArray out = matrix(0, 0, 0, 0);
      add(out, x, x);
      assertArrayEquals(new double[] {2, 4, 6, 8}, out.toDoubleArray());
      add(out, x, x.permute(1, 0));
      assertArrayEquals(new double[] {2, 5, 5, 8}, out.toDoubleArray());
      add(out.permute(1, 0), x, x);
      assertArrayEquals(new double[] {2, 6, 4, 8}, out.toDoubleArray());
      BACKEND.elementwise(X.mul(Y), out, NONE, x, x);
      assertArrayEquals(new double[] {1, 4, 9, 16}, out.toDoubleArray());
      NdArray single = NdArray.of(BACKEND, new float[] {1, 2, 3, 4}, 2, 2);
      NdArray singleOut = NdArray.of(BACKEND, new float[4], 2, 2);
      add(singleOut, single, single);
      assertArrayEquals(new double[] {2, 4, 6, 8}, singleOut.toDoubleArray());
      assertThrows(DTypeException.class, () -> add(out, x, single));
      assertThrows(DTypeException.class, () -> add(singleOut, x, x));
    }
  }

  @Test
  void axesAndOperationsOfReductionsAreToldApart() {
    NdArray x = matrix(1, 2, 3, 5);
    for (int i = 0; i < 2; i++) {
      NdArray out = of(0, 0);
      BACKEND.reduce(ReduceOp.SUM, X, new int[] {0}, out, NONE, x);
      assertArrayEquals(new double[] {4, 7}, out.toDoubleArray());
      BACKEND.reduce(ReduceOp.SUM, X, new int[] {1}, out, NONE, x);
      assertArrayEquals(new double[] {3, 8}, out.toDoubleArray());
      BACKEND.reduce(ReduceOp.PROD, X, new int[] {1}, out, NONE, x);
      assertArrayEquals(new double[] {2, 15}, out.toDoubleArray());
    }
  }

  @Test
  void overlapsAreSeenEachTime() {
    Layout first = Layout.contiguous(Shape.of(4));
    Layout second = Layout.contiguous(Shape.of(6)).slice(0, 1, 5, 1);
    // The layouts become known with arrays that do not share memory.
    add(of(0, 0, 0, 0, 0, 0).view(second), of(1, 2, 3, 4), of(1, 2, 3, 4));
    NdArray base = of(1, 2, 3, 4, 5, 6);
    add(base.view(second), base.view(first), of(10, 10, 10, 10));
    assertArrayEquals(new double[] {1, 11, 12, 13, 14, 6}, base.toDoubleArray());
    NdArray same = of(1, 2, 3, 4);
    add(same, same, same);
    assertArrayEquals(new double[] {2, 4, 6, 8}, same.toDoubleArray());
  }

  @Test
  void sharedOutputsAreRefusedEachTime() {
    List<Expr> two = List.of(X, X.neg());
    NdArray x = of(1, 2, 3, 4);
    NdArray[] apart = {of(0, 0, 0, 0), of(0, 0, 0, 0)};
    for (int i = 0; i < 2; i++) {
      BACKEND.elementwise(two, apart, NONE, x);
      assertArrayEquals(new double[] {-1, -2, -3, -4}, apart[1].toDoubleArray());
    }
    NdArray[] shared = {apart[0], apart[0]};
    assertThrows(IllegalArgumentException.class, () -> BACKEND.elementwise(two, shared, NONE, x));
    Layout one = Layout.contiguous(Shape.of(4)).slice(0, 0, 1, 1).reshape(Shape.of());
    NdArray out = of(0, 0, 0, 0).view(one);
    BACKEND.reduce(ReduceOp.SUM, X, ALL, out, NONE, x);
    BACKEND.reduce(ReduceOp.SUM, X, ALL, out, NONE, x);
    assertArrayEquals(new double[] {10}, out.toDoubleArray());
    NdArray over = x.view(one);
    assertThrows(
        IllegalArgumentException.class, () -> BACKEND.reduce(ReduceOp.SUM, X, ALL, over, NONE, x));
  }

  @Test
  void missingScalarsAndDeadArraysAreRefusedEachTime() {
    Expr scaled = X.mul(Expr.param(1));
    NdArray x = of(1, 2);
    NdArray out = of(0, 0);
    BACKEND.elementwise(scaled, out, new double[] {5, 3}, x);
    BACKEND.elementwise(scaled, out, new double[] {5, 4}, x);
    assertArrayEquals(new double[] {4, 8}, out.toDoubleArray());
    assertThrows(
        IllegalArgumentException.class,
        () -> BACKEND.elementwise(scaled, out, new double[] {5}, x));
    NdArray dead;
    try (Scope _ = Scope.open("a short life")) {
      dead = of(1, 2);
    }
    assertThrows(
        IllegalStateException.class,
        () -> BACKEND.elementwise(scaled, out, new double[] {5, 4}, dead));
    assertThrows(
        IllegalStateException.class,
        () -> BACKEND.elementwise(scaled, dead, new double[] {5, 4}, x));
  }

  @Test
  void scalarsThatAreNoIntegersAreRefusedEachTime() {
    Expr sum = X.add(Expr.param(0));
    NdArray x = NdArray.of(BACKEND, new long[] {(1L << 53) + 1, Long.MAX_VALUE}, 2);
    NdArray out = NdArray.of(BACKEND, new long[2], 2);
    NdArray total = NdArray.uninitialized(BACKEND, DType.I64, Shape.SCALAR);
    for (int i = 1; i < 3; i++) {
      BACKEND.elementwise(sum, out, new double[] {i}, x);
      long[] expected = {(1L << 53) + 1 + i, Long.MIN_VALUE + i - 1};
      assertArrayEquals(expected, out.toLongArray());
      BACKEND.reduce(ReduceOp.SUM, sum, ALL, total, new double[] {i}, x);
      assertArrayEquals(new long[] {expected[0] + expected[1]}, total.toLongArray());
    }
    for (double wrong : new double[] {0.5, 0x1p63, Double.NaN}) {
      double[] params = {wrong};
      assertThrows(DTypeException.class, () -> BACKEND.elementwise(sum, out, params, x));
      assertThrows(
          DTypeException.class, () -> BACKEND.reduce(ReduceOp.SUM, sum, ALL, total, params, x));
    }
  }

  /** With an idle kernel: one that the JIT has not compiled yet allocates its vectors. */
  @Test
  void nothingIsAllocated() {
    Shape shape = Shape.of(16, 40);
    NdArray x = NdArray.uninitialized(BACKEND, DType.F32, shape);
    NdArray bias = NdArray.uninitialized(BACKEND, DType.F32, Shape.of(40));
    NdArray out = NdArray.uninitialized(BACKEND, DType.F32, shape);
    NdArray[] ins = {x, bias};
    NdArray[] outs = {out};
    List<Expr> list = List.of(SUM);
    LoopKernel idle =
        new LoopKernel() {
          @Override
          void run(long[] pointers, double[] params, int rows, int cols) {}
        };
    KnownCalls known = new KnownCalls(new Workers(1));
    Tiles tiles = new Tiles(Form.MAP, Nest.of(x, bias.broadcastTo(shape), out));
    known.remember(null, list, ALL, outs, ins, idle, tiles);
    Runnable calls =
        () -> {
          for (int i = 0; i < 2_000; i++) {
            assertTrue(known.run(SUM, out, NONE, ins));
            assertTrue(known.run(list, outs, NONE, ins));
          }
        };
    calls.run();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    calls.run();
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(bytes < 4_000, bytes + " bytes in 4,000 calls");
  }
}
