package dev.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Expressions too long for one loop are cut, and give the same bits as their parts one by one. */
class CutTest {
  private static final Backend SIMD = new SimdBackend(1);
  private static final double[] NONE = {};

  /** A chain of maps that stays near 1: x ← sigmoid(x) + ½ · y. */
  private static Expr chain(int length) {
    Expr x = Expr.arg(0);
    for (int i = 0; i < length; i++) {
      x = x.sigmoid().add(Expr.constant(0.5).mul(Expr.arg(1)));
    }
    return x;
  }

  @Test
  void shortExpressionsStayWhole() {
    assertTrue(Cut.of(DType.F32, List.of(chain(3)), 2).temporaries().isEmpty());
  }

  @Test
  void longExpressionsEqualTheirParts() {
    NdArray x = NdArray.of(SIMD, new float[] {-2, -1, 0, 0.5f, 3});
    NdArray y = NdArray.of(SIMD, new float[] {1, 2, -3, 4, 0});
    Expr all = chain(40);
    assertTrue(Cut.of(DType.F32, List.of(all), 2).temporaries().size() >= 2);

    NdArray expected = NdArray.of(SIMD, x.toFloatArray());
    for (int i = 0; i < 40; i++) {
      SIMD.elementwise(chain(1), expected, NONE, expected, y);
    }
    NdArray actual = SIMD.uninitialized(DType.F32, x.shape());
    SIMD.elementwise(all, actual, NONE, x, y);
    assertEquals(expected.toString(), actual.toString());

    SIMD.elementwise(all, x, NONE, x, y); // over its own argument
    assertEquals(expected.toString(), x.toString());
  }

  @Test
  void longExpressionsAreReducedToo() {
    NdArray x = NdArray.of(SIMD, new float[] {-2, -1, 0, 0.5f, 3, 1}, 2, 3);
    NdArray y = NdArray.of(SIMD, new float[] {1, 2, -3}, 3);
    NdArray values = SIMD.uninitialized(DType.F32, x.shape());
    SIMD.elementwise(chain(40), values, NONE, x, y);
    NdArray expected = SIMD.uninitialized(DType.F32, Shape.of(2));
    SIMD.reduce(ReduceOp.SUM, Expr.arg(0), new int[] {1}, expected, NONE, values);
    NdArray actual = SIMD.uninitialized(DType.F32, Shape.of(2));
    SIMD.reduce(ReduceOp.SUM, chain(40), new int[] {1}, actual, NONE, x, y);
    assertEquals(expected.toString(), actual.toString());
  }
}
