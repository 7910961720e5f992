package dev.lanewise.blas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * Comparisons of vectors against sums in double, within the bounds that {@link SimilarityFunction}
 * states.
 */
class SimilarityTest {
  private static final int[] QUERIES = {0, 1, 1, 2, 5, 17, 150};
  private static final int[] CANDIDATES = {0, 1, 2, 15, 16, 17, 100, 600};
  private static final int[] LENGTHS = {0, 1, 2, 7, 8, 9, 33, 100, 768, 1_024, 4_100, 9_000};

  private static double[] onArrays(
      SimilarityFunction metric, DType dtype, Matrix q, Matrix x, Matrix y, int threads) {
    int m = q.rows();
    int n = x.rows();
    int d = q.columns();
    if (dtype == DType.F32) {
      float[] out = y.floats();
      Similarity.compare(
          metric,
          m,
          n,
          d,
          q.floats(),
          q.offset(),
          q.ld(),
          x.floats(),
          x.offset(),
          x.ld(),
          out,
          y.offset(),
          y.ld(),
          threads);
      return Matrix.doubles(out);
    }
    double[] out = y.numbers().clone();
    Similarity.compare(
        metric,
        m,
        n,
        d,
        q.numbers(),
        q.offset(),
        q.ld(),
        x.numbers(),
        x.offset(),
        x.ld(),
        out,
        y.offset(),
        y.ld(),
        threads);
    return out;
  }

  private static double[] onSegments(
      SimilarityFunction metric,
      DType dtype,
      Matrix q,
      Matrix x,
      Matrix y,
      int threads,
      int firstByte) {
    long bytes = dtype.byteSize();
    try (Arena arena = Arena.ofShared()) {
      MemorySegment out = y.segment(arena, dtype, firstByte);
      NativeSimilarity.compare(
          metric,
          dtype,
          q.rows(),
          x.rows(),
          q.columns(),
          q.segment(arena, dtype, firstByte).asSlice(q.offset() * bytes),
          q.ld(),
          x.segment(arena, dtype, firstByte).asSlice(x.offset() * bytes),
          x.ld(),
          out.asSlice(y.offset() * bytes),
          y.ld(),
          threads);
      return Matrix.numbers(out, dtype);
    }
  }

  /** Numbers around the output must be untouched, those in it within their bounds. */
  private static void judge(
      SimilarityFunction metric, DType dtype, Matrix q, Matrix x, Matrix y, double[] actual) {
    double eps = dtype == DType.F32 ? 0x1p-24 : 0x1p-53;
    int d = q.columns();
    double[] expected = y.numbers().clone();
    for (int i = 0; i < q.rows(); i++) {
      for (int j = 0; j < x.rows(); j++) {
        double dot = 0;
        double sizes = 0;
        double squares = 0;
        double squaresOfQ = 0;
        double squaresOfX = 0;
        for (int p = 0; p < d; p++) {
          double a = q.get(i, p);
          double b = x.get(j, p);
          dot += a * b;
          sizes += Math.abs(a * b);
          squares += (a - b) * (a - b);
          squaresOfQ += a * a;
          squaresOfX += b * b;
        }
        double lengths = Math.sqrt(squaresOfQ) * Math.sqrt(squaresOfX);
        double exact =
            switch (metric) {
              case DOT -> dot;
              case COSINE -> lengths == 0 ? 0 : dot / lengths;
              case SQUARED_DISTANCE -> squares;
              case DISTANCE -> Math.sqrt(squares);
            };
        double bound =
            switch (metric) {
              case DOT -> (d + 4) * eps * sizes;
              case COSINE -> (2 * d + 12) * eps;
              case SQUARED_DISTANCE, DISTANCE -> (d + 4) * eps * exact;
            };
        double is = actual[y.at(i, j)];
        // Twice the bound in double: what is called exact here is off by as much.
        assertTrue(
            Math.abs(is - exact) <= (dtype == DType.F32 ? 1 : 2) * bound,
            () -> "%s of %s and %s is %s, not %s ± %s".formatted(metric, q, x, is, exact, bound));
        assertTrue(
            metric != SimilarityFunction.COSINE || Math.abs(is) <= 1, () -> "a cosine of " + is);
        expected[y.at(i, j)] = is;
      }
    }
    assertArrayEquals(expected, actual);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void resultsAreWithinTheirBounds(
      @ForAll SimilarityFunction metric,
      @ForAll boolean wide,
      @ForAll @IntRange(max = 2) int threads,
      @ForAll long seed) {
    Random random = new Random(seed);
    DType dtype = wide ? DType.F64 : DType.F32;
    int m = QUERIES[random.nextInt(QUERIES.length)];
    int n = CANDIDATES[random.nextInt(CANDIDATES.length)];
    int d = LENGTHS[random.nextInt(LENGTHS.length)];
    if ((long) m * n * d > 4_000_000) {
      d = 33;
    }
    Matrix q = Matrix.of(random, m, d, Transpose.NO);
    Matrix x = Matrix.of(random, n, d, Transpose.NO);
    Matrix y = Matrix.of(random, m, n, Transpose.NO);
    double[] actual = onArrays(metric, dtype, q, x, y, threads);
    judge(metric, dtype, q, x, y, actual);
    assertArrayEquals(actual, onSegments(metric, dtype, q, x, y, 1, 0));
    assertArrayEquals(actual, onSegments(metric, dtype, q, x, y, 0, 1));
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void distancesOfNearNeighboursKeepTheirDigits(
      @ForAll boolean root, @ForAll @IntRange(min = 1, max = 800) int d, @ForAll long seed) {
    Random random = new Random(seed);
    Matrix q = Matrix.of(random, 3, d, Transpose.NO);
    Matrix x = Matrix.of(random, 20, d, Transpose.NO);
    for (int j = 0; j < 20; j++) {
      for (int p = 0; p < d; p++) {
        float one = (float) q.get(j % 3, p);
        x.numbers()[x.at(j, p)] = random.nextInt(4) == 0 ? Math.nextUp(one) : one;
      }
    }
    Matrix y = Matrix.of(random, 3, 20, Transpose.NO);
    SimilarityFunction metric =
        root ? SimilarityFunction.DISTANCE : SimilarityFunction.SQUARED_DISTANCE;
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      judge(metric, dtype, q, x, y, onArrays(metric, dtype, q, x, y, 1));
    }
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void cosinesDoNotDependOnLengths(
      @ForAll @IntRange(min = 1, max = 300) int d,
      @ForAll @IntRange(min = -140, max = 120) int scaleOfQ,
      @ForAll @IntRange(min = -140, max = 120) int scaleOfX,
      @ForAll long seed) {
    Random random = new Random(seed);
    Matrix q = Matrix.of(random, 3, d, Transpose.NO);
    Matrix x = Matrix.of(random, 20, d, Transpose.NO);
    Matrix y = Matrix.of(random, 3, 20, Transpose.NO);
    // One of each only, so that they meet others; in double, far beyond the range of its squares.
    for (int p = 0; p < d; p++) {
      q.numbers()[q.at(1, p)] = (float) Math.scalb(q.get(1, p), scaleOfQ);
      x.numbers()[x.at(2, p)] = (float) Math.scalb(x.get(2, p), scaleOfX);
      x.numbers()[x.at(3, p)] = 0;
    }
    judge(
        SimilarityFunction.COSINE,
        DType.F32,
        q,
        x,
        y,
        onArrays(SimilarityFunction.COSINE, DType.F32, q, x, y, 1));
    double[] expected = onArrays(SimilarityFunction.COSINE, DType.F64, q, x, y, 1);
    for (int p = 0; p < d; p++) {
      q.numbers()[q.at(1, p)] = Math.scalb(q.get(1, p), scaleOfQ < 0 ? -800 : 850);
      x.numbers()[x.at(2, p)] = Math.scalb(x.get(2, p), scaleOfX < 0 ? -800 : 850);
    }
    double[] actual = onArrays(SimilarityFunction.COSINE, DType.F64, q, x, y, 1);
    assertArrayEquals(expected, actual, 2 * (2 * d + 12) * 0x1p-53);
  }

  @Test
  void whatIsNoNumberStaysInItsPairs() {
    float nan = Float.NaN;
    float inf = Float.POSITIVE_INFINITY;
    float[] q = {1, 0};
    float[] x = {nan, 1, inf, 1, 0, 0, 2, 0};
    float[] y = new float[4];
    Similarity.compare(SimilarityFunction.DOT, 1, 4, 2, q, 0, 2, x, 0, 2, y, 0, 4, 1);
    assertArrayEquals(new float[] {nan, inf, 0, 2}, y);
    Similarity.compare(SimilarityFunction.COSINE, 1, 4, 2, q, 0, 2, x, 0, 2, y, 0, 4, 1);
    assertArrayEquals(new float[] {nan, nan, 0, 1}, y);
    Similarity.compare(SimilarityFunction.SQUARED_DISTANCE, 1, 4, 2, q, 0, 2, x, 0, 2, y, 0, 4, 1);
    assertArrayEquals(new float[] {nan, inf, 1, 1}, y);
    Similarity.compare(SimilarityFunction.DISTANCE, 1, 4, 2, q, 0, 2, x, 0, 2, y, 0, 4, 1);
    assertArrayEquals(new float[] {nan, inf, 1, 1}, y);
  }

  @Test
  void oneVectorMayBeComparedWithItself() {
    Random random = new Random(1);
    float[] x = new float[40 * 100];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    float[] y = new float[40 * 40];
    Similarity.compare(SimilarityFunction.COSINE, 40, 40, 100, x, 0, 100, x, 0, 100, y, 0, 40, 0);
    float[] distances = new float[40 * 40];
    Similarity.compare(
        SimilarityFunction.DISTANCE, 40, 40, 100, x, 0, 100, x, 0, 100, distances, 0, 40, 0);
    for (int i = 0; i < 40; i++) {
      assertEquals(1, y[41 * i], 212 * 0x1p-24);
      assertEquals(0, distances[41 * i]);
    }
  }
}
