package dev.lanewise.nn.loss;

/** What the numbers are that a loss compares predictions with. */
public enum TargetKind {
  /** One class for each sample, {@code [n]}, i32 or i64, from 0; predictions are {@code [n, c]}. */
  CLASSES,
  /** Numbers of the predictions' shape. */
  VALUES,
  /** Numbers from 0 to 1 of the predictions' shape. */
  PROBABILITIES
}
