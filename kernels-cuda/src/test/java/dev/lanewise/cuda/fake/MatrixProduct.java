package dev.lanewise.cuda.fake;

import dev.lanewise.cuda.simt.DeviceAccess;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * {@code D = epilogue(alpha * A * B + beta * C)} for each of a batch: what every matrix product of
 * cuBLAS and cuBLASLt does once the flags, orders and types are views of the operands. {@code A} is
 * [m, k], {@code B} [k, n], {@code C} and {@code D} [m, n]; sums are taken in double.
 *
 * @param alpha the factor of the product; with 0 neither A nor B is read
 * @param beta the factor of C; with 0 C is not read
 */
record MatrixProduct(
    Precision precision,
    int m,
    int n,
    int k,
    double alpha,
    List<StridedArray> a,
    List<StridedArray> b,
    double beta,
    List<StridedArray> c,
    List<StridedArray> d) {

  /**
   * {@return what is wrong with the places of the operands, or an empty text} The order of a GPU's
   * threads is not known, so a D that is also an operand (other than C itself), or that holds an
   * element twice, has no value.
   */
  private String overlap() {
    for (int i = 0; i < d.size(); i++) {
      if (d.get(i).overlapsItself()) {
        return "two elements of the result are one place in memory";
      }
      for (int j = 0; j < d.size(); j++) {
        if (i < j && d.get(i).overlaps(d.get(j))) {
          return "the results %d and %d of the batch overlap".formatted(i, j);
        }
        boolean product = alpha != 0 && k > 0;
        if (product && (d.get(i).overlaps(a.get(j)) || d.get(i).overlaps(b.get(j)))) {
          return "the result %d overlaps a factor of product %d".formatted(i, j);
        }
        boolean inPlace = i == j && d.get(i).sameAs(c.get(j));
        if (beta != 0 && !inPlace && d.get(i).overlaps(c.get(j))) {
          return "the result %d overlaps the C of product %d in another layout".formatted(i, j);
        }
      }
    }
    return "";
  }

  /** Computes; {@code bias} has a row per batch entry of m values, or none. */
  void run(DeviceAccess memory, List<double[]> bias, DoubleUnaryOperator activation) {
    for (StridedArray each : d) {
      each.check(memory); // before anything is written
    }
    String overlap = overlap();
    if (!overlap.isEmpty()) {
      throw new DeviceFault(overlap);
    }
    double[][] results = new double[d.size()][];
    for (int i = 0; i < results.length; i++) {
      double[] result = product(memory, i);
      double[] old = beta == 0 ? null : c.get(i).read(memory);
      for (int at = 0; at < result.length; at++) {
        double value = alpha * result[at] + (old == null ? 0 : beta * old[at]);
        value += bias.isEmpty() ? 0 : bias.get(i)[at / n];
        result[at] = activation.applyAsDouble(value);
      }
      results[i] = result;
    }
    for (int i = 0; i < results.length; i++) {
      d.get(i).write(memory, results[i]);
    }
  }

  private double[] product(DeviceAccess memory, int batch) {
    double[] result = new double[m * n];
    if (alpha == 0 || k == 0) {
      return result;
    }
    double[] left = a.get(batch).read(memory);
    double[] right = b.get(batch).reversed().read(memory); // [n, k], so that both rows are read on
    precision.round(left);
    precision.round(right);
    for (int row = 0; row < m; row++) {
      for (int col = 0; col < n; col++) {
        double sum = 0;
        for (int i = 0; i < k; i++) {
          sum += left[row * k + i] * right[col * k + i];
        }
        result[row * n + col] = sum;
      }
    }
    return result;
  }
}
