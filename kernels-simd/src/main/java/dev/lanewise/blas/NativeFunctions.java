package dev.lanewise.blas;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.UnaryOp;
import dev.lanewise.simd.RowCall;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/**
 * Elementwise functions of vectors in memory segments off the heap: as {@link Functions}, with the
 * same bits, but copied only where numbers are not aligned. A vector is the beginning of a segment;
 * pass a slice for an offset. Segments of the heap are refused; numbers that are not aligned to
 * their size are fine, but slower. After the first calls, none allocates anything that grows with
 * its size.
 *
 * <p>An arena must not be closed by another thread while a call is under way.
 */
public final class NativeFunctions {
  private NativeFunctions() {}

  /**
   * Computes a function of each number: {@code y = op(x)}.
   *
   * {@snippet :
   * try (Arena arena = Arena.ofConfined()) {
   *   MemorySegment x = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 4, 9);
   *   NativeFunctions.apply(UnaryOp.SQRT, DType.F32, 2, x, x, 1); // in place
   *   System.out.println(x.getAtIndex(ValueLayout.JAVA_FLOAT, 1)); // 3.0
   * }
   * }
   *
   * @param op the function
   * @param dtype what the vectors are made of, {@code F32} or {@code F64}
   * @param n how many numbers
   * @param x begins with the arguments
   * @param y begins with the results; may be the arguments themselves
   * @param threads the most threads that work on it, the calling one included; 0 for all. The
   *     result has the same bits with any number.
   * @throws IllegalArgumentException if n is negative, y overlaps x and is not the same, or a
   *     segment is of the heap or read-only
   * @throws dev.lanewise.array.DTypeException if the type is another
   * @throws IndexOutOfBoundsException if a segment is too short
   * @throws IllegalStateException if an arena is closed
   */
  public static void apply(
      UnaryOp op, DType dtype, long n, MemorySegment x, MemorySegment y, int threads) {
    String name = "apply";
    Arguments.given(name, "op", op);
    int bytes = Arguments.bytes(name, dtype);
    Arguments.length(name, n);
    long size = n > Long.MAX_VALUE / bytes ? Long.MAX_VALUE : n * bytes;
    long from = Arguments.memory(name, "x", x, size);
    long to = Arguments.memory(name, "y", y, size);
    Arguments.writable(name, "y", y);
    if (from != to) {
      Arguments.apart(name, "x", from, to, size);
    }
    int most = Arguments.threads(name, threads);
    RowCall call = RowCall.lend();
    try {
      call.x().at(from, bytes, 1);
      call.y().at(to, bytes, 1);
      call.function(op, dtype, n, most);
    } finally {
      call.giveBack();
      Reference.reachabilityFence(x);
      Reference.reachabilityFence(y);
    }
  }
}
