package dev.lanewise.nn.data;

import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.Philox;
import dev.lanewise.nn.internal.Checks;
import dev.lanewise.nn.internal.Shuffle;
import java.util.Arrays;

/** The usual samplers. */
final class Samplers {
  private Samplers() {}

  static int[] ascending(int size) {
    int[] order = new int[size];
    Arrays.setAll(order, i -> i);
    return order;
  }

  static int[] permutation(int size, long seed, long epoch) {
    int[] order = new int[size];
    Shuffle.permute(order, seed, epoch);
    return order;
  }

  /** {@return numbers of [0, 1)} */
  private static double[] uniform(int count, long seed, long epoch) {
    Philox philox = new Philox(seed);
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = philox.sample(Distribution.UNIFORM, Shuffle.stream(epoch), i, false);
    }
    return numbers;
  }

  private static int checked(String operation, int count) {
    if (count < 0) {
      throw new IllegalArgumentException(operation + ": count must be at least 0, but is " + count);
    }
    return count;
  }

  /** Some samples in random order. */
  static final class RandomSubset implements Sampler {
    private final int[] rows;

    RandomSubset(int[] rows) {
      this.rows = rows;
    }

    @Override
    public int count(int size) {
      return rows.length;
    }

    @Override
    public int[] indices(int size, long seed, long epoch) {
      int[] order = permutation(rows.length, seed, epoch);
      for (int i = 0; i < order.length; i++) {
        order[i] = rows[order[i]];
      }
      return order;
    }
  }

  /** Samples drawn with equal chances. */
  static final class Uniform implements Sampler {
    private final int count;

    Uniform(int count) {
      this.count = checked("withReplacement", count);
    }

    @Override
    public int count(int size) {
      return size == 0 ? 0 : count;
    }

    @Override
    public int[] indices(int size, long seed, long epoch) {
      // A number of [0, 1) has 53 bits: times an int it stays below that int.
      return Arrays.stream(uniform(count(size), seed, epoch))
          .mapToInt(u -> (int) (u * size))
          .toArray();
    }
  }

  /** Samples drawn with chances of their own, by search in the sums of the chances. */
  static final class Weighted implements Sampler {
    private final double[] sums;
    private final int count;

    Weighted(double[] weights, int count) {
      this.count = checked("weighted", count);
      sums = new double[weights.length];
      double sum = 0;
      for (int i = 0; i < weights.length; i++) {
        sum += Checks.notNegative("weighted: weight " + i, weights[i]);
        sums[i] = sum;
      }
      Checks.positive("weighted: the sum of the weights", sum);
    }

    @Override
    public int count(int size) {
      return count;
    }

    @Override
    public int[] indices(int size, long seed, long epoch) {
      if (size != sums.length) {
        throw new IllegalArgumentException(
            "weighted: there are %d weights for a data set of %d samples"
                .formatted(sums.length, size));
      }
      return Arrays.stream(uniform(count, seed, epoch)).mapToInt(this::drawn).toArray();
    }

    /** {@return the first sample whose sum is above a share of all: one of weight 0 never is} */
    private int drawn(double share) {
      double all = sums[sums.length - 1];
      double point = Math.min(share * all, Math.nextDown(all)); // the product may round up
      int low = 0;
      int high = sums.length - 1;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (sums[middle] > point) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      return low;
    }
  }
}
