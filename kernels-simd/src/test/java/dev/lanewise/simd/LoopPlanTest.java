package dev.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A call that is made again is not planned again, but still right, and refused if it is wrong. */
class LoopPlanTest {
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

  @Test
  void morePassesAndCopiesAreDoneEachTime() {
    double[] numbers = new double[3 * 5_000];
    NdArray x = NdArray.uninitialized(BACKEND, DType.F64, Shape.of(3, 5_000));
    NdArray rows = NdArray.zeros(BACKEND, DType.F64, Shape.of(3, 2));
    NdArray apart = rows.view(rows.layout().slice(1, 0, 1, 1).reshape(Shape.of(3)));
    NdArray turned = NdArray.zeros(BACKEND, DType.F64, Shape.of(5_000, 3));
    for (int i = 0; i < 3; i++) {
      double[] sums = new double[3];
      double[] doubled = new double[numbers.length];
      for (int j = 0; j < numbers.length; j++) {
        numbers[j] = j % 17 + i;
        sums[j / 5_000] += numbers[j];
        doubled[j] = 2 * numbers[j];
      }
      BACKEND.copy(of(numbers).view(x.layout()), x);
      BACKEND.reduce(ReduceOp.SUM, X, new int[] {1}, apart, NONE, x);
      assertArrayEquals(sums, apart.toDoubleArray());
      add(turned.permute(1, 0), x, x);
      assertArrayEquals(doubled, turned.permute(1, 0).toDoubleArray());
      NdArray sumsOfColumns = of(0, 0, 0);
      BACKEND.reduce(ReduceOp.SUM, X, new int[] {0}, sumsOfColumns, NONE, turned);
      assertArrayEquals(
          new double[] {2 * sums[0], 2 * sums[1], 2 * sums[2]}, sumsOfColumns.toDoubleArray());
    }
  }

  @Test
  void axesAreTheSameByAnyName() {
    NdArray x = matrix(1, 2, 3, 5);
    NdArray total = NdArray.zeros(BACKEND, DType.F64, Shape.SCALAR);
    for (int[] axes : new int[][] {{}, {0, 1}, {1, 0}, {-1, -2}, {-2, 1}}) {
      BACKEND.reduce(ReduceOp.SUM, X, axes, total, NONE, x);
      assertArrayEquals(new double[] {11}, total.toDoubleArray());
    }
    for (int[] wrong : new int[][] {{0, 0}, {1, -1}, {0, 1, 0}, {2}, {-3}, {0, 33}}) {
      assertThrows(
          ShapeException.class, () -> BACKEND.reduce(ReduceOp.SUM, X, wrong, total, NONE, x));
    }
  }

  @Test
  void moreAxesThanBitsAreToldApart() {
    int[] dims = new int[40];
    Arrays.fill(dims, 1);
    dims[2] = 2;
    dims[35] = 3;
    NdArray x = of(1, 2, 3, 4, 5, 6).view(Layout.contiguous(Shape.of(dims)));
    for (int i = 0; i < 2; i++) {
      assertArrayEquals(new double[] {5, 7, 9}, summed(x, 2));
      assertArrayEquals(new double[] {6, 15}, summed(x, 35));
      assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6}, summed(x, 34));
      assertArrayEquals(new double[] {6, 15}, summed(x, -5));
    }
  }

  private static double[] summed(NdArray x, int axis) {
    Shape shape = x.shape().reduced(x.shape().axes("sum", axis), false);
    NdArray out = NdArray.uninitialized(BACKEND, x.dtype(), shape);
    BACKEND.reduce(ReduceOp.SUM, X, new int[] {axis}, out, NONE, x);
    return out.toDoubleArray();
  }

  @Test
  void anOutputMayLieOverAnInputThoughNotOverAnotherOutput() {
    List<Expr> two = List.of(SUM, X.sub(Y));
    for (int i = 0; i < 2; i++) {
      NdArray x = of(5, 6, 7);
      NdArray y = of(1, 2, 3);
      NdArray[] over = {x, y};
      BACKEND.elementwise(two, over, NONE, x, y);
      assertArrayEquals(new double[] {6, 8, 10}, x.toDoubleArray());
      assertArrayEquals(new double[] {4, 4, 4}, y.toDoubleArray());
      NdArray[] one = {x, x};
      assertThrows(IllegalArgumentException.class, () -> BACKEND.elementwise(two, one, NONE, x, y));
    }
  }
}
