package dev.lanewise.blas;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.kernel.Availability;
import dev.lanewise.kernel.BackendUnavailableException;
import dev.lanewise.simd.SimdBackendProvider;
import dev.lanewise.simd.Workers;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.util.Objects;

/** The checks that the entry points share; each names the operation, the values and the rule. */
final class Arguments {
  private static final Availability KERNELS = new SimdBackendProvider().availability();

  private Arguments() {}

  /** Kernels must be able to run, and extents can not be negative. */
  static void extents(String operation, int m, int n, int k) {
    available();
    if (m < 0 || n < 0 || k < 0) {
      throw new IllegalArgumentException(
          operation + ": m, n and k must not be negative, not " + m + ", " + n + ", " + k);
    }
  }

  /** Kernels must be able to run, and a length can not be negative. */
  static void length(String operation, long n) {
    available();
    notNegative(operation, "n", n);
  }

  /** An extent can not be negative. */
  static void notNegative(String operation, String name, long extent) {
    if (extent < 0) {
      throw new IllegalArgumentException(
          operation + ": " + name + " must not be negative, not " + extent);
    }
  }

  /** Kernels must be able to run, and a matrix can not have fewer rows or columns than none. */
  static void rows(String operation, int rows, int columns) {
    available();
    notNegative(operation, "rows", rows);
    notNegative(operation, "cols", columns);
  }

  private static void available() {
    if (KERNELS instanceof Availability.Unavailable reason) {
      throw new BackendUnavailableException("simd", reason);
    }
  }

  /** Kernels must be able to run, and there can not be fewer vectors or numbers than none. */
  static void vectors(String operation, int m, int n, int d) {
    available();
    notNegative(operation, "m", m);
    notNegative(operation, "n", n);
    notNegative(operation, "d", d);
  }

  /** {@return the most threads to use, where 0 asks for all} */
  static int threads(String operation, int threads) {
    if (threads < 0) {
      throw new IllegalArgumentException(
          operation + ": threads must be at least 1, or 0 for all, not " + threads);
    }
    return threads == 0 ? Workers.shared().threads() : threads;
  }

  /** {@return whether to transpose} */
  static boolean transposed(String operation, String what, Transpose transpose) {
    return Objects.requireNonNull(
            transpose, () -> operation + ": " + what + " is null; give Transpose.NO or YES")
        == Transpose.YES;
  }

  /** A matrix must lie in its array. */
  static void matrix(
      String operation, String name, int length, int offset, int rows, int columns, int ld) {
    if (offset < 0) {
      throw new IndexOutOfBoundsException(
          operation + ": the offset of " + name + " is " + offset + "; it must not be negative");
    }
    long end = offset + extent(operation, name, rows, columns, ld);
    if (end > length) {
      throw new IndexOutOfBoundsException(
          "%s: %s [%d, %d] with offset %d and ld%s %d ends at %d, but its array has length %d"
              .formatted(operation, name, rows, columns, offset, name, ld, end, length));
    }
  }

  /** {@return how many elements there are from the first to behind the last of a matrix} */
  private static long extent(String operation, String name, int rows, int columns, int ld) {
    if (ld < Math.max(1, columns)) {
      throw new IllegalArgumentException(
          "%s: ld%s is %d, but the rows of %s [%d, %d] as stored need at least %d"
              .formatted(operation, name, ld, name, rows, columns, Math.max(1, columns)));
    }
    return rows == 0 || columns == 0 ? 0 : (rows - 1L) * ld + columns;
  }

  /** Matrices of a batch must lie in their array; the first is known to. */
  static void batch(
      String operation,
      String name,
      int length,
      int offset,
      int rows,
      int columns,
      int ld,
      int stride,
      int count) {
    if (stride < 0 || count < 0) {
      throw new IllegalArgumentException(
          "%s: the count is %d and the stride of %s %d; neither may be negative"
              .formatted(operation, count, name, stride));
    }
    long size = extent(operation, name, rows, columns, ld);
    long end = offset + Math.max(0, count - 1L) * stride + size;
    if (count > 0 && end > length) {
      throw new IndexOutOfBoundsException(
          "%s: %d matrices %s with stride %d and offset %d end at %d, but their array has length %d"
              .formatted(operation, count, name, stride, offset, end, length));
    }
  }

  /** The outputs of a batch must have memory of their own. */
  static void outputs(
      String operation, int m, int n, int ldc, int strideC, int count, boolean shared) {
    long size = extent(operation, "c", m, n, ldc);
    if (count > 1 && strideC < size) {
      throw new IllegalArgumentException(
          "%s: the outputs overlap: strideC is %d, but c [%d, %d] with ldc %d has length %d"
              .formatted(operation, strideC, m, n, ldc, size));
    }
    if (shared) {
      throw new IllegalArgumentException(
          operation + ": c is in the array of an input; give it an array of its own");
    }
  }

  /** {@return the length of an array, which must not be missing} */
  static int lengthOf(String operation, String name, Object array) {
    return Array.getLength(given(operation, name, array));
  }

  /** {@return an argument that must not be missing} */
  static <T> T given(String operation, String name, T argument) {
    if (argument == null) {
      throw new NullPointerException(operation + ": " + name + " is null");
    }
    return argument;
  }

  /** What is added to a variance can not be negative. */
  static void eps(String operation, double eps) {
    if (!(eps >= 0)) {
      throw new IllegalArgumentException(operation + ": eps must be at least 0, not " + eps);
    }
  }

  /** {@return the size of a number of a type that kernels compute in} */
  static int bytes(String operation, DType dtype) {
    if (!given(operation, "dtype", dtype).isCompute()) {
      throw new DTypeException(operation + ": kernels compute in f32 and f64, not " + dtype);
    }
    return dtype.byteSize();
  }

  /** A vector must lie in its array. */
  static void vector(String operation, String name, int length, int offset, int n, int increment) {
    if (increment < 1) {
      throw new IllegalArgumentException(
          "%s: the increment of %s is %d; it must be at least 1"
              .formatted(operation, name, increment));
    }
    long end = offset + (n == 0 ? 0 : (n - 1L) * increment + 1);
    if (offset < 0 || end > length) {
      throw new IndexOutOfBoundsException(
          "%s: %s of length %d with offset %d and increment %d does not lie in an array of length %d"
              .formatted(operation, name, n, offset, increment, length));
    }
  }

  /**
   * Two blocks of one array must have no element in common. They may lie between one another, as
   * the blocks of a larger matrix do, if they have the same leading dimension.
   */
  static void apart(
      String operation,
      String name,
      long offset,
      int rows,
      int columns,
      int ld,
      long outOffset,
      int outRows,
      int outColumns,
      int outLd) {
    if (rows == 0 || columns == 0 || outRows == 0 || outColumns == 0) {
      return;
    }
    long last = offset + (rows - 1L) * ld + columns - 1;
    long outLast = outOffset + (outRows - 1L) * outLd + outColumns - 1;
    if (last < outOffset || outLast < offset) {
      return;
    }
    if (ld == outLd) {
      long row = Math.floorDiv(outOffset - offset, ld);
      long column = Math.floorMod(outOffset - offset, (long) ld);
      boolean here = meets(row, outRows, rows) && meets(column, outColumns, columns);
      boolean next = meets(row + 1, outRows, rows) && meets(column - ld, outColumns, columns);
      if (!here && !next) {
        return;
      }
    }
    throw overlap(operation, name);
  }

  /**
   * Two blocks of memory must have no byte in common. If their numbers lie in step they may be
   * interleaved, as blocks of one matrix are.
   *
   * @param bytes the size of a number
   */
  static void apart(
      String operation,
      String name,
      int bytes,
      long address,
      int rows,
      int columns,
      int ld,
      long outAddress,
      int outRows,
      int outColumns,
      int outLd) {
    long distance = outAddress - address;
    if (distance % bytes == 0) {
      long offset = distance / bytes;
      apart(operation, name, 0, rows, columns, ld, offset, outRows, outColumns, outLd);
    } else if (rows > 0 && columns > 0 && outRows > 0 && outColumns > 0) {
      long end = address + ((rows - 1L) * ld + columns) * bytes;
      long outEnd = outAddress + ((outRows - 1L) * outLd + outColumns) * bytes;
      if (address < outEnd && outAddress < end) {
        throw overlap(operation, name);
      }
    }
  }

  /** Two vectors of one length must have no element in common. */
  static void apart(String operation, String name, long offset, long outOffset, long n) {
    if (Math.abs(offset - outOffset) < n) {
      throw overlap(operation, name);
    }
  }

  private static IllegalArgumentException overlap(String operation, String name) {
    return new IllegalArgumentException(
        operation + ": the output overlaps " + name + "; give it memory of its own");
  }

  /** {@return whether two matrices of one size and one memory lie in the same place} */
  static boolean same(int rows, long offset, int ld, long otherOffset, int otherLd) {
    return offset == otherOffset && (ld == otherLd || rows <= 1);
  }

  private static boolean meets(long start, int length, int otherLength) {
    return start < otherLength && start + length > 0;
  }

  /** {@return the address of a segment off the heap with room for a matrix} */
  static long matrix(
      String operation,
      String name,
      MemorySegment segment,
      int bytes,
      int rows,
      int columns,
      int ld) {
    return memory(operation, name, segment, extent(operation, name, rows, columns, ld) * bytes);
  }

  /** {@return the address of a segment off the heap with room for some bytes} */
  static long memory(String operation, String name, MemorySegment segment, long bytes) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException(
          "%s: %s is a segment of the heap; call the method for arrays, or give memory of an Arena"
              .formatted(operation, name));
    }
    if (!segment.scope().isAlive()) {
      throw new IllegalStateException(operation + ": the arena of " + name + " is closed");
    }
    if (!segment.isAccessibleBy(Thread.currentThread())) {
      throw new WrongThreadException(
          operation + ": " + name + " belongs to another thread's confined arena");
    }
    if (bytes > segment.byteSize()) {
      throw new IndexOutOfBoundsException(
          "%s: %s needs %d bytes, but its segment has %d"
              .formatted(operation, name, bytes, segment.byteSize()));
    }
    return segment.address();
  }

  /** An output must be writable. */
  static void writable(String operation, String name, MemorySegment segment) {
    if (segment.isReadOnly()) {
      throw new IllegalArgumentException(operation + ": " + name + " is written, but read-only");
    }
  }
}
