package dev.lanewise.nn.data;

/**
 * Which samples an epoch goes through, and in which order. The methods here give the usual ones;
 * one's own is a lambda, if it names as many samples as the data set has:
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   Sampler backwards = (size, _, _) -> IntStream.range(0, size).map(i -> size - 1 - i).toArray();
 *   var loader = DataLoader.of(Iris.load()).batchSize(2).sampler(backwards);
 *   IO.println(loader.iterator().next().y()); // Tensor([2 2], i32 [2])
 * }
 * }
 */
@FunctionalInterface
public interface Sampler {

  /**
   * {@return the samples of an epoch in their order, {@code count(size)} of them, each from 0 to
   * {@code size - 1}; repeats are allowed} A function of the arguments alone.
   *
   * @param size the number of samples of the data set
   * @param seed the loader's seed
   * @param epoch which pass through the data, from 0
   */
  int[] indices(int size, long seed, long epoch);

  /**
   * {@return how many samples every epoch names; all if nothing else is said}
   *
   * @param size the number of samples of the data set
   */
  default int count(int size) {
    return size;
  }

  /** {@return all samples in the data set's order, in every epoch} */
  static Sampler sequential() {
    return (size, _, _) -> Samplers.ascending(size);
  }

  /** {@return all samples, each once, in another random order in every epoch} */
  static Sampler random() {
    return Samplers::permutation;
  }

  /**
   * {@return some samples, each once, in another random order in every epoch}
   *
   * @param indices the samples; repeats are allowed
   */
  static Sampler randomSubset(int... indices) {
    return new Samplers.RandomSubset(indices.clone());
  }

  /**
   * {@return samples drawn at random, each time from all}
   *
   * @param count how many an epoch draws, at least 0
   * @throws IllegalArgumentException if {@code count} is negative
   */
  static Sampler withReplacement(int count) {
    return new Samplers.Uniform(count);
  }

  /**
   * {@return samples drawn at random, each time from all, with unequal chances} For classes that
   * are to come equally often, the weight is 1 divided by the number of samples of the class.
   *
   * @param weights the chance of each sample, at least 0; their sum is any number above 0
   * @param count how many an epoch draws, at least 0
   * @throws IllegalArgumentException if {@code count} or a weight is negative, or a weight or the
   *     sum of all is 0, infinite or NaN where it may not be
   */
  static Sampler weighted(double[] weights, int count) {
    return new Samplers.Weighted(weights, count);
  }
}
