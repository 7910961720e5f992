package dev.lanewise.nn.metric;

/** How the numbers of several classes become one. */
public enum Averaging {
  /** All classes' hits and misses are counted together. */
  MICRO,
  /**
   * The mean of the classes' numbers, each counting the same. A class that neither targets nor
   * predictions have does not count, as in scikit-learn.
   */
  MACRO,
  /** The mean of the classes' numbers, each counting as often as targets have the class. */
  WEIGHTED
}
