package dev.lanewise.cuda.simt;

/**
 * A value of one type as a value of another. Integers wrap. A float or double becomes an integer as
 * on a GPU: cut towards 0; beyond the range of a type of 32 or 64 bits its nearest end; NaN is 0 in
 * 32 bits, and in 64 bits the number whose upper bit alone is set. For the smaller types the value
 * goes through 32 bits and wraps.
 */
final class Conversion extends Node {
  private final Node operand;

  Conversion(Node operand, SimtType type, int line) {
    super(type, line);
    this.operand = operand;
  }

  @Override
  long[] evaluate(BlockState state, Mask mask) {
    long[] x = operand.evaluate(state, mask);
    if (type instanceof PointerType || type == operand.type) {
      return x;
    }
    ScalarType to = scalar();
    if (operand.type instanceof PointerType) {
      return truth(x, room(state), mask);
    }
    ScalarType from = operand.scalar();
    if (from.integer() && to.integer() && to.keeps(from)) {
      return x;
    }
    long[] z = room(state);
    if (from.integer()) {
      return to.floating() ? fromInteger(from, to, x, z, mask) : wrapped(to, x, z, mask);
    }
    return fromFloating(from, to, x, z, mask);
  }

  private static long[] truth(long[] x, long[] z, Mask mask) {
    int end = mask.end();
    for (int t = mask.first(); t < end; t++) {
      z[t] = x[t] != 0 ? 1 : 0;
    }
    return z;
  }

  private static long[] wrapped(ScalarType to, long[] x, long[] z, Mask mask) {
    if (to == ScalarType.BOOL) {
      return truth(x, z, mask);
    }
    int end = mask.end();
    for (int t = mask.first(); t < end; t++) {
      z[t] = to.canonical(x[t]);
    }
    return z;
  }

  private static long[] fromInteger(ScalarType from, ScalarType to, long[] x, long[] z, Mask mask) {
    int end = mask.end();
    for (int t = mask.first(); t < end; t++) {
      long value = x[t];
      if (from == ScalarType.ULLONG && value < 0) {
        // Half of it, the bit that is lost kept for rounding.
        long half = value >>> 1 | value & 1;
        z[t] = to == ScalarType.FLOAT ? bits(2 * (float) half) : bits(2 * (double) half);
      } else {
        z[t] = to == ScalarType.FLOAT ? bits((float) value) : bits((double) value);
      }
    }
    return z;
  }

  private static long[] fromFloating(
      ScalarType from, ScalarType to, long[] x, long[] z, Mask mask) {
    int end = mask.end();
    for (int t = mask.first(); t < end; t++) {
      double value = from == ScalarType.FLOAT ? asFloat(x[t]) : asDouble(x[t]);
      z[t] =
          switch (to) {
            case FLOAT -> bits((float) value);
            case DOUBLE -> bits(value);
            case BOOL -> value != 0 ? 1 : 0;
            case UCHAR, USHORT, UINT -> to.canonical(unsigned32(value));
            case SHORT, INT -> to.canonical((int) value);
            case LLONG -> Double.isNaN(value) ? Long.MIN_VALUE : (long) value;
            case ULLONG -> Double.isNaN(value) ? Long.MIN_VALUE : unsigned64(value);
            case VOID -> throw new IllegalStateException("a value is converted to void");
          };
    }
    return z;
  }

  private static long unsigned32(double value) {
    return Math.max(0, Math.min(0xffff_ffffL, (long) value));
  }

  private static long unsigned64(double value) {
    if (value < 0x1p63) {
      return Math.max(0, (long) value);
    }
    return value >= 0x1p64 ? -1 : (long) (value - 0x1p63) ^ Long.MIN_VALUE;
  }
}
