package dev.lanewise.simd.gemm;

import dev.lanewise.simd.Lanes;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * What adds neighbouring lanes of two vectors, {@code [a₀+a₁, a₂+a₃, …, b₀+b₁, …]}; repeated over
 * pairs of vectors it sums each vector's lanes, in an order that {@code reduceLanes} does not
 * promise: the interpreter's and C2's differ.
 */
final class LaneSums {
  /** Even lanes, twice. */
  static final VectorShuffle<Float> F32_EVEN = Lanes.F32.shuffleFromOp(i -> 2 * i % lanes32());

  /** Odd lanes, twice. */
  static final VectorShuffle<Float> F32_ODD = Lanes.F32.shuffleFromOp(i -> 2 * i % lanes32() + 1);

  /** The upper half of a vector. */
  static final VectorMask<Float> F32_UPPER = upperHalf(Lanes.F32.maskAll(true), lanes32());

  /** Even lanes, twice. */
  static final VectorShuffle<Double> F64_EVEN = Lanes.F64.shuffleFromOp(i -> 2 * i % lanes64());

  /** Odd lanes, twice. */
  static final VectorShuffle<Double> F64_ODD = Lanes.F64.shuffleFromOp(i -> 2 * i % lanes64() + 1);

  /** The upper half of a vector. */
  static final VectorMask<Double> F64_UPPER = upperHalf(Lanes.F64.maskAll(true), lanes64());

  private LaneSums() {}

  private static int lanes32() {
    return Lanes.F32.length();
  }

  private static int lanes64() {
    return Lanes.F64.length();
  }

  private static <T> VectorMask<T> upperHalf(VectorMask<T> all, int lanes) {
    return all.andNot(all.indexInRange(0, lanes / 2));
  }
}
