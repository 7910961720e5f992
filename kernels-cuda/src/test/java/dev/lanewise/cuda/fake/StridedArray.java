package dev.lanewise.cuda.fake;

import dev.lanewise.cuda.simt.DeviceAccess;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * An n-dimensional array in device memory with a stride per dimension, in elements. Every matrix of
 * cuBLAS and every tensor of cuDNN is one; reading and writing checks the whole range that it
 * touches.
 */
final class StridedArray {

  private final NumberType type;
  private final long address;
  private final long[] dims;
  private final long[] strides;

  StridedArray(NumberType type, long address, long[] dims, long[] strides) {
    this.type = type;
    this.address = address;
    this.dims = dims.clone();
    this.strides = strides.clone();
  }

  /** {@return a vector whose elements lie {@code stride} apart} */
  static StridedArray vector(NumberType type, long address, long length, long stride) {
    return new StridedArray(type, address, new long[] {length}, new long[] {stride});
  }

  /** {@return a column-major matrix, as BLAS stores it} */
  static StridedArray columns(NumberType type, long address, long rows, long cols, long ld) {
    return new StridedArray(type, address, new long[] {rows, cols}, new long[] {1, ld});
  }

  /** {@return the same elements with the dimensions in the reverse order: a matrix transposed} */
  StridedArray reversed() {
    int n = dims.length;
    long[] reversedDims = new long[n];
    long[] reversedStrides = new long[n];
    for (int i = 0; i < n; i++) {
      reversedDims[i] = dims[n - 1 - i];
      reversedStrides[i] = strides[n - 1 - i];
    }
    return new StridedArray(type, address, reversedDims, reversedStrides);
  }

  NumberType type() {
    return type;
  }

  long address() {
    return address;
  }

  /** {@return the number of elements} */
  int count() {
    long count = 1;
    for (long dim : dims) {
      count *= dim;
    }
    return Math.toIntExact(count);
  }

  /** {@return the bytes from the first element to the end of the last one} */
  long bytes() {
    long last = 0;
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] == 0) {
        return 0;
      }
      last += (dims[i] - 1) * strides[i];
    }
    return (last + 1) * type.bytes();
  }

  /** {@return the elements in row-major order of the dimensions} */
  double[] read(DeviceAccess memory) {
    MemorySegment bytes = memory(memory);
    long[] offsets = offsets();
    double[] values = new double[offsets.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = type.get(bytes, offsets[i] * type.bytes());
    }
    return values;
  }

  /** Stores elements given in row-major order of the dimensions. */
  void write(DeviceAccess memory, double[] values) {
    MemorySegment bytes = memory(memory);
    long[] offsets = offsets();
    for (int i = 0; i < values.length; i++) {
      type.set(bytes, offsets[i] * type.bytes(), values[i]);
    }
  }

  /**
   * Stores {@code alpha * values + beta * old}; with a {@code beta} of 0 what was there is not
   * read, so that an old NaN has no effect.
   */
  void blend(DeviceAccess memory, double alpha, double[] values, double beta) {
    double[] result = new double[values.length];
    double[] old = beta == 0 ? result : read(memory);
    for (int i = 0; i < values.length; i++) {
      result[i] = beta == 0 ? alpha * values[i] : alpha * values[i] + beta * old[i];
    }
    write(memory, result);
  }

  /** Throws unless the whole range can be read, and is aligned to its elements. */
  void check(DeviceAccess memory) {
    memory(memory);
  }

  private MemorySegment memory(DeviceAccess memory) {
    if (address % type.bytes() != 0) {
      // a GPU stops with a misaligned-address fault
      throw new DeviceFault(
          "%s is not aligned to the %d bytes of %s"
              .formatted(DeviceBlocks.hex(address), type.bytes(), type));
    }
    return memory.at(address, bytes());
  }

  /** {@return whether two of its indices are the same element} */
  boolean overlapsItself() {
    BitSet seen = new BitSet();
    for (long offset : offsets()) {
      int at = Math.toIntExact(offset);
      if (seen.get(at)) {
        return true;
      }
      seen.set(at);
    }
    return false;
  }

  /** {@return whether an element of this array shares a byte with one of the other} */
  boolean overlaps(StridedArray other) {
    if (address >= other.address + other.bytes() || other.address >= address + bytes()) {
      return false;
    }
    long start = Math.min(address, other.address);
    BitSet mine = touched(start);
    return mine.intersects(other.touched(start));
  }

  /** {@return whether the two are the very same elements in the same order} */
  boolean sameAs(StridedArray other) {
    return address == other.address
        && type == other.type
        && Arrays.equals(dims, other.dims)
        && Arrays.equals(offsets(), other.offsets());
  }

  /**
   * {@return for each element of this array, which element of the other is in the same place} Both
   * begin at one address; each place of this array is one of the other's.
   */
  int[] places(StridedArray other) {
    Map<Long, Integer> byOffset = new HashMap<>();
    long[] offsets = other.offsets();
    for (int i = 0; i < offsets.length; i++) {
      byOffset.put(offsets[i], i);
    }
    return Arrays.stream(offsets()).mapToInt(byOffset::get).toArray();
  }

  private BitSet touched(long start) {
    BitSet touched = new BitSet();
    for (long offset : offsets()) {
      int first = Math.toIntExact(address - start + offset * type.bytes());
      touched.set(first, first + type.bytes());
    }
    return touched;
  }

  private long[] offsets() {
    long[] offsets = new long[count()];
    long[] index = new long[dims.length];
    long offset = 0;
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = offset;
      for (int d = dims.length - 1; d >= 0; d--) {
        offset += strides[d];
        if (++index[d] < dims[d]) {
          break;
        }
        offset -= dims[d] * strides[d];
        index[d] = 0;
      }
    }
    return offsets;
  }
}
