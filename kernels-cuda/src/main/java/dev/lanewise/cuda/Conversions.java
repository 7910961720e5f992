package dev.lanewise.cuda;

import dev.lanewise.array.DType;

/**
 * Conversions between element types in CUDA C, as Java's casts make them. The 16-bit types are
 * taken apart as integers; floating point numbers beyond an integer type's become its largest or
 * smallest, and NaN becomes 0.
 */
final class Conversions {
  private Conversions() {}

  private static final String HALF_TO_FLOAT =
      """
      __device__ inline float half_to_float(unsigned short half) {
        const unsigned int sign = (unsigned int) (half & 0x8000) << 16;
        const unsigned int size = half & 0x7fff;
        if (size >= 0x7c00u) {
          return __uint_as_float(sign | 0x7f800000u | (size & 0x3ffu) << 13);
        }
        if (size >= 0x400u) {
          return __uint_as_float(sign | ((size << 13) + 0x38000000u));
        }
        const float tiny = (float) size * 0x1p-24f;
        return sign != 0 ? -tiny : tiny;
      }

      """;

  private static final String FLOAT_TO_HALF =
      """
      __device__ inline unsigned short float_to_half(float x) {
        const unsigned int bits = __float_as_uint(x);
        const unsigned int sign = bits >> 16 & 0x8000u;
        const unsigned int size = bits & 0x7fffffffu;
        if (size > 0x7f800000u) {
          return (unsigned short) (sign | 0x7e00u | (size >> 13 & 0x3ffu));
        }
        if (size >= 0x477ff000u) {
          return (unsigned short) (sign | 0x7c00u);
        }
        if (size < 0x38800000u) {
          // Beside 0.5 the last digit of a float is that of the smallest halves.
          const float tiny = __uint_as_float(size) + 0.5f;
          return (unsigned short) (sign | (__float_as_uint(tiny) - 0x3f000000u));
        }
        const unsigned int rounded = size + 0xfffu + (size >> 13 & 1u);
        return (unsigned short) (sign | (rounded - 0x38000000u) >> 13);
      }

      """;

  private static final String BFLOAT_TO_FLOAT =
      """
      __device__ inline float bfloat_to_float(unsigned short upper) {
        return __uint_as_float((unsigned int) upper << 16);
      }

      """;

  private static final String FLOAT_TO_BFLOAT =
      """
      __device__ inline unsigned short float_to_bfloat(float x) {
        const unsigned int bits = __float_as_uint(x);
        if (x != x) {
          return (unsigned short) (bits >> 16 | 0x40u);
        }
        return (unsigned short) ((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
      }

      """;

  private static final String TO_INT =
      """
      __device__ inline int to_int(double x) {
        if (x != x) {
          return 0;
        }
        if (x >= 2147483647.0) {
          return 2147483647;
        }
        return x <= -2147483648.0 ? -2147483647 - 1 : (int) x;
      }

      """;

  private static final String TO_LONG =
      """
      __device__ inline long long to_long(double x) {
        if (x != x) {
          return 0;
        }
        if (x >= 0x1p63) {
          return 9223372036854775807ll;
        }
        return x <= -0x1p63 ? -9223372036854775807ll - 1 : (long long) x;
      }

      """;

  /** {@return the functions that a conversion calls} */
  static String functions(DType from, DType to) {
    if (from == to) {
      return "";
    }
    String read =
        switch (from) {
          case F16 -> HALF_TO_FLOAT;
          case BF16 -> BFLOAT_TO_FLOAT;
          case F32, F64, I32, I64, BOOL -> "";
        };
    String write =
        switch (to) {
          case F16 -> FLOAT_TO_HALF;
          case BF16 -> FLOAT_TO_BFLOAT;
          case I32 -> from.isFloating() ? TO_INT : "";
          case I64 -> from.isFloating() ? TO_LONG : "";
          case F32, F64, BOOL -> "";
        };
    return read + write;
  }

  /**
   * {@return an element in another type; of the same type, its bits}
   *
   * @param from what it is
   * @param to what it becomes
   * @param element what gives it
   */
  static String convert(DType from, DType to, String element) {
    if (from == to) {
      return element;
    }
    String number =
        switch (from) {
          case F16 -> "half_to_float(" + element + ")";
          case BF16 -> "bfloat_to_float(" + element + ")";
          case BOOL -> "(" + element + " != 0)";
          case F32, F64, I32, I64 -> element;
        };
    return switch (to) {
      case F32 -> "(float) " + number;
      case F64 -> "(double) " + number;
      case I32 -> from.isFloating() ? "to_int((double) " + number + ")" : "(int) " + number;
      case I64 -> from.isFloating() ? "to_long((double) " + number + ")" : "(long long) " + number;
      case BOOL -> number + " != 0";
      case F16 -> "float_to_half((float) " + number + ")";
      case BF16 -> "float_to_bfloat((float) " + number + ")";
    };
  }
}
