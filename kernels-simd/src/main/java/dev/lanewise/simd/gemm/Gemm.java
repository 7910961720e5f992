package dev.lanewise.simd.gemm;

import dev.lanewise.simd.Addresses;
import dev.lanewise.simd.Lanes;
import java.lang.foreign.ValueLayout;

/**
 * General matrix multiplication, {@code C = alpha · A · B + beta · C}, on raw addresses.
 *
 * <p>Strides are in elements and not negative, so a transposed operand is one with exchanged
 * strides; C has unit column stride and overlaps neither A nor B. Nothing is checked here: the
 * caller has checked that every element is in live memory. As in BLAS, C is not read if {@code
 * beta} is 0, and A and B are not read if {@code alpha} is 0.
 *
 * <p>A large problem can be run as {@link #tasks} independent tasks, in any order and on any
 * threads. The bits of the result depend on the vector width, but neither on the tasks nor on
 * alignment. With {@code eps} the unit round-off, {@code |error| ≤ (k + 4) · eps · (|alpha| · |A| ·
 * |B| + |beta · C|)}.
 */
public final class Gemm {
  // 20 µs at 200 GFLOP/s: below that, handing work to another thread costs more than it gains.
  private static final long LEAST_WORK_OF_TASK = 2_000_000;

  // Tasks meet on borders of tiles, of float, as there are narrower vectors of double.
  private static final int ROWS = Blocking.of(Lanes.BITS, Element.F32).rows();
  private static final int COLUMNS = Blocking.of(Lanes.BITS, Element.F32).columns();

  private Gemm() {}

  /**
   * {@return into how many independent tasks a problem is cut, at least 1}
   *
   * @param m rows of A and C
   * @param n columns of B and C
   * @param k columns of A and rows of B
   */
  public static int tasks(int m, int n, int k) {
    int rows = rowTasks(m, n, k);
    return rows * columnTasks(m, n, k, rows);
  }

  /** A power of two: 8 for medium problems, then more with the side, so that tasks stay large. */
  private static int wanted(int m, int n, int k) {
    long work = (long) m * n * k;
    long most = Math.max(8, Math.round(Math.cbrt(work)) / 64);
    return (int) Long.highestOneBit(Math.clamp(work / LEAST_WORK_OF_TASK, 1, most));
  }

  /**
   * A tall C is cut into rows, a wide one into columns, as each task packs its part of B; but few
   * panels of B can not be dealt out evenly.
   */
  private static int rowTasks(int m, int n, int k) {
    int wanted = wanted(m, n, k);
    int panels = Math.ceilDiv(n, COLUMNS);
    boolean even = panels >= (wanted < 8 ? 2 * wanted : wanted);
    return m > n || !even ? Math.min(wanted, Math.ceilDiv(m, ROWS)) : 1;
  }

  private static int columnTasks(int m, int n, int k, int rowTasks) {
    return Math.min(wanted(m, n, k) / rowTasks, Math.ceilDiv(n, COLUMNS));
  }

  /** {@return where a task begins, on the border of a tile} */
  private static int cut(int length, int unit, int index, int parts) {
    long border = (long) unit * TiledProduct.cut(Math.ceilDiv(length, unit), index, parts);
    return (int) Math.min(length, border);
  }

  /**
   * Multiplies matrices of {@code float}.
   *
   * @param m rows of A and C
   * @param n columns of B and C
   * @param k columns of A and rows of B
   * @param alpha the factor of the product
   * @param a the address of A's first element
   * @param rsA from one row of A to the next
   * @param csA from one column of A to the next
   * @param b the address of B's first element
   * @param rsB from one row of B to the next
   * @param csB from one column of B to the next
   * @param beta the factor of C
   * @param c the address of C's first element
   * @param rsC from one row of C to the next
   */
  public static void f32(
      int m,
      int n,
      int k,
      float alpha,
      long a,
      long rsA,
      long csA,
      long b,
      long rsB,
      long csB,
      float beta,
      long c,
      long rsC) {
    run(BlockedGemm.F32, m == 1 || n == 1, m, n, k, alpha, a, rsA, csA, b, rsB, csB, beta, c, rsC);
  }

  /**
   * Runs one task of a multiplication of {@code float}; all tasks together are {@link #f32}.
   *
   * @param task from 0 to {@code tasks(m, n, k) - 1}
   * @param m rows of A and C
   * @param n columns of B and C
   * @param k columns of A and rows of B
   * @param alpha the factor of the product
   * @param a the address of A's first element
   * @param rsA from one row of A to the next
   * @param csA from one column of A to the next
   * @param b the address of B's first element
   * @param rsB from one row of B to the next
   * @param csB from one column of B to the next
   * @param beta the factor of C
   * @param c the address of C's first element
   * @param rsC from one row of C to the next
   */
  public static void f32Task(
      int task,
      int m,
      int n,
      int k,
      float alpha,
      long a,
      long rsA,
      long csA,
      long b,
      long rsB,
      long csB,
      float beta,
      long c,
      long rsC) {
    task(BlockedGemm.F32, task, m, n, k, alpha, a, rsA, csA, b, rsB, csB, beta, c, rsC);
  }

  /**
   * Multiplies matrices of {@code double}.
   *
   * @param m rows of A and C
   * @param n columns of B and C
   * @param k columns of A and rows of B
   * @param alpha the factor of the product
   * @param a the address of A's first element
   * @param rsA from one row of A to the next
   * @param csA from one column of A to the next
   * @param b the address of B's first element
   * @param rsB from one row of B to the next
   * @param csB from one column of B to the next
   * @param beta the factor of C
   * @param c the address of C's first element
   * @param rsC from one row of C to the next
   */
  public static void f64(
      int m,
      int n,
      int k,
      double alpha,
      long a,
      long rsA,
      long csA,
      long b,
      long rsB,
      long csB,
      double beta,
      long c,
      long rsC) {
    run(BlockedGemm.F64, m == 1 || n == 1, m, n, k, alpha, a, rsA, csA, b, rsB, csB, beta, c, rsC);
  }

  /**
   * Runs one task of a multiplication of {@code double}; all tasks together are {@link #f64}.
   *
   * @param task from 0 to {@code tasks(m, n, k) - 1}
   * @param m rows of A and C
   * @param n columns of B and C
   * @param k columns of A and rows of B
   * @param alpha the factor of the product
   * @param a the address of A's first element
   * @param rsA from one row of A to the next
   * @param csA from one column of A to the next
   * @param b the address of B's first element
   * @param rsB from one row of B to the next
   * @param csB from one column of B to the next
   * @param beta the factor of C
   * @param c the address of C's first element
   * @param rsC from one row of C to the next
   */
  public static void f64Task(
      int task,
      int m,
      int n,
      int k,
      double alpha,
      long a,
      long rsA,
      long csA,
      long b,
      long rsB,
      long csB,
      double beta,
      long c,
      long rsC) {
    task(BlockedGemm.F64, task, m, n, k, alpha, a, rsA, csA, b, rsB, csB, beta, c, rsC);
  }

  private static void task(
      BlockedGemm gemm,
      int task,
      int m,
      int n,
      int k,
      double alpha,
      long a,
      long rsA,
      long csA,
      long b,
      long rsB,
      long csB,
      double beta,
      long c,
      long rsC) {
    int rowTasks = rowTasks(m, n, k);
    int columnTasks = columnTasks(m, n, k, rowTasks);
    assert task >= 0 && task < rowTasks * columnTasks;
    int bytes = gemm.element().bytes;
    int i0 = cut(m, ROWS, task / columnTasks, rowTasks);
    int i1 = cut(m, ROWS, task / columnTasks + 1, rowTasks);
    int j0 = cut(n, COLUMNS, task % columnTasks, columnTasks);
    int j1 = cut(n, COLUMNS, task % columnTasks + 1, columnTasks);
    run(
        gemm,
        m == 1 || n == 1,
        i1 - i0,
        j1 - j0,
        k,
        alpha,
        a + i0 * rsA * bytes,
        rsA,
        csA,
        b + j0 * csB * bytes,
        rsB,
        csB,
        beta,
        c + (i0 * rsC + j0) * bytes,
        rsC);
  }

  /** Runs a problem or a task; both by the path that the whole problem takes. */
  private static void run(
      BlockedGemm gemm,
      boolean oneRowOrColumn,
      int m,
      int n,
      int k,
      double alpha,
      long a,
      long rsA,
      long csA,
      long b,
      long rsB,
      long csB,
      double beta,
      long c,
      long rsC) {
    assert m >= 0 && n >= 0 && k >= 0 && rsA >= 0 && csA >= 0 && rsB >= 0 && csB >= 0 && rsC >= 0;
    if (m == 0 || n == 0) {
      return;
    }
    int bytes = gemm.element().bytes;
    boolean empty = k == 0 || alpha == 0;
    if (beta != 1 && (beta != 0 || empty)) {
      scale(gemm.element(), m, n, beta, c, rsC * bytes);
    }
    if (empty) {
      return;
    }
    rsA *= bytes;
    csA *= bytes;
    rsB *= bytes;
    csB *= bytes;
    rsC *= bytes;
    gemm.multiply(m, n, k, alpha, a, rsA, csA, b, rsB, csB, beta != 0, c, rsC, oneRowOrColumn);
  }

  /** {@code C = beta · C}, a pass of its own, as factors other than 0 and 1 are rare. */
  private static void scale(Element element, int m, int n, double beta, long c, long rsC) {
    for (int i = 0; i < m; i++) {
      long row = c + i * rsC;
      for (int j = 0; j < n; j++) {
        long at = row + (long) j * element.bytes;
        switch (element) {
          case F32 -> {
            ValueLayout.OfFloat type = ValueLayout.JAVA_FLOAT_UNALIGNED;
            float old = beta == 0 ? 0 : Addresses.ALL.get(type, at) * (float) beta;
            Addresses.ALL.set(type, at, old);
          }
          case F64 -> {
            ValueLayout.OfDouble type = ValueLayout.JAVA_DOUBLE_UNALIGNED;
            double old = beta == 0 ? 0 : Addresses.ALL.get(type, at) * beta;
            Addresses.ALL.set(type, at, old);
          }
        }
      }
    }
  }
}
