package dev.lanewise.nn.metric;

import dev.lanewise.nn.internal.Checks;

/**
 * The mean of numbers that come one by one, for loops of one's own; weights make the mean of
 * batches one of samples.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var loss = new Mean();
 *   loss.update(0.5, 32); // a batch of 32 samples
 *   loss.update(0.2, 16);
 *   IO.println(loss.result()); // 0.4
 * }
 * }
 */
public final class Mean {
  private double sum;
  private double weights;

  /** Makes a mean of nothing yet. */
  public Mean() {}

  /** Forgets all numbers. */
  public void reset() {
    sum = 0;
    weights = 0;
  }

  /**
   * Takes a number in.
   *
   * @param value the number
   */
  public void update(double value) {
    update(value, 1);
  }

  /**
   * Takes a number in.
   *
   * @param value the number
   * @param weight how much it counts, at least 0: for example how many numbers it is the mean of
   * @throws IllegalArgumentException if the weight is negative or not finite
   */
  public void update(double value, double weight) {
    Checks.notNegative("mean: weight", weight);
    sum += value * weight;
    weights += weight;
  }

  /** {@return the mean since the last {@link #reset}; NaN if there was no number} */
  public double result() {
    return sum / weights;
  }
}
