package dev.lanewise.simd;

/**
 * The largest elements of the windows of one row of outputs and where they are, a vector of outputs
 * at a time. Compiled by {@link MaxRowCode}; {@link MaxRows} tells when that is worth it.
 */
abstract class MaxRow {

  /**
   * Finds the largest elements of windows that all lie inside the input. Whole vectors are read and
   * written: {@link MaxRows#reads} and {@link MaxRows#writes} say how far behind the row that goes.
   *
   * @param lines where the windows' lines start in the plane
   * @param count how many lines there are
   * @param step the distance of two elements of a window in a line
   * @param span the length of a window's line, a multiple of {@code step}
   * @param from the address of the first window's first element if its line began at index 0
   * @param to where the first output goes
   * @param places where its place in the plane goes
   * @param first the place of the first window's first element, by the line
   * @param outputs how many outputs there are; with 0 the call does nothing
   */
  abstract void run(
      int[] lines,
      int count,
      int step,
      int span,
      long from,
      long to,
      long places,
      int first,
      int outputs);
}
