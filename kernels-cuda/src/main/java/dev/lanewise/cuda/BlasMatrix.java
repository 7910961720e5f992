package dev.lanewise.cuda;

import dev.lanewise.array.Layout;

/**
 * How the matrices of an array, its last two axes, lie in memory, as BLAS can say it: rows without
 * gaps, one after the other at some distance, or so the columns.
 *
 * @param transposed whether it is the columns that have no gaps
 * @param leading the distance between two rows, or columns
 */
record BlasMatrix(boolean transposed, int leading) {

  /** {@return how the matrices lie, or null if BLAS has no words for it} */
  static BlasMatrix of(Layout layout) {
    int last = layout.shape().rank() - 1;
    int rows = layout.shape().dim(last - 1);
    int columns = layout.shape().dim(last);
    long rowStep = layout.stride(last - 1);
    long columnStep = layout.stride(last);
    if (columns <= 1 || columnStep == 1) {
      // The distance between a single row and the next may be anything.
      long leading = rows <= 1 ? Math.max(1, columns) : rowStep;
      if (isLeading(leading, columns)) {
        return new BlasMatrix(false, (int) leading);
      }
    }
    if (rows <= 1 || rowStep == 1) {
      long leading = columns <= 1 ? Math.max(1, rows) : columnStep;
      if (isLeading(leading, rows)) {
        return new BlasMatrix(true, (int) leading);
      }
    }
    return null;
  }

  /** {@return whether lines of a length can lie so far apart} */
  static boolean isLeading(long leading, int length) {
    return leading >= Math.max(1, length) && leading <= Integer.MAX_VALUE;
  }
}
