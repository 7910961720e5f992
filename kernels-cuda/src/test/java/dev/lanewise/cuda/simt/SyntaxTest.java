package dev.lanewise.cuda.simt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyntaxTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'y' is not declared                     | int x = y;
          'x' is not declared                     | { int x = 1; } out[0] = x;
          'x' is declared twice                   | int x = 1; float x = 2;
          'out' is declared twice                 | int out = 1;
          'foo' is no function that is known      | out[0] = foo(1);
          'out' is no function here               | out[0] = out(1);
          'exp' is not known for (int)            | out[0] = exp(1);
          'expf' is not known for (double)        | out[0] = expf(1.0);
          'pow' is not known for (float, double)  | out[0] = pow(1.0f, 2.0);
          'min' is not known for (int, unsigned   | out[0] = min(1, 2u);
          'fmax' is not known for (double)        | out[0] = fmax(1.0);
          'sqrt' is not known for (double, double | out[0] = sqrt(1.0, 2.0);
          'x' is const                            | const float x = 1; x = 2;
          constant cannot be assigned             | const int x = 1; x++;
          'in' is not declared                    | in[0] = 1;
          points to is const                      | const int* p = out; *p = 1;
          points to is const                      | const int* p = out; p[1] += 1;
          points to is const                      | const int a[1] = {1}; a[0] = 2;
          const int* cannot become int*           | const int* p = out; int* q = p;
          int* cannot become float*               | float* q = out;
          int* cannot become int                  | int x = out;
          int cannot become int*                  | int* p = 4;
          int cannot become int*                  | int* p = (int*) 4;
          no place that can be assigned           | 1 + out[0] = 2;
          no place that can be assigned           | (float) out[0] = 2;
          '%' does not take float and int         | out[0] = 1.0f % 2;
          '<<' does not take int and float        | out[0] = 1 << 1.0f;
          '~' does not take double                | out[0] = ~1.0;
          '+' does not take int* and int*         | out = out + out;
          '-' does not take int and int*          | out = 1 - out;
          '*' does not take int*                  | out[0] = out * 2;
          '<' does not take int* and int          | out[0] = out < 0;
          an index of type float                  | out[1.0f] = 0;
          of type int has no elements             | int x = 1; out[0] = x[0];
          of type int points to nothing           | int x = 1; out[0] = *x;
          '&' takes an element                    | int x = 1; int* p = &x;
          expected ';', found ','                 | int x = 1; x = 2, 3;
          expected ';', found '}'                 | out[0] = 1
          expected a type, found ')'              | for (const) ;
          expected an expression, found ')'       | out[0] = (1 + );
          expected an expression, found ';'       | out[0] = ;
          'switch' is outside the subset          | switch (1) {}
          'goto' is outside the subset            | goto end;
          'INFINITY' is outside the subset        | float x = INFINITY;
          'atomicAdd' is no function              | atomicAdd(out, 1);
          '__shfl_down_sync' is no function       | out[0] = __shfl_down_sync(1, 2, 3);
          'char' is outside the subset            | char c = 1;
          write long long                         | long x = 1;
          write unsigned long long                | unsigned long x = 1;
          'while' cannot be a name                | int while = 1;
          pointers to pointers                    | int** p = 0;
          'x' is void                             | void x;
          the preprocessor                        | #pragma unroll
          is outside the subset                   | out[0] = 'a';
          a comment that does not end             | /* int x;
          a block that does not end               | if (out[0]) { out[0] = 1;
          octal                                   | out[0] = 017;
          no number of the subset                 | out[0] = 1l;
          no number of the subset                 | out[0] = 1.0l;
          no number of the subset                 | out[0] = 12abc;
          too large for its type                  | out[0] = 99999999999999999999;
          beyond the range                        | float x = 1e39f;
          'break' outside of a loop               | break;
          'continue' outside of a loop            | if (1) continue;
          k returns nothing                       | return 1;
          divided by 0                            | out[0] = 1 / 0;
          shifted by 64 bits                      | out[0] = 1ll << 64;
          length of 'a' is no constant            | int n = 3; int a[n];
          'a' has a length of 0                   | int a[0];
          one dimension                           | int a[2][2];
          more values than elements               | int a[2] = {1, 2, 3};
          double is narrowed to int               | int a[2] = {1.0, 2};
          int is narrowed to unsigned char        | unsigned char a[1] = {256};
          int is narrowed to unsigned int         | unsigned int a[1] = {-1};
          unsigned int is narrowed to int         | int a[1] = {threadIdx.x};
          'x' is const and has no value           | const int x;
          'a' is const and has no values          | const int a[2];
          a shared array has no values            | __shared__ int a[2] = {1, 2};
          'a' is an array of int*                 | int* a[2];
          more than 49152                         | __shared__ double a[8000];
          threadIdx has x, y and z                | out[0] = threadIdx.w;
          expected '.'                            | out[0] = threadIdx;
          a value is needed, and void is none     | int x = nothing();
          'k' is a kernel                         | k(out);
          '__syncthreads' is no function          | int x = __syncthreads();
          'nothing' is not known for (float)      | nothing(1.0f);
          """)
  void mistakesInAKernelAreTold(String reason, String body) {
    String source =
        "__device__ inline void nothing() { }\n__device__ inline void nothing(int* p) { }\n"
            + "extern \"C\" __global__ void __launch_bounds__(64)\nk(int* out) {\n\n"
            + body
            + "\n}";
    SimtSyntaxException e =
        assertThrows(SimtSyntaxException.class, () -> SimtProgram.parse(source), body);
    assertTrue(e.getMessage().contains(reason), body + ": " + e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          expected typedef                     | int x;
          expected typedef                     | static int f() { return 1; }
          expected typedef                     | __global__ void k() {}
          expected 'inline'                    | __device__ int f() { return 1; }
          expected '__launch_bounds__'         | extern "C" __global__ void k() {}
          expected "C"                         | extern "D" __global__ void k() {}
          takes 1 to 1024                      | extern "C" __global__ void __launch_bounds__(2048) k() {}
          is defined twice                     | __device__ inline void f(int x) {} __device__ inline void f(int y) {}
          is a function of CUDA                | __device__ inline float fmax(float x) { return x; }
          recursion                            | __device__ inline int f(int x) { return x > 0 ? f(x - 1) : 0; }
          'g' is no function                   | __device__ inline int f(int x) { return g(x); }
          by its definition                    | __device__ inline int f(int x);
          f returns int                        | __device__ inline int f(int x) { return; }
          must be const                        | __constant__ int a[1] = {1};
          expected '='                         | __constant__ const int a[1];
          expected '['                         | __constant__ const int a = 1;
          is no constant                       | __constant__ const int a[1] = {1}; __constant__ const int b[1] = {a[0]};
          typedef names scalar types           | typedef int* p;
          'x' is declared twice                | __device__ inline void f(int x, float x) {}
          is not known for (double)            | __device__ inline void f(int x) {} __device__ inline void f(float x) {} __device__ inline void g() { f(1.0); }
          is a kernel                          | extern "C" __global__ void __launch_bounds__(1) k() {} __device__ inline void g() { k(); }
          """)
  void mistakesAtFileLevelAreTold(String reason, String source) {
    SimtSyntaxException e =
        assertThrows(SimtSyntaxException.class, () -> SimtProgram.parse(source), source);
    assertTrue(e.getMessage().contains(reason), source + ": " + e.getMessage());
    assertEquals(1, e.line());
  }

  @Test
  void theLineIsThatOfTheMistake() {
    String source =
        """
        // a comment
        /* one of
           two lines */
        extern "C" __global__ void __launch_bounds__(64) k(int* out) {
          out[0] =
              1 +
              missing;
        }
        """;
    SimtSyntaxException e =
        assertThrows(SimtSyntaxException.class, () -> SimtProgram.parse(source));
    assertEquals("line 7: 'missing' is not declared", e.getMessage());
  }

  @Test
  void kernelsAndTheirParametersAreKnown() {
    SimtProgram program =
        SimtProgram.parse(
            """
            typedef unsigned short half;
            extern "C" __global__ void __launch_bounds__(256) b(const half* const __restrict__ x, const bool* y, long long n) { }
            extern "C" __global__ void __launch_bounds__(2 * 64) a(unsigned n, double const x, unsigned char* p) { ; }
            """);
    assertEquals(List.of("b", "a"), program.kernels());
    assertEquals(
        "[const unsigned short*, const bool*, long long]", program.parameters("b").toString());
    assertEquals("[unsigned int, double, unsigned char*]", program.parameters("a").toString());
    assertEquals(128, program.mostThreads("a"));
  }

  @Test
  void wrongLaunchesAreRefused() {
    SimtProgram program =
        SimtProgram.parse("extern \"C\" __global__ void __launch_bounds__(64) k(int n) { }");
    PlainMemory memory = new PlainMemory();
    int[] one = {1, 1, 1};
    assertTrue(refused(() -> program.launch("j", one, one, new long[1], memory)).contains("[k]"));
    assertTrue(
        refused(() -> program.launch("k", one, one, new long[2], memory))
            .contains("2 arguments for 1"));
    assertTrue(
        refused(() -> program.launch("k", new int[] {0, 1, 1}, one, new long[1], memory))
            .contains("grid"));
    assertTrue(
        refused(() -> program.launch("k", new int[] {1, 65536, 1}, one, new long[1], memory))
            .contains("grid"));
    assertTrue(
        refused(() -> program.launch("k", one, new int[] {1, 1, 65}, new long[1], memory))
            .contains("block"));
    assertTrue(
        refused(() -> program.launch("k", one, new int[] {65, 1, 1}, new long[1], memory))
            .contains("more than the 64"));
  }

  private static String refused(Executable launch) {
    return assertThrows(IllegalArgumentException.class, launch).getMessage();
  }
}
