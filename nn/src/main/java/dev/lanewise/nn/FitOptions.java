package dev.lanewise.nn;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.data.Batches;
import dev.lanewise.nn.data.LabeledDataset;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Consumer;

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
  private int epochs;
  private int initialEpoch;
  private long stepsPerEpoch;
  private int batchSize = 32;
  private Examples validationData;
  private Batches validationBatches;
  private double validationSplit;
  private long validationSteps;
  private int validationFrequency = 1;
  private boolean shuffle = true;
  private OptionalLong seed = OptionalLong.empty();
  private ClassWeights classWeights = ClassWeights.NONE;
  private List<TrainingCallback> callbacks = List.of();
  private int verbose = 1;
  private PrintStream out = System.out;
  private boolean advice = true;

  private FitOptions() {}

  /** {@return a copy with a change, if it holds together} */
  private FitOptions with(Consumer<FitOptions> change) {
    FitOptions next = new FitOptions();
    next.epochs = epochs;
    next.initialEpoch = initialEpoch;
    next.stepsPerEpoch = stepsPerEpoch;
    next.batchSize = batchSize;
    next.validationData = validationData;
    next.validationBatches = validationBatches;
    next.validationSplit = validationSplit;
    next.validationSteps = validationSteps;
    next.validationFrequency = validationFrequency;
    next.shuffle = shuffle;
    next.seed = seed;
    next.classWeights = classWeights;
    next.callbacks = callbacks;
    next.verbose = verbose;
    next.out = out;
    next.advice = advice;
    change.accept(next);
    next.check();
    return next;
  }

  private void check() {
    require(epochs >= 0, "epochs must be at least 0, not " + epochs);
    require(initialEpoch >= 0, "initialEpoch must be at least 0, not " + initialEpoch);
    require(stepsPerEpoch >= 0, "stepsPerEpoch must be at least 1, not " + stepsPerEpoch);
    require(batchSize >= 1, "batchSize must be at least 1, not " + batchSize);
    require(
        validationSplit >= 0 && validationSplit < 1,
        "validationSplit must be from 0 and below 1, not " + validationSplit);
    require(
        (validationData != null ? 1 : 0)
                + (validationBatches != null ? 1 : 0)
                + (validationSplit > 0 ? 1 : 0)
            <= 1,
        "choose one of validationData and validationSplit, not both");
    require(validationSteps >= 0, "validationSteps must be at least 1, not " + validationSteps);
    require(
        validationFrequency >= 1,
        "validationFrequency must be at least 1, not " + validationFrequency);
    require(verbose >= 0 && verbose <= 2, "verbose must be 0, 1 or 2, not " + verbose);
    Objects.requireNonNull(out, "out");
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
    return new FitOptions().with(next -> next.epochs = epochs);
  }

  /**
   * {@return these options with another batch size}
   *
   * @param batchSize the examples of one step, at least 1
   * @throws IllegalArgumentException if it is less than 1
   */
  public FitOptions batchSize(int batchSize) {
    return with(next -> next.batchSize = batchSize);
  }

  /**
   * {@return these options with validation after each epoch}
   *
   * @param validationData what to validate with
   * @throws IllegalArgumentException if a part of the examples is to be kept as well
   */
  public FitOptions validationData(Examples validationData) {
    return with(
        next -> {
          next.validationData = validationData;
          next.validationBatches = null;
        });
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
    return with(next -> next.validationSplit = share);
  }

  /**
   * {@return these options with or without shuffling}
   *
   * @param shuffle whether each epoch goes through the examples in another order
   */
  public FitOptions shuffle(boolean shuffle) {
    return with(next -> next.shuffle = shuffle);
  }

  /**
   * {@return these options with a seed of their own for shuffling}
   *
   * @param seed any number
   */
  public FitOptions seed(long seed) {
    return with(next -> next.seed = OptionalLong.of(seed));
  }

  /**
   * {@return these options with more or less progress shown}
   *
   * @param verbose 0 is silent, 1 draws a progress line on a terminal, 2 prints a line for each
   *     epoch; where there is no terminal, 1 is as 2
   * @throws IllegalArgumentException if it is none of these
   */
  public FitOptions verbose(int verbose) {
    return with(next -> next.verbose = verbose);
  }

  /**
   * {@return these options with progress printed elsewhere}
   *
   * @param out where to; only {@link System#out} can be a terminal
   */
  public FitOptions out(PrintStream out) {
    return with(next -> next.out = out);
  }

  /**
   * {@return these options with or without a word of advice at the end}
   *
   * @param advice whether {@link History#advice} is printed, where there is any and {@code verbose}
   *     is not 0; it is if nobody says
   */
  public FitOptions advice(boolean advice) {
    return with(next -> next.advice = advice);
  }

  /**
   * {@return these options with validation after each epoch}
   *
   * @param validationData gives what to validate with: its epoch 0
   * @throws IllegalArgumentException if something else is to be validated with as well
   */
  public FitOptions validationData(Batches validationData) {
    return with(
        next -> {
          next.validationBatches = validationData;
          next.validationData = null;
        });
  }

  /**
   * {@return these options with validation on the first batches alone}
   *
   * @param steps how many batches, at least 1
   * @throws IllegalArgumentException if it is not positive
   */
  public FitOptions validationSteps(long steps) {
    return with(next -> next.validationSteps = steps == 0 ? -1 : steps);
  }

  /**
   * {@return these options with validation after each so many epochs}
   *
   * @param epochs how many, at least 1; 1 if nobody says
   * @throws IllegalArgumentException if it is not positive
   */
  public FitOptions validationFrequency(int epochs) {
    return with(next -> next.validationFrequency = epochs);
  }

  /**
   * {@return these options with a later first epoch, to go on with training: {@code epochs} is
   * where it ends, not how many there are}
   *
   * @param epoch the first, from 0
   * @throws IllegalArgumentException if it is negative
   */
  public FitOptions initialEpoch(int epoch) {
    return with(next -> next.initialEpoch = epoch);
  }

  /**
   * {@return these options with epochs of so many steps, as endless batches need them} An epoch
   * goes on where the one before ended, and begins anew when the examples or batches are used up.
   *
   * @param steps how many, at least 1
   * @throws IllegalArgumentException if it is not positive
   */
  public FitOptions stepsPerEpoch(long steps) {
    return with(next -> next.stepsPerEpoch = steps == 0 ? -1 : steps);
  }

  /**
   * {@return these options with classes that count more than others, as rare ones should} The loss
   * of each sample is multiplied by the weight of its class.
   *
   * @param weights how much the classes count, at least 0; a class that is missing counts once. Of
   *     one-hot targets, the largest is the class; of numbers, the nearest whole one
   * @throws IllegalArgumentException if a weight is negative or not finite
   */
  public FitOptions classWeights(Map<Integer, Double> weights) {
    return with(next -> next.classWeights = new ClassWeights(weights));
  }

  /**
   * {@return these options with what is called while training goes on, in this order: {@link
   * dev.lanewise.nn.train.EarlyStopping} and others of its package, or one's own}
   *
   * @param callbacks what is called, in place of what was chosen before
   */
  public FitOptions callbacks(TrainingCallback... callbacks) {
    return with(next -> next.callbacks = List.of(callbacks));
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

  boolean advice() {
    return advice;
  }

  /** {@return what to validate with after each epoch, if it comes in batches, or {@code null}} */
  Batches validationBatches() {
    return validationBatches;
  }

  /** {@return how many batches to validate with; 0 for all} */
  long validationSteps() {
    return validationSteps;
  }

  int validationFrequency() {
    return validationFrequency;
  }

  /** {@return the first epoch, from 0} */
  public int initialEpoch() {
    return initialEpoch;
  }

  /** {@return how many steps an epoch has; 0 for all batches} */
  public long stepsPerEpoch() {
    return stepsPerEpoch;
  }

  ClassWeights classWeights() {
    return classWeights;
  }

  /** {@return what is called while training goes on} */
  public List<TrainingCallback> callbacks() {
    return callbacks;
  }
}
