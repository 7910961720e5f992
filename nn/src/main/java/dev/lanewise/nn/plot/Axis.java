package dev.lanewise.nn.plot;

/**
 * An axis of a chart.
 *
 * @param label what it shows; empty for no label
 * @param span the part that is shown
 * @param ticks which numbers stand along it
 */
record Axis(String label, Span span, Ticks ticks) {
  /** Numbers along an axis. */
  enum Ticks {
    /** Round numbers. */
    NUMBERS,
    /** Whole numbers, such as epochs. */
    COUNTS,
    /** None. */
    NONE
  }

  /** {@return an axis with round numbers} */
  static Axis of(String label, Span span) {
    return new Axis(label, span, Ticks.NUMBERS);
  }
}
