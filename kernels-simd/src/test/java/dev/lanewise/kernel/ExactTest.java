package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import java.math.BigDecimal;
import java.math.MathContext;
import org.junit.jupiter.api.Test;

/** The yardstick itself: values known to 34 digits, and the count of units in the last place. */
class ExactTest {

  @Test
  void constantsToThirtyDigits() {
    assertDigits("2.718281828459045235360287471352662498", UnaryOp.EXP, 1);
    assertDigits("22026.46579480671651695790064528424437", UnaryOp.EXP, 10);
    assertDigits("0.6931471805599453094172321214581765681", UnaryOp.LOG, 2);
    assertDigits("2.302585092994045684017991454684364208", UnaryOp.LOG, 10);
    assertDigits("0.7615941559557648881194582826047935904", UnaryOp.TANH, 1);
    assertDigits("0.7310585786300048792511592418218362744", UnaryOp.SIGMOID, 1);
    assertDigits("0.2689414213699951207488407581781637256", UnaryOp.SIGMOID, -1);
    assertDigits("-0.2689414213699951207488407581781637256", UnaryOp.SILU, -1);
  }

  @Test
  void smallArgumentsKeepTheirDigits() {
    // log(1 + x) = x - x²/2 + x³/3, tanh x = x - x³/3.
    double x = 0x1p-40;
    BigDecimal b = new BigDecimal(x);
    BigDecimal log =
        b.subtract(b.pow(2).divide(BigDecimal.TWO))
            .add(b.pow(3).divide(new BigDecimal(3), MathContext.DECIMAL128));
    assertDigits(log.toString(), UnaryOp.LOG, 1 + x);
    double y = 0x1p-20;
    BigDecimal c = new BigDecimal(y);
    BigDecimal tanh =
        c.subtract(c.pow(3).divide(new BigDecimal(3), MathContext.DECIMAL128))
            .add(
                c.pow(5)
                    .multiply(BigDecimal.TWO)
                    .divide(new BigDecimal(15), MathContext.DECIMAL128))
            .subtract(
                c.pow(7)
                    .multiply(new BigDecimal(17))
                    .divide(new BigDecimal(315), MathContext.DECIMAL128));
    assertDigits(tanh.toString(), UnaryOp.TANH, y);
  }

  @Test
  void inversesCancel() {
    for (double x : new double[] {1e-300, 1e-5, 0.3, 0.999, 1.001, 7, 1e10, 1e300, 4.9e-324}) {
      double log = Math.log(x);
      Exact exact = Exact.of(UnaryOp.LOG, x);
      assertTrue(exact.ulps(log, DType.F64) <= 1, "log " + x);
      assertTrue(Exact.of(UnaryOp.EXP, 0.5 * log).ulps(Math.exp(0.5 * log), DType.F64) <= 1);
    }
  }

  @Test
  void unitsInTheLastPlace() {
    Exact one = new Exact(DoubleDouble.ONE, 0);
    assertEquals(0, one.ulps(1, DType.F64));
    assertEquals(1, one.ulps(Math.nextUp(1.0), DType.F64));
    assertEquals(3, one.ulps(1 + 3 * Math.ulp(1f), DType.F32));
    assertEquals(0.5, one.ulps(Math.nextDown(1f), DType.F32));
    Exact tiny = new Exact(DoubleDouble.ONE, -1073);
    assertEquals(0, tiny.ulps(2 * Double.MIN_VALUE, DType.F64));
    assertEquals(2, tiny.ulps(0, DType.F64));
    assertEquals(1, tiny.ulps(Double.MIN_VALUE, DType.F64));
    assertEquals(2, new Exact(DoubleDouble.ONE, -148).ulps(0, DType.F32));
    Exact huge = new Exact(DoubleDouble.ONE, 1024);
    assertEquals(0, huge.ulps(Double.POSITIVE_INFINITY, DType.F64));
    assertEquals(1, huge.ulps(Double.MAX_VALUE, DType.F64));
    Exact large = new Exact(DoubleDouble.ONE, 127);
    assertEquals(1 << 23, large.ulps(Double.POSITIVE_INFINITY, DType.F32));
    assertTrue(huge.ulps(Double.NEGATIVE_INFINITY, DType.F64) > 1e15);
  }

  private static void assertDigits(String expected, UnaryOp op, double x) {
    Exact exact = Exact.of(op, x);
    BigDecimal actual =
        new BigDecimal(exact.mantissa().hi())
            .add(new BigDecimal(exact.mantissa().lo()))
            .multiply(
                exact.exponent() >= 0
                    ? BigDecimal.TWO.pow(exact.exponent())
                    : BigDecimal.ONE.divide(BigDecimal.TWO.pow(-exact.exponent())));
    BigDecimal e = new BigDecimal(expected);
    BigDecimal error = actual.subtract(e).divide(e, MathContext.DECIMAL128).abs();
    assertTrue(error.compareTo(new BigDecimal("1e-27")) < 0, op + " of " + x + " is " + actual);
  }
}
