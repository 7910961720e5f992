package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.array.NdArray;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Expressions: equal ones are one object, and their calculus is right for every operation. */
class ExprTest {
  private final Expr x = Expr.arg(0);
  private final Expr y = Expr.arg(1);

  @Test
  void equalExpressionsAreTheSameObject() {
    assertSame(x.add(y).relu(), Expr.arg(0).add(Expr.arg(1)).relu());
    assertSame(Expr.constant(Double.NaN), Expr.constant(Double.NaN));
    assertSame(Expr.select(x, y, x), Expr.select(x, y, x));
    assertNotSame(Expr.constant(0.0), Expr.constant(-0.0));
    assertNotSame(Expr.arg(1), Expr.param(1));
    assertNotSame(x.sub(y), y.sub(x));
    assertThrows(IllegalArgumentException.class, () -> Expr.arg(-1));
  }

  @Test
  void deepSharedTreesStaySmall() {
    Expr e = x;
    for (int i = 0; i < 60; i++) {
      e = e.add(e); // 2⁶⁰ leaves if nothing were shared
    }
    assertEquals(61, Exprs.parts(e).size());
    assertEquals(0x1p60, value(e, 1, 0));
  }

  @Test
  void textReadsLikeCalls() {
    assertEquals("add(mul(x0, p0), 2.0)", x.mul(Expr.param(0)).add(Expr.constant(2)).toString());
    assertEquals("select(gt(x0, x1), exp(x0), x1)", Expr.select(x.gt(y), x.exp(), y).toString());
  }

  @Test
  void partsComeAfterWhatTheyNeed() {
    Expr sum = x.add(y);
    Expr root = sum.mul(sum.exp());
    assertEquals(List.of(x, y, sum, sum.exp(), root), Exprs.parts(root));
  }

  @Test
  void substituteReplacesArrays() {
    Expr root = Expr.select(x.gt(y), x.exp(), Expr.param(0)).mul(Expr.constant(3));
    assertSame(
        Expr.select(y.add(y).gt(x), y.add(y).exp(), Expr.param(0)).mul(Expr.constant(3)),
        Exprs.substitute(root, a -> a.index() == 0 ? y.add(y) : x));
  }

  @Test
  void derivativesFoldZerosAndOnesAway() {
    assertSame(Expr.constant(1), Exprs.derivative(x.add(y), 0));
    assertSame(y, Exprs.derivative(x.mul(y), 0));
    assertSame(Expr.constant(0), Exprs.derivative(y.exp(), 0));
    assertSame(y, Exprs.product(Expr.constant(1), y));
  }

  @Test
  void everyUnaryDerivativeIsTheSlope() {
    for (UnaryOp op : UnaryOp.values()) {
      for (double at : new double[] {-2.3, -0.7, 0.4, 1.9}) {
        if (op.domain().contains(at)) {
          assertSlope(Expr.unary(op, x), 0, at, 0);
        }
        if (op.domain().contains(at * at + 0.1)) {
          assertSlope(Expr.unary(op, x.square().add(y)), 0, at, 0.1);
        }
      }
    }
  }

  @Test
  void everyBinaryDerivativeIsTheSlope() {
    for (BinaryOp op : BinaryOp.values()) {
      for (double[] at : new double[][] {{0.6, 1.7}, {1.7, 0.6}, {-1.2, 0.5}, {-1.2, -2.5}}) {
        if (op.leftDomain().contains(at[0])) {
          assertSlope(Expr.binary(op, x, y), 0, at[0], at[1]);
          assertSlope(Expr.binary(op, x, y), 1, at[0], at[1]);
        }
      }
    }
    assertSlope(Expr.select(x.gt(y), x.mul(y), y), 1, 2, 1);
    assertSlope(Expr.select(x.gt(y), x.mul(y), y), 1, 1, 2);
  }

  @Test
  void kinksHaveTheDerivativesThatAreSaid() {
    assertEquals(0, value(Exprs.derivative(x.relu(), 0), 0, 0));
    assertEquals(0, value(Exprs.derivative(Expr.unary(UnaryOp.ABS, x), 0), 0, 0));
    assertEquals(0.5, value(Exprs.derivative(x.max(y), 0), 3, 3));
    assertEquals(0.5, value(Exprs.derivative(Expr.binary(BinaryOp.MIN, x, y), 1), 3, 3));
  }

  @Test
  void keptPartsAreWhatTheDerivativeUses() {
    for (UnaryOp op : UnaryOp.values()) {
      List<Expr> used = Exprs.parts(op.derivative(x, y));
      assertEquals(
          op.keeps() == UnaryOp.Keeps.INPUT, used.contains(x), op + " says it keeps its input");
      assertEquals(
          op.keeps() == UnaryOp.Keeps.OUTPUT, used.contains(y), op + " says it keeps its output");
    }
  }

  @Test
  void missingInputsAreNamed() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> Exprs.checkInputs("reduce", x.add(y), 1, 0));
    assertEquals(
        "reduce: the expression add(x0, x1) names array x1 but 1 is given", e.getMessage());
  }

  private void assertSlope(Expr f, int arg, double ofX, double ofY) {
    double h = 1e-6;
    double above = arg == 0 ? value(f, ofX + h, ofY) : value(f, ofX, ofY + h);
    double below = arg == 0 ? value(f, ofX - h, ofY) : value(f, ofX, ofY - h);
    double slope = (above - below) / (2 * h);
    double derivative = value(Exprs.derivative(f, arg), ofX, ofY);
    // The difference quotient is off by h² of the third derivative and by rounding over h.
    assertEquals(slope, derivative, 1e-8 * (1 + Math.abs(slope)), f + " at " + ofX + ", " + ofY);
  }

  private static double value(Expr expr, double ofX, double ofY) {
    Backend reference = Placed.REFERENCE;
    NdArray out = NdArray.of(reference, new double[1]);
    NdArray first = NdArray.of(reference, new double[] {ofX});
    NdArray second = NdArray.of(reference, new double[] {ofY});
    reference.elementwise(expr, out, new double[0], first, second);
    return out.get(0);
  }

  @Test
  void integersAreExact() {
    assertSame(Expr.constant(7), Expr.integer(7));
    assertSame(Expr.constant(-0x1p63), Expr.integer(Long.MIN_VALUE));
    Expr next = Expr.constant(-0x1p63).add(Expr.constant(1));
    assertSame(next, Expr.integer(Long.MIN_VALUE + 1));
  }
}
