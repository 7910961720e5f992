package dev.lanewise.simd;

import jdk.incubator.vector.IntVector;

/** Decides the width of the vectors that all kernels use. */
final class VectorWidth {
  /** The system property that asks for a width: 128, 256 or 512 bits. */
  static final String PROPERTY = "lanewise.simd.bits";

  private VectorWidth() {}

  /**
   * {@return the width asked for, or else the one that this processor prefers, in bits}
   *
   * @throws IllegalArgumentException if the property is no width, or wider than the processor's
   */
  static int configured() {
    // SVE also has widths between and above these.
    int widest =
        Math.clamp(Integer.highestOneBit(IntVector.SPECIES_PREFERRED.vectorBitSize()), 128, 512);
    return of(System.getProperty(PROPERTY), widest);
  }

  /** {@return the width for a value of the property, which is null if it is not set} */
  static int of(String asked, int widest) {
    int bits =
        switch (asked == null ? "" : asked.strip()) {
          case "" -> widest;
          case "128" -> 128;
          case "256" -> 256;
          case "512" -> 512;
          default ->
              throw new IllegalArgumentException(
                  PROPERTY
                      + ": the vector width must be 128, 256 or 512 bits, not '"
                      + asked
                      + "'");
        };
    if (bits > widest) {
      // The JDK would compute wider vectors element by element, a thousand times slower.
      throw new IllegalArgumentException(
          PROPERTY + ": this processor's vectors have " + widest + " bits, not " + bits);
    }
    return bits;
  }
}
