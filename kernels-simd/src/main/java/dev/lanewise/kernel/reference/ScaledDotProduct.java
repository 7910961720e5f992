package dev.lanewise.kernel.reference;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.AttentionSpec;
import java.util.Arrays;

/** Attention, query by query in double. */
final class ScaledDotProduct {
  private final AttentionSpec spec;
  private final Elements q;
  private final Elements k;
  private final Elements v;
  private final Elements mask;
  private final int d;
  private final int e;

  private ScaledDotProduct(AttentionSpec spec, NdArray q, NdArray k, NdArray v, NdArray mask) {
    this.spec = spec;
    this.q = new Elements(q);
    this.k = new Elements(k);
    this.v = new Elements(v);
    this.mask = mask == null ? null : new Elements(mask);
    this.d = spec.queries().dim(-1);
    this.e = spec.values().dim(-1);
  }

  /** {@return an index: that of the batch and more} */
  private static int[] at(int[] batch, int... more) {
    int[] index = Arrays.copyOf(batch, batch.length + more.length);
    System.arraycopy(more, 0, index, batch.length, more.length);
    return index;
  }

  /** {@return the scores of the keys that a query sees} */
  private double[] scores(int[] batch, int i) {
    double[] scores = new double[spec.visible(i)];
    for (int j = 0; j < scores.length; j++) {
      Total sum = new Total(0);
      for (int c = 0; c < d; c++) {
        sum.add(q.get(at(batch, i, c)) * k.get(at(batch, j, c)));
      }
      double added = mask == null ? 0 : mask.get(at(batch, i, j));
      scores[j] = sum.value() * spec.scale() + added;
    }
    return scores;
  }

  private static double logSumExp(double[] scores) {
    double largest = Arrays.stream(scores).reduce(Double.NEGATIVE_INFINITY, Math::max);
    if (largest == Double.NEGATIVE_INFINITY) {
      return largest;
    }
    Total sum = new Total(0);
    for (double s : scores) {
      sum.add(Math.exp(s - largest));
    }
    return largest + Math.log(sum.value());
  }

  /** {@return the weights of the keys: zeros where the logarithm of their sum is −∞} */
  private static double[] probabilities(double[] scores) {
    double log = logSumExp(scores);
    return Arrays.stream(scores)
        .map(s -> log == Double.NEGATIVE_INFINITY ? 0 : Math.exp(s - log))
        .toArray();
  }

  static void forward(
      AttentionSpec spec,
      NdArray q,
      NdArray k,
      NdArray v,
      NdArray mask,
      NdArray out,
      NdArray logSumExp) {
    ScaledDotProduct attention = new ScaledDotProduct(spec, q, k, v, mask);
    Elements to = new Elements(out);
    Elements logs = new Elements(logSumExp);
    for (Index r = new Index(spec.rows()); r.inside(); r.next()) {
      int[] batch = Arrays.copyOf(r.at(), r.at().length - 1);
      int i = r.at()[batch.length];
      double[] scores = attention.scores(batch, i);
      double[] p = probabilities(scores);
      logs.set(r.at(), logSumExp(scores));
      for (int c = 0; c < attention.e; c++) {
        Total sum = new Total(0);
        for (int j = 0; j < p.length; j++) {
          sum.add(p[j] * attention.v.get(at(batch, j, c)));
        }
        to.set(at(r.at(), c), sum.value());
      }
    }
  }

  /** What the forward call gave is not read: it is computed again, without its rounding. */
  static void backward(
      AttentionSpec spec,
      NdArray q,
      NdArray k,
      NdArray v,
      NdArray mask,
      NdArray outGrad,
      NdArray qGrad,
      NdArray kGrad,
      NdArray vGrad) {
    ScaledDotProduct attention = new ScaledDotProduct(spec, q, k, v, mask);
    Elements up = new Elements(outGrad);
    Sums ofQ = new Sums(spec.queries());
    Sums ofK = new Sums(spec.keys());
    Sums ofV = new Sums(spec.values());
    Shape rows = spec.rows();
    for (Index r = new Index(rows); r.inside(); r.next()) {
      int[] batch = Arrays.copyOf(r.at(), r.at().length - 1);
      int i = r.at()[batch.length];
      double[] p = probabilities(attention.scores(batch, i));
      double[] pGrad = new double[p.length];
      Total mean = new Total(0);
      for (int j = 0; j < p.length; j++) {
        Total sum = new Total(0);
        for (int c = 0; c < attention.e; c++) {
          double g = up.get(at(r.at(), c));
          sum.add(g * attention.v.get(at(batch, j, c)));
          ofV.add(at(batch, j, c), p[j] * g);
        }
        pGrad[j] = sum.value();
        mean.add(p[j] * pGrad[j]);
      }
      for (int j = 0; j < p.length; j++) {
        double s = p[j] * (pGrad[j] - mean.value()) * spec.scale();
        for (int c = 0; c < attention.d; c++) {
          ofQ.add(at(batch, i, c), s * attention.k.get(at(batch, j, c)));
          ofK.add(at(batch, j, c), s * attention.q.get(at(batch, i, c)));
        }
      }
    }
    ofQ.writeTo(qGrad);
    ofK.writeTo(kGrad);
    ofV.writeTo(vGrad);
  }
}
