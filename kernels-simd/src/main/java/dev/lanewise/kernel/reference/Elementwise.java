package dev.lanewise.kernel.reference;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.ElementwiseSpec;

/** Expressions for each element. */
final class Elementwise {
  private Elementwise() {}

  // Everything is computed before anything is written: outputs may lie over arguments.

  static void compute(ElementwiseSpec spec) {
    if (spec.dtype().isInteger()) {
      computeIntegers(spec);
    } else {
      computeNumbers(spec);
    }
  }

  private static void computeNumbers(ElementwiseSpec spec) {
    NdArray[] outs = spec.outs();
    double[][] results = new double[outs.length][];
    Elements[] ins = Elements.of(spec.ins());
    for (int k = 0; k < outs.length; k++) {
      results[k] = new double[Math.toIntExact(spec.shape().size())];
      Evaluation expr = new Evaluation(spec.exprs().get(k), spec.dtype(), spec.params(), ins);
      int count = 0;
      for (Index i = new Index(spec.shape()); i.inside(); i.next()) {
        results[k][count++] = expr.at(i.at());
      }
    }
    for (int k = 0; k < outs.length; k++) {
      Elements out = new Elements(outs[k]);
      int count = 0;
      for (Index i = new Index(spec.shape()); i.inside(); i.next()) {
        out.set(i.at(), results[k][count++]);
      }
    }
  }

  private static void computeIntegers(ElementwiseSpec spec) {
    NdArray[] outs = spec.outs();
    long[][] results = new long[outs.length][];
    Elements[] ins = Elements.of(spec.ins());
    for (int k = 0; k < outs.length; k++) {
      results[k] = new long[Math.toIntExact(spec.shape().size())];
      IntegerEvaluation expr =
          new IntegerEvaluation(spec.exprs().get(k), spec.dtype(), spec.params(), ins);
      int count = 0;
      for (Index i = new Index(spec.shape()); i.inside(); i.next()) {
        results[k][count++] = expr.at(i.at());
      }
    }
    for (int k = 0; k < outs.length; k++) {
      Elements out = new Elements(outs[k]);
      int count = 0;
      for (Index i = new Index(spec.shape()); i.inside(); i.next()) {
        out.setLong(i.at(), results[k][count++]);
      }
    }
  }
}
