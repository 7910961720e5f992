package dev.lanewise.bench;

import java.util.Arrays;

/**
 * What a Java program would write without a library: loops over arrays of {@code float}, on one
 * thread, in the order that is kindest to caches. Kernels are measured against these.
 */
public final class PlainJava {
  private PlainJava() {}

  /**
   * Adds arrays: {@code out = x + y}. The JIT makes vector code of this loop.
   *
   * @param x one summand
   * @param y the other, as long
   * @param out the sums, as long
   */
  public static void add(float[] x, float[] y, float[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] = x[i] + y[i];
    }
  }

  /**
   * Raises e to powers: {@code out = exp(x)}.
   *
   * @param x the exponents
   * @param out the powers, as many
   */
  public static void exp(float[] x, float[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) Math.exp(x[i]);
    }
  }

  /**
   * Computes logistic functions: {@code out = 1 / (1 + exp(-x))}.
   *
   * @param x the arguments
   * @param out the values, as many
   */
  public static void sigmoid(float[] x, float[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) (1 / (1 + Math.exp(-x[i])));
    }
  }

  /**
   * Computes softmax of each row.
   *
   * @param x the logits, row by row
   * @param out the shares, as many
   * @param columns the length of a row
   */
  public static void softmax(float[] x, float[] out, int columns) {
    for (int row = 0; row < x.length; row += columns) {
      float largest = Float.NEGATIVE_INFINITY;
      for (int j = row; j < row + columns; j++) {
        largest = Math.max(largest, x[j]);
      }
      float sum = 0;
      for (int j = row; j < row + columns; j++) {
        out[j] = (float) Math.exp(x[j] - largest);
        sum += out[j];
      }
      for (int j = row; j < row + columns; j++) {
        out[j] /= sum;
      }
    }
  }

  /**
   * Computes the cosines of the angles between a query and each row.
   *
   * @param query as long as a row
   * @param x the rows
   * @param out a number for each row
   */
  public static void cosines(float[] query, float[] x, float[] out) {
    for (int i = 0; i < out.length; i++) {
      int row = i * query.length;
      float dot = 0;
      float squares = 0;
      float others = 0;
      for (int j = 0; j < query.length; j++) {
        dot += query[j] * x[row + j];
        squares += query[j] * query[j];
        others += x[row + j] * x[row + j];
      }
      out[i] = (float) (dot / Math.sqrt((double) squares * others));
    }
  }

  /**
   * Computes the squared distances between a query and each row.
   *
   * @param query as long as a row
   * @param x the rows
   * @param out a number for each row
   */
  public static void squaredDistances(float[] query, float[] x, float[] out) {
    for (int i = 0; i < out.length; i++) {
      int row = i * query.length;
      float sum = 0;
      for (int j = 0; j < query.length; j++) {
        float difference = query[j] - x[row + j];
        sum += difference * difference;
      }
      out[i] = sum;
    }
  }

  /**
   * Multiplies matrices: {@code c = a · b}. The order of the loops is i, k, j: the innermost runs
   * along rows of {@code b} and {@code c}. JDK 25 keeps it scalar all the same, since the two rows
   * start at different offsets and might overlap; {@link #matmulRows} is what it makes vector code
   * of.
   *
   * @param a {@code [m, k]}
   * @param b {@code [k, n]}
   * @param c {@code [m, n]}
   * @param m rows of a and c
   * @param k columns of a, rows of b
   * @param n columns of b and c
   */
  public static void matmul(float[] a, float[] b, float[] c, int m, int k, int n) {
    for (int i = 0; i < m; i++) {
      clearRow(c, i, n);
      for (int p = 0; p < k; p++) {
        addScaledRow(a[i * k + p], b, p, c, i, n);
      }
    }
  }

  /**
   * Multiplies by a transposed first matrix: {@code c = aᵀ · b}, in the order of {@link #matmul}.
   *
   * @param a {@code [k, m]}
   * @param b {@code [k, n]}
   * @param c {@code [m, n]}
   * @param m columns of a, rows of c
   * @param k rows of a and b
   * @param n columns of b and c
   */
  public static void matmulTransposedA(float[] a, float[] b, float[] c, int m, int k, int n) {
    for (int i = 0; i < m; i++) {
      clearRow(c, i, n);
      for (int p = 0; p < k; p++) {
        addScaledRow(a[p * m + i], b, p, c, i, n);
      }
    }
  }

  /**
   * Multiplies matrices, of which two are stored as arrays of rows: {@code c = a · b}, in the order
   * of {@link #matmul}. Both rows of the innermost loop are indexed alike, so that the JIT makes
   * vector code of it: five times as fast as {@link #matmul}.
   *
   * @param a the first matrix, {@code [m, k]}, of any strides
   * @param rowStep the distance between rows of a
   * @param columnStep the distance between columns of a
   * @param b {@code [k, n]}
   * @param c {@code [m, n]}
   */
  public static void matmulRows(float[] a, int rowStep, int columnStep, float[][] b, float[][] c) {
    for (int i = 0; i < c.length; i++) {
      Arrays.fill(c[i], 0);
      for (int p = 0; p < b.length; p++) {
        addScaledRow(a[i * rowStep + p * columnStep], b[p], c[i]);
      }
    }
  }

  private static void addScaledRow(float factor, float[] b, float[] c) {
    for (int j = 0; j < c.length; j++) {
      c[j] += factor * b[j];
    }
  }

  /**
   * Transposes a matrix of rows, so that {@link #matmulRows} can run along them.
   *
   * @param matrix {@code [n, k]}
   * @param turned {@code [k, n]}
   */
  public static void transpose(float[][] matrix, float[][] turned) {
    for (int i = 0; i < matrix.length; i++) {
      float[] row = matrix[i];
      for (int j = 0; j < row.length; j++) {
        turned[j][i] = row[j];
      }
    }
  }

  private static void clearRow(float[] c, int row, int n) {
    Arrays.fill(c, row * n, (row + 1) * n, 0);
  }

  private static void addScaledRow(float factor, float[] b, int from, float[] c, int to, int n) {
    int bRow = from * n;
    int cRow = to * n;
    for (int j = 0; j < n; j++) {
      c[cRow + j] += factor * b[bRow + j];
    }
  }

  /**
   * Multiplies by a transposed second matrix: {@code c = a · bᵀ}, each element a dot product of two
   * rows. The JIT keeps the order of float sums, so this one stays scalar.
   *
   * @param a {@code [m, k]}
   * @param b {@code [n, k]}
   * @param c {@code [m, n]}
   * @param m rows of a and c
   * @param k columns of a and b
   * @param n rows of b, columns of c
   */
  public static void matmulTransposedB(float[] a, float[] b, float[] c, int m, int k, int n) {
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        float sum = 0;
        for (int p = 0; p < k; p++) {
          sum += a[i * k + p] * b[j * k + p];
        }
        c[i * n + j] = sum;
      }
    }
  }
}
