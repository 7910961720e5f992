package dev.lanewise.blas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Products on arrays and segments against naive loops in double precision. */
class BlasTest {
  private static final int[] LENGTHS = {
    0, 1, 2, 3, 7, 8, 9, 16, 17, 33, 64, 65, 130, 300, 513, 700
  };

  /** The whole array after {@code c = alpha · a · b + beta · c}, and how far it may be off. */
  private static void judge(
      Matrix c, double[] actual, double alpha, Matrix a, Matrix b, double beta, double eps) {
    double[] expected = c.numbers().clone();
    double[] bound = new double[c.numbers().length];
    for (int i = 0; i < c.rows(); i++) {
      for (int j = 0; j < c.columns(); j++) {
        double sum = 0;
        double size = 0;
        for (int p = 0; p < a.columns(); p++) {
          sum += a.get(i, p) * b.get(p, j);
          size += Math.abs(a.get(i, p) * b.get(p, j));
        }
        double old = beta == 0 ? 0 : beta * c.get(i, j);
        expected[c.at(i, j)] = alpha * sum + old;
        bound[c.at(i, j)] = 2 * (a.columns() + 4) * eps * (Math.abs(alpha) * size + Math.abs(old));
      }
    }
    for (int i = 0; i < actual.length; i++) {
      if (!(Math.abs(actual[i] - expected[i]) <= bound[i])) {
        throw new AssertionError(
            "element %d of %s is %s, not %s ± %s (a %s, b %s)"
                .formatted(i, c, actual[i], expected[i], bound[i], a, b));
      }
    }
  }

  private static int length(Random random) {
    return LENGTHS[random.nextInt(LENGTHS.length)];
  }

  private static double factor(Random random) {
    return new double[] {0, 1, 1, -1, 0.5}[random.nextInt(5)];
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  void gemmAgreesWithTheNaiveProduct(
      @ForAll Transpose ta, @ForAll Transpose tb, @ForAll boolean large, @ForAll long seed) {
    Random random = new Random(seed);
    int m = large ? length(random) : random.nextInt(40);
    int n = large ? length(random) : random.nextInt(40);
    int k = random.nextInt(large ? 1200 : 40);
    Matrix a = Matrix.of(random, m, k, ta);
    Matrix b = Matrix.of(random, k, n, tb);
    Matrix c = Matrix.of(random, m, n, Transpose.NO);
    double alpha = factor(random);
    double beta = factor(random);
    int threads = random.nextInt(3);
    double[] f64 = c.numbers().clone();
    Blas.dgemm(
        ta,
        tb,
        m,
        n,
        k,
        alpha,
        a.numbers(),
        a.offset(),
        a.ld(),
        b.numbers(),
        b.offset(),
        b.ld(),
        beta,
        f64,
        c.offset(),
        c.ld(),
        threads);
    judge(c, f64, alpha, a, b, beta, 0x1p-53);
    float[] f32 = c.floats();
    Blas.sgemm(
        ta,
        tb,
        m,
        n,
        k,
        (float) alpha,
        a.floats(),
        a.offset(),
        a.ld(),
        b.floats(),
        b.offset(),
        b.ld(),
        (float) beta,
        f32,
        c.offset(),
        c.ld(),
        threads);
    judge(c, Matrix.doubles(f32), alpha, a, b, beta, 0x1p-24);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = segment(arena, c.floats());
      NativeBlas.sgemm(
          ta,
          tb,
          m,
          n,
          k,
          (float) alpha,
          part(segment(arena, a.floats()), a.offset(), 4),
          a.ld(),
          part(segment(arena, b.floats()), b.offset(), 4),
          b.ld(),
          (float) beta,
          part(out, c.offset(), 4),
          c.ld(),
          threads);
      judge(c, Matrix.doubles(out.toArray(ValueLayout.JAVA_FLOAT)), alpha, a, b, beta, 0x1p-24);
      MemorySegment wide = segment(arena, c.numbers());
      NativeBlas.dgemm(
          ta,
          tb,
          m,
          n,
          k,
          alpha,
          part(segment(arena, a.numbers()), a.offset(), 8),
          a.ld(),
          part(segment(arena, b.numbers()), b.offset(), 8),
          b.ld(),
          beta,
          part(wide, c.offset(), 8),
          c.ld(),
          threads);
      judge(c, wide.toArray(ValueLayout.JAVA_DOUBLE), alpha, a, b, beta, 0x1p-53);
    }
  }

  private static MemorySegment segment(Arena arena, float[] numbers) {
    return arena.allocateFrom(ValueLayout.JAVA_FLOAT, numbers);
  }

  private static MemorySegment segment(Arena arena, double[] numbers) {
    return arena.allocateFrom(ValueLayout.JAVA_DOUBLE, numbers);
  }

  private static MemorySegment part(MemorySegment whole, int offset, int bytes) {
    return whole.asSlice((long) offset * bytes);
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void gemvAndGerAgreeWithTheNaiveProduct(
      @ForAll Transpose ta,
      @ForAll @IntRange(min = 1, max = 3) int incX,
      @ForAll @IntRange(min = 1, max = 3) int incY,
      @ForAll long seed) {
    Random random = new Random(seed);
    int m = length(random);
    int n = length(random);
    Matrix a = Matrix.of(random, m, n, Transpose.NO);
    int rows = ta == Transpose.NO ? m : n;
    int columns = ta == Transpose.NO ? n : m;
    Matrix x = vector(random, columns, incX);
    Matrix y = vector(random, rows, incY);
    Matrix op = ta == Transpose.NO ? a : new Matrix(a.numbers(), n, m, true, a.offset(), a.ld());
    double[] f64 = y.numbers().clone();
    Blas.dgemv(
        ta,
        m,
        n,
        2,
        a.numbers(),
        a.offset(),
        a.ld(),
        x.numbers(),
        x.offset(),
        incX,
        0.5,
        f64,
        y.offset(),
        incY,
        0);
    judge(y, f64, 2, op, x, 0.5, 0x1p-53);
    float[] f32 = y.floats();
    Blas.sgemv(
        ta,
        m,
        n,
        2,
        a.floats(),
        a.offset(),
        a.ld(),
        x.floats(),
        x.offset(),
        incX,
        0.5f,
        f32,
        y.offset(),
        incY,
        0);
    judge(y, Matrix.doubles(f32), 2, op, x, 0.5, 0x1p-24);

    Matrix left = vector(random, m, incX);
    Matrix right = vector(random, n, incY);
    Matrix turned = new Matrix(right.numbers(), 1, n, true, right.offset(), incY);
    double[] sum = a.numbers().clone();
    Blas.dger(
        m,
        n,
        3,
        left.numbers(),
        left.offset(),
        incX,
        right.numbers(),
        right.offset(),
        incY,
        sum,
        a.offset(),
        a.ld(),
        0);
    judge(a, sum, 3, left, turned, 1, 0x1p-53);
    float[] sum32 = a.floats();
    Blas.sger(
        m,
        n,
        3,
        left.floats(),
        left.offset(),
        incX,
        right.floats(),
        right.offset(),
        incY,
        sum32,
        a.offset(),
        a.ld(),
        0);
    judge(a, Matrix.doubles(sum32), 3, left, turned, 1, 0x1p-24);
    if (incX == 1 && incY == 1) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment out = segment(arena, y.floats());
        NativeBlas.sgemv(
            ta,
            m,
            n,
            2,
            part(segment(arena, a.floats()), a.offset(), 4),
            a.ld(),
            part(segment(arena, x.floats()), x.offset(), 4),
            0.5f,
            part(out, y.offset(), 4),
            0);
        judge(y, Matrix.doubles(out.toArray(ValueLayout.JAVA_FLOAT)), 2, op, x, 0.5, 0x1p-24);
        MemorySegment wide = segment(arena, y.numbers());
        NativeBlas.dgemv(
            ta,
            m,
            n,
            2,
            part(segment(arena, a.numbers()), a.offset(), 8),
            a.ld(),
            part(segment(arena, x.numbers()), x.offset(), 8),
            0.5,
            part(wide, y.offset(), 8),
            0);
        judge(y, wide.toArray(ValueLayout.JAVA_DOUBLE), 2, op, x, 0.5, 0x1p-53);
      }
    }
  }

  private static Matrix vector(Random random, int length, int increment) {
    Matrix dense = Matrix.of(random, length, increment, Transpose.NO);
    return new Matrix(dense.numbers(), length, 1, false, dense.offset(), increment);
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void aBatchIsItsProductsOneByOne(
      @ForAll Transpose ta,
      @ForAll Transpose tb,
      @ForAll @IntRange(max = 40) int m,
      @ForAll @IntRange(max = 40) int n,
      @ForAll @IntRange(max = 40) int k,
      @ForAll @IntRange(max = 6) int count,
      @ForAll boolean oneB,
      @ForAll long seed) {
    Random random = new Random(seed);
    int lda = Math.max(1, ta == Transpose.NO ? k : m) + 1;
    int ldb = Math.max(1, tb == Transpose.NO ? n : k);
    int ldc = Math.max(1, n) + 2;
    int strideA = lda * (ta == Transpose.NO ? m : k) + 3;
    int strideB = oneB ? 0 : ldb * (tb == Transpose.NO ? k : n);
    int strideC = ldc * m + 1;
    double[] a = random.doubles(strideA * count + strideA + 5).toArray();
    double[] b = random.doubles(strideB * count + ldb * 40 + 5).toArray();
    double[] c = random.doubles(strideC * count + strideC + 5).toArray();
    double[] expected = c.clone();
    for (int i = 0; i < count; i++) {
      Blas.dgemm(
          ta,
          tb,
          m,
          n,
          k,
          2,
          a,
          5 + i * strideA,
          lda,
          b,
          1 + i * strideB,
          ldb,
          1,
          expected,
          2 + i * strideC,
          ldc,
          1);
    }
    double[] actual = c.clone();
    Blas.dgemmStridedBatched(
        ta, tb, m, n, k, 2, a, 5, lda, strideA, b, 1, ldb, strideB, 1, actual, 2, ldc, strideC,
        count, 0);
    assertArrayEquals(expected, actual);
    float[] singles = new Matrix(c, 0, 0, false, 0, 1).floats();
    float[] one = singles.clone();
    float[] a32 = new Matrix(a, 0, 0, false, 0, 1).floats();
    float[] b32 = new Matrix(b, 0, 0, false, 0, 1).floats();
    for (int i = 0; i < count; i++) {
      Blas.sgemm(
          ta,
          tb,
          m,
          n,
          k,
          2,
          a32,
          5 + i * strideA,
          lda,
          b32,
          1 + i * strideB,
          ldb,
          1,
          one,
          2 + i * strideC,
          ldc,
          1);
    }
    Blas.sgemmStridedBatched(
        ta, tb, m, n, k, 2, a32, 5, lda, strideA, b32, 1, ldb, strideB, 1, singles, 2, ldc, strideC,
        count, 0);
    assertArrayEquals(one, singles);
  }

  @Test
  void theNumberOfThreadsChangesNoBit() {
    Random random = new Random(3);
    int m = 300;
    int n = 700;
    int k = 900;
    float[] a = new Matrix(random.doubles(270_000).toArray(), 0, 0, false, 0, 1).floats();
    float[] b = new Matrix(random.doubles(630_000).toArray(), 0, 0, false, 0, 1).floats();
    float[] one = new float[m * n];
    for (int threads : new int[] {1, 2, 0}) {
      float[] c = new float[m * n];
      Blas.sgemm(Transpose.NO, Transpose.NO, m, n, k, 1, a, 0, k, b, 0, n, 0, c, 0, n, threads);
      if (threads == 1) {
        one = c;
      }
      assertArrayEquals(one, c);
    }
  }

  @Test
  void blocksOfOneMatrixMayLieBesideOneAnother() {
    // The step of a blocked LU decomposition: the lower right block minus a product of the others.
    double[] a = new double[64];
    Arrays.setAll(a, i -> i % 7);
    double[] expected = a.clone();
    for (int i = 4; i < 8; i++) {
      for (int j = 4; j < 8; j++) {
        for (int p = 0; p < 4; p++) {
          expected[8 * i + j] -= a[8 * i + p] * a[8 * p + j];
        }
      }
    }
    Blas.dgemm(Transpose.NO, Transpose.NO, 4, 4, 4, -1, a, 32, 8, a, 4, 8, 1, a, 36, 8, 1);
    assertArrayEquals(expected, a);
  }

  @Test
  void betaZeroHidesWhateverIsInTheOutput() {
    float[] c = {Float.NaN, Float.NaN};
    Blas.sgemv(
        Transpose.NO, 2, 1, 1, new float[] {2, 3}, 0, 1, new float[] {1}, 0, 1, 0, c, 0, 1, 1);
    assertArrayEquals(new float[] {2, 3}, c);
  }
}
