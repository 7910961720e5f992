package dev.lanewise.cuda.simt;

import static dev.lanewise.cuda.simt.Programs.assertLeaves;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FunctionTest {

  /** Values to 20 digits, computed with 60. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      textBlock =
          """
          erf(1e-10) @ 1.128379167095512615e-10
          erf(0.3) @ 0.32862675945912741619
          erf(-1.7) @ -0.98379045859077456084
          erf(2.99) @ 0.9999764743969193598
          erf(3.01) @ 0.99997926103636286737
          erf(5.5) @ 0.99999999999999264215
          erfc(-4.0) @ 1.9999999845827420997
          erfc(-0.5) @ 1.5204998778130465377
          erfc(0.7) @ 0.32219880616258155772
          erfc(2.9) @ 0.000041097878099458857996
          erfc(3.1) @ 0.000011648657367199589313
          erfc(10.0) @ 2.088487583762544757e-45
          erfc(26.5) @ 2.2109076642637342759e-307
          erfcx(-3.0) @ 16205.988853999586625
          erfcx(0.5) @ 0.61569034419292587487
          erfcx(2.5) @ 0.21080636406114358065
          erfcx(7.0) @ 0.07980005432915293349
          erfcx(100000.0) @ 5.6418958351954680777e-6
          normcdf(-37.0) @ 5.7255712225245768227e-300
          normcdf(-6.0) @ 9.865876450376981407e-10
          normcdf(-0.3) @ 0.38208857781104736693
          normcdf(1.9) @ 0.97128344018399819477
          normcdf(4.0) @ 0.99996832875816688008
          erfinv(1e-12) @ 8.8622692545275799582e-13
          erfinv(0.001) @ 0.00088622715746655212301
          erfinv(0.4) @ 0.37080715859355795164
          erfinv(-0.95) @ -1.3859038243496776766
          erfinv(0.999999999) @ 4.3200053881053620459
          sinpi(0.25) @ 0.7071067811865475244
          sinpi(1.3) @ -0.80901699437494750611
          sinpi(-7.9) @ 0.30901699437494636261
          sinpi(1000000000.0625) @ 0.19509032201612826785
          cospi(0.25) @ 0.7071067811865475244
          cospi(1.3) @ -0.5877852522924730163
          cospi(-7.9) @ 0.95105651629515391702
          cospi(0.4999) @ 0.00031415926019123196964
          log2(8.0) @ 3.0
          log2(1.001) @ 0.001441974173906321696
          log2(0.99) @ -0.014499569695115089577
          log2(1e-310) @ -1029.7977094150823322
          exp2(0.5) @ 1.4142135623730950488
          exp2(-10.0) @ 0.0009765625
          exp2(-1060.5) @ 5.7238678491243578e-320
          asinh(1e-05) @ 9.9999999998333341514e-6
          asinh(-2.0) @ -1.4436354751788103425
          asinh(1e+200) @ 461.21016577936908208
          acosh(1.0001) @ 0.014142017775251545498
          acosh(3.0) @ 1.7627471740390860505
          acosh(1e+200) @ 461.21016577936908208
          atanh(1e-05) @ 0.000010000000000333334151
          atanh(-0.5) @ -0.5493061443340548457
          atanh(0.999) @ 3.8002011672501995875
          rsqrt(3.0) @ 0.57735026918962576451
          cbrt(10.0) @ 2.1544346900318837218
          """)
  void specialFunctionsAreRightToTwoUlps(String call, String expected) {
    double wanted = Double.parseDouble(expected);
    double found = Node.asDouble(Programs.value("double", call));
    assertTrue(
        Math.abs(found - wanted) <= 2 * Math.ulp(wanted), call + ": " + found + ", not " + wanted);
    // The same in float: the argument is another number then, but one that moves the result by its
    // own rounding only.
    String single = call.replaceAll("\\((.*)\\)", "f((float) ($1))");
    if (Math.abs(wanted) > 1e-30 && Math.abs(wanted) < 1e30 && !call.contains("1e+200")) {
      float near = Node.asFloat(Programs.value("float", single));
      double again =
          Node.asDouble(
              Programs.value("double", call.replaceAll("\\((.*)\\)", "((double) (float) ($1))")));
      assertEquals((float) again, near, single);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      textBlock =
          """
          erf(1.0 / z)       @ 1
          erf(-0.0)          @ -0.0
          erf(z / z)         @ NaN
          erfc(1.0 / z)      @ 0
          erfc(-1.0 / z)     @ 2
          erfcx(-30.0)       @ Infinity
          erfcx(1.0 / z)     @ 0
          erfinv(1.0)        @ Infinity
          erfinv(-1.0)       @ -Infinity
          erfinv(1.5)        @ NaN
          erfinv(-0.0)       @ -0.0
          normcdf(1.0 / z)   @ 1
          normcdf(-1.0 / z)  @ 0
          normcdf(-0.0)      @ 0.5
          normcdf(z / z)     @ NaN
          sinpi(3.0)         @ 0.0
          sinpi(1.0 / z)     @ NaN
          cospi(0.5)         @ 0.0
          cospi(3.0)         @ -1
          acosh(0.5)         @ NaN
          atanh(1.0)         @ Infinity
          asinh(-1.0 / z)    @ -Infinity
          log2(0.0)          @ -Infinity
          log2(-1.0)         @ NaN
          rsqrt(0.0)         @ Infinity
          pow(-1.0, 1.0 / z) @ 1
          trunc(-0.5)        @ -0.0
          fmod(1.0, 0.0)     @ NaN
          """)
  void specialFunctionsHaveTheirLimits(String call, double expected) {
    assertEquals(
        expected,
        Node.asDouble(Programs.value("double", call.replace("z", "(double) threadIdx.x"))),
        call);
  }

  @Test
  void overloadsAreChosenByType() {
    String functions =
        """
        typedef unsigned short u16;
        __device__ inline int f(int x) { return 1; }
        __device__ inline int f(unsigned int x) { return 2; }
        __device__ inline int f(float x) { return 3; }
        __device__ inline int f(double x) { return 4; }
        __device__ inline int f(const int* x) { return 5; }
        __device__ inline int f(float* x) { return 6; }
        __device__ inline int f(u16 x) { return 7 + f((float) x); }
        __device__ inline int f(int x, int y) { return 8; }
        """;
    assertLeaves(
        new int[] {1, 2, 3, 4, 5, 6, 10, 8, 1, 1},
        1,
        functions,
        """
        float a[1]; out[0] = f(1); out[1] = f(1u); out[2] = f(1.0f); out[3] = f(1.0); out[4] = f(out);
        out[5] = f(a); out[6] = f((u16) 1); out[7] = f(1, 1); out[8] = f((short) 1); out[9] = f(true);\
        """);
  }

  @Test
  void argumentsAreConvertedWhereNothingElseFits() {
    assertLeaves(
        new int[] {7, 3, 12},
        1,
        """
        __device__ inline int half(double x) { return x / 2; }
        __device__ inline long long add(long long x, int y) { x += y; return x; }
        __device__ inline float* self(float* p) { return p; }
        """,
        """
        out[0] = half(14); out[1] = half(7.9f); int i = 4; out[2] = add(i, add(i, i));
        float a[2] = {1, 2}; self(a)[1] = 3; if (a[1] != 3 || i != 4) out[0] = 0;\
        """);
  }

  @Test
  void aCallDoesNotDisturbAnother() {
    assertLeaves(
        new int[] {11, 22, 33},
        3,
        "__device__ inline int inner(int x) { return x + 1; }\n"
            + "__device__ inline int outer(int x, int y) { int z = inner(x); return z * 10 +"
            + " inner(y); }",
        "out[t] = outer(t, t) - outer(t, inner(t)) + outer(inner(t) - 1, inner(inner(t)) - 1);");
  }

  @Test
  void aFunctionThatForgetsItsReturnIsTold() {
    PlainMemory memory = new PlainMemory();
    long out = memory.allocate(16);
    SimtFault fault =
        assertThrows(
            SimtFault.class,
            () ->
                Programs.launch(
                    "__device__ inline int f(unsigned int x) { if (x < 3) return 1; }\n"
                        + Programs.kernel("out[threadIdx.x] = f(threadIdx.x);", "int* out"),
                    1,
                    4,
                    memory,
                    out));
    assertEquals(
        "k: line 2, block (0, 0, 0), thread (3, 0, 0): f ends without a return",
        fault.getMessage());
  }
}
