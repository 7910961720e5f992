package dev.lanewise.cuda;

import dev.lanewise.array.DType;

/** The scalars of a call, as parameters of a kernel. */
final class Scalars {
  private Scalars() {}

  /** {@return the parameters {@code p0}, {@code p1} and so on} */
  static String parameters(DType dtype, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(", ").append(CudaTypes.stored(dtype)).append(" p").append(i);
    }
    return text.toString();
  }

  /** Gives a launch the scalars, rounded to the type that is computed in. */
  static void pass(Arguments arguments, DType dtype, int count, double[] values) {
    for (int i = 0; i < count; i++) {
      switch (dtype) {
        case F32 -> arguments.float32((float) values[i]);
        case F64 -> arguments.float64(values[i]);
        case I32 -> arguments.int32((int) values[i]);
        case I64 -> arguments.int64((long) values[i]);
        case BOOL, F16, BF16 ->
            throw new IllegalArgumentException("nothing is computed in " + dtype);
      }
    }
  }
}
