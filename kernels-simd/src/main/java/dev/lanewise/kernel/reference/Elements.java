package dev.lanewise.kernel.reference;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/** The elements of an array, one at a time, by index. */
final class Elements {
  private final NdArray array;
  private final MemorySegment segment;
  private final Layout layout;
  private final DType dtype;

  Elements(NdArray array) {
    if (!array.device().memory().isHost()) {
      throw new IllegalArgumentException(
          "reference: an array of device '"
              + array.device().name()
              + "' is not in the main memory; copy it to a host array with its own backend");
    }
    this.array = array;
    this.segment = array.storage().segment();
    this.layout = array.layout();
    this.dtype = array.dtype();
  }

  static Elements[] of(NdArray... arrays) {
    Elements[] all = new Elements[arrays.length];
    for (int i = 0; i < arrays.length; i++) {
      all[i] = new Elements(arrays[i]);
    }
    return all;
  }

  private long element(int[] index) {
    long element = layout.offset();
    for (int axis = 0; axis < index.length; axis++) {
      element += index[axis] * layout.stride(axis);
    }
    return element;
  }

  /** {@return an element; a 64-bit integer may lose its lowest bits} */
  double get(int[] index) {
    long i = element(index);
    double value =
        switch (dtype) {
          case F32 -> segment.getAtIndex(JAVA_FLOAT, i);
          case F64 -> segment.getAtIndex(JAVA_DOUBLE, i);
          case I32 -> segment.getAtIndex(JAVA_INT, i);
          case I64 -> segment.getAtIndex(JAVA_LONG, i);
          case BOOL -> segment.get(JAVA_BYTE, i) != 0 ? 1 : 0;
          case F16 -> Float.float16ToFloat(segment.getAtIndex(JAVA_SHORT, i));
          case BF16 -> Float.intBitsToFloat(segment.getAtIndex(JAVA_SHORT, i) << 16);
        };
    Reference.reachabilityFence(array);
    return value;
  }

  /** {@return an element as an integer, its fraction cut off} */
  long getLong(int[] index) {
    if (dtype != DType.I64) {
      return (long) get(index);
    }
    long value = segment.getAtIndex(JAVA_LONG, element(index));
    Reference.reachabilityFence(array);
    return value;
  }

  /** {@return the smallest integer of the array's type} */
  long smallest() {
    return dtype == DType.I32 ? Integer.MIN_VALUE : Long.MIN_VALUE;
  }

  /** {@return the largest integer of the array's type} */
  long largest() {
    return dtype == DType.I32 ? Integer.MAX_VALUE : Long.MAX_VALUE;
  }

  /** Writes an element, rounded or cut to the array's type. */
  void set(int[] index, double value) {
    long i = element(index);
    switch (dtype) {
      case F32 -> segment.setAtIndex(JAVA_FLOAT, i, (float) value);
      case F64 -> segment.setAtIndex(JAVA_DOUBLE, i, value);
      case I32 -> segment.setAtIndex(JAVA_INT, i, (int) value);
      case I64 -> segment.setAtIndex(JAVA_LONG, i, (long) value);
      case BOOL -> segment.set(JAVA_BYTE, i, (byte) (value != 0 ? 1 : 0));
      case F16 -> segment.setAtIndex(JAVA_SHORT, i, Float.floatToFloat16((float) value));
      case BF16 -> segment.setAtIndex(JAVA_SHORT, i, bfloat16((float) value));
    }
    Reference.reachabilityFence(array);
  }

  /** Writes an element, from an integer. */
  void setLong(int[] index, long value) {
    switch (dtype) {
      case I32 -> segment.setAtIndex(JAVA_INT, element(index), (int) value);
      case I64 -> segment.setAtIndex(JAVA_LONG, element(index), value);
      // A cast to double first would round twice.
      case F32, F16, BF16 -> set(index, (float) value);
      case F64, BOOL -> set(index, (double) value);
    }
    Reference.reachabilityFence(array);
  }

  /** Writes an element of another array of the same type, bit for bit. */
  void copy(int[] index, Elements from, int[] fromIndex) {
    long bytes = dtype.byteSize();
    MemorySegment.copy(
        from.segment, from.element(fromIndex) * bytes, segment, element(index) * bytes, bytes);
    Reference.reachabilityFence(from.array);
    Reference.reachabilityFence(array);
  }

  /**
   * The nearest number whose lower 16 bits are 0; of two as near, the one with an even upper half.
   */
  private static short bfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16 | 0x40); // quiet, so that cutting the rest off leaves a NaN
    }
    int upper = bits >>> 16;
    int rest = bits & 0xFFFF;
    boolean up = rest > 0x8000 || rest == 0x8000 && (upper & 1) == 1;
    return (short) (up ? upper + 1 : upper);
  }
}
