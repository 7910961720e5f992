package dev.lanewise.simd;

import jdk.incubator.vector.IntVector;
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

  /**
   * {@return a vector of the width in use} C2 learns here what it is: of what is loaded it knows
   * the class only when it has read all of the method, and until then calls of its methods may go
   * to all classes that other code has met, for which it may make an object.
   */
  static IntVector known(IntVector v) {
    if (v.getClass() != I32) {
      throw new AssertionError(v);
    }
    return v;
  }

  private static Class<?> of(VectorSpecies<?> species) {
    return species.zero().getClass();
  }
}
