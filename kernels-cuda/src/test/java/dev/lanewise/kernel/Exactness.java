package dev.lanewise.kernel;

import dev.lanewise.array.DType;

/** The contract kit's judge of single values, for other packages. */
public final class Exactness {
  private Exactness() {}

  /** {@return what is wrong with a value, or {@code null} if it is as exact as promised} */
  public static String complaint(UnaryOp op, DType dtype, double x, double actual) {
    return UlpJudge.complaint(op, dtype, x, actual);
  }

  /** {@return what is wrong with a value, or {@code null} if it is as exact as promised} */
  public static String complaint(BinaryOp op, DType dtype, double x, double y, double actual) {
    return UlpJudge.complaint(op, dtype, x, y, actual);
  }
}
