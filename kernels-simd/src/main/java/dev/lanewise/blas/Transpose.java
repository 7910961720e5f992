package dev.lanewise.blas;

/** Whether a matrix is used as it lies, or with rows and columns exchanged. */
public enum Transpose {
  /** As it lies. */
  NO,
  /** With rows and columns exchanged. */
  YES
}
