package dev.lanewise.cuda;

import dev.lanewise.bindings.cuda.CudaDriver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The arguments of one launch of a kernel, in the order of its parameters; used again and again.
 */
final class Arguments {
  /** What a kernel can take before CUDA 12.1, and on devices before Volta. */
  private static final int MOST_BYTES = 4096;

  private static final int SLOT = 8;

  /** How many arguments a kernel can take. */
  static final int MOST = MOST_BYTES / SLOT;

  private final MemorySegment values = Arena.ofAuto().allocate(MOST_BYTES, SLOT);
  private final MemorySegment pointers = Arena.ofAuto().allocate(CudaDriver.C_POINTER, MOST);
  private int count;

  /** The driver reads where each value lies from a table, which never changes. */
  Arguments() {
    for (int i = 0; i < MOST; i++) {
      pointers.setAtIndex(
          CudaDriver.C_POINTER, i, MemorySegment.ofAddress(values.address() + (long) i * SLOT));
    }
  }

  /** {@return this, without arguments} */
  Arguments clear() {
    count = 0;
    return this;
  }

  /** {@return this, with a pointer into the device's memory} */
  Arguments pointer(long address) {
    return int64(address);
  }

  /** {@return this, with an {@code int}} */
  Arguments int32(int value) {
    values.set(ValueLayout.JAVA_INT, next(), value);
    return this;
  }

  /** {@return this, with a {@code long long}} */
  Arguments int64(long value) {
    values.set(ValueLayout.JAVA_LONG, next(), value);
    return this;
  }

  /** {@return this, with a {@code float}} */
  Arguments float32(float value) {
    values.set(ValueLayout.JAVA_FLOAT, next(), value);
    return this;
  }

  /** {@return this, with a {@code double}} */
  Arguments float64(double value) {
    values.set(ValueLayout.JAVA_DOUBLE, next(), value);
    return this;
  }

  private long next() {
    if (count == MOST) {
      throw new IllegalArgumentException(
          "kernel: more than "
              + count
              + " arguments; use fewer arrays in a call, or arrays of fewer axes");
    }
    return (long) SLOT * count++;
  }

  /** {@return the table of pointers to the values, as the driver wants it} */
  MemorySegment table() {
    return pointers;
  }
}
