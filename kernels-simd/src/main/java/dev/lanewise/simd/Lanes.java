package dev.lanewise.simd;

import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector width that all kernels use, and the species of that width. Loading this class needs
 * the module {@code jdk.incubator.vector}; what decides whether the backend can run must not touch
 * it.
 */
public final class Lanes {
  /** The width of a vector in bits. */
  public static final int BITS = VectorWidth.configured();

  /** Vectors of {@code float}. */
  public static final VectorSpecies<Float> F32 = species(float.class);

  /** Vectors of {@code double}. */
  public static final VectorSpecies<Double> F64 = species(double.class);

  /** Vectors of {@code int}. */
  public static final VectorSpecies<Integer> I32 = species(int.class);

  /** Vectors of {@code long}. */
  public static final VectorSpecies<Long> I64 = species(long.class);

  private Lanes() {}

  /**
   * {@return whether loops may use masks} C2 has none of two lanes, and makes an object for each.
   *
   * @param bytes the size of an element
   */
  static boolean hasMasks(int bytes) {
    return BITS / Byte.SIZE / bytes > 2;
  }

  private static <T> VectorSpecies<T> species(Class<T> element) {
    return VectorSpecies.of(element, VectorShape.forBitSize(BITS));
  }
}
