package dev.lanewise.nn.plot;

/**
 * Colours behind a chart: a grid of classes over all of it.
 *
 * @param classes the class of each cell, row by row from the top; -1 for none
 * @param columns the cells of a row
 */
record Regions(int[] classes, int columns) {
  /** {@return none} */
  static Regions none() {
    return new Regions(new int[0], 0);
  }

  /** {@return the number of rows} */
  int rows() {
    return columns == 0 ? 0 : classes.length / columns;
  }
}
