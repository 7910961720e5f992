package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static dev.lanewise.simd.Addresses.MASK;
import static dev.lanewise.simd.Addresses.ORDER;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.lanewise.simd.gemm.IndirectWarmUp;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transforms of {@link Winograd}, of a vector of tiles at a time. Point {@code 4i + j} of a
 * transformed tile is row {@code i} and column {@code j}. Addresses and strides are in bytes; whole
 * vectors are read and written.
 *
 * <p>Each method makes one row, or two, of a transformed tile: C2 inlines some tens of vector calls
 * of a method and then no more, and what is loaded twice for that is in the first-level cache. The
 * two largest have more than the 325 bytes of code that C2 inlines into what calls them often,
 * where they would be too many together.
 */
final class WinogradTransforms {
  private static final VectorSpecies<Float> SPECIES = Lanes.F32;
  private static final int VECTOR = SPECIES.vectorByteSize();
  private static final VectorShuffle<Float> TWICE_LOW = SPECIES.shuffleFromOp(i -> i / 2);
  private static final VectorShuffle<Float> TWICE_HIGH =
      SPECIES.shuffleFromOp(i -> (SPECIES.length() + i) / 2);
  private static final VectorMask<Float> ODD = VectorMask.fromLong(SPECIES, 0xAAAA_AAAA_AAAA_AAAAL);

  /** Even elements of a vector, for either half; and odd ones. */
  private static final VectorShuffle<Float> EVENS =
      SPECIES.shuffleFromOp(i -> 2 * i % SPECIES.length());

  private static final VectorShuffle<Float> ODDS =
      SPECIES.shuffleFromOp(i -> 2 * i % SPECIES.length() + 1);
  private static final VectorMask<Float> UPPER =
      SPECIES.maskAll(true).andNot(SPECIES.indexInRange(0, SPECIES.length() / 2));

  private static final int METHODS = 4;
  private static final IndirectWarmUp WARM_UP =
      new IndirectWarmUp(METHODS, WinogradTransforms::warm);

  private WinogradTransforms() {}

  /**
   * Gets the transforms compiled that a large problem will use.
   *
   * @param vectors how many vectors of tiles it has
   */
  static void warmUp(long vectors) {
    for (int method = 0; method < METHODS; method++) {
      WARM_UP.before(method, vectors);
    }
  }

  /** Calls a method, mostly with nothing to do: the interpreter is slow. */
  private static void warm(int method) {
    for (int i = 0; i < 16; i++) {
      warm(method, IndirectWarmUp.MEMORY, i == 0 ? 2 : 0);
    }
  }

  private static void warm(int method, long m, int count) {
    long v = VECTOR;
    switch (method) {
      case 0 -> separate(m, m, m, count);
      case 1 -> {
        inputs(false, m, m, v, v, m, v, v, count, count);
        inputs(true, m, m, v, v, m, v, v, count, count);
      }
      case 2 -> columns(m, v, m, v, v, count, count);
      default -> outputs(m, v, v, m, v, v, count, count);
    }
  }

  /**
   * Transforms a filter {@code g} of 3×3 to {@code G · g · Gᵀ}.
   *
   * @param from the filter
   * @param flipped whether it is to be read from its last element to its first. As the rows of G
   *     for that are those for the filter in another order, so are the points.
   * @param to the first point
   * @param point from one point to the next
   */
  static void filter(long from, boolean flipped, long to, long point) {
    long last = flipped ? 3 : 0;
    for (int column = 0; column < 4; column++) {
      float r0 = filterColumn(from, column);
      float r1 = filterColumn(from + 12, column);
      float r2 = filterColumn(from + 24, column);
      boolean outer = column == 0 || column == 3;
      long at = to + (outer ? column ^ last : column) * point;
      float half = 0.5f * (r0 + r2);
      set(at + last * 4 * point, r0);
      set(at + 4 * point, half + 0.5f * r1);
      set(at + 8 * point, half - 0.5f * r1);
      set(at + (3 - last) * 4 * point, r2);
    }
  }

  /** {@return a number of a row of {@code g · Gᵀ}} */
  private static float filterColumn(long row, int column) {
    float g0 = get(row);
    float g1 = get(row + 4);
    float g2 = get(row + 8);
    return switch (column) {
      case 0 -> g0;
      case 1 -> 0.5f * (g0 + g2) + 0.5f * g1;
      case 2 -> 0.5f * (g0 + g2) - 0.5f * g1;
      default -> g2;
    };
  }

  private static float get(long address) {
    return ALL.get(JAVA_FLOAT_UNALIGNED, address);
  }

  private static void set(long address, float value) {
    ALL.set(JAVA_FLOAT_UNALIGNED, address, value);
  }

  /**
   * Puts even and odd elements apart.
   *
   * @param from the first even one
   * @param even where even ones go
   * @param odd where odd ones go
   * @param vectors how many of each
   */
  static void separate(long from, long even, long odd, int vectors) {
    for (int v = 0; v < vectors; v++) {
      long at = (long) v * VECTOR;
      FloatVector a = load(from + 2 * at);
      FloatVector b = load(from + 2 * at + VECTOR);
      store(a.rearrange(EVENS).blend(b.rearrange(EVENS), UPPER), even + at);
      store(a.rearrange(ODDS).blend(b.rearrange(ODDS), UPPER), odd + at);
    }
  }

  /**
   * Makes a row of transformed inputs {@code Bᵀ · d · B} from two rows of each tile.
   *
   * @param add whether it is the sum of the two rows, else their difference
   * @param a a row's even elements in a plane, tile by tile
   * @param b those of the row that is added or subtracted
   * @param odd from the even elements to the odd ones
   * @param plane from one plane to the next
   * @param to the row's first point
   * @param point from one point to the next
   * @param row from what belongs to one plane to what belongs to the next
   * @param planes how many
   * @param vectors how many of each plane
   */
  static void inputs(
      boolean add,
      long a,
      long b,
      long odd,
      long plane,
      long to,
      long point,
      long row,
      int planes,
      int vectors) {
    // The last calls are those at which C2 has 18,000 nodes and drops a method of ours; it drops
    // none of the JDK's vectors.
    for (int c = 0; c < planes; c++) {
      if (add) {
        for (int v = 0; v < vectors; v++) {
          long x = a + (long) v * VECTOR;
          long y = b + (long) v * VECTOR;
          long z = to + (long) v * VECTOR;
          FloatVector d0 = load(x).add(load(y));
          FloatVector d1 = load(x + odd).add(load(y + odd));
          FloatVector d2 = load(x + 4).add(load(y + 4));
          FloatVector d3 = load(x + odd + 4).add(load(y + odd + 4));
          d0.sub(d2).intoMemorySegment(ALL, z & MASK, ORDER);
          d1.add(d2).intoMemorySegment(ALL, (z + point) & MASK, ORDER);
          d2.sub(d1).intoMemorySegment(ALL, (z + 2 * point) & MASK, ORDER);
          d1.sub(d3).intoMemorySegment(ALL, (z + 3 * point) & MASK, ORDER);
        }
      } else {
        for (int v = 0; v < vectors; v++) {
          long x = a + (long) v * VECTOR;
          long y = b + (long) v * VECTOR;
          long z = to + (long) v * VECTOR;
          FloatVector d0 = load(x).sub(load(y));
          FloatVector d1 = load(x + odd).sub(load(y + odd));
          FloatVector d2 = load(x + 4).sub(load(y + 4));
          FloatVector d3 = load(x + odd + 4).sub(load(y + odd + 4));
          d0.sub(d2).intoMemorySegment(ALL, z & MASK, ORDER);
          d1.add(d2).intoMemorySegment(ALL, (z + point) & MASK, ORDER);
          d2.sub(d1).intoMemorySegment(ALL, (z + 2 * point) & MASK, ORDER);
          d1.sub(d3).intoMemorySegment(ALL, (z + 3 * point) & MASK, ORDER);
        }
      }
      a += plane;
      b += plane;
      to += row;
    }
  }

  /**
   * Makes a row of {@code m · A} of a row of products {@code m}.
   *
   * @param from the row's first point, of the first target
   * @param point from one point to the next
   * @param to the first target's even column
   * @param odd from there to its odd column
   * @param row from what belongs to one target to what belongs to the next
   * @param targets how many
   * @param vectors how many of each target
   */
  static void columns(
      long from, long point, long to, long odd, long row, int targets, int vectors) {
    for (int k = 0; k < targets; k++) {
      for (int v = 0; v < vectors; v++) {
        long m = from + (long) v * VECTOR;
        long y = to + (long) v * VECTOR;
        FloatVector m0 = load(m);
        FloatVector m1 = load(m + point);
        FloatVector m2 = load(m + 2 * point);
        FloatVector m3 = load(m + 3 * point);
        store(m1.add(m2).add(m0), y);
        store(m1.sub(m2).sub(m3), y + odd);
      }
      from += row;
      to += row;
    }
  }

  /**
   * Makes the outputs {@code Aᵀ · m · A} of the rows of {@code m · A}.
   *
   * @param from the first row, of the first target
   * @param odd from the even column of a row to the odd one, and half of the way to the next row
   * @param row from what belongs to one target to what belongs to the next
   * @param to the outputs of the first target, where those of a row are in their order
   * @param lower from the upper row of outputs to the lower one
   * @param stride from the outputs of one target to those of the next
   * @param targets how many
   * @param vectors how many of each target
   */
  static void outputs(
      long from, long odd, long row, long to, long lower, long stride, int targets, int vectors) {
    for (int k = 0; k < targets; k++) {
      for (int v = 0; v < vectors; v++) {
        long x = from + (long) v * VECTOR;
        long y = to + 2L * v * VECTOR;
        FloatVector a1 = load(x + 2 * odd);
        FloatVector a2 = load(x + 4 * odd);
        FloatVector b1 = load(x + 3 * odd);
        FloatVector b2 = load(x + 5 * odd);
        FloatVector a = a1.add(a2).add(load(x));
        FloatVector b = b1.add(b2).add(load(x + odd));
        store(a.rearrange(TWICE_LOW).blend(b.rearrange(TWICE_LOW), ODD), y);
        store(a.rearrange(TWICE_HIGH).blend(b.rearrange(TWICE_HIGH), ODD), y + VECTOR);
        FloatVector c = a1.sub(a2).sub(load(x + 6 * odd));
        FloatVector d = b1.sub(b2).sub(load(x + 7 * odd));
        store(c.rearrange(TWICE_LOW).blend(d.rearrange(TWICE_LOW), ODD), y + lower);
        store(c.rearrange(TWICE_HIGH).blend(d.rearrange(TWICE_HIGH), ODD), y + lower + VECTOR);
      }
      from += row;
      to += stride;
    }
  }

  private static FloatVector load(long address) {
    return FloatVector.fromMemorySegment(SPECIES, ALL, address & MASK, ORDER);
  }

  private static void store(FloatVector v, long address) {
    v.intoMemorySegment(ALL, address & MASK, ORDER);
  }
}
