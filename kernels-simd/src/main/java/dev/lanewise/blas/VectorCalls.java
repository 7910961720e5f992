package dev.lanewise.blas;

import dev.lanewise.simd.DoubleArrays;
import dev.lanewise.simd.FloatArrays;

/**
 * The calls of {@link Blas} on vectors, in a class of their own only because there are many. They
 * run on the calling thread: memory, not arithmetic, limits them.
 */
abstract class VectorCalls {
  VectorCalls() {}

  /**
   * Adds a multiple of one vector to another: {@code y += alpha · x}. The vectors may be the same.
   *
   * {@snippet :
   * float[] x = {1, 2, 3}, y = {10, 10, 10};
   * Blas.saxpy(3, 2, x, 0, 1, y, 0, 1);
   * System.out.println(Arrays.toString(y)); // [12.0, 14.0, 16.0]
   * }
   *
   * @param n how many
   * @param alpha the factor
   * @param x the array of what is multiplied
   * @param xOffset where it begins
   * @param incX from one number to the next
   * @param y the array of what is added to
   * @param yOffset where it begins
   * @param incY from one number to the next
   * @throws IllegalArgumentException if n is negative or an increment not positive
   * @throws IndexOutOfBoundsException if a vector leaves its array
   */
  public static void saxpy(
      int n, float alpha, float[] x, int xOffset, int incX, float[] y, int yOffset, int incY) {
    Arguments.length("saxpy", n);
    Arguments.vector("saxpy", "x", x.length, xOffset, n, incX);
    Arguments.vector("saxpy", "y", y.length, yOffset, n, incY);
    if (incX == 1 && incY == 1) {
      for (int i = 0; i < n; i++) {
        y[yOffset + i] = Math.fma(alpha, x[xOffset + i], y[yOffset + i]);
      }
    } else {
      for (int i = 0; i < n; i++) {
        int at = yOffset + i * incY;
        y[at] = Math.fma(alpha, x[xOffset + i * incX], y[at]);
      }
    }
  }

  /**
   * {@return the sum of the products of two vectors' numbers}
   *
   * {@snippet :
   * float[] x = {1, 2, 3}, y = {4, 5, 6};
   * System.out.println(Blas.sdot(3, x, 0, 1, y, 0, 1)); // 32.0
   * }
   *
   * @param n how many
   * @param x the array of the first vector
   * @param xOffset where it begins
   * @param incX from one number to the next
   * @param y the array of the second vector
   * @param yOffset where it begins
   * @param incY from one number to the next
   * @throws IllegalArgumentException if n is negative or an increment not positive
   * @throws IndexOutOfBoundsException if a vector leaves its array
   */
  public static float sdot(
      int n, float[] x, int xOffset, int incX, float[] y, int yOffset, int incY) {
    Arguments.length("sdot", n);
    Arguments.vector("sdot", "x", x.length, xOffset, n, incX);
    Arguments.vector("sdot", "y", y.length, yOffset, n, incY);
    if (incX == 1 && incY == 1) {
      return FloatArrays.dot(n, x, xOffset, y, yOffset);
    }
    float sum = 0;
    for (int i = 0; i < n; i++) {
      sum = Math.fma(x[xOffset + i * incX], y[yOffset + i * incY], sum);
    }
    return sum;
  }

  /**
   * Multiplies a vector by a factor: {@code x *= alpha}.
   *
   * {@snippet :
   * float[] x = {1, 2, 3, 4};
   * Blas.sscal(2, 10, x, 0, 2); // every other one
   * System.out.println(Arrays.toString(x)); // [10.0, 2.0, 30.0, 4.0]
   * }
   *
   * @param n how many
   * @param alpha the factor
   * @param x the array of the vector
   * @param xOffset where it begins
   * @param incX from one number to the next
   * @throws IllegalArgumentException if n is negative or an increment not positive
   * @throws IndexOutOfBoundsException if a vector leaves its array
   */
  public static void sscal(int n, float alpha, float[] x, int xOffset, int incX) {
    Arguments.length("sscal", n);
    Arguments.vector("sscal", "x", x.length, xOffset, n, incX);
    if (incX == 1) {
      for (int i = 0; i < n; i++) {
        x[xOffset + i] *= alpha;
      }
    } else {
      for (int i = 0; i < n; i++) {
        x[xOffset + i * incX] *= alpha;
      }
    }
  }

  /**
   * {@return the Euclidean length of a vector} Squares neither overflow nor underflow on the way.
   *
   * {@snippet :
   * float[] x = {3, 4};
   * System.out.println(Blas.snrm2(2, x, 0, 1)); // 5.0
   * }
   *
   * @param n how many
   * @param x the array of the vector
   * @param xOffset where it begins
   * @param incX from one number to the next
   * @throws IllegalArgumentException if n is negative or an increment not positive
   * @throws IndexOutOfBoundsException if a vector leaves its array
   */
  public static float snrm2(int n, float[] x, int xOffset, int incX) {
    Arguments.length("snrm2", n);
    Arguments.vector("snrm2", "x", x.length, xOffset, n, incX);
    if (incX == 1) {
      float sum = FloatArrays.dot(n, x, xOffset, x, xOffset);
      if (sum > 0x1p-100f && sum < Float.POSITIVE_INFINITY) {
        return (float) Math.sqrt(sum);
      }
    }
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double one = x[xOffset + i * incX];
      squares += one * one;
    }
    return (float) Math.sqrt(squares);
  }

  /**
   * {@return the sum of the absolute values of a vector}
   *
   * {@snippet :
   * float[] x = {3, -4};
   * System.out.println(Blas.sasum(2, x, 0, 1)); // 7.0
   * }
   *
   * @param n how many
   * @param x the array of the vector
   * @param xOffset where it begins
   * @param incX from one number to the next
   * @throws IllegalArgumentException if n is negative or an increment not positive
   * @throws IndexOutOfBoundsException if a vector leaves its array
   */
  public static float sasum(int n, float[] x, int xOffset, int incX) {
    Arguments.length("sasum", n);
    Arguments.vector("sasum", "x", x.length, xOffset, n, incX);
    if (incX == 1) {
      return FloatArrays.absoluteSum(n, x, xOffset);
    }
    float sum = 0;
    for (int i = 0; i < n; i++) {
      sum += Math.abs(x[xOffset + i * incX]);
    }
    return sum;
  }

  /**
   * {@return the index of the first number with the largest absolute value, counted from 0 in the
   * vector; of the first NaN if there is one; -1 if the vector is empty}
   *
   * {@snippet :
   * float[] x = {3, -4, 4};
   * System.out.println(Blas.isamax(3, x, 0, 1)); // 1
   * }
   *
   * @param n how many
   * @param x the array of the vector
   * @param xOffset where it begins
   * @param incX from one number to the next
   * @throws IllegalArgumentException if n is negative or an increment not positive
   * @throws IndexOutOfBoundsException if a vector leaves its array
   */
  public static int isamax(int n, float[] x, int xOffset, int incX) {
    Arguments.length("isamax", n);
    Arguments.vector("isamax", "x", x.length, xOffset, n, incX);
    float most = 0;
    for (int i = 0; i < n; i++) {
      most = Math.max(most, Math.abs(x[xOffset + i * incX]));
    }
    int first = 0;
    while (first < n && Float.compare(Math.abs(x[xOffset + first * incX]), most) != 0) {
      first++;
    }
    return n == 0 ? -1 : first;
  }

  /** {@link #saxpy} in double precision. */
  public static void daxpy(
      int n, double alpha, double[] x, int xOffset, int incX, double[] y, int yOffset, int incY) {
    Arguments.length("daxpy", n);
    Arguments.vector("daxpy", "x", x.length, xOffset, n, incX);
    Arguments.vector("daxpy", "y", y.length, yOffset, n, incY);
    if (incX == 1 && incY == 1) {
      for (int i = 0; i < n; i++) {
        y[yOffset + i] = Math.fma(alpha, x[xOffset + i], y[yOffset + i]);
      }
    } else {
      for (int i = 0; i < n; i++) {
        int at = yOffset + i * incY;
        y[at] = Math.fma(alpha, x[xOffset + i * incX], y[at]);
      }
    }
  }

  /** {@link #sdot} in double precision. */
  public static double ddot(
      int n, double[] x, int xOffset, int incX, double[] y, int yOffset, int incY) {
    Arguments.length("ddot", n);
    Arguments.vector("ddot", "x", x.length, xOffset, n, incX);
    Arguments.vector("ddot", "y", y.length, yOffset, n, incY);
    if (incX == 1 && incY == 1) {
      return DoubleArrays.dot(n, x, xOffset, y, yOffset);
    }
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum = Math.fma(x[xOffset + i * incX], y[yOffset + i * incY], sum);
    }
    return sum;
  }

  /** {@link #sscal} in double precision. */
  public static void dscal(int n, double alpha, double[] x, int xOffset, int incX) {
    Arguments.length("dscal", n);
    Arguments.vector("dscal", "x", x.length, xOffset, n, incX);
    if (incX == 1) {
      for (int i = 0; i < n; i++) {
        x[xOffset + i] *= alpha;
      }
    } else {
      for (int i = 0; i < n; i++) {
        x[xOffset + i * incX] *= alpha;
      }
    }
  }

  /** {@link #snrm2} in double precision. */
  public static double dnrm2(int n, double[] x, int xOffset, int incX) {
    Arguments.length("dnrm2", n);
    Arguments.vector("dnrm2", "x", x.length, xOffset, n, incX);
    if (incX == 1) {
      double sum = DoubleArrays.dot(n, x, xOffset, x, xOffset);
      if (sum > 0x1p-900 && sum < Double.POSITIVE_INFINITY) {
        return Math.sqrt(sum);
      }
    }
    int largest = idamax(n, x, xOffset, incX);
    double most = largest < 0 ? 0 : Math.abs(x[xOffset + largest * incX]);
    if (most == 0 || !(most < Double.POSITIVE_INFINITY)) {
      return most;
    }
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double one = x[xOffset + i * incX] / most;
      squares += one * one;
    }
    return most * Math.sqrt(squares);
  }

  /** {@link #sasum} in double precision. */
  public static double dasum(int n, double[] x, int xOffset, int incX) {
    Arguments.length("dasum", n);
    Arguments.vector("dasum", "x", x.length, xOffset, n, incX);
    if (incX == 1) {
      return DoubleArrays.absoluteSum(n, x, xOffset);
    }
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += Math.abs(x[xOffset + i * incX]);
    }
    return sum;
  }

  /** {@link #isamax} in double precision. */
  public static int idamax(int n, double[] x, int xOffset, int incX) {
    Arguments.length("idamax", n);
    Arguments.vector("idamax", "x", x.length, xOffset, n, incX);
    double most = 0;
    for (int i = 0; i < n; i++) {
      most = Math.max(most, Math.abs(x[xOffset + i * incX]));
    }
    int first = 0;
    while (first < n && Double.compare(Math.abs(x[xOffset + first * incX]), most) != 0) {
      first++;
    }
    return n == 0 ? -1 : first;
  }
}
