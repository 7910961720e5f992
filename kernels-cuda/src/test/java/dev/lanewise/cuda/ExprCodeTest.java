package dev.lanewise.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.cuda.Walk.Form;
import dev.lanewise.kernel.BinaryOp;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.UnaryOp;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ExprCodeTest {
  private static final Expr X = Expr.arg(0);
  private static final Expr Y = Expr.arg(1);

  static Stream<Arguments> trees() {
    return Stream.of(
        Arguments.of(X, DType.F32, "", "x0"),
        Arguments.of(Expr.param(2), DType.F64, "", "p2"),
        Arguments.of(X.add(Y), DType.F32, "const float v2 = op_add(x0, x1);\n", "v2"),
        Arguments.of(X.neg(), DType.I64, "const long long v1 = op_neg(x0);\n", "v1"),
        Arguments.of(
            X.square().mul(X.square()),
            DType.F64,
            "const double v1 = op_square(x0);\nconst double v2 = op_mul(v1, v1);\n",
            "v2"),
        Arguments.of(
            Expr.select(X, Y, Expr.constant(-2)),
            DType.I32,
            "const int v3 = x0 != 0 ? x1 : (-2);\n",
            "v3"));
  }

  @ParameterizedTest
  @MethodSource("trees")
  void statementsHaveOneVariableForEachPart(
      Expr expr, DType dtype, String statements, String value) {
    ExprCode code = new ExprCode(List.of(expr), dtype, "");
    assertEquals(statements, code.statements());
    assertEquals(value, code.value(0));
  }

  @Test
  void whatTwoExpressionsShareIsComputedOnce() {
    ExprCode code = new ExprCode(List.of(X.exp().add(Y), X.exp()), DType.F64, "  ");
    assertEquals(
        "  const double v1 = op_exp(x0);\n  const double v3 = op_add(v1, x1);\n",
        code.statements());
    assertEquals("v3", code.value(0));
    assertEquals("v1", code.value(1));
    assertEquals(
        """
        __device__ inline double op_add(double x, double y) {
          return x + y;
        }

        __device__ inline double op_exp(double x) {
          return (double) exp((double) x);
        }

        """,
        code.functions());
    assertTrue(code.reads(0) && code.reads(1));
    assertFalse(code.reads(2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "F32; 1; 0x1.0p0f",
        "F32; 0.1; 0x1.99999ap-4f",
        "F32; -1e-45; (-0x0.000002p-126f)",
        "F32; NaN; __int_as_float(0x7fc00000)",
        "F32; -Infinity; (-__int_as_float(0x7f800000))",
        "F32; 1e300; (__int_as_float(0x7f800000))",
        "F64; 0.1; 0x1.999999999999ap-4",
        "F64; -0.0; (-0x0.0p0)",
        "F64; NaN; __longlong_as_double(0x7ff8000000000000ll)",
        "F64; Infinity; (__longlong_as_double(0x7ff0000000000000ll))",
        "I32; -7; (-7)",
        "I32; -2147483648; (-2147483647 - 1)",
        "I64; 4294967296; 4294967296ll",
        "I64; -9223372036854775808; (-9223372036854775807ll - 1)"
      })
  void numbersAreExact(DType dtype, double value, String literal) {
    assertEquals(literal, CudaTypes.literal(dtype, value));
  }

  @Test
  void aKernelIsPrintedWithWhatItsPatternNeeds() {
    KernelSource source =
        PrintedKernels.elementwise(
            X.mul(Expr.param(0)).add(Y), DType.F32, 2, false, Form.DENSE, Form.DENSE, Form.STRIDED);
    assertEquals("elementwise", source.name());
    assertEquals(
        """
        typedef unsigned int index;
        typedef int place;

        __device__ inline float op_add(float x, float y) {
          return x + y;
        }

        __device__ inline float op_mul(float x, float y) {
          return x * y;
        }

        extern "C" __global__ void __launch_bounds__(256) elementwise(float* out0, const float* in0, \
        const float* in1, float p0, long long n, long long d1, long long in1_s0, long long in1_s1) {
          const index step = (index) gridDim.x * blockDim.x;
          for (index i = (index) blockIdx.x * blockDim.x + threadIdx.x; i < (index) n; i += step) {
            const index i1 = i % (index) d1;
            const index i_above1 = i / (index) d1;
            const index i0 = i_above1;
            const float x0 = in0[i];
            const float x1 = in1[(place) (i0 * (index) in1_s0 + i1 * (index) in1_s1)];
            const float v2 = op_mul(x0, p0);
            const float v4 = op_add(v2, x1);
            out0[i] = v4;
          }
        }
        """,
        source.text());
  }

  @Test
  void everyOpIsWrittenInAllItsTypes() {
    Pattern placeholder = Pattern.compile("\\b[TU]\\b");
    for (DType dtype : PrintedKernels.COMPUTED) {
      for (UnaryOp op : UnaryOp.values()) {
        if (dtype.isInteger() && !op.isForIntegers()) {
          assertThrows(UnsupportedOperationException.class, () -> op.cuda(dtype));
        } else {
          assertFunction(placeholder, op.cuda(dtype));
        }
      }
      for (BinaryOp op : BinaryOp.values()) {
        if (dtype.isInteger() && !op.isForIntegers()) {
          assertThrows(UnsupportedOperationException.class, () -> op.cuda(dtype));
        } else {
          assertFunction(placeholder, op.cuda(dtype));
        }
      }
    }
  }

  private static void assertFunction(Pattern placeholder, String body) {
    assertFalse(placeholder.matcher(body).find(), body);
    assertTrue(body.contains("return ") && body.endsWith(";"), body);
  }

  @Test
  void kernelsKeepToThePartOfTheLanguageThatRunsAnywhere() {
    Pattern outside = Pattern.compile("#|template|struct|atomic|INFINITY|NAN\\b|\\bT\\b");
    for (Map.Entry<String, KernelSource> kernel : PrintedKernels.all().entrySet()) {
      Matcher found = outside.matcher(kernel.getValue().text());
      assertFalse(found.find(), () -> kernel.getKey() + ": " + kernel.getValue().text());
    }
  }
}
