package dev.lanewise.blas;

import dev.lanewise.array.DType;
import dev.lanewise.simd.Workers;
import dev.lanewise.simd.gemm.ArrayProduct;

/**
 * BLAS on {@code float[]} and {@code double[]}: products of matrices and vectors, and what {@link
 * VectorCalls} adds for single vectors. Matrices are row-major. No call allocates after the first
 * few.
 *
 * <p>With {@code eps} the unit round-off, a product is off by at most {@code (k + 4) · eps ·
 * (|alpha| · |A| · |B| + |beta · C|)}.
 */
public final class Blas extends VectorCalls {
  private Blas() {}

  /**
   * Multiplies matrices: {@code c = alpha · op(a) · op(b) + beta · c}, where op transposes or not.
   * With {@code beta} 0 what was in c is not read.
   *
   * {@snippet :
   * float[] a = {1, 2, 3, 4, 5, 6}; // 2 rows of 3
   * float[] b = {1, 0, 0, 1, 1, 1}; // 3 rows of 2
   * float[] c = new float[4];
   * Blas.sgemm(Transpose.NO, Transpose.NO, 2, 2, 3, 1, a, 0, 3, b, 0, 2, 0, c, 0, 2, 1);
   * System.out.println(Arrays.toString(c)); // [4.0, 5.0, 10.0, 11.0]
   * }
   *
   * @param transA whether a is stored transposed, {@code [k, m]} instead of {@code [m, k]}
   * @param transB whether b is stored transposed, {@code [n, k]} instead of {@code [k, n]}
   * @param m rows of c
   * @param n columns of c
   * @param k the length of each sum
   * @param alpha the factor of the product
   * @param a the array of the left matrix
   * @param aOffset where the matrix begins in it
   * @param lda from one stored row to the next
   * @param b the array of the right matrix
   * @param bOffset where the matrix begins in it
   * @param ldb from one stored row to the next
   * @param beta the factor of what is in c
   * @param c the array of the output {@code [m, n]}
   * @param cOffset where the matrix begins in it
   * @param ldc from one row to the next
   * @param threads the most threads that work on it, the calling one included; 0 for all. The
   *     result has the same bits with any number.
   * @throws IllegalArgumentException if an extent is negative, a leading dimension is shorter than
   *     a row, or c overlaps a or b
   * @throws IndexOutOfBoundsException if a matrix leaves its array
   */
  public static void sgemm(
      Transpose transA,
      Transpose transB,
      int m,
      int n,
      int k,
      float alpha,
      float[] a,
      int aOffset,
      int lda,
      float[] b,
      int bOffset,
      int ldb,
      float beta,
      float[] c,
      int cOffset,
      int ldc,
      int threads) {
    String op = "sgemm";
    boolean ta = Arguments.transposed(op, "transA", transA);
    boolean tb = Arguments.transposed(op, "transB", transB);
    Arguments.extents(op, m, n, k);
    left(op, a.length, aOffset, lda, ta, m, k);
    right(op, b.length, bOffset, ldb, tb, k, n);
    Arguments.matrix(op, "c", c.length, cOffset, m, n, ldc);
    if (c == a) {
      Arguments.apart(op, "a", aOffset, ta ? k : m, ta ? m : k, lda, cOffset, m, n, ldc);
    }
    if (c == b) {
      Arguments.apart(op, "b", bOffset, tb ? n : k, tb ? k : n, ldb, cOffset, m, n, ldc);
    }
    ArrayProduct product =
        ArrayProduct.lend()
            .of(DType.F32, m, n, k, alpha, beta)
            .left(a, aOffset, lda, ta)
            .right(b, bOffset, ldb, tb)
            .into(c, cOffset, ldc);
    run(product, Arguments.threads(op, threads));
  }

  /**
   * Multiplies as many pairs of matrices as {@code count} says, each as {@link #sgemm} does; a
   * matrix begins {@code strideA}, {@code strideB} or {@code strideC} numbers behind the one
   * before.
   *
   * {@snippet :
   * float[] a = new float[8 * 2 * 3], b = new float[3 * 2], c = new float[8 * 2 * 2];
   * Blas.sgemmStridedBatched( // 8 products with the same b
   *     Transpose.NO, Transpose.NO, 2, 2, 3, 1, a, 0, 3, 6, b, 0, 2, 0, 0, c, 0, 2, 4, 8, 0);
   * }
   *
   * @param transA whether each a is stored transposed
   * @param transB whether each b is stored transposed
   * @param m rows of each c
   * @param n columns of each c
   * @param k the length of each sum
   * @param alpha the factor of the products
   * @param a the array of the left matrices
   * @param aOffset where the first begins
   * @param lda from one stored row to the next
   * @param strideA from one matrix to the next; 0 to use one for all
   * @param b the array of the right matrices
   * @param bOffset where the first begins
   * @param ldb from one stored row to the next
   * @param strideB from one matrix to the next; 0 to use one for all
   * @param beta the factor of what is in c
   * @param c the array of the outputs
   * @param cOffset where the first begins
   * @param ldc from one row to the next
   * @param strideC from one matrix to the next, at least the length of one
   * @param count how many
   * @param threads the most threads that work on it; 0 for all
   * @throws IllegalArgumentException as {@link #sgemm}, or if outputs overlap, or if the outputs
   *     share an array with an input
   * @throws IndexOutOfBoundsException if a matrix leaves its array
   */
  public static void sgemmStridedBatched(
      Transpose transA,
      Transpose transB,
      int m,
      int n,
      int k,
      float alpha,
      float[] a,
      int aOffset,
      int lda,
      int strideA,
      float[] b,
      int bOffset,
      int ldb,
      int strideB,
      float beta,
      float[] c,
      int cOffset,
      int ldc,
      int strideC,
      int count,
      int threads) {
    String op = "sgemmStridedBatched";
    boolean ta = Arguments.transposed(op, "transA", transA);
    boolean tb = Arguments.transposed(op, "transB", transB);
    Arguments.extents(op, m, n, k);
    left(op, a.length, aOffset, lda, ta, m, k);
    right(op, b.length, bOffset, ldb, tb, k, n);
    Arguments.matrix(op, "c", c.length, cOffset, m, n, ldc);
    Arguments.batch(op, "a", a.length, aOffset, ta ? k : m, ta ? m : k, lda, strideA, count);
    Arguments.batch(op, "b", b.length, bOffset, tb ? n : k, tb ? k : n, ldb, strideB, count);
    Arguments.batch(op, "c", c.length, cOffset, m, n, ldc, strideC, count);
    Arguments.outputs(op, m, n, ldc, strideC, count, c == a || c == b);
    ArrayProduct product =
        ArrayProduct.lend()
            .of(DType.F32, m, n, k, alpha, beta)
            .left(a, aOffset, lda, ta)
            .right(b, bOffset, ldb, tb)
            .into(c, cOffset, ldc)
            .batch(count, strideA, strideB, strideC);
    run(product, Arguments.threads(op, threads));
  }

  /**
   * Multiplies a matrix and a vector: {@code y = alpha · op(a) · x + beta · y}.
   *
   * {@snippet :
   * float[] a = {1, 2, 3, 4, 5, 6}, x = {1, 1, 1}, y = new float[2];
   * Blas.sgemv(Transpose.NO, 2, 3, 1, a, 0, 3, x, 0, 1, 0, y, 0, 1, 1);
   * System.out.println(Arrays.toString(y)); // [6.0, 15.0]
   * }
   *
   * @param transA whether to use the transposed matrix
   * @param m rows of a
   * @param n columns of a
   * @param alpha the factor of the product
   * @param a the array of the matrix {@code [m, n]}
   * @param aOffset where it begins
   * @param lda from one row to the next
   * @param x the array of the vector, as long as op(a) has columns
   * @param xOffset where it begins
   * @param incX from one number to the next
   * @param beta the factor of what is in y; with 0 it is not read
   * @param y the array of the output, as long as op(a) has rows
   * @param yOffset where it begins
   * @param incY from one number to the next
   * @param threads the most threads that work on it; 0 for all
   * @throws IllegalArgumentException as {@link #sgemm}, or if an increment is not positive
   * @throws IndexOutOfBoundsException if something leaves its array
   */
  public static void sgemv(
      Transpose transA,
      int m,
      int n,
      float alpha,
      float[] a,
      int aOffset,
      int lda,
      float[] x,
      int xOffset,
      int incX,
      float beta,
      float[] y,
      int yOffset,
      int incY,
      int threads) {
    String op = "sgemv";
    boolean ta = Arguments.transposed(op, "transA", transA);
    int rows = ta ? n : m;
    int columns = ta ? m : n;
    Arguments.extents(op, m, n, 0);
    Arguments.matrix(op, "a", a.length, aOffset, m, n, lda);
    Arguments.vector(op, "x", x.length, xOffset, columns, incX);
    Arguments.vector(op, "y", y.length, yOffset, rows, incY);
    if (y == a) {
      Arguments.apart(op, "a", aOffset, m, n, lda, yOffset, rows, 1, incY);
    }
    if (y == x) {
      Arguments.apart(op, "x", xOffset, columns, 1, incX, yOffset, rows, 1, incY);
    }
    ArrayProduct product =
        ArrayProduct.lend()
            .of(DType.F32, rows, 1, columns, alpha, beta)
            .left(a, aOffset, lda, ta)
            .right(x, xOffset, incX, false)
            .into(y, yOffset, incY);
    run(product, Arguments.threads(op, threads));
  }

  /**
   * Adds the products of all pairs of numbers of two vectors: {@code a[i][j] += alpha · x[i] ·
   * y[j]}.
   *
   * {@snippet :
   * float[] x = {1, 2}, y = {1, 10, 100}, a = new float[6];
   * Blas.sger(2, 3, 1, x, 0, 1, y, 0, 1, a, 0, 3, 1);
   * System.out.println(Arrays.toString(a)); // [1.0, 10.0, 100.0, 2.0, 20.0, 200.0]
   * }
   *
   * @param m rows of a, and the length of x
   * @param n columns of a, and the length of y
   * @param alpha the factor
   * @param x the array of the first vector
   * @param xOffset where it begins
   * @param incX from one number to the next
   * @param y the array of the second vector
   * @param yOffset where it begins
   * @param incY from one number to the next
   * @param a the array of the matrix {@code [m, n]} that is added to
   * @param aOffset where it begins
   * @param lda from one row to the next
   * @param threads the most threads that work on it; 0 for all
   * @throws IllegalArgumentException as {@link #sgemm}, or if an increment is not positive
   * @throws IndexOutOfBoundsException if something leaves its array
   */
  public static void sger(
      int m,
      int n,
      float alpha,
      float[] x,
      int xOffset,
      int incX,
      float[] y,
      int yOffset,
      int incY,
      float[] a,
      int aOffset,
      int lda,
      int threads) {
    String op = "sger";
    Arguments.extents(op, m, n, 0);
    Arguments.vector(op, "x", x.length, xOffset, m, incX);
    Arguments.vector(op, "y", y.length, yOffset, n, incY);
    Arguments.matrix(op, "a", a.length, aOffset, m, n, lda);
    if (a == x) {
      Arguments.apart(op, "x", xOffset, m, 1, incX, aOffset, m, n, lda);
    }
    if (a == y) {
      Arguments.apart(op, "y", yOffset, n, 1, incY, aOffset, m, n, lda);
    }
    ArrayProduct product =
        ArrayProduct.lend()
            .of(DType.F32, m, n, 1, alpha, 1)
            .left(x, xOffset, incX, false)
            .right(y, yOffset, incY, true)
            .into(a, aOffset, lda);
    run(product, Arguments.threads(op, threads));
  }

  /** {@link #sgemm} in double precision. */
  public static void dgemm(
      Transpose transA,
      Transpose transB,
      int m,
      int n,
      int k,
      double alpha,
      double[] a,
      int aOffset,
      int lda,
      double[] b,
      int bOffset,
      int ldb,
      double beta,
      double[] c,
      int cOffset,
      int ldc,
      int threads) {
    String op = "dgemm";
    boolean ta = Arguments.transposed(op, "transA", transA);
    boolean tb = Arguments.transposed(op, "transB", transB);
    Arguments.extents(op, m, n, k);
    left(op, a.length, aOffset, lda, ta, m, k);
    right(op, b.length, bOffset, ldb, tb, k, n);
    Arguments.matrix(op, "c", c.length, cOffset, m, n, ldc);
    if (c == a) {
      Arguments.apart(op, "a", aOffset, ta ? k : m, ta ? m : k, lda, cOffset, m, n, ldc);
    }
    if (c == b) {
      Arguments.apart(op, "b", bOffset, tb ? n : k, tb ? k : n, ldb, cOffset, m, n, ldc);
    }
    ArrayProduct product =
        ArrayProduct.lend()
            .of(DType.F64, m, n, k, alpha, beta)
            .left(a, aOffset, lda, ta)
            .right(b, bOffset, ldb, tb)
            .into(c, cOffset, ldc);
    run(product, Arguments.threads(op, threads));
  }

  /** {@link #sgemmStridedBatched} in double precision. */
  public static void dgemmStridedBatched(
      Transpose transA,
      Transpose transB,
      int m,
      int n,
      int k,
      double alpha,
      double[] a,
      int aOffset,
      int lda,
      int strideA,
      double[] b,
      int bOffset,
      int ldb,
      int strideB,
      double beta,
      double[] c,
      int cOffset,
      int ldc,
      int strideC,
      int count,
      int threads) {
    String op = "dgemmStridedBatched";
    boolean ta = Arguments.transposed(op, "transA", transA);
    boolean tb = Arguments.transposed(op, "transB", transB);
    Arguments.extents(op, m, n, k);
    left(op, a.length, aOffset, lda, ta, m, k);
    right(op, b.length, bOffset, ldb, tb, k, n);
    Arguments.matrix(op, "c", c.length, cOffset, m, n, ldc);
    Arguments.batch(op, "a", a.length, aOffset, ta ? k : m, ta ? m : k, lda, strideA, count);
    Arguments.batch(op, "b", b.length, bOffset, tb ? n : k, tb ? k : n, ldb, strideB, count);
    Arguments.batch(op, "c", c.length, cOffset, m, n, ldc, strideC, count);
    Arguments.outputs(op, m, n, ldc, strideC, count, c == a || c == b);
    ArrayProduct product =
        ArrayProduct.lend()
            .of(DType.F64, m, n, k, alpha, beta)
            .left(a, aOffset, lda, ta)
            .right(b, bOffset, ldb, tb)
            .into(c, cOffset, ldc)
            .batch(count, strideA, strideB, strideC);
    run(product, Arguments.threads(op, threads));
  }

  /** {@link #sgemv} in double precision. */
  public static void dgemv(
      Transpose transA,
      int m,
      int n,
      double alpha,
      double[] a,
      int aOffset,
      int lda,
      double[] x,
      int xOffset,
      int incX,
      double beta,
      double[] y,
      int yOffset,
      int incY,
      int threads) {
    String op = "dgemv";
    boolean ta = Arguments.transposed(op, "transA", transA);
    int rows = ta ? n : m;
    int columns = ta ? m : n;
    Arguments.extents(op, m, n, 0);
    Arguments.matrix(op, "a", a.length, aOffset, m, n, lda);
    Arguments.vector(op, "x", x.length, xOffset, columns, incX);
    Arguments.vector(op, "y", y.length, yOffset, rows, incY);
    if (y == a) {
      Arguments.apart(op, "a", aOffset, m, n, lda, yOffset, rows, 1, incY);
    }
    if (y == x) {
      Arguments.apart(op, "x", xOffset, columns, 1, incX, yOffset, rows, 1, incY);
    }
    ArrayProduct product =
        ArrayProduct.lend()
            .of(DType.F64, rows, 1, columns, alpha, beta)
            .left(a, aOffset, lda, ta)
            .right(x, xOffset, incX, false)
            .into(y, yOffset, incY);
    run(product, Arguments.threads(op, threads));
  }

  /** {@link #sger} in double precision. */
  public static void dger(
      int m,
      int n,
      double alpha,
      double[] x,
      int xOffset,
      int incX,
      double[] y,
      int yOffset,
      int incY,
      double[] a,
      int aOffset,
      int lda,
      int threads) {
    String op = "dger";
    Arguments.extents(op, m, n, 0);
    Arguments.vector(op, "x", x.length, xOffset, m, incX);
    Arguments.vector(op, "y", y.length, yOffset, n, incY);
    Arguments.matrix(op, "a", a.length, aOffset, m, n, lda);
    if (a == x) {
      Arguments.apart(op, "x", xOffset, m, 1, incX, aOffset, m, n, lda);
    }
    if (a == y) {
      Arguments.apart(op, "y", yOffset, n, 1, incY, aOffset, m, n, lda);
    }
    ArrayProduct product =
        ArrayProduct.lend()
            .of(DType.F64, m, n, 1, alpha, 1)
            .left(x, xOffset, incX, false)
            .right(y, yOffset, incY, true)
            .into(a, aOffset, lda);
    run(product, Arguments.threads(op, threads));
  }

  private static void left(
      String op, int length, int offset, int ld, boolean transposed, int m, int k) {
    Arguments.matrix(op, "a", length, offset, transposed ? k : m, transposed ? m : k, ld);
  }

  private static void right(
      String op, int length, int offset, int ld, boolean transposed, int k, int n) {
    Arguments.matrix(op, "b", length, offset, transposed ? n : k, transposed ? k : n, ld);
  }

  private static void run(ArrayProduct product, int threads) {
    try {
      Workers.shared().run(product.tasks(), threads, product);
    } finally {
      product.giveBack();
    }
  }
}
