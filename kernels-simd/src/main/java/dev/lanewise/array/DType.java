package dev.lanewise.array;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/** The type of an array's elements. */
public enum DType {
  /** 32-bit IEEE 754 binary floating point; computes in itself. */
  F32("f32", 4, true),
  /** 64-bit IEEE 754 binary floating point; computes in itself. */
  F64("f64", 8, true),
  /** 32-bit two's complement integer: indices, labels and counts. */
  I32("i32", 4, false),
  /** 64-bit two's complement integer: indices, labels and counts. */
  I64("i64", 8, false),
  /** One byte, 0 for false and 1 for true: masks. */
  BOOL("bool", 1, false),
  /** 16-bit IEEE 754 binary floating point: storage, computed in {@link #F32}. */
  F16("f16", 2, true),
  /** The upper half of a 32-bit float: storage, computed in {@link #F32}. */
  BF16("bf16", 2, true);

  private final String label;
  private final int byteSize;
  private final boolean floating;

  DType(String label, int byteSize, boolean floating) {
    this.label = label;
    this.byteSize = byteSize;
    this.floating = floating;
  }

  /** {@return the bytes that one element takes} */
  public int byteSize() {
    return byteSize;
  }

  /** {@return whether the elements are floating-point numbers} */
  public boolean isFloating() {
    return floating;
  }

  /** {@return whether the elements are integers: {@link #I32} and {@link #I64}} */
  public boolean isInteger() {
    return this == I32 || this == I64;
  }

  /**
   * {@return whether all kernels compute in this type: {@link #F32} and {@link #F64}} Expressions
   * and reductions compute in the integer types too.
   */
  public boolean isCompute() {
    return this == F32 || this == F64;
  }

  /**
   * {@return an element of a segment as a number} A 64-bit integer may lose its lowest bits.
   *
   * @param segment holds elements of this type
   * @param element counted from the segment's start
   */
  public double get(MemorySegment segment, long element) {
    return switch (this) {
      case F32 -> segment.getAtIndex(JAVA_FLOAT, element);
      case F64 -> segment.getAtIndex(JAVA_DOUBLE, element);
      case I32 -> segment.getAtIndex(JAVA_INT, element);
      case I64 -> segment.getAtIndex(JAVA_LONG, element);
      case BOOL -> segment.get(JAVA_BYTE, element) != 0 ? 1 : 0;
      case F16 -> Float.float16ToFloat(segment.getAtIndex(JAVA_SHORT, element));
      case BF16 -> Float.intBitsToFloat(segment.getAtIndex(JAVA_SHORT, element) << 16);
    };
  }

  /**
   * {@return an element of a segment as an integer, its fraction cut off}
   *
   * @param segment holds elements of this type
   * @param element counted from the segment's start
   */
  public long getLong(MemorySegment segment, long element) {
    // Not by way of double, which has too few bits for large 64-bit integers.
    return this == I64 ? segment.getAtIndex(JAVA_LONG, element) : (long) get(segment, element);
  }

  /**
   * Writes an element, rounded to this type; an integer type cuts the fraction off, and {@link
   * #BOOL} is true for everything but 0.
   *
   * @param segment holds elements of this type
   * @param element counted from the segment's start
   * @param value the new value
   */
  public void set(MemorySegment segment, long element, double value) {
    switch (this) {
      case F32 -> segment.setAtIndex(JAVA_FLOAT, element, (float) value);
      case F64 -> segment.setAtIndex(JAVA_DOUBLE, element, value);
      case I32 -> segment.setAtIndex(JAVA_INT, element, (int) value);
      case I64 -> segment.setAtIndex(JAVA_LONG, element, (long) value);
      case BOOL -> segment.set(JAVA_BYTE, element, (byte) (value != 0 ? 1 : 0));
      case F16 -> segment.setAtIndex(JAVA_SHORT, element, Float.floatToFloat16((float) value));
      case BF16 -> segment.setAtIndex(JAVA_SHORT, element, bfloat16((float) value));
    }
  }

  /**
   * Writes an integer as an element, rounded once; a narrower integer type keeps the lowest bits.
   *
   * @param segment holds elements of this type
   * @param element counted from the segment's start
   * @param value the new value
   */
  public void setLong(MemorySegment segment, long element, long value) {
    switch (this) {
      case I32 -> segment.setAtIndex(JAVA_INT, element, (int) value);
      case I64 -> segment.setAtIndex(JAVA_LONG, element, value);
      // By way of double it would be rounded twice.
      case F32, F16, BF16 -> set(segment, element, (float) value);
      case F64, BOOL -> set(segment, element, value);
    }
  }

  /** Rounds to nearest, ties to even; a NaN stays one. */
  private static short bfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }

  /** {@return the short name, for example {@code f32}} */
  @Override
  public String toString() {
    return label;
  }
}
