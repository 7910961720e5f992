package dev.lanewise.nn.data;

/**
 * Brings the smallest and the largest number of each feature to two bounds, as scikit-learn's
 * {@code MinMaxScaler} does. Numbers outside what was seen in {@code fit} come to lie outside the
 * bounds. {@link Scaler} says what a feature is, and what becomes of NaN.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var parts = Iris.load().stratifiedSplit(0.8, 42).scaled(new MinMaxScaler());
 *   IO.println(parts.train().x().max()); // 1
 * }
 * }
 *
 * @param low what the smallest becomes
 * @param high what the largest becomes, above {@code low}
 */
public record MinMaxScaler(double low, double high) implements Scaler {

  /**
   * Scales to given bounds.
   *
   * @throws IllegalArgumentException if they are not finite, or out of order
   */
  public MinMaxScaler {
    if (!(low < high && Double.isFinite(high - low))) {
      throw new IllegalArgumentException(
          "MinMaxScaler: the bounds must be a number and one above it, not %s and %s"
              .formatted(low, high));
    }
  }

  /** Scales to 0 and 1. */
  public MinMaxScaler() {
    this(0, 1);
  }
}
