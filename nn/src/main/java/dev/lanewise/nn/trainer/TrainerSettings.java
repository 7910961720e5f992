package dev.lanewise.nn.trainer;

import dev.lanewise.kernel.Backend;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** What {@link TrainerOptions} chooses. Nobody changes one that is checked. */
final class TrainerSettings {
  int maxEpochs;
  long maxSteps = Long.MAX_VALUE;

  /** {@code null} if time does not matter. */
  Duration maxTime;

  /** How many batches of each kind a trial takes; 0 if this is no trial. */
  int fastDevRun;

  BatchLimit trainLimit = BatchLimit.ALL;
  BatchLimit validationLimit = BatchLimit.ALL;
  BatchLimit testLimit = BatchLimit.ALL;

  /** {@code null} if epochs differ. */
  BatchLimit overfit;

  int sanityValidationSteps = 2;
  int checkValidationEveryEpochs = 1;
  double clipNorm = Double.POSITIVE_INFINITY;
  double clipValue = Double.POSITIVE_INFINITY;
  int accumulateGradients = 1;
  boolean detectsAnomaly;
  boolean jit;
  boolean printsProfile;
  String device = "auto";

  /** {@code null} if {@link #device} names it. */
  Backend backend;

  List<TrainingLogger> loggers = List.of();
  List<TrainerCallback> callbacks = List.of();
  int logEveryNSteps = 50;
  OptionalLong seed = OptionalLong.empty();
  int batchSize = 32;
  boolean showsProgress = true;
  boolean showsSummary = true;
  PrintStream out = System.out;
  LongSupplier clock = System::nanoTime;

  /** {@return a copy with a change, if it holds together} */
  TrainerSettings with(Consumer<TrainerSettings> change) {
    TrainerSettings next = new TrainerSettings();
    next.maxEpochs = maxEpochs;
    next.maxSteps = maxSteps;
    next.maxTime = maxTime;
    next.fastDevRun = fastDevRun;
    next.trainLimit = trainLimit;
    next.validationLimit = validationLimit;
    next.testLimit = testLimit;
    next.overfit = overfit;
    next.sanityValidationSteps = sanityValidationSteps;
    next.checkValidationEveryEpochs = checkValidationEveryEpochs;
    next.clipNorm = clipNorm;
    next.clipValue = clipValue;
    next.accumulateGradients = accumulateGradients;
    next.detectsAnomaly = detectsAnomaly;
    next.jit = jit;
    next.printsProfile = printsProfile;
    next.device = device;
    next.backend = backend;
    next.loggers = loggers;
    next.callbacks = callbacks;
    next.logEveryNSteps = logEveryNSteps;
    next.seed = seed;
    next.batchSize = batchSize;
    next.showsProgress = showsProgress;
    next.showsSummary = showsSummary;
    next.out = out;
    next.clock = clock;
    change.accept(next);
    next.check();
    return next;
  }

  private void check() {
    require(maxEpochs >= 0, "maxEpochs must be at least 0, not " + maxEpochs);
    require(maxSteps >= 0, "maxSteps must be at least 0, not " + maxSteps);
    require(
        maxTime == null || !maxTime.isNegative(),
        "maxTime must not be negative, but is " + maxTime);
    require(fastDevRun >= 0, "fastDevRun must be at least 0, not " + fastDevRun);
    require(trainLimit.count() >= 1, "limitTrainBatches must be at least 1");
    require(validationLimit.count() >= 0, "limitValidationBatches must be at least 0");
    require(testLimit.count() >= 1, "limitTestBatches must be at least 1");
    require(overfit == null || overfit.count() >= 1, "overfitBatches must be at least 1");
    require(
        sanityValidationSteps >= 0,
        "sanityValidationSteps must be at least 0, not " + sanityValidationSteps);
    require(
        checkValidationEveryEpochs >= 1,
        "checkValidationEveryEpochs must be at least 1, not " + checkValidationEveryEpochs);
    require(
        clipNorm == Double.POSITIVE_INFINITY || clipValue == Double.POSITIVE_INFINITY,
        "choose one of gradientClipNorm and gradientClipValue, not both");
    require(
        accumulateGradients >= 1,
        "accumulateGradients must be at least 1, not " + accumulateGradients);
    require(logEveryNSteps >= 1, "logEveryNSteps must be at least 1, not " + logEveryNSteps);
    require(batchSize >= 1, "batchSize must be at least 1, not " + batchSize);
    Objects.requireNonNull(out, "out");
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException("TrainerOptions: " + rule);
    }
  }

  /** {@return how many epochs there are at most} */
  int epochs() {
    return fastDevRun > 0 ? 1 : maxEpochs;
  }

  /** {@return the largest number of batches of a kind, a trial taken into account} */
  long most(String what, BatchLimit limit, OptionalLong steps) {
    return fastDevRun > 0 ? fastDevRun : limit.of(what, steps);
  }
}
