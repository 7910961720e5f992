package dev.lanewise.simd.gemm;

import dev.lanewise.simd.Lanes;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;

/** Vectors of zeros, by the name of their species: constants to C2, where each is no call. */
final class Zeros {
  static final FloatVector F32 = FloatVector.zero(Lanes.F32);
  static final DoubleVector F64 = DoubleVector.zero(Lanes.F64);

  private Zeros() {}
}
