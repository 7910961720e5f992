package dev.lanewise.cuda;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.ReduceOp;

/** How element types and numbers of them are written in CUDA C. */
final class CudaTypes {
  private CudaTypes() {}

  /** {@return the C type of an element in memory} */
  static String stored(DType dtype) {
    return switch (dtype) {
      case F32 -> "float";
      case F64 -> "double";
      case I32 -> "int";
      case I64 -> "long long";
      case BOOL -> "unsigned char";
      case F16, BF16 -> "unsigned short";
    };
  }

  /**
   * {@return an element as a number of the type that is computed in}
   *
   * @param dtype the array's type: that type, or a mask's
   * @param element what gives the element
   * @param computed the type that is computed in
   */
  static String read(DType dtype, String element, DType computed) {
    return dtype == DType.BOOL ? "(" + stored(computed) + ") (" + element + " != 0)" : element;
  }

  /**
   * {@return a number as what is written to an array}
   *
   * @param dtype the array's type: that of the number, or a mask's
   * @param value the number
   */
  static String written(DType dtype, String value) {
    return dtype == DType.BOOL ? value + " != 0" : value;
  }

  /**
   * {@return a number, rounded to a type and then exact}
   *
   * @param dtype f32, f64, i32 or i64
   */
  static String literal(DType dtype, double value) {
    return switch (dtype) {
      case F32 -> single((float) value);
      case F64 -> twice(value);
      case I32 -> integer((int) value);
      case I64 -> integer((long) value);
      case BOOL, F16, BF16 -> throw new IllegalArgumentException("nothing is computed in " + dtype);
    };
  }

  /**
   * {@return the result of an operation over no elements}
   *
   * @param op the operation
   * @param computed the type that is computed in: f32, f64, i32 or i64
   */
  static String identity(ReduceOp op, DType computed) {
    return switch (computed) {
      case I32 -> integer((int) op.identity(computed));
      case I64 -> integer(op.identity(computed));
      case F32, F64, BOOL, F16, BF16 -> literal(computed, op.identity());
    };
  }

  private static String single(float value) {
    if (Float.isNaN(value)) {
      return "__int_as_float(0x7fc00000)";
    }
    if (Float.isInfinite(value)) {
      return (value < 0 ? "(-" : "(") + "__int_as_float(0x7f800000))";
    }
    return signed(Float.toHexString(value) + "f");
  }

  private static String twice(double value) {
    if (Double.isNaN(value)) {
      return "__longlong_as_double(0x7ff8000000000000ll)";
    }
    if (Double.isInfinite(value)) {
      return (value < 0 ? "(-" : "(") + "__longlong_as_double(0x7ff0000000000000ll))";
    }
    return signed(Double.toHexString(value));
  }

  /** {@return an integer of 32 bits} */
  static String integer(int value) {
    // C has no negative literals, and no positive one for the smallest's digits.
    return value == Integer.MIN_VALUE ? "(-2147483647 - 1)" : signed(Integer.toString(value));
  }

  /** {@return an integer of 64 bits} */
  static String integer(long value) {
    return value == Long.MIN_VALUE
        ? "(-9223372036854775807ll - 1)"
        : signed(Long.toString(value) + "ll");
  }

  private static String signed(String literal) {
    return literal.startsWith("-") ? "(" + literal + ")" : literal;
  }
}
