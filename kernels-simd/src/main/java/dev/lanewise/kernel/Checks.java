package dev.lanewise.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/** The checks that several specs share. */
final class Checks {
  private static final int MOST_ARRAYS = 64;

  /** How many indices are looked at together. */
  private static final int PIECE = 1024;

  // A thread's copies of indices: no call needs arrays of its own.
  private static final ThreadLocal<int[]> INTS = ThreadLocal.withInitial(() -> new int[PIECE]);
  private static final ThreadLocal<long[]> LONGS = ThreadLocal.withInitial(() -> new long[PIECE]);

  private Checks() {}

  /** No use is known for a loop over very many arrays, and each has its pointers and checks. */
  static void arrayCount(String operation, int arrays) {
    if (arrays > MOST_ARRAYS) {
      throw new IllegalArgumentException(
          operation
              + ": "
              + arrays
              + " arrays are given, outputs included; a call takes at most "
              + MOST_ARRAYS);
    }
  }

  /** All arrays must have one type, and kernels must compute in it. */
  static DType compute(String operation, NdArray first, NdArray... others) {
    alive(operation, first);
    alive(operation, others);
    if (!first.dtype().isCompute()) {
      throw new DTypeException(
          operation + ": kernels compute in f32 and f64, not " + first.dtype() + "; cast first");
    }
    for (NdArray other : others) {
      sameType(operation, first, other);
    }
    return first.dtype();
  }

  private static void sameType(String operation, NdArray first, NdArray other) {
    if (other.dtype() != first.dtype()) {
      throw new DTypeException(
          operation
              + ": arrays must have one type, not "
              + first.dtype()
              + " and "
              + other.dtype()
              + "; cast one of them");
    }
  }

  /** The type that is computed in: that of all arrays but masks; f32 if all are masks. */
  static DType masked(String operation, NdArray[] outs, NdArray[] ins) {
    NdArray first = firstNumbers(outs);
    first = first == null ? firstNumbers(ins) : first;
    for (NdArray[] arrays : new NdArray[][] {outs, ins}) {
      for (NdArray array : arrays) {
        alive(operation, array);
        if (array.dtype() != DType.BOOL) {
          ordered(operation, array);
          sameType(operation, first, array);
        }
      }
    }
    return first == null ? DType.F32 : first.dtype();
  }

  private static NdArray firstNumbers(NdArray[] arrays) {
    for (NdArray array : arrays) {
      if (array.dtype() != DType.BOOL) {
        return array;
      }
    }
    return null;
  }

  /** An array whose scope has closed has no numbers any more. */
  static void alive(String operation, NdArray... arrays) {
    for (NdArray array : arrays) {
      array.storage().requireAlive(operation);
    }
  }

  static void dtype(String operation, String what, NdArray array, DType expected) {
    alive(operation, array);
    if (array.dtype() != expected) {
      throw new DTypeException(
          operation + ": " + what + " must be " + expected + ", not " + array.dtype());
    }
  }

  /** Elements are computed with in their own type: integers exactly. */
  static void ordered(String operation, NdArray array) {
    alive(operation, array);
    switch (array.dtype()) {
      case F32, F64, I32, I64 -> {}
      case BOOL, F16, BF16 ->
          throw new DTypeException(
              operation
                  + ": elements must be f32, f64, i32 or i64, not "
                  + array.dtype()
                  + "; cast first");
    }
  }

  static void index(String operation, NdArray indices) {
    alive(operation, indices);
    if (indices.dtype() != DType.I32 && indices.dtype() != DType.I64) {
      throw new DTypeException(operation + ": indices must be i32 or i64, not " + indices.dtype());
    }
  }

  static void shape(String operation, String what, NdArray array, Shape expected) {
    if (!array.shape().equals(expected)) {
      throw new ShapeException(
          operation + ": " + what + " must have shape " + expected + ", not " + array.shape());
    }
  }

  /**
   * Every index must be from 0 to {@code extent - 1}: kernels form addresses from it. Java code can
   * look only into the main memory; a backend with memory of its own checks there.
   *
   * @param where what an error says the index is outside of, together with {@code which}
   */
  static void indexRange(
      String operation, NdArray indices, long extent, String where, Object which) {
    if (!indices.device().memory().isHost()) {
      return;
    }
    if (!indices.layout().isContiguous() || !allInRange(indices, extent)) {
      MemorySegment segment = indices.storage().segment();
      for (long i = 0, n = indices.size(); i < n; i++) {
        long index = indices.dtype().getLong(segment, indices.layout().element(i));
        if (index < 0 || index >= extent) {
          throw outOfRange(operation, index, extent, where, which);
        }
      }
    }
    Reference.reachabilityFence(indices);
  }

  /** {@return what {@link #indexRange} throws for an index} */
  static ShapeException outOfRange(
      String operation, long index, long extent, String where, Object which) {
    return new ShapeException(
        operation
            + ": index "
            + index
            + " is outside "
            + where
            + which
            + " with "
            + extent
            + " elements");
  }

  /**
   * Looks at many indices at once: an index and what is left above it both have the sign of a
   * number that is not negative. Copied to Java arrays, as the JIT makes vector loops of those
   * alone.
   */
  private static boolean allInRange(NdArray indices, long extent) {
    MemorySegment segment = indices.storage().segment();
    long first = indices.layout().offset();
    long all = 0;
    for (long i = 0; i < indices.size() && all >= 0; i += PIECE) {
      int count = (int) Math.min(PIECE, indices.size() - i);
      if (indices.dtype() == DType.I32) {
        int[] ints = INTS.get();
        MemorySegment.copy(segment, JAVA_INT, (first + i) * 4, ints, 0, count);
        all |= outside(ints, count, (int) (extent - 1));
      } else {
        long[] longs = LONGS.get();
        MemorySegment.copy(segment, JAVA_LONG, (first + i) * 8, longs, 0, count);
        all |= outside(longs, count, extent - 1);
      }
    }
    return all >= 0;
  }

  private static int outside(int[] indices, int count, int last) {
    int all = 0;
    for (int i = 0; i < count; i++) {
      all |= indices[i] | last - indices[i];
    }
    return all;
  }

  private static long outside(long[] indices, int count, long last) {
    long all = 0;
    for (int i = 0; i < count; i++) {
      all |= indices[i] | last - indices[i];
    }
    return all;
  }

  /** An output whose indices share elements could not hold the results. */
  static void output(String operation, NdArray out) {
    if (out.layout().repeats()) {
      throw new ShapeException(
          operation
              + ": the output is a broadcast view ("
              + out.layout()
              + "); give a plain array");
    }
  }

  /** An input as a view of the output's shape. */
  static NdArray stretch(String operation, String what, NdArray in, Shape shape) {
    if (in.shape().equals(shape)) {
      return in;
    }
    boolean fits = in.shape().rank() <= shape.rank();
    for (int axis = 1; fits && axis <= in.shape().rank(); axis++) {
      int extent = in.shape().dim(-axis);
      fits = extent == 1 || extent == shape.dim(-axis);
    }
    if (!fits) {
      throw new ShapeException(
          operation
              + ": "
              + what
              + " of shape "
              + in.shape()
              + " does not stretch to the output's shape "
              + shape);
    }
    return in.broadcastTo(shape);
  }

  /** An output may not lie over an input that is still being read. */
  static void apart(String operation, NdArray out, NdArray... ins) {
    for (NdArray in : ins) {
      if (overlap(out, in)) {
        throw new IllegalArgumentException(
            operation + ": the output shares memory with an input; give it memory of its own");
      }
    }
  }

  /** As {@link #apart}, but the output may be the input itself. */
  static void apartOrSame(String operation, NdArray out, NdArray in) {
    if (out.storage() != in.storage() || !out.layout().equals(in.layout())) {
      apart(operation, out, in);
    }
  }

  /**
   * {@return whether two arrays may have a byte in common} Arrays that span the same stretch of
   * storage do not if they are strips side by side of equally wide rows.
   */
  static boolean overlap(NdArray a, NdArray b) {
    if (a.storage() != b.storage() || a.size() == 0 || b.size() == 0) {
      return false;
    }
    long aLow = a.layout().lowest() * a.dtype().byteSize();
    long aEnd = (a.layout().highest() + 1) * a.dtype().byteSize();
    long bLow = b.layout().lowest() * b.dtype().byteSize();
    long bEnd = (b.layout().highest() + 1) * b.dtype().byteSize();
    return aLow < bEnd
        && bLow < aEnd
        && !(a.dtype() == b.dtype() && a.layout().isBeside(b.layout()));
  }
}
