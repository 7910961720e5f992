package dev.lanewise.nn.loss;

/** What the numbers are that a loss compares predictions with. */
public enum TargetKind {
  /** One class for each sample, {@code [n]}, i32 or i64, from 0; predictions are {@code [n, c]}. */
  CLASSES,
  /**
   * One class for each place, {@code [n, …]}, i32 or i64, from 0; predictions are {@code [n, c, …]}
   * with the classes along axis 1.
   */
  CLASS_MAPS,
  /** Numbers of the predictions' shape. */
  VALUES,
  /** Numbers from 0 to 1 of the predictions' shape. */
  PROBABILITIES
}
