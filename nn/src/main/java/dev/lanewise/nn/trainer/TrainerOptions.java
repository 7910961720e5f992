package dev.lanewise.nn.trainer;

import dev.lanewise.kernel.Backend;
import dev.lanewise.nn.internal.Checks;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * How a {@link Trainer} works. Immutable: each method gives changed options. What nobody chooses is
 * as in PyTorch Lightning.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var options =
 *       TrainerOptions.maxEpochs(30)
 *           .maxTime(Duration.ofMinutes(10))
 *           .gradientClipNorm(1)
 *           .accumulateGradients(4)
 *           .callbacks(EarlyStop.whenStopsFalling("val_loss", 3));
 *   IO.println(options); // up to 30 epochs
 * }
 * }
 *
 * <p>There is no switch for determinism: the same seed gives the same bits anyway.
 */
public final class TrainerOptions {
  private final TrainerSettings settings;

  private TrainerOptions(TrainerSettings settings) {
    this.settings = settings;
  }

  private TrainerOptions with(Consumer<TrainerSettings> change) {
    return new TrainerOptions(settings.with(change));
  }

  TrainerSettings settings() {
    return settings;
  }

  /**
   * {@return options for so many epochs}
   *
   * @param maxEpochs the number after which training ends, counted from the first run where it goes
   *     on from a checkpoint
   * @throws IllegalArgumentException if it is negative
   */
  public static TrainerOptions maxEpochs(int maxEpochs) {
    return new TrainerOptions(new TrainerSettings().with(next -> next.maxEpochs = maxEpochs));
  }

  /**
   * {@return these options with an end after so many steps of the optimizer} An epoch that ends so
   * before its last batch is not validated.
   *
   * @param maxSteps the number after which training ends, counted as epochs are
   * @throws IllegalArgumentException if it is negative
   */
  public TrainerOptions maxSteps(long maxSteps) {
    return with(next -> next.maxSteps = maxSteps);
  }

  /**
   * {@return these options with an end after some time} The step that goes on then is finished.
   *
   * @param maxTime how long a call of {@code fit} takes, from its first step on
   * @throws IllegalArgumentException if it is negative
   */
  public TrainerOptions maxTime(Duration maxTime) {
    return with(next -> next.maxTime = Objects.requireNonNull(maxTime, "maxTime"));
  }

  /**
   * {@return these options for a trial of the code: one epoch of so many batches of each kind,
   * without loggers, checkpoints and the check of validation}
   *
   * @param batches how many; 0 for no trial
   * @throws IllegalArgumentException if it is negative
   */
  public TrainerOptions fastDevRun(int batches) {
    return with(next -> next.fastDevRun = batches);
  }

  /**
   * {@return these options with fewer batches of training in an epoch}
   *
   * @param most how many are taken, at least 1
   * @throws IllegalArgumentException if it is less than 1
   */
  public TrainerOptions limitTrainBatches(long most) {
    return with(next -> next.trainLimit = BatchLimit.count(most));
  }

  /**
   * {@return these options with a share of the batches of training in an epoch}
   *
   * @param share above 0, up to 1
   * @throws IllegalArgumentException if it is out of range
   */
  public TrainerOptions limitTrainBatches(double share) {
    return with(next -> next.trainLimit = BatchLimit.share("limitTrainBatches", share));
  }

  /**
   * {@return these options with fewer batches of validation}
   *
   * @param most how many are taken; 0 for no validation
   * @throws IllegalArgumentException if it is negative
   */
  public TrainerOptions limitValidationBatches(long most) {
    return with(next -> next.validationLimit = BatchLimit.count(most));
  }

  /**
   * {@return these options with a share of the batches of validation}
   *
   * @param share above 0, up to 1
   * @throws IllegalArgumentException if it is out of range
   */
  public TrainerOptions limitValidationBatches(double share) {
    return with(next -> next.validationLimit = BatchLimit.share("limitValidationBatches", share));
  }

  /**
   * {@return these options with fewer batches of tests and predictions}
   *
   * @param most how many are taken, at least 1
   * @throws IllegalArgumentException if it is less than 1
   */
  public TrainerOptions limitTestBatches(long most) {
    return with(next -> next.testLimit = BatchLimit.count(most));
  }

  /**
   * {@return these options with a share of the batches of tests and predictions}
   *
   * @param share above 0, up to 1
   * @throws IllegalArgumentException if it is out of range
   */
  public TrainerOptions limitTestBatches(double share) {
    return with(next -> next.testLimit = BatchLimit.share("limitTestBatches", share));
  }

  /**
   * {@return these options with the same few batches in all epochs, those of the first, of
   * validation too: what a model that can learn at all learns by heart}
   *
   * @param most how many, at least 1
   * @throws IllegalArgumentException if it is less than 1
   */
  public TrainerOptions overfitBatches(long most) {
    return with(next -> next.overfit = BatchLimit.count(most));
  }

  /**
   * {@return these options with the same share of the batches in all epochs}
   *
   * @param share above 0, up to 1
   * @throws IllegalArgumentException if it is out of range
   */
  public TrainerOptions overfitBatches(double share) {
    return with(next -> next.overfit = BatchLimit.share("overfitBatches", share));
  }

  /**
   * {@return these options with another check of validation before training} It finds mistakes of
   * {@code validationStep} before an epoch is spent, and leaves no trace.
   *
   * @param batches how many are tried; 2 if nobody says, 0 for none
   * @throws IllegalArgumentException if it is negative
   */
  public TrainerOptions sanityValidationSteps(int batches) {
    return with(next -> next.sanityValidationSteps = batches);
  }

  /**
   * {@return these options with validation every so many epochs}
   *
   * @param epochs how many, at least 1
   * @throws IllegalArgumentException if it is less than 1
   */
  public TrainerOptions checkValidationEveryEpochs(int epochs) {
    return with(next -> next.checkValidationEveryEpochs = epochs);
  }

  /**
   * {@return these options with gradients that are scaled so that all together are no longer than a
   * bound, as {@link dev.lanewise.nn.optim.GradientClip#byNorm} does}
   *
   * @param maxNorm the largest length, above 0
   * @throws IllegalArgumentException if it is not above 0 and finite, or values are clipped
   */
  public TrainerOptions gradientClipNorm(double maxNorm) {
    Checks.positive("TrainerOptions: gradientClipNorm", maxNorm);
    return with(next -> next.clipNorm = maxNorm);
  }

  /**
   * {@return these options with gradients whose elements are no further from 0 than a bound, as
   * {@link dev.lanewise.nn.optim.GradientClip#byValue} does}
   *
   * @param limit the largest size of an element, above 0
   * @throws IllegalArgumentException if it is not above 0 and finite, or the norm is clipped
   */
  public TrainerOptions gradientClipValue(double limit) {
    Checks.positive("TrainerOptions: gradientClipValue", limit);
    return with(next -> next.clipValue = limit);
  }

  /**
   * {@return these options with steps by the mean gradient of several batches, as of one large
   * batch} At the end of an epoch, a step takes those that are left.
   *
   * @param batches how many, at least 1
   * @throws IllegalArgumentException if it is less than 1
   */
  public TrainerOptions accumulateGradients(int batches) {
    return with(next -> next.accumulateGradients = batches);
  }

  /**
   * {@return these options with the search for the operation that makes the first NaN, as {@link
   * dev.lanewise.autodiff.Grad#detectAnomaly(boolean)} does; slow}
   *
   * @param detects whether it is searched
   */
  public TrainerOptions detectAnomaly(boolean detects) {
    return with(next -> next.detectsAnomaly = detects);
  }

  /**
   * {@return these options with steps that are run as {@linkplain dev.lanewise.graph.Graph graphs}}
   * A step of the module is traced for each form of a batch: called once, with tensors that have no
   * numbers yet, and then run with the same bits as without this. What it does beside computing
   * with tensors and logging them happens only while it is traced; its index is that of the batch
   * then.
   *
   * <p>The profiler has one time for all of a step. Graphs last as long as one call of the trainer.
   *
   * @param traces whether steps are traced
   */
  public TrainerOptions jit(boolean traces) {
    return with(next -> next.jit = traces);
  }

  /**
   * {@return these options with a table of what took how long, printed at the end}
   *
   * @param prints whether it is printed; {@link TrainerRun#profile} gives it anyway
   */
  public TrainerOptions profiler(boolean prints) {
    return with(next -> next.printsProfile = prints);
  }

  /**
   * {@return these options with a choice of who computes} Weights that a module has already move
   * there, by {@link dev.lanewise.nn.Model#to}.
   *
   * @param name {@code "auto"} for the best that can run here, if nobody says; {@code "cpu"},
   *     {@code "gpu"}, or the name of a {@link dev.lanewise.kernel.Backends backend} as {@code
   *     "simd"} or {@code "cuda"}; looked up when training starts
   */
  public TrainerOptions device(String name) {
    Objects.requireNonNull(name, "device");
    return with(
        next -> {
          next.device = name;
          next.backend = null;
        });
  }

  /**
   * {@return these options with a choice of who computes}
   *
   * @param backend the backend
   */
  public TrainerOptions device(Backend backend) {
    return with(
        next -> {
          next.device = backend.name();
          next.backend = backend;
        });
  }

  /**
   * {@return these options with loggers}
   *
   * @param loggers where numbers go
   */
  public TrainerOptions loggers(TrainingLogger... loggers) {
    return with(next -> next.loggers = List.of(loggers));
  }

  /**
   * {@return these options with callbacks}
   *
   * @param callbacks are called in this order, but {@link TrainerCheckpoints} last
   */
  public TrainerOptions callbacks(TrainerCallback... callbacks) {
    return with(next -> next.callbacks = List.of(callbacks));
  }

  /**
   * {@return these options with numbers of steps logged more or less often}
   *
   * @param steps every how many; 50 if nobody says
   * @throws IllegalArgumentException if it is less than 1
   */
  public TrainerOptions logEveryNSteps(int steps) {
    return with(next -> next.logEveryNSteps = steps);
  }

  /**
   * {@return these options with a seed: of the weights, if they are still to be made, and of the
   * order of examples}
   *
   * @param seed any number
   */
  public TrainerOptions seed(long seed) {
    return with(next -> next.seed = OptionalLong.of(seed));
  }

  /**
   * {@return these options with another batch size of {@link dev.lanewise.nn.Examples}; batches
   * have their own}
   *
   * @param batchSize how many; 32 if nobody says
   * @throws IllegalArgumentException if it is less than 1
   */
  public TrainerOptions batchSize(int batchSize) {
    return with(next -> next.batchSize = batchSize);
  }

  /**
   * {@return these options with or without a line an epoch, and the lines about device and end}
   *
   * @param shows whether they are printed; they are if nobody says
   */
  public TrainerOptions enableProgress(boolean shows) {
    return with(next -> next.showsProgress = shows);
  }

  /**
   * {@return these options with or without the table of layers}
   *
   * @param shows whether it is printed; it is if nobody says
   */
  public TrainerOptions enableModelSummary(boolean shows) {
    return with(next -> next.showsSummary = shows);
  }

  /**
   * {@return these options with another place for what is printed}
   *
   * @param out where to; {@link System#out} if nobody says
   */
  public TrainerOptions out(PrintStream out) {
    return with(next -> next.out = out);
  }

  /** {@return these options with another clock, of nanoseconds} */
  TrainerOptions clock(LongSupplier clock) {
    return with(next -> next.clock = clock);
  }

  /** {@return how long training may go on} */
  @Override
  public String toString() {
    return settings.fastDevRun > 0
        ? "a trial of " + settings.fastDevRun + " batches"
        : "up to " + settings.maxEpochs + " epochs";
  }
}
