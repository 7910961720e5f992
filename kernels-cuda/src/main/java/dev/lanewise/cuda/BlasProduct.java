package dev.lanewise.cuda;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.MatmulSpec;

/**
 * A product of matrices, or a batch of them, that BLAS can be asked for: {@code [m, k] · [k, n]},
 * the output's rows without gaps.
 *
 * @param m rows of a and the output
 * @param n columns of b and the output
 * @param k columns of a and rows of b
 * @param ab the type of a and b
 * @param dtype the output's type, which is computed in
 * @param a how the matrices of a lie
 * @param b how those of b lie
 * @param leading the distance between two rows of the output
 * @param batch the axes before the matrices
 */
record BlasProduct(
    int m,
    int n,
    int k,
    DType ab,
    DType dtype,
    BlasMatrix a,
    BlasMatrix b,
    int leading,
    BlasBatch batch) {

  /** {@return the product, or null if BLAS has no words for where an array lies} */
  static BlasProduct of(MatmulSpec spec) {
    NdArray out = spec.out();
    BlasMatrix a = BlasMatrix.of(spec.a().layout());
    BlasMatrix b = BlasMatrix.of(spec.b().layout());
    BlasMatrix rows = BlasMatrix.of(out.layout());
    if (a == null || b == null || rows == null || rows.transposed()) {
      return null;
    }
    BlasBatch batch = BlasBatch.of(spec.a().layout(), spec.b().layout(), out.layout());
    return new BlasProduct(
            spec.m(),
            spec.n(),
            spec.k(),
            spec.a().dtype(),
            out.dtype(),
            a,
            b,
            rows.leading(),
            batch)
        .tall();
  }

  /**
   * {@return the same with the rows of several products by one matrix as rows of one product, where
   * they lie evenly apart} One product of a tall matrix is faster than many of small ones.
   */
  private BlasProduct tall() {
    for (int i = 0; i < batch.axes().size(); i++) {
      BlasBatch.Axis axis = batch.axes().get(i);
      long rows = (long) m * axis.extent();
      // Between single rows there is no distance yet, so that of the axis becomes it.
      boolean single = m == 1 && !a.transposed() && BlasMatrix.isLeading(axis.a(), k);
      boolean follows = !a.transposed() && axis.a() == (long) m * a.leading();
      boolean outSingle = m == 1 && BlasMatrix.isLeading(axis.out(), n);
      boolean outFollows = axis.out() == (long) m * leading;
      if (axis.b() == 0
          && rows <= Integer.MAX_VALUE
          && (single || follows)
          && (outSingle || outFollows)) {
        return new BlasProduct(
            (int) rows,
            n,
            k,
            ab,
            dtype,
            single ? new BlasMatrix(false, (int) axis.a()) : a,
            b,
            outSingle ? (int) axis.out() : leading,
            batch.without(i));
      }
    }
    return this;
  }
}
