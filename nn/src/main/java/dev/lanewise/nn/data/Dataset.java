package dev.lanewise.nn.data;

import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Samples that are asked for by number: tensors, files, whatever computes a {@link Sample}. A
 * {@link DataLoader} makes batches of them.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   Tensor x = Tensor.linspace(-1, 1, 100).reshape(100, 1);
 *   Dataset line = Dataset.of(x, x.mul(2).add(1));
 *   var parts = line.split(0.8, 42);
 *   IO.println(parts.train().size()); // 80
 *   Dataset squares = Dataset.of(1000, i -> Sample.of(Tensor.scalar(i), Tensor.scalar(i * i)));
 *   IO.println(squares.take(10).get(3).y().item()); // 9.0
 * }
 * }
 *
 * <p>Data of one's own implement {@link #size} and {@link #get}, and {@link #batch} if they can
 * fetch many samples faster than one by one, or have to pad them. A loader that prefetches calls
 * both from several threads at once, as does whoever shares a data set: the same number must give
 * the same sample, and what is not thread-safe must be locked.
 *
 * <p>What {@link #get} gives may be a view of the data set's memory: read it, and write into copies
 * only. The tensors of a {@link #batch} are the caller's own. The methods that give a data set copy
 * nothing: what they give asks this one, whose number of samples must stay as it is.
 */
public interface Dataset {

  /** {@return the number of samples, 0 or more} */
  int size();

  /**
   * {@return a sample}
   *
   * @param index which one, from 0 to {@code size() - 1}
   * @throws IndexOutOfBoundsException if there is no such sample
   */
  Sample get(int index);

  /**
   * {@return some samples as a batch, in the order given} Unless a data set knows better, those
   * that {@link #get} gives are put on top of each other.
   *
   * @param indices the samples, at least one, each from 0 to {@code size() - 1}; repeats are
   *     allowed
   * @throws IndexOutOfBoundsException if a sample does not exist
   * @throws IllegalArgumentException if none is asked for
   * @throws ShapeException if the samples differ in shape, type or number of tensors
   */
  default Batch batch(int... indices) {
    return Stacking.of(this, indices);
  }

  /**
   * {@return the class of each sample: its first target, one whole number} Unless a data set knows
   * better, every sample is asked for.
   *
   * @throws IllegalArgumentException if a sample has no target, or its target is no whole number
   * @throws ShapeException if a target is more than one number
   */
  default int[] labels() {
    return IntStream.range(0, size()).map(i -> Rows.label(i, get(i))).toArray();
  }

  /**
   * {@return the samples that lie in tensors, which are shared: leave them alone afterwards}
   *
   * @param x the samples, {@code [n, …]}
   * @param y what is right for each, {@code [n, …]}
   * @throws ShapeException if their numbers differ
   */
  static Dataset of(Tensor x, Tensor y) {
    return of(Batch.of(x, y));
  }

  /**
   * {@return the samples, of several inputs and targets, that lie in tensors, which are shared}
   *
   * @param inputs one tensor for each input of the model, {@code [n, …]} each, at least one
   * @param targets one tensor for each output of the model, {@code [n, …]} each; may be empty
   * @throws IllegalArgumentException if there is no input
   * @throws ShapeException if the tensors are not of one number of samples
   */
  static Dataset of(List<Tensor> inputs, List<Tensor> targets) {
    return of(new Batch(inputs, targets, Optional.empty()));
  }

  /**
   * {@return the samples of a batch, whose tensors are shared}
   *
   * @param all the samples
   */
  static Dataset of(Batch all) {
    return new TensorDataset(all);
  }

  /**
   * {@return the samples of labelled data, copied into tensors once: features as f32 and classes as
   * i32}
   *
   * @param data the data
   */
  static Dataset of(LabeledDataset data) {
    return of(Tensor.of(data.features(), data.shape()), Tensor.of(data.labels()));
  }

  /**
   * {@return the samples that a function computes} It is called each time a sample is asked for.
   *
   * @param size the number of samples, at least 0
   * @param get gives the sample of a number from 0 to {@code size - 1}
   * @throws IllegalArgumentException if {@code size} is negative
   */
  static Dataset of(int size, IntFunction<Sample> get) {
    return new ComputedDataset(size, get);
  }

  /**
   * {@return the samples of data sets, one after the other}
   *
   * @param parts the data sets
   * @throws IllegalArgumentException if the samples are too many to be counted by an {@code int}
   */
  static Dataset concat(Dataset... parts) {
    return new JoinedDataset(List.of(parts));
  }

  /**
   * {@return some of these samples}
   *
   * @param indices which, in their new order; repeats are allowed
   * @throws IndexOutOfBoundsException if a sample does not exist
   */
  default Dataset select(int... indices) {
    return new SelectedDataset(this, indices.clone());
  }

  /**
   * {@return the first samples}
   *
   * @param count how many, from 0 to {@code size()}
   * @throws IllegalArgumentException if {@code count} is out of range
   */
  default Dataset take(int count) {
    return new SelectedDataset(this, Parts.range("take", size(), 0, count));
  }

  /**
   * {@return the samples behind the first ones}
   *
   * @param count how many are left out, from 0 to {@code size()}
   * @throws IllegalArgumentException if {@code count} is out of range
   */
  default Dataset skip(int count) {
    return new SelectedDataset(this, Parts.range("skip", size(), count, size()));
  }

  /**
   * {@return these samples with what a function makes of each} It is called each time a sample is
   * asked for; {@link #cache} behind it keeps what it gives.
   *
   * @param function gives another sample; from several threads at once where a loader prefetches
   */
  default Dataset map(UnaryOperator<Sample> function) {
    return new ComputedDataset(size(), i -> function.apply(get(i)));
  }

  /**
   * {@return these samples, each asked for once and then kept} What is kept belongs to no scope; a
   * sample that could not be had is asked for again the next time.
   */
  default Dataset cache() {
    return new CachedDataset(this);
  }

  /**
   * {@return these samples with weights, in place of those they have}
   *
   * @param weights how much each counts, {@code [size]}
   * @throws ShapeException if the weights are not one for each sample
   */
  default Dataset weighted(Tensor weights) {
    return new WeightedDataset(this, weights);
  }

  /**
   * {@return these samples, shuffled and cut in two} The same seed gives the same parts, and those
   * of {@link LabeledDataset#split}.
   *
   * @param fraction the share of the train part, above 0 and below 1; the number of its samples is
   *     rounded to the nearest
   * @param seed the seed of the shuffle
   * @throws IllegalArgumentException if {@code fraction} is out of range or leaves a part empty
   */
  default DatasetSplit split(double fraction, long seed) {
    return DatasetSplit.of(split(Parts.two("split", fraction), seed));
  }

  /**
   * {@return these samples, shuffled and cut in parts}
   *
   * @param fractions the share of each part, above 0; their sum is 1. The places of the cuts are
   *     rounded to the nearest sample
   * @param seed the seed of the shuffle
   * @throws IllegalArgumentException if the fractions are none, or leave a part empty
   */
  default List<Dataset> split(double[] fractions, long seed) {
    return split(Parts.lengths("split", size(), fractions), seed);
  }

  /**
   * {@return these samples, shuffled and cut in parts}
   *
   * @param lengths the number of samples of each part, at least 1; their sum is {@code size()}
   * @param seed the seed of the shuffle
   * @throws IllegalArgumentException if a length is less than 1 or the sum is another
   */
  default List<Dataset> split(int[] lengths, long seed) {
    return Parts.selected(this, Parts.shuffled(size(), lengths, seed));
  }

  /**
   * {@return these samples, shuffled and cut in two, so that each class has the same share in both,
   * as nearly as whole samples allow} The same seed gives the same parts, and those of {@link
   * LabeledDataset#stratifiedSplit}.
   *
   * @param fraction the share of the train part, above 0 and below 1
   * @param seed the seed of the shuffle
   * @throws IllegalArgumentException if {@code fraction} is out of range or leaves a part empty, or
   *     if the targets are no classes
   * @throws ShapeException if a target is more than one number
   */
  default DatasetSplit stratifiedSplit(double fraction, long seed) {
    return DatasetSplit.of(stratifiedSplit(Parts.two("stratifiedSplit", fraction), seed));
  }

  /**
   * {@return these samples, shuffled and cut in parts, so that each class has the same share in
   * all, as nearly as whole samples allow} A class of {@code c} samples gives {@code fraction * c},
   * rounded down or up, to each part.
   *
   * @param fractions the share of each part, above 0; their sum is 1
   * @param seed the seed of the shuffle
   * @throws IllegalArgumentException if the fractions are none or leave a part empty, or if the
   *     targets are no classes
   * @throws ShapeException if a target is more than one number
   */
  default List<Dataset> stratifiedSplit(double[] fractions, long seed) {
    int[] lengths = Parts.lengths("stratifiedSplit", size(), fractions);
    return Parts.selected(this, Parts.stratified(labels(), fractions, lengths, seed));
  }
}
