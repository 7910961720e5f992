package dev.lanewise.simd.gemm;

import dev.lanewise.simd.Lanes;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Transposes a square of as many rows as a vector has lanes, in registers. {@link TransposeCode}
 * generates the subclass. Elements are moved as bits.
 */
public abstract class Transpose {
  /** For elements of four bytes. */
  static final Transpose INTS = TransposeCode.compile(Element.F32);

  /** For elements of eight bytes. */
  static final Transpose LONGS = TransposeCode.compile(Element.F64);

  /** For the generated subclass. */
  Transpose() {}

  /**
   * Copies {@code to[p, j] = from[j, p]} for a square of elements.
   *
   * @param rows how many rows of {@code from} there are, from 1 to the lanes of a vector; for those
   *     that are missing, the last is read once more
   * @param from the first row
   * @param fromStride from one row to the next, in bytes
   * @param to the first row of the target
   * @param toStride from one row of the target to the next, in bytes
   */
  public abstract void square(int rows, long from, long fromStride, long to, long toStride);

  /** {@return the transposer of an element type} */
  static Transpose of(Element element) {
    return of(element.bytes);
  }

  /**
   * {@return the transposer of elements}
   *
   * @param bytes the size of an element: 4 or 8
   */
  public static Transpose of(int bytes) {
    return switch (bytes) {
      case 4 -> INTS;
      case 8 -> LONGS;
      default -> throw new IllegalArgumentException("transpose: elements of " + bytes + " bytes");
    };
  }

  /** {@return what exchanges lanes whose numbers differ by {@code distance}, a power of two} */
  static VectorShuffle<?> exchange(VectorSpecies<?> species, int distance) {
    return species.shuffleFromOp(i -> i ^ distance);
  }

  /** {@return the lanes that take part in an exchange with a lower one} */
  static VectorMask<?> upper(VectorSpecies<?> species, int distance) {
    long bits = 0;
    for (int i = 0; i < species.length(); i++) {
      bits |= (i & distance) == 0 ? 0 : 1L << i;
    }
    return VectorMask.fromLong(species, bits);
  }

  /**
   * {@return whether squares are worth while} C2 has no instruction that rearranges two lanes and
   * calls Java code that allocates, a hundred times slower.
   *
   * @param bytes the size of an element
   */
  public static boolean isFast(int bytes) {
    return side(bytes) > 2;
  }

  /**
   * {@return the number of rows and columns of a square}
   *
   * @param bytes the size of an element
   */
  public static int side(int bytes) {
    return Lanes.BITS / Byte.SIZE / bytes;
  }
}
