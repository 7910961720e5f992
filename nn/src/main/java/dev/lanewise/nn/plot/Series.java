package dev.lanewise.nn.plot;

/**
 * Points that are drawn alike.
 *
 * @param name what the legend calls them; empty for no entry
 * @param mark what they are drawn with
 * @param color their place in the palette
 * @param x their places to the right
 * @param y their heights; NaN is a gap
 */
record Series(String name, Mark mark, int color, double[] x, double[] y) {
  /** {@return an entry of the legend with no points} */
  static Series key(String name, Mark mark, int color) {
    return new Series(name, mark, color, new double[0], new double[0]);
  }
}
