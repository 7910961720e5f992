package dev.lanewise.bench.measure;

import dev.lanewise.array.DType;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Fused multiply-adds in registers and nothing else: the most that a core can compute. */
final class FmaLoop {
  /** An FMA takes 4 cycles and 2 start in each, so 8 chains suffice; 12 fit 16 registers. */
  private static final int CHAINS = 12;

  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;

  private FmaLoop() {}

  /** {@return additions and multiplications of so many turns} */
  static double flops(DType dtype, int turns) {
    int lanes = dtype == DType.F64 ? D.length() : F.length();
    return 2.0 * CHAINS * lanes * turns;
  }

  /** {@return something that depends on every turn} */
  static double run(DType dtype, int turns) {
    return dtype == DType.F64 ? doubles(turns) : floats(turns);
  }

  private static float floats(int turns) {
    FloatVector x = FloatVector.broadcast(F, 0.9999f);
    FloatVector y = FloatVector.broadcast(F, 1e-4f);
    FloatVector a0 = y;
    // Different first values, or the JIT sees that the chains are one.
    FloatVector a1 = y.mul(2);
    FloatVector a2 = y.mul(3);
    FloatVector a3 = y.mul(4);
    FloatVector a4 = y.mul(5);
    FloatVector a5 = y.mul(6);
    FloatVector a6 = y.mul(7);
    FloatVector a7 = y.mul(8);
    FloatVector a8 = y.mul(9);
    FloatVector a9 = y.mul(10);
    FloatVector a10 = y.mul(11);
    FloatVector a11 = y.mul(12);
    for (int i = 0; i < turns; i++) {
      a0 = a0.fma(x, y);
      a1 = a1.fma(x, y);
      a2 = a2.fma(x, y);
      a3 = a3.fma(x, y);
      a4 = a4.fma(x, y);
      a5 = a5.fma(x, y);
      a6 = a6.fma(x, y);
      a7 = a7.fma(x, y);
      a8 = a8.fma(x, y);
      a9 = a9.fma(x, y);
      a10 = a10.fma(x, y);
      a11 = a11.fma(x, y);
    }
    FloatVector low = a0.add(a1).add(a2).add(a3).add(a4).add(a5);
    FloatVector high = a6.add(a7).add(a8).add(a9).add(a10).add(a11);
    return low.add(high).reduceLanes(VectorOperators.ADD);
  }

  private static double doubles(int turns) {
    DoubleVector x = DoubleVector.broadcast(D, 0.9999);
    DoubleVector y = DoubleVector.broadcast(D, 1e-4);
    DoubleVector a0 = y;
    DoubleVector a1 = y.mul(2);
    DoubleVector a2 = y.mul(3);
    DoubleVector a3 = y.mul(4);
    DoubleVector a4 = y.mul(5);
    DoubleVector a5 = y.mul(6);
    DoubleVector a6 = y.mul(7);
    DoubleVector a7 = y.mul(8);
    DoubleVector a8 = y.mul(9);
    DoubleVector a9 = y.mul(10);
    DoubleVector a10 = y.mul(11);
    DoubleVector a11 = y.mul(12);
    for (int i = 0; i < turns; i++) {
      a0 = a0.fma(x, y);
      a1 = a1.fma(x, y);
      a2 = a2.fma(x, y);
      a3 = a3.fma(x, y);
      a4 = a4.fma(x, y);
      a5 = a5.fma(x, y);
      a6 = a6.fma(x, y);
      a7 = a7.fma(x, y);
      a8 = a8.fma(x, y);
      a9 = a9.fma(x, y);
      a10 = a10.fma(x, y);
      a11 = a11.fma(x, y);
    }
    DoubleVector low = a0.add(a1).add(a2).add(a3).add(a4).add(a5);
    DoubleVector high = a6.add(a7).add(a8).add(a9).add(a10).add(a11);
    return low.add(high).reduceLanes(VectorOperators.ADD);
  }
}
