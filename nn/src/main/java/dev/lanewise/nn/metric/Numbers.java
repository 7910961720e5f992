package dev.lanewise.nn.metric;

import dev.lanewise.array.DType;
import dev.lanewise.autodiff.Tensor;

/** The numbers of a tensor in Java. */
final class Numbers {
  private Numbers() {}

  /** {@return all elements in row-major order, by the quick copy that there is of 32-bit floats} */
  static double[] doubles(Tensor x) {
    if (x.dtype() != DType.F32) {
      return x.toDoubleArray();
    }
    float[] floats = x.toFloatArray();
    double[] doubles = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }
}
