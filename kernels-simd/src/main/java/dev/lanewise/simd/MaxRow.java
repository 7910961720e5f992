package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static dev.lanewise.simd.Addresses.ORDER;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The largest elements of the windows of one row of outputs, a vector of outputs at a time. The
 * windows lie inside the input in whole and move by 1 or 2; with 2, the even elements of two
 * vectors are put together.
 */
final class MaxRow {
  private static final VectorSpecies<Float> F32 = Lanes.F32;
  private static final VectorSpecies<Integer> I32 = Lanes.I32;
  private static final VectorSpecies<Double> F64 = Lanes.F64;
  private static final VectorSpecies<Long> I64 = Lanes.I64;
  private static final VectorSpecies<Integer> HALF_I32 =
      VectorSpecies.of(int.class, VectorShape.forBitSize(Lanes.BITS / 2));

  private static final int LANES32 = F32.length();
  private static final int LANES64 = F64.length();

  /** Even elements of a vector, for the lower half. */
  private static final VectorShuffle<Float> LOW32 = F32.shuffleFromOp(i -> 2 * i % LANES32);

  /** Even elements of two vectors, from a load that begins one element before the second. */
  private static final VectorShuffle<Float> HIGH32 = F32.shuffleFromOp(i -> (2 * i + 1) % LANES32);

  private static final VectorMask<Float> UPPER32 =
      F32.maskAll(true).andNot(F32.indexInRange(0, LANES32 / 2));
  private static final VectorShuffle<Double> LOW64 = F64.shuffleFromOp(i -> 2 * i % LANES64);
  private static final VectorShuffle<Double> HIGH64 = F64.shuffleFromOp(i -> (2 * i + 1) % LANES64);
  private static final VectorMask<Double> UPPER64 =
      F64.maskAll(true).andNot(F64.indexInRange(0, LANES64 / 2));

  private MaxRow() {}

  /**
   * Finds the largest elements. As whole vectors are read and written, some elements after those of
   * the row are too: {@link #reads} and {@link #writes} say how far that goes.
   *
   * @param lines where the windows' lines start in the plane
   * @param count how many lines there are
   * @param from the plane
   * @param to where the row's outputs go
   * @param places where their places go
   */
  static void f32(PoolWindows windows, int[] lines, int count, long from, long to, long places) {
    for (int o = windows.wholeFrom; o < windows.wholeTo; o += LANES32) {
      int first = windows.low[2][o];
      int step = windows.step[2];
      int span = windows.taps[2][o] * step;
      if (windows.stride == 1) {
        byOneF32(lines, count, from, first, step, span, to + 4L * o, places + 4L * o);
      } else {
        byTwoF32(lines, count, from, first, step, span, to + 4L * o, places + 4L * o);
      }
    }
  }

  // One loop in four copies: vectors of different types have nothing in common for the JIT, and
  // where two ways of loading one meet, it puts each vector into an object.

  private static void byOneF32(
      int[] lines, int count, long from, int first, int step, int span, long to, long places) {
    FloatVector largest = loadF32(from + 4L * (lines[0] + first));
    IntVector where = IntVector.broadcast(I32, lines[0] + first);
    for (int line = 0; line < count; line++) {
      int start = lines[line] + first;
      for (int i = line == 0 ? step : 0; i < span; i += step) {
        FloatVector v = loadF32(from + 4L * (start + i));
        VectorMask<Float> wins = beats(v, largest);
        largest = largest.blend(v, wins);
        where = where.blend(start + i, wins.cast(I32));
      }
    }
    largest.intoMemorySegment(ALL, to, ORDER);
    where.addIndex(1).intoMemorySegment(ALL, places, ORDER);
  }

  private static void byTwoF32(
      int[] lines, int count, long from, int first, int step, int span, long to, long places) {
    FloatVector largest = loadEvenF32(from + 4L * (lines[0] + first));
    IntVector where = IntVector.broadcast(I32, lines[0] + first);
    for (int line = 0; line < count; line++) {
      int start = lines[line] + first;
      for (int i = line == 0 ? step : 0; i < span; i += step) {
        FloatVector v = loadEvenF32(from + 4L * (start + i));
        VectorMask<Float> wins = beats(v, largest);
        largest = largest.blend(v, wins);
        where = where.blend(start + i, wins.cast(I32));
      }
    }
    largest.intoMemorySegment(ALL, to, ORDER);
    where.addIndex(2).intoMemorySegment(ALL, places, ORDER);
  }

  /** Not "larger": a NaN wins, and only the first. */
  private static VectorMask<Float> beats(FloatVector v, FloatVector largest) {
    return v.compare(VectorOperators.LE, largest)
        .not()
        .and(largest.compare(VectorOperators.EQ, largest));
  }

  private static FloatVector loadF32(long address) {
    return FloatVector.fromMemorySegment(F32, ALL, address, ORDER);
  }

  private static FloatVector loadEvenF32(long address) {
    FloatVector low = loadF32(address).rearrange(LOW32);
    return low.blend(loadF32(address + 4L * (LANES32 - 1)).rearrange(HIGH32), UPPER32);
  }

  /** The same for {@code double}. */
  static void f64(PoolWindows windows, int[] lines, int count, long from, long to, long places) {
    for (int o = windows.wholeFrom; o < windows.wholeTo; o += LANES64) {
      int first = windows.low[2][o];
      int step = windows.step[2];
      int span = windows.taps[2][o] * step;
      if (windows.stride == 1) {
        byOneF64(lines, count, from, first, step, span, to + 8L * o, places + 4L * o);
      } else {
        byTwoF64(lines, count, from, first, step, span, to + 8L * o, places + 4L * o);
      }
    }
  }

  private static void byOneF64(
      int[] lines, int count, long from, int first, int step, int span, long to, long places) {
    DoubleVector largest = loadF64(from + 8L * (lines[0] + first));
    LongVector where = LongVector.broadcast(I64, lines[0] + first);
    for (int line = 0; line < count; line++) {
      int start = lines[line] + first;
      for (int i = line == 0 ? step : 0; i < span; i += step) {
        DoubleVector v = loadF64(from + 8L * (start + i));
        VectorMask<Double> wins = beats(v, largest);
        largest = largest.blend(v, wins);
        where = where.blend((long) start + i, wins.cast(I64));
      }
    }
    largest.intoMemorySegment(ALL, to, ORDER);
    narrow(where.addIndex(1)).intoMemorySegment(ALL, places, ORDER);
  }

  private static void byTwoF64(
      int[] lines, int count, long from, int first, int step, int span, long to, long places) {
    DoubleVector largest = loadEvenF64(from + 8L * (lines[0] + first));
    LongVector where = LongVector.broadcast(I64, lines[0] + first);
    for (int line = 0; line < count; line++) {
      int start = lines[line] + first;
      for (int i = line == 0 ? step : 0; i < span; i += step) {
        DoubleVector v = loadEvenF64(from + 8L * (start + i));
        VectorMask<Double> wins = beats(v, largest);
        largest = largest.blend(v, wins);
        where = where.blend((long) start + i, wins.cast(I64));
      }
    }
    largest.intoMemorySegment(ALL, to, ORDER);
    narrow(where.addIndex(2)).intoMemorySegment(ALL, places, ORDER);
  }

  /** Not "larger": a NaN wins, and only the first. */
  private static VectorMask<Double> beats(DoubleVector v, DoubleVector largest) {
    return v.compare(VectorOperators.LE, largest)
        .not()
        .and(largest.compare(VectorOperators.EQ, largest));
  }

  private static DoubleVector loadF64(long address) {
    return DoubleVector.fromMemorySegment(F64, ALL, address, ORDER);
  }

  private static DoubleVector loadEvenF64(long address) {
    DoubleVector low = loadF64(address).rearrange(LOW64);
    return low.blend(loadF64(address + 8L * (LANES64 - 1)).rearrange(HIGH64), UPPER64);
  }

  private static IntVector narrow(LongVector places) {
    return (IntVector) places.convertShape(VectorOperators.L2I, HALF_I32, 0);
  }

  /** {@return the index after the last element of the plane that a row's vectors read} */
  static int reads(PoolWindows windows, int lastLine, boolean single) {
    int lanes = single ? LANES32 : LANES64;
    int o = lastVector(windows, lanes);
    return lastLine + windows.high[2][o] + (lanes - 1) * windows.stride;
  }

  /** {@return the number of outputs after the row's first up to the last that its vectors write} */
  static int writes(PoolWindows windows, boolean single) {
    int lanes = single ? LANES32 : LANES64;
    return lastVector(windows, lanes) + lanes;
  }

  private static int lastVector(PoolWindows windows, int lanes) {
    int whole = windows.wholeTo - windows.wholeFrom;
    return windows.wholeFrom + (whole - 1) / lanes * lanes;
  }
}
