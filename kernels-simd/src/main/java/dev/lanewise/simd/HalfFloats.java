package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The 16-bit floating-point types by integer arithmetic on their bits, which sit in the lower
 * halves of a vector's ints. Rounding is to nearest, ties to even; a NaN stays one.
 */
final class HalfFloats {
  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(Lanes.BITS / 2));

  private static final int SIGN = 0x8000_0000;
  private static final int INFINITY = 0x7f80_0000;

  /** A 32-bit float's exponent bits are higher by so much, as its bias is 127 and not 15. */
  private static final int BIAS = 127 - 15 << 23;

  /** The bits that a 32-bit float's mantissa has more. */
  private static final int EXTRA = 13;

  private static final int F16_INFINITY = 0x7c00;

  private HalfFloats() {}

  /** {@return the elements at a byte offset, upper halves 0} */
  static IntVector load(MemorySegment segment, long offset) {
    return (IntVector)
        ShortVector.fromMemorySegment(SHORTS, segment, offset, ORDER)
            .convertShape(VectorOperators.ZERO_EXTEND_S2I, Lanes.I32, 0);
  }

  /** Writes the lower halves to a byte offset. */
  static void store(IntVector halves, MemorySegment segment, long offset) {
    ((ShortVector) halves.convertShape(VectorOperators.I2S, SHORTS, 0))
        .intoMemorySegment(segment, offset, ORDER);
  }

  /** {@return the numbers; the product by 2¹¹² sets the exponent right, that of subnormals too} */
  static FloatVector fromF16(IntVector half) {
    IntVector size = half.and(0x7fff).lanewise(VectorOperators.LSHL, EXTRA);
    VectorMask<Integer> large = size.compare(VectorOperators.GE, F16_INFINITY << EXTRA);
    IntVector bits = size.reinterpretAsFloats().mul(0x1p112f).reinterpretAsInts();
    bits = bits.or(IntVector.broadcast(Lanes.I32, 0).blend(INFINITY, large));
    return bits.or(half.and(0x8000).lanewise(VectorOperators.LSHL, 16)).reinterpretAsFloats();
  }

  /** {@return the bits of the nearest 16-bit floats} */
  static IntVector toF16(IntVector bits) {
    IntVector size = bits.and(~SIGN);
    IntVector sign = bits.lanewise(VectorOperators.LSHR, 16).and(0x8000);
    // Half a unit of the last place that stays, less one if that place is 0, and the new bias.
    IntVector even = size.lanewise(VectorOperators.LSHR, EXTRA).and(1);
    IntVector half = size.add(even).add(0xfff - BIAS).lanewise(VectorOperators.LSHR, EXTRA);
    // Below 2⁻¹⁴: in the sum with ½ the unit of the last place is 2⁻²⁴, that of a subnormal.
    int one = Float.floatToRawIntBits(0.5f);
    IntVector tiny = size.reinterpretAsFloats().add(0.5f).reinterpretAsInts().sub(one);
    half = half.blend(tiny, size.compare(VectorOperators.LT, BIAS + (1 << 23)));
    half = half.blend(F16_INFINITY, size.compare(VectorOperators.GE, BIAS + (31 << 23)));
    return half.blend(0x7e00, size.compare(VectorOperators.GT, INFINITY)).or(sign);
  }

  /** {@return the bits of the nearest numbers whose lower halves are 0, shifted down} */
  static IntVector toBf16(IntVector bits) {
    IntVector even = bits.lanewise(VectorOperators.LSHR, 16).and(1);
    IntVector rounded = bits.add(even).add(0x7fff);
    VectorMask<Integer> nan = bits.and(~SIGN).compare(VectorOperators.GT, INFINITY);
    // A NaN's rest is cut off; the quiet bit stays.
    return rounded.blend(bits.or(0x40_0000), nan).lanewise(VectorOperators.LSHR, 16);
  }
}
