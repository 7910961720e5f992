package dev.lanewise.simd.gemm;

import dev.lanewise.array.DType;

/** {@link Product} as single calls, for multiplications that are themselves part of a task. */
public final class Gemm {
  private Gemm() {}

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
    new Product()
        .of(DType.F32, m, n, k)
        .factors(alpha, beta)
        .left(a, rsA, csA)
        .right(b, rsB, csB)
        .into(c, rsC)
        .run();
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
    new Product()
        .of(DType.F64, m, n, k)
        .factors(alpha, beta)
        .left(a, rsA, csA)
        .right(b, rsB, csB)
        .into(c, rsC)
        .run();
  }
}
