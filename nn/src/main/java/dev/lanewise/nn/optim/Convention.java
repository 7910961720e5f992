package dev.lanewise.nn.optim;

/**
 * Whose reading of a paper is followed, where two differ: where the rate enters a velocity, where
 * {@code eps} stands beside a root, and whether weight decay is decoupled.
 */
enum Convention {
  KERAS,
  PYTORCH
}
