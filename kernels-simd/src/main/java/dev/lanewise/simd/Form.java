package dev.lanewise.simd;

/** What a compiled loop does with the values of its expressions. */
enum Form {
  /** Writes them: {@code out[r][c] = expr}. */
  MAP,
  /** Combines each row into one: {@code out[r] = op over c of expr}. */
  ROW,
  /** Combines each column into one: {@code out[c] = op over r of expr}. */
  COLUMN
}
