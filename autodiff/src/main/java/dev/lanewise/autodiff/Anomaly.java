package dev.lanewise.autodiff;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.UnaryOp;

/** What {@link Grad#detectAnomaly} looks for, and where things happened. */
final class Anomaly {
  private static final Expr IS_NAN = Expr.unary(UnaryOp.IS_NAN, Expr.arg(0));

  private Anomaly() {}

  /** {@return where the program is now, as the cause of a later error} */
  static Throwable place(String operation, String event) {
    return new Throwable("'" + operation + "' " + event + " here");
  }

  /** {@return how many NaN a tensor holds, in words; {@code null} if none} */
  private static String found(Tensor x) {
    try (Grad _ = Grad.off()) {
      Tensor numbers = x.dtype().isCompute() ? x : x.cast(DType.F32);
      long count =
          (long)
              Elementwise.mapSum(
                      "detectAnomaly", IS_NAN, Elementwise.NO_PARAMS, new int[0], false, numbers)
                  .item();
      return count == 0 ? null : count + " NaN among " + x.size() + " numbers";
    }
  }

  static void requireSeed(String operation, Tensor seed) {
    String found = found(seed);
    if (found != null) {
      throw new GradientException(
          operation
              + ": the gradient that the walk starts from, of shape "
              + seed.shape()
              + ", has "
              + found);
    }
  }

  static void requireGradient(String operation, Node.Op op, int input, Tensor gradient) {
    String found = found(gradient);
    if (found != null) {
      throw new GradientException(
          operation
              + ": the gradient of '"
              + op.name
              + "' by its input "
              + input
              + ", of shape "
              + gradient.shape()
              + ", has "
              + found
              + (op.place == null
                  ? "; compute inside of Grad.detectAnomaly() to learn where it was recorded"
                  : "; the cause of this error is where it was recorded"),
          op.place);
    }
  }

  static void requireResult(Node.Op op, Tensor result) {
    String found = found(result);
    if (found != null) {
      throw new GradientException(
          op.name + ": the result of shape " + result.shape() + " has " + found);
    }
  }
}
