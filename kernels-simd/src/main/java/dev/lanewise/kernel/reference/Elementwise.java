package dev.lanewise.kernel.reference;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.ElementwiseSpec;

/** Expressions for each element. */
final class Elementwise {
  private Elementwise() {}

  static void compute(ElementwiseSpec spec) {
    // Everything is computed before anything is written: outputs may lie over arguments.
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
}
