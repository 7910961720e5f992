package dev.lanewise.simd;

/** How the memory of a call is dealt out. */
final class Scratch {
  private static final long ALIGNMENT = 64;

  private Scratch() {}

  /** {@return so many bytes and what is left of the last cache line: the next part begins there} */
  static long aligned(long bytes) {
    return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
  }
}
