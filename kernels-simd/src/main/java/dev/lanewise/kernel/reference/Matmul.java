package dev.lanewise.kernel.reference;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.MatmulSpec;

/** Products of matrices. */
final class Matmul {
  private Matmul() {}

  static void multiply(MatmulSpec spec, double alpha, double beta) {
    Elements a = new Elements(spec.a());
    Elements b = new Elements(spec.b());
    Elements out = new Elements(spec.out());
    int rank = spec.out().shape().rank();
    boolean single = spec.out().dtype() == DType.F32;
    double ofProduct = single ? (float) alpha : alpha;
    double ofOld = single ? (float) beta : beta;
    for (Index o = new Index(spec.out().shape()); o.inside(); o.next()) {
      int[] ofA = o.at().clone();
      int[] ofB = o.at().clone();
      Total sum = new Total(0);
      for (int p = 0; p < spec.k(); p++) {
        ofA[rank - 1] = p;
        ofB[rank - 2] = p;
        sum.add(a.get(ofA) * b.get(ofB));
      }
      double product = ofProduct == 0 ? 0 : ofProduct * sum.value();
      // With beta 0 the old number may be anything, a NaN too.
      out.set(o.at(), ofOld == 0 ? product : product + ofOld * out.get(o.at()));
    }
  }
}
