package dev.lanewise.nn.init;

/** How random weights around 0 are spread. */
public enum Spread {
  /** Evenly between two bounds. */
  UNIFORM,
  /** As the bell curve. */
  NORMAL,
  /** As the bell curve between two standard deviations on either side, and nowhere else. */
  TRUNCATED_NORMAL
}
