package dev.lanewise.nn;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.data.LabeledDataset;
import java.io.PrintStream;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * How {@code fit} trains. Immutable: each method gives changed options.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var parts = Digits.load().stratifiedSplit(0.8, 42);
 *   var options = FitOptions.epochs(10).batchSize(64).validationData(parts.test()).verbose(2);
 *   IO.println(options.epochs()); // 10
 * }
 * }
 */
public final class FitOptions {
  private final int epochs;
  private final int batchSize;
  private final Examples validationData;
  private final double validationSplit;
  private final boolean shuffle;
  private final OptionalLong seed;
  private final int verbose;
  private final PrintStream out;

  private FitOptions(
      int epochs,
      int batchSize,
      Examples validationData,
      double validationSplit,
      boolean shuffle,
      OptionalLong seed,
      int verbose,
      PrintStream out) {
    require(epochs >= 0, "epochs must be at least 0, not " + epochs);
    require(batchSize >= 1, "batchSize must be at least 1, not " + batchSize);
    require(
        validationSplit >= 0 && validationSplit < 1,
        "validationSplit must be from 0 and below 1, not " + validationSplit);
    require(
        validationData == null || validationSplit == 0,
        "choose one of validationData and validationSplit, not both");
    require(verbose >= 0 && verbose <= 2, "verbose must be 0, 1 or 2, not " + verbose);
    Objects.requireNonNull(out, "out");
    this.epochs = epochs;
    this.batchSize = batchSize;
    this.validationData = validationData;
    this.validationSplit = validationSplit;
    this.shuffle = shuffle;
    this.seed = seed;
    this.verbose = verbose;
    this.out = out;
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException("FitOptions: " + rule);
    }
  }

  /**
   * {@return options for so many epochs: batches of 32, shuffled, no validation, verbose 1 on
   * {@link System#out}}
   *
   * @param epochs how often all examples are gone through
   * @throws IllegalArgumentException if it is negative
   */
  public static FitOptions epochs(int epochs) {
    return new FitOptions(epochs, 32, null, 0, true, OptionalLong.empty(), 1, System.out);
  }

  /**
   * {@return these options with another batch size}
   *
   * @param batchSize the examples of one step, at least 1
   * @throws IllegalArgumentException if it is less than 1
   */
  public FitOptions batchSize(int batchSize) {
    return new FitOptions(
        epochs, batchSize, validationData, validationSplit, shuffle, seed, verbose, out);
  }

  /**
   * {@return these options with validation after each epoch}
   *
   * @param validationData what to validate with
   * @throws IllegalArgumentException if a part of the examples is to be kept as well
   */
  public FitOptions validationData(Examples validationData) {
    return new FitOptions(
        epochs, batchSize, validationData, validationSplit, shuffle, seed, verbose, out);
  }

  /**
   * {@return these options with validation after each epoch}
   *
   * @param validationData what to validate with
   */
  public FitOptions validationData(LabeledDataset validationData) {
    return validationData(Examples.of(validationData));
  }

  /**
   * {@return these options with validation after each epoch}
   *
   * @param x the samples to validate with
   * @param y what is right for each
   */
  public FitOptions validationData(Tensor x, Tensor y) {
    return validationData(Examples.of(x, y));
  }

  /**
   * {@return these options with a part of the examples kept for validation after each epoch}
   *
   * @param share the share, taken from the end before any shuffle; from 0 and below 1
   * @throws IllegalArgumentException if it is out of range, or other examples are to be validated
   *     with
   */
  public FitOptions validationSplit(double share) {
    return new FitOptions(epochs, batchSize, validationData, share, shuffle, seed, verbose, out);
  }

  /**
   * {@return these options with or without shuffling}
   *
   * @param shuffle whether each epoch goes through the examples in another order
   */
  public FitOptions shuffle(boolean shuffle) {
    return new FitOptions(
        epochs, batchSize, validationData, validationSplit, shuffle, seed, verbose, out);
  }

  /**
   * {@return these options with a seed of their own for shuffling}
   *
   * @param seed any number
   */
  public FitOptions seed(long seed) {
    return new FitOptions(
        epochs,
        batchSize,
        validationData,
        validationSplit,
        shuffle,
        OptionalLong.of(seed),
        verbose,
        out);
  }

  /**
   * {@return these options with more or less progress shown}
   *
   * @param verbose 0 is silent, 1 draws a progress line on a terminal, 2 prints a line for each
   *     epoch; where there is no terminal, 1 is as 2
   * @throws IllegalArgumentException if it is none of these
   */
  public FitOptions verbose(int verbose) {
    return new FitOptions(
        epochs, batchSize, validationData, validationSplit, shuffle, seed, verbose, out);
  }

  /**
   * {@return these options with progress printed elsewhere}
   *
   * @param out where to; only {@link System#out} can be a terminal
   */
  public FitOptions out(PrintStream out) {
    return new FitOptions(
        epochs, batchSize, validationData, validationSplit, shuffle, seed, verbose, out);
  }

  /** {@return how often all examples are gone through} */
  public int epochs() {
    return epochs;
  }

  /** {@return the examples of one step; the last step of an epoch takes what is left} */
  public int batchSize() {
    return batchSize;
  }

  /** {@return what to validate with after each epoch, or {@code null}} */
  public Examples validationData() {
    return validationData;
  }

  /** {@return the share of the examples, taken from their end, that is kept for validation} */
  public double validationSplit() {
    return validationSplit;
  }

  /** {@return whether each epoch goes through the examples in another order} */
  public boolean shuffle() {
    return shuffle;
  }

  /** {@return what decides about the orders; the model's seed if there is none} */
  public OptionalLong seed() {
    return seed;
  }

  /** {@return 0 for silence, 1 for a progress line on a terminal, 2 for a line for each epoch} */
  public int verbose() {
    return verbose;
  }

  /** {@return where progress is printed} */
  public PrintStream out() {
    return out;
  }
}
