package dev.lanewise.simd.gemm;

/** Rows of a matrix times a vector. {@link DotsCode} generates the subclass. */
abstract class DotsKernel {
  /** For the generated subclass. */
  DotsKernel() {}

  /**
   * Multiplies some rows of a matrix with a vector. Addresses and strides are in bytes.
   *
   * @param rows how many, from 1 to the blocking's rows
   * @param k the length of the rows and of the vector
   * @param a the first element of the rows, which have unit column stride
   * @param strideA from one row to the next
   * @param x the vector's first element; it has unit stride
   * @param sums where the sums go, one for each row, and then up to a whole vector of anything
   */
  abstract void run(int rows, int k, long a, long strideA, long x, long sums);
}
