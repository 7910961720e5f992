package dev.lanewise.nn.internal;

import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;

/** The checks of arguments that losses, metrics and optimizers share. */
public final class Checks {
  private Checks() {}

  /**
   * {@return the number, which is at least 0 and finite}
   *
   * @param what who asks and for what, for the error's text
   * @param value the number
   * @throws IllegalArgumentException if it is negative, infinite or NaN
   */
  public static double notNegative(String what, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(what + " must be a number of at least 0, not " + value);
    }
    return value;
  }

  /**
   * {@return the number, which is above 0 and finite}
   *
   * @param what who asks and for what, for the error's text
   * @param value the number
   * @throws IllegalArgumentException if it is 0, negative, infinite or NaN
   */
  public static double positive(String what, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(what + " must be a number above 0, not " + value);
    }
    return value;
  }

  /**
   * {@return the number, which is at least 1}
   *
   * @param what who asks and for what, for the error's text
   * @param value the number
   * @throws IllegalArgumentException if it is less
   */
  public static int atLeastOne(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(what + " must be at least 1, not " + value);
    }
    return value;
  }

  /**
   * Refuses two tensors that differ in shape: a broadcast would hide [n] against [n, 1], whose mean
   * is over n² pairs.
   *
   * @param who who asks, for the error's text
   * @param first what the one is
   * @param x the one
   * @param second what the other is
   * @param y the other
   * @throws ShapeException if they differ
   */
  public static void oneShape(String who, String first, Tensor x, String second, Tensor y) {
    if (!x.shape().equals(y.shape())) {
      throw new ShapeException(
          "%s: %s and %s must have one shape, not %s and %s"
              .formatted(who, first, second, x.shape(), y.shape()));
    }
  }
}
