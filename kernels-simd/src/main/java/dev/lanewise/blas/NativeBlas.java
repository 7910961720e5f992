package dev.lanewise.blas;

import dev.lanewise.array.DType;
import dev.lanewise.simd.NativeDoubles;
import dev.lanewise.simd.NativeFloats;
import dev.lanewise.simd.Workers;
import dev.lanewise.simd.gemm.IdlePool;
import dev.lanewise.simd.gemm.Product;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/**
 * BLAS on memory segments off the heap: as {@link Blas}, but without copying blocks first. What a
 * call works on is the beginning of a segment; pass a slice for an offset. Vectors have no gaps.
 * Segments of the heap are refused. No call allocates after the first few.
 *
 * <p>An arena must not be closed by another thread while a call is under way.
 */
public final class NativeBlas {
  private static final IdlePool<Product> PRODUCTS = new IdlePool<>(Product::new);

  private NativeBlas() {}

  /**
   * Multiplies matrices: {@code c = alpha · op(a) · op(b) + beta · c}, where op transposes or not.
   * With {@code beta} 0 what was in c is not read.
   *
   * {@snippet :
   * try (Arena arena = Arena.ofConfined()) {
   *   MemorySegment a = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1, 2, 3, 4, 5, 6); // [2, 3]
   *   MemorySegment b = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1, 0, 0, 1, 1, 1); // [3, 2]
   *   MemorySegment c = arena.allocate(ValueLayout.JAVA_FLOAT, 4);
   *   NativeBlas.sgemm(Transpose.NO, Transpose.NO, 2, 2, 3, 1, a, 3, b, 2, 0, c, 2, 1);
   *   System.out.println(c.getAtIndex(ValueLayout.JAVA_FLOAT, 3)); // 11.0
   * }
   * }
   *
   * @param transA whether a is stored transposed, {@code [k, m]} instead of {@code [m, k]}
   * @param transB whether b is stored transposed, {@code [n, k]} instead of {@code [k, n]}
   * @param m rows of c
   * @param n columns of c
   * @param k the length of each sum
   * @param alpha the factor of the product
   * @param a begins with the left matrix
   * @param lda from one stored row to the next, in numbers
   * @param b begins with the right matrix
   * @param ldb from one stored row to the next, in numbers
   * @param beta the factor of what is in c
   * @param c begins with the output {@code [m, n]}
   * @param ldc from one row to the next, in numbers
   * @param threads the most threads that work on it, the calling one included; 0 for all. The
   *     result has the same bits with any number.
   * @throws IllegalArgumentException if an extent is negative, a leading dimension is shorter than
   *     a row, c overlaps a or b, or a segment is of the heap or read-only
   * @throws IndexOutOfBoundsException if a segment is too short
   * @throws IllegalStateException if an arena is closed
   */
  public static void sgemm(
      Transpose transA,
      Transpose transB,
      int m,
      int n,
      int k,
      float alpha,
      MemorySegment a,
      int lda,
      MemorySegment b,
      int ldb,
      float beta,
      MemorySegment c,
      int ldc,
      int threads) {
    String op = "sgemm";
    boolean ta = Arguments.transposed(op, "transA", transA);
    boolean tb = Arguments.transposed(op, "transB", transB);
    Arguments.extents(op, m, n, k);
    long left = Arguments.matrix(op, "a", a, Float.BYTES, ta ? k : m, ta ? m : k, lda);
    long right = Arguments.matrix(op, "b", b, Float.BYTES, tb ? n : k, tb ? k : n, ldb);
    long out = Arguments.matrix(op, "c", c, Float.BYTES, m, n, ldc);
    Arguments.writable(op, "c", c);
    Arguments.apart(
        op, "a", left / Float.BYTES, ta ? k : m, ta ? m : k, lda, out / Float.BYTES, m, n, ldc);
    Arguments.apart(
        op, "b", right / Float.BYTES, tb ? n : k, tb ? k : n, ldb, out / Float.BYTES, m, n, ldc);
    Product product = PRODUCTS.lend();
    product
        .of(DType.F32, m, n, k)
        .factors(alpha, beta)
        .left(left, ta ? 1 : lda, ta ? lda : 1)
        .right(right, tb ? 1 : ldb, tb ? ldb : 1)
        .into(out, ldc);
    run(product, Arguments.threads(op, threads), a, b, c);
  }

  /**
   * Multiplies a matrix and a vector: {@code y = alpha · op(a) · x + beta · y}.
   *
   * {@snippet :
   * try (Arena arena = Arena.ofConfined()) {
   *   MemorySegment a = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1, 2, 3, 4, 5, 6); // [2, 3]
   *   MemorySegment x = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1, 10);
   *   MemorySegment y = arena.allocate(ValueLayout.JAVA_FLOAT, 3);
   *   NativeBlas.sgemv(Transpose.YES, 2, 3, 1, a, 3, x, 0, y, 1);
   *   System.out.println(y.getAtIndex(ValueLayout.JAVA_FLOAT, 2)); // 63.0
   * }
   * }
   *
   * @param transA whether to use the transposed matrix
   * @param m rows of a
   * @param n columns of a
   * @param alpha the factor of the product
   * @param a begins with the matrix {@code [m, n]}
   * @param lda from one row to the next, in numbers
   * @param x begins with the vector, as long as op(a) has columns
   * @param beta the factor of what is in y; with 0 it is not read
   * @param y begins with the output, as long as op(a) has rows
   * @param threads the most threads that work on it; 0 for all
   * @throws IllegalArgumentException as {@link #sgemm}
   * @throws IndexOutOfBoundsException if a segment is too short
   * @throws IllegalStateException if an arena is closed
   */
  public static void sgemv(
      Transpose transA,
      int m,
      int n,
      float alpha,
      MemorySegment a,
      int lda,
      MemorySegment x,
      float beta,
      MemorySegment y,
      int threads) {
    String op = "sgemv";
    boolean ta = Arguments.transposed(op, "transA", transA);
    int rows = ta ? n : m;
    int columns = ta ? m : n;
    Arguments.extents(op, m, n, 0);
    long left = Arguments.matrix(op, "a", a, Float.BYTES, m, n, lda);
    long right = Arguments.matrix(op, "x", x, Float.BYTES, columns, 1, 1);
    long out = Arguments.matrix(op, "y", y, Float.BYTES, rows, 1, 1);
    Arguments.writable(op, "y", y);
    Arguments.apart(op, "a", left / Float.BYTES, m, n, lda, out / Float.BYTES, rows, 1, 1);
    Arguments.apart(op, "x", right / Float.BYTES, columns, 1, 1, out / Float.BYTES, rows, 1, 1);
    Product product = PRODUCTS.lend();
    product
        .of(DType.F32, rows, 1, columns)
        .factors(alpha, beta)
        .left(left, ta ? 1 : lda, ta ? lda : 1)
        .right(right, 1, 1)
        .into(out, 1);
    run(product, Arguments.threads(op, threads), a, x, y);
  }

  /**
   * Adds a multiple of one vector to another: {@code y += alpha · x}. The vectors may be the same.
   *
   * {@snippet :
   * try (Arena arena = Arena.ofConfined()) {
   *   MemorySegment x = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1, 2, 3);
   *   NativeBlas.saxpy(3, 2, x, x); // 3, 6, 9
   * }
   * }
   *
   * @param n how many numbers
   * @param alpha the factor
   * @param x begins with what is multiplied
   * @param y begins with what is added to
   * @throws IllegalArgumentException if n is negative, or a segment of the heap or read-only
   * @throws IndexOutOfBoundsException if a segment is too short
   * @throws IllegalStateException if an arena is closed
   */
  public static void saxpy(long n, float alpha, MemorySegment x, MemorySegment y) {
    long from = vector("saxpy", "x", x, n, Float.BYTES);
    long to = vector("saxpy", "y", y, n, Float.BYTES);
    Arguments.writable("saxpy", "y", y);
    NativeFloats.axpy(n, alpha, from, to);
    keep(x, y);
  }

  /**
   * {@return the sum of the products of two vectors' numbers}
   *
   * {@snippet :
   * try (Arena arena = Arena.ofConfined()) {
   *   MemorySegment x = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1, 2, 3);
   *   System.out.println(NativeBlas.sdot(3, x, x)); // 14.0
   * }
   * }
   *
   * @param n how many numbers
   * @param x begins with the first vector
   * @param y begins with the second
   * @throws IllegalArgumentException if n is negative, or a segment of the heap or read-only
   * @throws IndexOutOfBoundsException if a segment is too short
   * @throws IllegalStateException if an arena is closed
   */
  public static float sdot(long n, MemorySegment x, MemorySegment y) {
    long first = vector("sdot", "x", x, n, Float.BYTES);
    long second = vector("sdot", "y", y, n, Float.BYTES);
    float sum = NativeFloats.dot(n, first, second);
    keep(x, y);
    return sum;
  }

  /**
   * Multiplies a vector by a factor: {@code x *= alpha}.
   *
   * {@snippet :
   * try (Arena arena = Arena.ofConfined()) {
   *   MemorySegment x = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1, 2, 3);
   *   NativeBlas.sscal(3, 10, x); // 10, 20, 30
   * }
   * }
   *
   * @param n how many numbers
   * @param alpha the factor
   * @param x begins with the vector
   * @throws IllegalArgumentException if n is negative, or a segment of the heap or read-only
   * @throws IndexOutOfBoundsException if a segment is too short
   * @throws IllegalStateException if an arena is closed
   */
  public static void sscal(long n, float alpha, MemorySegment x) {
    long at = vector("sscal", "x", x, n, Float.BYTES);
    Arguments.writable("sscal", "x", x);
    NativeFloats.scale(n, alpha, at);
    keep(x, x);
  }

  /**
   * {@return the sum of the absolute values of a vector}
   *
   * {@snippet :
   * try (Arena arena = Arena.ofConfined()) {
   *   MemorySegment x = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1, 2, 3);
   *   System.out.println(NativeBlas.sasum(3, x)); // 6.0
   * }
   * }
   *
   * @param n how many numbers
   * @param x begins with the vector
   * @throws IllegalArgumentException if n is negative, or a segment of the heap or read-only
   * @throws IndexOutOfBoundsException if a segment is too short
   * @throws IllegalStateException if an arena is closed
   */
  public static float sasum(long n, MemorySegment x) {
    float sum = NativeFloats.absoluteSum(n, vector("sasum", "x", x, n, Float.BYTES));
    keep(x, x);
    return sum;
  }

  /** {@link #sgemm} in double precision. */
  public static void dgemm(
      Transpose transA,
      Transpose transB,
      int m,
      int n,
      int k,
      double alpha,
      MemorySegment a,
      int lda,
      MemorySegment b,
      int ldb,
      double beta,
      MemorySegment c,
      int ldc,
      int threads) {
    String op = "dgemm";
    boolean ta = Arguments.transposed(op, "transA", transA);
    boolean tb = Arguments.transposed(op, "transB", transB);
    Arguments.extents(op, m, n, k);
    long left = Arguments.matrix(op, "a", a, Double.BYTES, ta ? k : m, ta ? m : k, lda);
    long right = Arguments.matrix(op, "b", b, Double.BYTES, tb ? n : k, tb ? k : n, ldb);
    long out = Arguments.matrix(op, "c", c, Double.BYTES, m, n, ldc);
    Arguments.writable(op, "c", c);
    Arguments.apart(
        op, "a", left / Double.BYTES, ta ? k : m, ta ? m : k, lda, out / Double.BYTES, m, n, ldc);
    Arguments.apart(
        op, "b", right / Double.BYTES, tb ? n : k, tb ? k : n, ldb, out / Double.BYTES, m, n, ldc);
    Product product = PRODUCTS.lend();
    product
        .of(DType.F64, m, n, k)
        .factors(alpha, beta)
        .left(left, ta ? 1 : lda, ta ? lda : 1)
        .right(right, tb ? 1 : ldb, tb ? ldb : 1)
        .into(out, ldc);
    run(product, Arguments.threads(op, threads), a, b, c);
  }

  /** {@link #sgemv} in double precision. */
  public static void dgemv(
      Transpose transA,
      int m,
      int n,
      double alpha,
      MemorySegment a,
      int lda,
      MemorySegment x,
      double beta,
      MemorySegment y,
      int threads) {
    String op = "dgemv";
    boolean ta = Arguments.transposed(op, "transA", transA);
    int rows = ta ? n : m;
    int columns = ta ? m : n;
    Arguments.extents(op, m, n, 0);
    long left = Arguments.matrix(op, "a", a, Double.BYTES, m, n, lda);
    long right = Arguments.matrix(op, "x", x, Double.BYTES, columns, 1, 1);
    long out = Arguments.matrix(op, "y", y, Double.BYTES, rows, 1, 1);
    Arguments.writable(op, "y", y);
    Arguments.apart(op, "a", left / Double.BYTES, m, n, lda, out / Double.BYTES, rows, 1, 1);
    Arguments.apart(op, "x", right / Double.BYTES, columns, 1, 1, out / Double.BYTES, rows, 1, 1);
    Product product = PRODUCTS.lend();
    product
        .of(DType.F64, rows, 1, columns)
        .factors(alpha, beta)
        .left(left, ta ? 1 : lda, ta ? lda : 1)
        .right(right, 1, 1)
        .into(out, 1);
    run(product, Arguments.threads(op, threads), a, x, y);
  }

  /** {@link #saxpy} in double precision. */
  public static void daxpy(long n, double alpha, MemorySegment x, MemorySegment y) {
    long from = vector("daxpy", "x", x, n, Double.BYTES);
    long to = vector("daxpy", "y", y, n, Double.BYTES);
    Arguments.writable("daxpy", "y", y);
    NativeDoubles.axpy(n, alpha, from, to);
    keep(x, y);
  }

  /** {@link #sdot} in double precision. */
  public static double ddot(long n, MemorySegment x, MemorySegment y) {
    long first = vector("ddot", "x", x, n, Double.BYTES);
    long second = vector("ddot", "y", y, n, Double.BYTES);
    double sum = NativeDoubles.dot(n, first, second);
    keep(x, y);
    return sum;
  }

  /** {@link #sscal} in double precision. */
  public static void dscal(long n, double alpha, MemorySegment x) {
    long at = vector("dscal", "x", x, n, Double.BYTES);
    Arguments.writable("dscal", "x", x);
    NativeDoubles.scale(n, alpha, at);
    keep(x, x);
  }

  /** {@link #sasum} in double precision. */
  public static double dasum(long n, MemorySegment x) {
    double sum = NativeDoubles.absoluteSum(n, vector("dasum", "x", x, n, Double.BYTES));
    keep(x, x);
    return sum;
  }

  private static long vector(String op, String name, MemorySegment x, long n, int bytes) {
    Arguments.length(op, n);
    return Arguments.memory(op, name, x, Math.multiplyExact(n, bytes));
  }

  private static void run(
      Product product, int threads, MemorySegment a, MemorySegment b, MemorySegment c) {
    try {
      Workers.shared().run(product.tasks(), threads, product);
    } finally {
      PRODUCTS.giveBack(product);
    }
    keep(a, b);
    Reference.reachabilityFence(c);
  }

  /** Kernels know addresses only. */
  private static void keep(MemorySegment x, MemorySegment y) {
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(y);
  }
}
