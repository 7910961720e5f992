package dev.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.Exprs;
import dev.lanewise.kernel.Window;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls at the edge of what is allowed: very many arrays, very deep expressions, huge windows. */
@Timeout(60)
class UnusualCallsTest {
  private static final Backend SIMD = new SimdBackend(2);
  private static final double[] NONE = {};
  private static final int MANY = 63;

  private static Expr sumOfMany() {
    Expr sum = Expr.arg(0);
    for (int i = 1; i < MANY; i++) {
      sum = sum.add(Expr.arg(i));
    }
    return sum;
  }

  @Test
  void eachOfManyArraysMayBeTheOneWithOneElementARow() {
    NdArray ones = NdArray.of(SIMD, new float[] {1, 1, 1, 1, 1, 1}, 2, 3);
    NdArray column = NdArray.of(SIMD, new float[] {10, 20}, 2, 1);
    for (int i = 0; i < MANY; i++) {
      NdArray[] ins = new NdArray[MANY];
      Arrays.fill(ins, ones);
      ins[i] = column;
      NdArray out = NdArray.zeros(SIMD, DType.F32, ones.shape());
      SIMD.elementwise(sumOfMany(), out, NONE, ins);
      assertArrayEquals(new float[] {72, 72, 72, 82, 82, 82}, out.toFloatArray(), "array " + i);
    }
  }

  @Test
  void tooManyArraysAreRefused() {
    NdArray x = NdArray.of(SIMD, new float[] {1});
    NdArray[] outs = new NdArray[65];
    Arrays.setAll(outs, i -> NdArray.zeros(SIMD, DType.F32, x.shape()));
    String text =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    SIMD.elementwise(Collections.nCopies(outs.length, Expr.arg(0)), outs, NONE, x))
            .getMessage();
    assertTrue(text.startsWith("elementwise: 66 arrays") && text.contains("64"), text);
  }

  @Test
  void aSharedPartIsComputedOnceAndItsTextIsCut() {
    Expr x = Expr.arg(0);
    for (int i = 0; i < 60; i++) {
      x = x.mul(x); // as a tree, 2⁶⁰ multiplications
    }
    NdArray out = NdArray.zeros(SIMD, DType.F64, Shape.of(2));
    SIMD.elementwise(x, out, NONE, NdArray.of(SIMD, new double[] {1, -1}));
    assertArrayEquals(new double[] {1, 1}, out.toDoubleArray());
    assertTrue(x.toString().length() < 500, x.toString());
  }

  @Test
  void aVeryDeepExpressionIsWalkedWithoutTheThreadsStack() {
    Expr x = Expr.arg(0);
    for (int i = 0; i < 100_000; i++) {
      x = x.add(Expr.constant(1));
    }
    assertEquals(100_002, Exprs.parts(x).size());
  }

  @Test
  void aWindowWhoseArithmeticWouldOverflowIsRefused() {
    Window window = Window.of(1, 1).withStride((1 << 30) + 1, 1).withPadding(1 << 30, 0);
    String text =
        assertThrows(
                ShapeException.class,
                () -> ConvSpec.of(Shape.of(1, 1, 5, 5), Shape.of(1, 1, 1, 1), window, 1))
            .getMessage();
    assertTrue(text.startsWith("conv: ") && text.contains("spatial axis 0"), text);
  }

  @Test
  void factorsOfZeroReadNothing() {
    for (Backend b : List.of(SIMD, dev.lanewise.kernel.Backends.named("reference"))) {
      NdArray nan = NdArray.of(b, new float[] {Float.NaN, 1, 1, Float.POSITIVE_INFINITY}, 2, 2);
      NdArray out = NdArray.of(b, new float[] {1, 2, 3, 4}, 2, 2);
      b.matmul(nan, nan, 0, 2, out);
      assertArrayEquals(new float[] {2, 4, 6, 8}, out.toFloatArray());
      b.matmul(nan, nan, 1e-60, 0, out); // 0 in this type
      assertArrayEquals(new float[4], out.toFloatArray());
    }
  }
}
