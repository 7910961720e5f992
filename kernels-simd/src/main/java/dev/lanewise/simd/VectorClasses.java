package dev.lanewise.simd;

import jdk.incubator.vector.VectorSpecies;

/** The classes of vectors of the width in use, by the name of their {@link Lanes}. */
final class VectorClasses {
  /** Of vectors of {@code float}. */
  static final Class<?> F32 = of(Lanes.F32);

  /** Of vectors of {@code double}. */
  static final Class<?> F64 = of(Lanes.F64);

  /** Of vectors of {@code int}. */
  static final Class<?> I32 = of(Lanes.I32);

  /** Of vectors of {@code long}. */
  static final Class<?> I64 = of(Lanes.I64);

  private VectorClasses() {}

  private static Class<?> of(VectorSpecies<?> species) {
    return species.zero().getClass();
  }
}
