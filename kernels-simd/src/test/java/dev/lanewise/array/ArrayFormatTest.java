package dev.lanewise.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Arrays as text. What floating-point arrays must look like was printed by NumPy 2.4. */
class ArrayFormatTest {
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;

  private final Device device = TestDevice.HOST;

  private NdArray array(DType dtype, double... values) {
    NdArray array = NdArray.zeros(device, dtype, Shape.of(values.length));
    for (int i = 0; i < values.length; i++) {
      array.set(values[i], i);
    }
    return array;
  }

  private NdArray numbers(int... shape) {
    long[] values = new long[(int) Shape.of(shape).size()];
    Arrays.setAll(values, i -> i);
    return NdArray.of(device, values, shape);
  }

  private void assertText(String expected, DType dtype, double... values) {
    assertEquals(expected, ArrayFormat.NUMPY.text(array(dtype, values)));
  }

  @Example
  void numbersInColumns() {
    assertText("[ 1.   2.5 -3. ]", DType.F32, 1, 2.5, -3);
    assertText("[999999.   1000.]", DType.F32, 999999, 1000);
    assertText("[10000000.   100000.]", DType.F64, 10000000, 100000);
    assertText("[99999999.  1000000.]", DType.F64, 99999999, 1000000);
    assertText("[999.   1.]", DType.F16, 999, 1);
    assertText("[0.1   0.2   0.333]", DType.F16, 0.1, 0.2, 0.333);
    assertText("[8.      0.01563]", DType.F16, 8, 0x1p-6);
    assertText("[0.1   0.332]", DType.BF16, 0.1, 0.333);
    assertText("[-0.  0.]", DType.F32, -0.0, 0);
    assertText("[0.   0.25]", DType.F32, 0, 0.25);
    assertText("[   1. 1000.]", DType.F64, 1, 1000);
    assertText("[0.0001]", DType.F64, 0.0001);
    assertText("[0.0001]", DType.F32, 0.0001);
    assertText("[123456.789]", DType.F64, 123456.789);
    assertText("[ 1.  -0.1]", DType.F64, 0.999999999999, -0.1);
  }

  @Example
  void digitsThatAreTooManyAreRounded() {
    assertText("[0.12345678 0.5       ]", DType.F64, 0.123456785, 0.5);
    assertText("[0.00097656]", DType.F64, 0.0009765625);
    assertText("[0.00195312 1.        ]", DType.F64, 0.001953125, 0.99999999999);
    assertText("[0.33333333 0.66666667]", DType.F64, 1 / 3.0, 2 / 3.0);
    assertText("[0.33333334 0.6666667 ]", DType.F32, 1 / 3.0, 2 / 3.0);
  }

  @Example
  void exponents() {
    assertText("[1.e-01 1.e-05]", DType.F64, 0.1, 1e-05);
    assertText("[1.0000000e-01 1.0000123e-10]", DType.F32, 0.1, 1.0000123e-10);
    assertText("[1.05386264e+08 1.00000001e-01 9.99999975e-06]", DType.F32, 105386264, 0.1, 1e-05);
    assertText("[1.00001230e-10 1.23456791e-08]", DType.F64, 1.0000123e-10, 1.2345679123e-08);
    assertText("[1.e+06 1.e+00]", DType.F32, 1000000, 1);
    assertText("[9.99999e+05 1.00000e+00]", DType.F32, 999999, 1);
    assertText("[1.e+08]", DType.F64, 100000000);
    assertText("[1.e+03 1.e+00]", DType.F16, 1000, 1);
    assertText("[6.55e+04 1.00e-01]", DType.F16, 65504, 0.1);
    assertText("[1.000e+00 1.001e+03]", DType.F64, 1, 1001);
    assertText("[9.e-05]", DType.F64, 9e-05);
    assertText("[5.e-324]", DType.F64, 5e-324);
    assertText("[1.e-45]", DType.F32, 1e-45);
    assertText("[1.e+300 1.e-300]", DType.F64, 1e+300, 1e-300);
    assertText("[1.e+100 1.e+000]", DType.F64, 1e+100, 1);
    assertText("[1.6777216e+07]", DType.F32, 16777216);
    assertText("[1.e+10]", DType.F64, 9999999999.9);
    assertText("[5.68434189e-14]", DType.F64, 0x1p-44);
    assertText("[-1.e-10  2.e+10  0.e+00]", DType.F64, -1e-10, 2e10, 0);
  }

  @Example
  void whatIsNoNumber() {
    assertText("[ inf -inf  nan  1.5]", DType.F64, INF, -INF, NAN, 1.5);
    assertText("[ nan -inf]", DType.F64, NAN, -INF);
    assertText("[nan]", DType.F64, NAN);
    assertText("[ 1.e-05     inf -1.e-03]", DType.F64, 1e-05, INF, -0.001);
  }

  @Example
  void integersAndTruths() {
    assertText("[  1 -20 300]", DType.I32, 1, -20, 300);
    assertEquals(
        "[9223372036854775807                  -1]",
        ArrayFormat.NUMPY.text(NdArray.of(device, new long[] {Long.MAX_VALUE, -1})));
    assertText("[ True False]", DType.BOOL, 1, 0);
    assertText("[ True  True]", DType.BOOL, 1, 1);
    NdArray one = array(DType.BOOL, 1).view(Layout.contiguous(Shape.SCALAR));
    assertEquals("True", ArrayFormat.NUMPY.text(one));
  }

  @Example
  void bracketsAndLines() {
    assertEquals(
        """
        [[[ 0  1]
          [ 2  3]]

         [[ 4  5]
          [ 6  7]]

         [[ 8  9]
          [10 11]]]\
        """,
        ArrayFormat.NUMPY.text(numbers(3, 2, 2)));
    assertEquals(
        """
        [[ 0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20 21 22 23
          24 25 26 27 28 29]
         [30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53
          54 55 56 57 58 59]]\
        """,
        ArrayFormat.NUMPY.text(numbers(2, 30)));
    double[] sevenths = new double[14];
    Arrays.setAll(sevenths, i -> i / 13.0);
    assertEquals(
        """
        [[[0.         0.07692308 0.15384615 0.23076923 0.30769231 0.38461538
           0.46153846]
          [0.53846154 0.61538462 0.69230769 0.76923077 0.84615385 0.92307692
           1.        ]]]\
        """,
        ArrayFormat.NUMPY.text(NdArray.of(device, sevenths, 1, 2, 7)));
    NdArray turned = numbers(2, 3).permute(1, 0);
    assertEquals("[[0 3]\n [1 4]\n [2 5]]", ArrayFormat.NUMPY.text(turned));
    assertEquals("[[0 3]\n   [1 4]\n   [2 5]]", ArrayFormat.NUMPY.text(turned, 2));
    assertEquals("[]", ArrayFormat.NUMPY.text(numbers(2, 0)));
    assertEquals(
        "7",
        ArrayFormat.NUMPY.text(
            NdArray.of(device, new int[] {7}).view(Layout.contiguous(Shape.SCALAR))));
  }

  @Example
  void longArraysAreCut() {
    assertEquals(
        """
        [[   0    1    2 ...  997  998  999]
         [1000 1001 1002 ... 1997 1998 1999]]\
        """,
        ArrayFormat.NUMPY.text(numbers(2, 1000)));
    assertEquals(
        """
        [[[   0    1]
          [   2    3]]

         [[   4    5]
          [   6    7]]

         [[   8    9]
          [  10   11]]

         ...

         [[ 992  993]
          [ 994  995]]

         [[ 996  997]
          [ 998  999]]

         [[1000 1001]
          [1002 1003]]]\
        """,
        ArrayFormat.NUMPY.text(numbers(251, 2, 2)));
    // What is not shown does not make the columns wider.
    NdArray ones = NdArray.of(device, new int[1001]);
    ones.set(123456, 500);
    assertEquals("[0 0 0 ... 0 0 0]", ArrayFormat.NUMPY.text(ones));
  }

  @Example
  void otherFormats() {
    NdArray x = array(DType.F64, 0.123456789, 10.5);
    assertEquals("[ 0.12 10.5 ]", new ArrayFormat(2, 1000, 3, 75).text(x));
    assertEquals("[2. 1.]", new ArrayFormat(0, 1000, 3, 75).text(array(DType.F64, 1.5, 1)));
    assertEquals("[2.e-07 1.e+00]", new ArrayFormat(0, 9, 3, 75).text(array(DType.F64, 2.5e-7, 1)));
    assertEquals("[0 1 ... 8 9]", new ArrayFormat(8, 5, 2, 75).text(numbers(10)));
    assertEquals("[0 1 2 3 4\n 5 6 7 8 9]", new ArrayFormat(8, 1000, 3, 12).text(numbers(10)));
    assertThrows(IllegalArgumentException.class, () -> new ArrayFormat(-1, 1, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new ArrayFormat(1, -1, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new ArrayFormat(1, 1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new ArrayFormat(1, 1, 1, 0));
  }

  @Example
  void freedArraysHaveNoText() {
    NdArray dead;
    try (Scope _ = Scope.open("step")) {
      dead = numbers(2);
    }
    assertThrows(IllegalStateException.class, () -> ArrayFormat.NUMPY.text(dead));
    assertEquals("X(freed, i64 [2]!)", ArrayFormat.NUMPY.describe("X", dead, "!"));
  }

  /** With digits enough every number can be read back, and the words stand below each other. */
  @Property(tries = 500)
  void textCanBeReadBack(@ForAll long seed) {
    Random random = new Random(seed);
    DType[] types = {DType.F32, DType.F64, DType.F16, DType.BF16};
    DType dtype = types[random.nextInt(types.length)];
    double[] values = new double[1 + random.nextInt(5)];
    double spread = random.nextInt(dtype == DType.F16 ? 8 : 40); // none becomes infinite
    Arrays.setAll(
        values, i -> random.nextGaussian() * Math.pow(10, spread * (random.nextDouble() - 0.5)));
    NdArray x = array(dtype, values);
    String text = new ArrayFormat(400, 1000, 3, 100_000).text(x);
    String[] words = text.substring(1, text.length() - 1).strip().split(" +");
    NdArray back = array(dtype, Arrays.stream(words).mapToDouble(Double::parseDouble).toArray());
    assertEquals(Arrays.toString(x.toDoubleArray()), Arrays.toString(back.toDoubleArray()), text);
    assertEquals(0, (text.length() - 1) % values.length, text);
  }
}
