package dev.lanewise.kernel;

import java.util.List;
import java.util.Random;

/** Choices that one seed decides, so that a failed property can be run again. */
final class Dice {
  private final Random random;

  Dice(long seed) {
    this.random = new Random(seed);
  }

  /** {@return a number from {@code low} to {@code high}, both included} */
  int between(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  /** {@return a number from {@code low} up to {@code high}} */
  double between(double low, double high) {
    return low + (high - low) * random.nextDouble();
  }

  /** {@return true once in so many times} */
  boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  double normal() {
    return random.nextGaussian();
  }

  long bits() {
    return random.nextLong();
  }

  void fill(byte[] bytes) {
    random.nextBytes(bytes);
  }

  <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** {@return the numbers from 0 to {@code n - 1} in any order} */
  int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
