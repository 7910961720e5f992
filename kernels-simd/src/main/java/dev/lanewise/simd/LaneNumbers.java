package dev.lanewise.simd;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;

/**
 * Vectors in which each lane holds its number: 0, 1, 2 and so on. Compiled loops name the fields.
 */
final class LaneNumbers {
  static final FloatVector F32 = FloatVector.zero(Lanes.F32).addIndex(1);
  static final DoubleVector F64 = DoubleVector.zero(Lanes.F64).addIndex(1);
  static final IntVector I32 = IntVector.zero(Lanes.I32).addIndex(1);
  static final LongVector I64 = LongVector.zero(Lanes.I64).addIndex(1);

  private LaneNumbers() {}
}
