package dev.lanewise.bench.cases;

import dev.lanewise.kernel.AttentionSpec;
import java.util.List;

/**
 * Single elements of attention and its gradients, by the definition.
 *
 * <p>A score is off by at most δ, the bound of a sum of d products; so a probability is off by
 * {@code 2δ + (n + 32) · 2⁻²⁴} times itself, and sums of what is made of probabilities by that and
 * the roundings of their own terms.
 */
final class ExactAttention {
  private static final double UNIT = 0x1p-24;

  private final AttentionSpec spec;
  private final int n;
  private final int d;
  private final int size;
  private final float[] q;
  private final float[] k;
  private final float[] v;
  private final float[] outGrad;

  /** By query of all heads; null until it is asked for. */
  private final Query[] queries;

  /** Makes one of the operands in the order of {@link SelfAttention#inputs}. */
  ExactAttention(AttentionSpec spec, List<float[]> inputs) {
    this.spec = spec;
    this.n = spec.queries().dim(-2);
    this.d = spec.queries().dim(-1);
    this.size = (int) spec.queries().size();
    this.q = inputs.get(0);
    this.k = inputs.get(1);
    this.v = inputs.get(2);
    this.outGrad = inputs.get(3);
    this.queries = new Query[size / d];
  }

  /**
   * What all gradients of a query have in common.
   *
   * @param probabilities of the keys that it sees
   * @param relative how far off each is, by its value
   * @param mean of the probabilities' gradients
   * @param magnitude the same of the absolute terms
   */
  private record Query(double[] probabilities, double relative, double mean, double magnitude) {}

  /** {@return the query with this number of all} */
  private Query query(int row) {
    if (queries[row] == null) {
      queries[row] = computed(row);
    }
    return queries[row];
  }

  private Query computed(int row) {
    int head = row / n * n;
    double[] p = new double[spec.visible(row - head)];
    double largest = Double.NEGATIVE_INFINITY;
    double delta = 0;
    for (int j = 0; j < p.length; j++) {
      p[j] = spec.scale() * dot(q, row, k, head + j);
      largest = Math.max(largest, p[j]);
      delta = Math.max(delta, (d + 2) * UNIT * spec.scale() * magnitude(q, row, k, head + j));
    }
    double sum = 0;
    for (int j = 0; j < p.length; j++) {
      p[j] = Math.exp(p[j] - largest);
      sum += p[j];
    }
    double mean = 0;
    double magnitude = 0;
    for (int j = 0; j < p.length; j++) {
      p[j] /= sum;
      mean += p[j] * dot(outGrad, row, v, head + j);
      magnitude += p[j] * magnitude(outGrad, row, v, head + j);
    }
    return new Query(p, 2 * delta + (n + 32) * UNIT, mean, magnitude);
  }

  private double dot(float[] a, int aRow, float[] b, int bRow) {
    double sum = 0;
    for (int e = 0; e < d; e++) {
      sum += (double) a[aRow * d + e] * b[bRow * d + e];
    }
    return sum;
  }

  private double magnitude(float[] a, int aRow, float[] b, int bRow) {
    double sum = 0;
    for (int e = 0; e < d; e++) {
      sum += Math.abs((double) a[aRow * d + e] * b[bRow * d + e]);
    }
    return sum;
  }

  Exact.Element output(int index) {
    int row = index / d;
    Query query = query(row);
    double sum = 0;
    double bound = 0;
    for (int j = 0; j < query.probabilities.length; j++) {
      double term = query.probabilities[j] * v[(row / n * n + j) * d + index % d];
      sum += term;
      bound += query.relative * Math.abs(term);
    }
    return new Exact.Element(sum, bound);
  }

  /** {@return an element of the gradients by queries, keys and values, one after the other} */
  Exact.Element gradient(int index) {
    int row = index % size / d;
    int head = row / n * n;
    int e = index % d;
    double sum = 0;
    double bound = 0;
    for (int i = 0; i < n; i++) {
      int other = head + i;
      boolean byQuery = index < size;
      Query query = query(byQuery ? row : other);
      int key = byQuery ? other : row;
      if (key - head >= query.probabilities.length) {
        continue; // is not seen
      }
      double p = query.probabilities[key - head];
      if (index >= 2 * size) {
        double term = p * outGrad[other * d + e];
        sum += term;
        bound += query.relative * Math.abs(term);
      } else {
        int asking = byQuery ? row : other;
        double factor = spec.scale() * p * (byQuery ? k : q)[other * d + e];
        sum += factor * (dot(outGrad, asking, v, key) - query.mean);
        double magnitude = magnitude(outGrad, asking, v, key) + query.magnitude;
        bound += 3 * (query.relative + d * UNIT) * Math.abs(factor) * magnitude;
      }
    }
    return new Exact.Element(sum, bound);
  }
}
