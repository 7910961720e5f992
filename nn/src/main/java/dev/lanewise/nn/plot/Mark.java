package dev.lanewise.nn.plot;

/** What a series is drawn with. */
enum Mark {
  /** A marker for each point. */
  POINTS,
  /** A line through all points; one alone is a dot. */
  LINE,
  /** The same, thin and pale: what is there to compare with. */
  PALE_LINE,
  /** A dashed line in grey. */
  RULE,
  /** A ring around each point. */
  RINGS,
  /** Bars: the i-th reaches from the i-th x to the next and up to the i-th y; the last y is 0. */
  BARS
}
