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

  /** Computed with 60 digits by mpmath. */
  @Test
  void otherFunctionsToThirtyDigits() {
    assertDigits("1.414213562373095048801688724209698079", UnaryOp.EXP2, 0.5);
    assertDigits("0.0008211879055212056084288334728839989209", UnaryOp.EXP2, -10.25);
    assertDigits("0.3498588075760030889973010316886340321", UnaryOp.EXPM1, 0.3);
    assertDigits("-0.8646647167633873081060005050275155966", UnaryOp.EXPM1, -2);
    assertDigits("0.00001000005000016666790137288615466171943", UnaryOp.EXPM1, 1e-05);
    assertDigits("1.584962500721156181453738943947816509", UnaryOp.LOG2, 3);
    assertDigits("-0.5145731728297583319548216498266390130", UnaryOp.LOG2, 0.7);
    assertDigits("0.3010299956639811952137388947244930268", UnaryOp.LOG10, 2);
    assertDigits("-7.000000000000000019652645329720616062", UnaryOp.LOG10, 1e-07);
    assertDigits("0.2623642644674910434953188743797502036", UnaryOp.LOG1P, 0.3);
    assertDigits("-2.302585092994045906062596379715696944", UnaryOp.LOG1P, -0.9);
    assertDigits("0.000009999950000333331651375692083392023445", UnaryOp.LOG1P, 1e-05);
    assertDigits("1.313261687518222834048995494967855642", UnaryOp.SOFTPLUS, 1);
    assertDigits("4.248354255291588986304977843631582182e-18", UnaryOp.SOFTPLUS, -40);
    assertDigits("0.2013360025410939989505842304401252064", UnaryOp.SINH, 0.2);
    assertDigits("-10.01787492740990189897459361946582806", UnaryOp.SINH, -3);
    assertDigits("1.020066755619075848530782408700472560", UnaryOp.COSH, 0.2);
    assertDigits("5343237290762.231073495234372158815669", UnaryOp.COSH, 30);
    assertDigits("0.1986901103492414173612693524957378744", UnaryOp.ASINH, 0.2);
    assertDigits("-7.600902709541988611523289784664939634", UnaryOp.ASINH, -1000);
    assertDigits("0.1249187625110806176064181938839821558", UnaryOp.ACOSH, 1.0078125);
    assertDigits("5.298292365610484590701666834943247169", UnaryOp.ACOSH, 100);
    assertDigits("0.2027325540540822025538297309108885578", UnaryOp.ATANH, 0.2);
    assertDigits("-2.770631772579213073122769594010919940", UnaryOp.ATANH, -0.9921875);
    assertDigits("0.5773502691896257645091487805019574556", UnaryOp.RSQRT, 3);
    assertDigits("1.000000000000001527533624855118901570e+155", UnaryOp.RSQRT, 1e-310);
    assertDigits("-1.442249570307408382321638310780109588", UnaryOp.CBRT, -3);
    assertDigits("4.641588833612774165621398953877797401e-104", UnaryOp.CBRT, 1e-310);
    assertDigits("0.8414709848078965066525023216302989996", UnaryOp.SIN, 1);
    assertDigits("-0.8522008497671888017727058937530293683", UnaryOp.SIN, 1e+22);
    assertDigits("-2.449293598294706354452131864549977627e-16", UnaryOp.SIN, 6.283185307179586);
    assertDigits("0.5403023058681397174009366074429766037", UnaryOp.COS, 1);
    assertDigits("-0.5753861119575490466882442759658061506", UnaryOp.COS, 1e+300);
    assertDigits("6.123233995736765886130329661375001465e-17", UnaryOp.COS, 1.5707963267948966);
    assertDigits("1.557407724654902230506974807458360173", UnaryOp.TAN, 1);
    assertDigits("1.628778225606898878549375936939548514", UnaryOp.TAN, -1e+22);
    assertDigits("0.2013579207903308027862918481386096646", UnaryOp.ASIN, 0.2);
    assertDigits("1.556654073317384520420410849607060404", UnaryOp.ASIN, 0.9999);
    assertDigits("1.369438406004565816445029843501141777", UnaryOp.ACOS, 0.2);
    assertDigits("3.127450400112281139651732541246811846", UnaryOp.ACOS, -0.9999);
    assertDigits("0.1973955598498807690452711558212954670", UnaryOp.ATAN, 0.2);
    assertDigits("-1.569796327128229752564797882004830898", UnaryOp.ATAN, -1000);
    assertDigits("0.2227025892104784661764530312092567167", UnaryOp.ERF, 0.2);
    assertDigits("-0.9953222650189527341620692563672529286", UnaryOp.ERF, -2);
    assertDigits("0.8413447460685429485852325456320379225", UnaryOp.GELU, 1);
    assertDigits("-0.1586552539314570514147674543679620775", UnaryOp.GELU, -1);
    assertDigits("-5.507248237212467390151245561714930666e-88", UnaryOp.GELU, -20);
    assertDigits("8.999999999999999998984270434641543417", UnaryOp.GELU, 9);
    assertDigits("1.732050807568877293527446341505872367", Exact.of(BinaryOp.POW, 3, 0.5), "POW");
    assertDigits("-15.62500000000000000000000000000000000", Exact.of(BinaryOp.POW, -2.5, 3), "POW");
    assertDigits(
        "2.688103858214464605492824271435592982e+43",
        Exact.of(BinaryOp.POW, 1.0000001, 1000000000.0),
        "POW");
    assertDigits(
        "2.819842099193151045061238768920841565", Exact.of(BinaryOp.ATAN2, 1, -3), "ATAN2");
    assertDigits(
        "-1.325817663668032465059239210428475631", Exact.of(BinaryOp.ATAN2, -2, 0.5), "ATAN2");
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
    assertDigits(expected, Exact.of(op, x), op + " of " + x);
  }

  private static void assertDigits(String expected, Exact exact, String what) {
    BigDecimal actual =
        new BigDecimal(exact.mantissa().hi())
            .add(new BigDecimal(exact.mantissa().lo()))
            .multiply(
                exact.exponent() >= 0
                    ? BigDecimal.TWO.pow(exact.exponent())
                    : BigDecimal.ONE.divide(BigDecimal.TWO.pow(-exact.exponent())));
    BigDecimal e = new BigDecimal(expected);
    BigDecimal error = actual.subtract(e).divide(e, MathContext.DECIMAL128).abs();
    assertTrue(error.compareTo(new BigDecimal("1e-27")) < 0, what + " is " + actual);
  }
}
