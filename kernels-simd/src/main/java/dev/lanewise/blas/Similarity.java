package dev.lanewise.blas;

import dev.lanewise.array.DType;
import dev.lanewise.simd.SimilarityCall;

/**
 * Compares each of some vectors with each of some others, in {@code float[]} and {@code double[]}:
 * what a search for nearest neighbours does with a query, or many, and its candidates. {@link
 * SimilarityFunction} lists what can be computed, and how exact it is. No call allocates after the
 * first few, unless vectors become longer.
 */
public final class Similarity {
  private Similarity() {}

  /**
   * Compares vectors: {@code y[i, j] = metric(q[i], x[j])}. A NaN in a vector makes its results
   * NaN.
   *
   * {@snippet :
   * float[] query = {1, 0}, candidates = {3, 4, 0, 2, 5, 0}, y = new float[3];
   * Similarity.compare(SimilarityFunction.COSINE, 1, 3, 2, query, 0, 2, candidates, 0, 2, y, 0, 3, 1);
   * System.out.println(Arrays.toString(y)); // [0.6, 0.0, 1.0]
   * }
   *
   * @param metric what is computed
   * @param m how many queries, rows of q and y
   * @param n how many candidates, rows of x and columns of y
   * @param d the length of each vector
   * @param q the array of the queries {@code [m, d]}
   * @param qOffset where they begin
   * @param ldq from one query to the next
   * @param x the array of the candidates {@code [n, d]}
   * @param xOffset where they begin
   * @param ldx from one candidate to the next
   * @param y the array of the output {@code [m, n]}
   * @param yOffset where it begins
   * @param ldy from one row of y to the next
   * @param threads the most threads that work on it, the calling one included; 0 for all. The
   *     result has the same bits with any number.
   * @throws IllegalArgumentException if an extent is negative, a leading dimension is shorter than
   *     a row, or y overlaps q or x
   * @throws IndexOutOfBoundsException if a matrix leaves its array
   */
  public static void compare(
      SimilarityFunction metric,
      int m,
      int n,
      int d,
      float[] q,
      int qOffset,
      int ldq,
      float[] x,
      int xOffset,
      int ldx,
      float[] y,
      int yOffset,
      int ldy,
      int threads) {
    run(metric, DType.F32, m, n, d, q, qOffset, ldq, x, xOffset, ldx, y, yOffset, ldy, threads);
  }

  /**
   * {@link #compare(SimilarityFunction, int, int, int, float[], int, int, float[], int, int,
   * float[], int, int, int)} in double precision.
   */
  public static void compare(
      SimilarityFunction metric,
      int m,
      int n,
      int d,
      double[] q,
      int qOffset,
      int ldq,
      double[] x,
      int xOffset,
      int ldx,
      double[] y,
      int yOffset,
      int ldy,
      int threads) {
    run(metric, DType.F64, m, n, d, q, qOffset, ldq, x, xOffset, ldx, y, yOffset, ldy, threads);
  }

  private static void run(
      SimilarityFunction metric,
      DType dtype,
      int m,
      int n,
      int d,
      Object q,
      int qOffset,
      int ldq,
      Object x,
      int xOffset,
      int ldx,
      Object y,
      int yOffset,
      int ldy,
      int threads) {
    String op = "compare";
    Arguments.given(op, "metric", metric);
    Arguments.vectors(op, m, n, d);
    Arguments.matrix(op, "q", Arguments.lengthOf(op, "q", q), qOffset, m, d, ldq);
    Arguments.matrix(op, "x", Arguments.lengthOf(op, "x", x), xOffset, n, d, ldx);
    Arguments.matrix(op, "y", Arguments.lengthOf(op, "y", y), yOffset, m, n, ldy);
    if (y == q) {
      Arguments.apart(op, "q", qOffset, m, d, ldq, yOffset, m, n, ldy);
    }
    if (y == x) {
      Arguments.apart(op, "x", xOffset, n, d, ldx, yOffset, m, n, ldy);
    }
    int most = Arguments.threads(op, threads);
    SimilarityCall call = SimilarityCall.lend();
    try {
      call.q().in(q, qOffset, ldq);
      call.x().in(x, xOffset, ldx);
      call.y().in(y, yOffset, ldy);
      run(metric, call, dtype, m, n, d, most);
    } finally {
      call.giveBack();
    }
  }

  /** Runs a call that knows where its matrices lie. */
  static void run(
      SimilarityFunction metric,
      SimilarityCall call,
      DType dtype,
      int m,
      int n,
      int d,
      int threads) {
    switch (metric) {
      case DOT -> call.dots(dtype, m, n, d, threads);
      case COSINE -> call.cosines(dtype, m, n, d, threads);
      case SQUARED_DISTANCE -> call.squaredDistances(dtype, m, n, d, threads);
      case DISTANCE -> call.distances(dtype, m, n, d, threads);
    }
  }
}
