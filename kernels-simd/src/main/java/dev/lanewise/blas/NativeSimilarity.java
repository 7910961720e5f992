package dev.lanewise.blas;

import dev.lanewise.array.DType;
import dev.lanewise.simd.SimilarityCall;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/**
 * Compares vectors in memory segments off the heap, a mapped file for example: as {@link
 * Similarity}, with the same bits, but copied only where numbers are not aligned. A matrix is the
 * beginning of a segment; pass a slice for an offset. Segments of the heap are refused; numbers
 * that are not aligned to their size are fine, but slower. No call allocates after the first few,
 * unless vectors become longer.
 *
 * <p>An arena must not be closed by another thread while a call is under way.
 */
public final class NativeSimilarity {
  private NativeSimilarity() {}

  /**
   * Compares vectors: {@code y[i, j] = metric(q[i], x[j])}. A NaN in a vector makes its results
   * NaN.
   *
   * {@snippet :
   * try (Arena arena = Arena.ofConfined()) {
   *   MemorySegment query = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1, 0);
   *   MemorySegment candidates = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 3, 4, 0, 2, 4, 4);
   *   MemorySegment y = arena.allocate(ValueLayout.JAVA_FLOAT, 3);
   *   NativeSimilarity.compare(
   *       SimilarityFunction.DISTANCE, DType.F32, 1, 3, 2, query, 2, candidates, 2, y, 3, 1);
   *   System.out.println(y.getAtIndex(ValueLayout.JAVA_FLOAT, 2)); // 5.0
   * }
   * }
   *
   * @param metric what is computed
   * @param dtype what the matrices are made of, {@code F32} or {@code F64}
   * @param m how many queries, rows of q and y
   * @param n how many candidates, rows of x and columns of y
   * @param d the length of each vector
   * @param q begins with the queries {@code [m, d]}
   * @param ldq from one query to the next, in numbers
   * @param x begins with the candidates {@code [n, d]}
   * @param ldx from one candidate to the next, in numbers
   * @param y begins with the output {@code [m, n]}
   * @param ldy from one row of y to the next, in numbers
   * @param threads the most threads that work on it, the calling one included; 0 for all. The
   *     result has the same bits with any number.
   * @throws IllegalArgumentException if an extent is negative, a leading dimension is shorter than
   *     a row, y overlaps q or x, or a segment is of the heap or read-only
   * @throws dev.lanewise.array.DTypeException if the type is another
   * @throws IndexOutOfBoundsException if a segment is too short
   * @throws IllegalStateException if an arena is closed
   */
  public static void compare(
      SimilarityFunction metric,
      DType dtype,
      int m,
      int n,
      int d,
      MemorySegment q,
      int ldq,
      MemorySegment x,
      int ldx,
      MemorySegment y,
      int ldy,
      int threads) {
    String op = "compare";
    Arguments.given(op, "metric", metric);
    int bytes = Arguments.bytes(op, dtype);
    Arguments.vectors(op, m, n, d);
    long queries = Arguments.matrix(op, "q", q, bytes, m, d, ldq);
    long candidates = Arguments.matrix(op, "x", x, bytes, n, d, ldx);
    long out = Arguments.matrix(op, "y", y, bytes, m, n, ldy);
    Arguments.writable(op, "y", y);
    Arguments.apart(op, "q", bytes, queries, m, d, ldq, out, m, n, ldy);
    Arguments.apart(op, "x", bytes, candidates, n, d, ldx, out, m, n, ldy);
    int most = Arguments.threads(op, threads);
    SimilarityCall call = SimilarityCall.lend();
    try {
      call.q().at(queries, bytes, ldq);
      call.x().at(candidates, bytes, ldx);
      call.y().at(out, bytes, ldy);
      Similarity.run(metric, call, dtype, m, n, d, most);
    } finally {
      call.giveBack();
      Reference.reachabilityFence(q);
      Reference.reachabilityFence(x);
      Reference.reachabilityFence(y);
    }
  }
}
