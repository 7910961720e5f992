package dev.lanewise.simd;

import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorSpecies;

/** The classes of vectors of the width in use, by the name of their {@link Lanes}. */
public final class VectorClasses {
  /** Of vectors of {@code float}. */
  public static final Class<?> F32 = of(Lanes.F32);

  /** Of vectors of {@code double}. */
  public static final Class<?> F64 = of(Lanes.F64);

  /** Of vectors of {@code int}. */
  public static final Class<?> I32 = of(Lanes.I32);

  /** Of vectors of {@code long}. */
  public static final Class<?> I64 = of(Lanes.I64);

  private VectorClasses() {}

  /**
   * {@return the vector} C2 learns here what it is: of what was loaded it knows the class only when
   * it has read all of the method, and until then a call of its methods may go to every class that
   * other code has met, for which it may make an object of the vector.
   *
   * @param <V> its type
   * @param v the vector
   * @param type the class of the vector, a constant
   */
  public static <V extends Vector<?>> V known(V v, Class<?> type) {
    if (v.getClass() != type) {
      throw new AssertionError(v);
    }
    return v;
  }

  /** {@return the class of a species' vectors} */
  static Class<?> of(VectorSpecies<?> species) {
    return species.zero().getClass();
  }
}
