package dev.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.BinaryOp;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A loop in parts gives the bits of the whole one. */
class PartedLoopTest {
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

  private static LoopSpec map(Expr... exprs) {
    List<Expr> all = List.of(exprs);
    return new LoopSpec(Form.MAP, Lowering.lower(DType.F32, all), new boolean[2], null);
  }

  @Test
  void shortLoopsStayWhole() {
    assertEquals(1, LoopPart.of(map(chain(1))).size());
  }

  @Test
  void everyPartFitsAndOnlyTheLastWritesOutputs() {
    Expr x = Expr.arg(0);
    Expr up = Expr.select(Expr.binary(BinaryOp.LT, x, Expr.arg(1)), chain(6), x);
    LoopSpec whole = map(up, chain(3), x, Expr.constant(2));
    List<LoopPart> parts = LoopPart.of(whole);
    assertTrue(parts.size() > 2);
    BitSet written = new BitSet();
    for (LoopPart part : parts) {
      LoopSpec spec = part.spec();
      assertTrue(spec.fits(1));
      for (int i = 0; i < part.arrays().length; i++) {
        int array = part.arrays()[i];
        if (i < spec.inputs()) {
          assertTrue(array < 2 || written.get(array), "read before it is written");
          assertTrue(array < 2 || array >= 6, "an output is read");
        } else {
          assertEquals(part == parts.getLast(), array < 6, "who writes the outputs");
          written.set(array);
        }
      }
    }
    assertTrue(written.get(2) && written.get(3) && written.get(4) && written.get(5));
  }

  @Test
  void manyOutputsAreWrittenInTurn() {
    int many = 40;
    Expr x = Expr.arg(0);
    Expr y = Expr.arg(1);
    List<Expr> exprs = new ArrayList<>(List.of(y, x, Expr.constant(7)));
    while (exprs.size() < many) {
      exprs.add(chain(2).add(Expr.constant(exprs.size())));
    }
    NdArray[] alone = new NdArray[many];
    NdArray[] outs = new NdArray[many];
    NdArray a = SIMD.uninitialized(DType.F32, Shape.of(3, 70));
    NdArray b = SIMD.uninitialized(DType.F32, Shape.of(3, 70));
    SIMD.random(Distribution.NORMAL, 1, 2, a);
    SIMD.random(Distribution.NORMAL, 1, 3, b);
    for (int i = 0; i < many; i++) {
      alone[i] = SIMD.uninitialized(DType.F32, a.shape());
      SIMD.elementwise(exprs.get(i), alone[i], NONE, a, b);
      outs[i] = SIMD.uninitialized(DType.F32, a.shape());
    }
    outs[0] = a;
    outs[1] = b; // each over the other's argument
    SIMD.elementwise(exprs, outs, NONE, a, b);
    for (int i = 0; i < many; i++) {
      assertArrayEquals(alone[i].toFloatArray(), outs[i].toFloatArray(), "output " + i);
    }
  }

  @Test
  void outputsOverArgumentsInStripsOfLongRows() {
    List<Expr> exprs = List.of(chain(4), Expr.arg(0).sigmoid().mul(chain(3)));
    NdArray x = SIMD.uninitialized(DType.F32, Shape.of(3, 1_507));
    NdArray y = SIMD.uninitialized(DType.F32, Shape.of(3, 1_507));
    SIMD.random(Distribution.NORMAL, 4, 5, x);
    SIMD.random(Distribution.NORMAL, 4, 6, y);
    NdArray first = SIMD.uninitialized(DType.F32, x.shape());
    NdArray second = SIMD.uninitialized(DType.F32, x.shape());
    SIMD.elementwise(exprs, new NdArray[] {first, second}, NONE, x, y);
    SIMD.elementwise(exprs, new NdArray[] {y, x}, NONE, x, y);
    assertArrayEquals(first.toFloatArray(), y.toFloatArray());
    assertArrayEquals(second.toFloatArray(), x.toFloatArray());
  }

  @Test
  void longExpressionsEqualTheirParts() {
    NdArray x = NdArray.of(SIMD, new float[] {-2, -1, 0, 0.5f, 3});
    NdArray y = NdArray.of(SIMD, new float[] {1, 2, -3, 4, 0});
    Expr all = chain(40);

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
