package dev.lanewise.cuda.simt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      textBlock =
          """
          int                @ 1 + 2 * 3 - 4 / 2 % 3                    @ 5
          int                @ (1 + 2) * 3                              @ 9
          int                @ 1 << 2 + 1                               @ 8
          int                @ 7 & 3 == 3                               @ 1
          int                @ 6 ^ 3 | 8 & 12                           @ 13
          int                @ -7 / 2                                   @ -3
          int                @ -7 % 3                                   @ -1
          int                @ - - 5                                    @ 5
          int                @ ~5                                       @ -6
          int                @ !5 + !0                                  @ 1
          int                @ 2147483647 + 1                           @ -2147483648
          int                @ -2147483647 - 1 - 1                      @ 2147483647
          long long          @ 2147483647 + 1ll                         @ 2147483648
          long long          @ 65536 * 65536                            @ 0
          long long          @ 65536u * 65536ll                         @ 4294967296
          long long          @ 0xffffffff                               @ 4294967295
          long long          @ -1 + 0u                                  @ 4294967295
          long long          @ -1ll + 0u                                @ -1
          long long          @ (unsigned int) -1                        @ 4294967295
          int                @ -1 < 0u                                  @ 0
          int                @ -1 < 0                                   @ 1
          int                @ -1ll < 0u                                @ 1
          int                @ -1ll < 0ull                              @ 0
          int                @ (unsigned char) 255 + (unsigned char) 1  @ 256
          int                @ (unsigned char) 256                      @ 0
          int                @ (unsigned char) -1                       @ 255
          int                @ (short) 32768                            @ -32768
          int                @ (unsigned short) 65535 * (unsigned short) 65535 @ -131071
          int                @ ~(unsigned char) 0                       @ -1
          int                @ -(unsigned short) 1                      @ -1
          int                @ (bool) 4 + (bool) 0.5f + (bool) 0        @ 2
          int                @ true + true                              @ 2
          unsigned int       @ -1 / 2u                                  @ 2147483647
          unsigned int       @ 7u - 8u                                  @ 4294967295
          unsigned int       @ -1 >> 28                                 @ 4294967295
          unsigned int       @ -1u >> 28                                @ 15
          unsigned int       @ 1u << 31                                 @ 2147483648
          int                @ 1 << 31                                  @ -2147483648
          long long          @ 1ll << 40                                @ 1099511627776
          long long          @ -8ll >> 1                                @ -4
          long long          @ -1ull >> 60                              @ 15
          long long          @ -1ull / 10                               @ 1844674407370955161
          long long          @ -1ull % 10                               @ 5
          long long          @ (1u << 31) << 1                          @ 0
          long long          @ 0x7fffffffffffffffll + 1                 @ -9223372036854775808
          int                @ (1 ? 2 : 3u) - 3 > 0                     @ 1
          int                @ 3 > 2 ? 4 : 1 ? 5 : 6                    @ 4
          int                @ sizeof(double) + sizeof(short)           @ 10
          int                @ int(3.9) + int(-3.9)                     @ 0
          int                @ (int) 3e9                                @ 2147483647
          int                @ (int) -3e9f                              @ -2147483648
          int                @ (int) (0.0f / 0.0f)                      @ 0
          unsigned int       @ (unsigned int) 3e9                       @ 3000000000
          unsigned int       @ (unsigned int) -1.5f                     @ 0
          unsigned int       @ (unsigned int) 1e20                      @ 4294967295
          long long          @ (long long) 1e30                         @ 9223372036854775807
          long long          @ (long long) (0.0 / 0.0)                  @ -9223372036854775808
          long long          @ (unsigned long long) 18446744073709549568.0 @ -2048
          long long          @ (unsigned long long) 1e30                @ -1
          long long          @ (unsigned long long) -3.0                @ 0
          int                @ 1.0f == 1                                @ 1
          int                @ 16777217 == 16777216.0f                  @ 1
          int                @ 16777217 == 16777216.0                   @ 0
          int                @ 0.0 / 0.0 != 0.0 / 0.0                   @ 1
          int                @ 0.0 / 0.0 <= 0.0                         @ 0
          int                @ 0.1f == 0.1                              @ 0
          int                @ 0.1f + 0.2f == 0.3f                      @ 1
          int                @ 0.1 + 0.2 == 0.3                         @ 0
          int                @ 0x10 + 0X1F                              @ 47
          int                @ abs(-3) + min(2, -1) + max(4, 3)         @ 6
          unsigned int       @ max(1u, (unsigned int) -1)               @ 4294967295
          long long          @ min(-1ll, 1ll) + abs(-5ll)               @ 4
          long long          @ max(-1ull, 1ull)                         @ -1
          int                @ min((short) 3, (unsigned char) 2)        @ 2
          unsigned int       @ __umulhi(0xffffffffu, 0xffffffffu)       @ 4294967294
          long long          @ __umul64hi(-1ull, -1ull)                 @ -2
          int                @ __float_as_int(-1.0f)                    @ -1082130432
          long long          @ __float_as_uint(-1.0f)                   @ 3212836864
          long long          @ __double_as_longlong(1.0)                @ 4607182418800017408
          int                @ __float_as_int(__int_as_float(0x7fc00001)) @ 2143289345
          int                @ __float_as_int(-__int_as_float(0xff800000)) @ 2139095040
          int                @ isnan(0.0f / 0.0f) + isinf(1.0 / 0.0) + isfinite(1.0f) + signbit(-0.0f) @ 4
          """)
  void integersAreC(String type, String expression, String expected) {
    long wanted = Long.parseLong(expected);
    assertEquals(wanted, Programs.value(type, expression), expression);
    // The same with operands that are not constants, so that nothing is computed by the parser.
    String numbers = "(?<![\\w.])([0-9]+)(?![\\w.])";
    String veiled = expression.replaceAll(numbers, "($1 + (int) threadIdx.y)");
    assertEquals(wanted, Programs.value(type, veiled), veiled);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      textBlock =
          """
          float  @ 16777216.0f + 1.0f                  @ 16777216
          float  @ 16777216.0f + 1.0                   @ 16777216
          double @ 16777216.0f + 1.0f                  @ 16777216
          double @ 16777216.0f + 1.0                   @ 16777217
          double @ 1 / 3.0f                            @ 0.3333333432674408
          double @ 1 / 3.0                             @ 0.3333333333333333
          double @ 1 / 3                               @ 0
          double @ 0.1f                                @ 0.10000000149011612
          double @ 0x1.8p-3                            @ 0.1875
          double @ 0x1.8p1f + .5f + 1.f + 2e-1         @ 4.7
          double @ -1ull                               @ 18446744073709551616
          float  @ 0xffffff8000000001ull               @ 18446744073709551616
          float  @ 16777217                            @ 16777216
          double @ 9007199254740993ll                  @ 9007199254740992
          double @ 9007199254740993ull                 @ 9007199254740992
          double @ 0xfffffffffffff401ull               @ 18446744073709549568
          double @ (float) 1e-46                       @ 0
          double @ 1.1f * 1.1f                         @ 1.2100000381469727
          double @ fma(1.1f, 1.1f, -1.21f)             @ 1.4305115314527939e-08
          double @ fmaf(2.0f, 3.0f, 1.0f)              @ 7
          double @ fma(0x1.0000001p0, 0x1.0000001p0, -0x1.0000002p0) @ 0x1p-56
          double @ sqrt(2.0f)                          @ 1.4142135381698608
          double @ sqrt(2.0)                           @ 1.4142135623730951
          double @ sqrtf(2.0f)                         @ 1.4142135381698608
          double @ exp(1.0f)                           @ 2.7182817459106445
          double @ exp(0.0)                            @ 1
          double @ fmod(-7.5, 2.0)                     @ -1.5
          double @ fmin(0.0 / 0.0, 3.0)                @ 3
          double @ fmax(3.0f, 0.0f / 0.0f)             @ 3
          double @ copysign(2.0, -0.0)                 @ -2
          double @ rint(2.5) + rint(3.5)               @ 6
          double @ trunc(-2.7) + floor(-2.1) + ceil(2.1) @ -2
          double @ fabs(-1.5f)                         @ 1.5
          double @ pow(1.0, 0.0 / 0.0)                 @ 1
          double @ 1 > 2 ? 1 : 0.5f                    @ 0.5
          double @ 2147483647 + 1.0f                   @ 2147483648
          """)
  void floatsAndDoublesAreC(String type, String expression, String expected) {
    double wanted = Double.parseDouble(expected);
    long bits = Programs.value(type, expression);
    double found = type.equals("float") ? Node.asFloat(bits) : Node.asDouble(bits);
    assertEquals(wanted, found, 0, expression);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      textBlock =
          """
          int x = 5; x += 2; x -= 1; x *= 3; x /= 2; x %= 5; *out = x;             @ 4
          int x = 5; x <<= 2; x >>= 1; x |= 1; x &= 9; x ^= 3; *out = x;           @ 10
          int x = 5; int y = x++ * 10 + x; *out = y;                               @ 56
          int x = 5; int y = --x; *out = x * 10 + y;                               @ 44
          int x; int y; x = y = 3; *out = x + y;                                   @ 6
          unsigned char x = 255; x += 1; *out = x;                                 @ 0
          unsigned char x = 250; *out = x++ + x;                                   @ 501
          float x = 0.5f; x += 1; x *= 3; *out = x;                                @ 4
          int x = 10; x *= 0.25; *out = x;                                         @ 2
          unsigned int x = 0; x--; *out = x > 5;                                   @ 1
          bool x = 7; *out = x;                                                    @ 1
          int x = 2.9; *out = x;                                                   @ 2
          int x = 1; { int x = 2; x = 3; } *out = x;                               @ 1
          int a[3] = {1, 2, 3}; int i = 0; a[i++] += 10; *out = a[0] * 10 + i;     @ 111
          int a[3] = {1, 2, 3}; int* p = a; *p++ = 7; *out = a[0] * 10 + *p;       @ 72
          int a[3] = {1, 2, 3}; int* p = &a[2]; *out = (p - a) * 10 + p[-1];       @ 22
          int a[3] = {1, 2, 3}; int* p = a + 2; p -= 1; --p; *out = *(1 + p);      @ 2
          int a[3] = {1, 2, 3}; *out = a[1]++ * 10 + a[1];                         @ 23
          int a[3] = {4}; *out = a[0] + a[1] + a[2];                               @ 4
          const int n = 2; int a[2 * n]; a[3] = 5; *out = a[3];                    @ 5
          int* p = out; *out = p == out && p != 0 && p + 1 > out && p;             @ 1
          const int* p = 0; *out = p ? *p : 3;                                     @ 3
          int x = 0; *out = x != 0 && 1 / x > 0;                                   @ 0
          int x = 0; *out = x == 0 || 1 / x > 0;                                   @ 1
          int x = 0; bool y = true && (x = 4); *out = x + y;                       @ 5
          """)
  void statementsLeave(String body, int expected) {
    PlainMemory memory = new PlainMemory();
    long out = memory.allocate(4);
    Programs.run(body, "int* out", 1, 1, memory, out);
    assertEquals(expected, memory.ints(out)[0], body);
  }
}
