package dev.lanewise.cuda.simt;

/** A type of the subset of CUDA C: a scalar, or a pointer to scalars. Its text is C's. */
public sealed interface SimtType permits ScalarType, PointerType {

  /** {@return how many bytes a value of the type takes; 0 for void} */
  int bytes();

  /**
   * {@return the one form in which a value with these bits is kept in a long}
   *
   * @param bits the value's bits, the unused upper ones arbitrary
   */
  long canonical(long bits);
}
