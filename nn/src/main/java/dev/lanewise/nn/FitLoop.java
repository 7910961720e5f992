package dev.lanewise.nn;

import dev.lanewise.nn.data.Batch;
import dev.lanewise.nn.data.Batches;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The epochs of one call of {@code fit}. */
final class FitLoop {
  /** The loss of fewer samples says little about where training starts from. */
  private static final long START_SAMPLES = 8;

  private final Compiled compiled;
  private final Batches batches;
  private final Batches validation;
  private final FitOptions options;
  private final Progress progress;
  private final Training training;

  /** The epoch of the batches that goes on where each epoch has only so many steps. */
  private Iterator<Batch> current = Collections.emptyIterator();

  private FitLoop(Compiled compiled, Batches batches, Batches validation, FitOptions options) {
    this.compiled = compiled;
    this.batches = batches;
    this.validation = validation;
    this.options = options;
    this.progress = Progress.of(options);
    OptionalLong steps =
        options.stepsPerEpoch() > 0 ? OptionalLong.of(options.stepsPerEpoch()) : batches.steps();
    this.training =
        new Training(
            compiled.model(),
            compiled.optimizer(),
            options,
            steps,
            names(compiled.reports(), validation != null));
  }

  private static List<String> names(List<String> reports, boolean validated) {
    Stream<String> both =
        validated
            ? Stream.concat(reports.stream(), reports.stream().map(name -> "val_" + name))
            : reports.stream();
    return both.toList();
  }

  /**
   * {@return the epochs over examples} Everything is checked and prepared; nothing has changed but
   * that the model is built if this throws.
   *
   * @param compiled what trains
   * @param examples what to learn from
   * @param options how
   */
  static FitLoop of(Compiled compiled, Examples examples, FitOptions options) {
    int kept = kept(examples.size(), options.validationSplit());
    Examples own = kept < examples.size() ? examples.slice(kept, examples.size()) : null;
    Examples trained = compiled.prepare(examples.slice(0, kept));
    Batches validation = validation(compiled, options, own);
    compiled.prepareTraining("fit");
    long seed = options.seed().orElse(compiled.model().seed());
    OptionalLong order = options.shuffle() ? OptionalLong.of(seed) : OptionalLong.empty();
    Batches batches =
        Feed.of(
            compiled.model(), options.classWeights().weighted(trained), options.batchSize(), order);
    return new FitLoop(compiled, batches, validation, options);
  }

  /**
   * {@return the epochs over batches} Their first batch builds the model, if that is still to do.
   *
   * @param compiled what trains
   * @param batches what to learn from
   * @param options how
   */
  static FitLoop of(Compiled compiled, Batches batches, FitOptions options) {
    if (options.validationSplit() > 0) {
      throw new IllegalArgumentException(
          "fit: validationSplit is for examples, not for batches; give validationData");
    }
    requireEnd("fit", "stepsPerEpoch", options.stepsPerEpoch(), batches);
    if (!compiled.model().isBuilt()) {
      Iterator<Batch> first = batches.epoch(0);
      if (!first.hasNext()) {
        throw new IllegalArgumentException("fit: there are no batches");
      }
      compiled.prepare(Examples.of(first.next()));
    }
    Batches validation = validation(compiled, options, null);
    compiled.prepareTraining("fit");
    Batches fed = Feed.of(compiled, batches, options.classWeights());
    return new FitLoop(compiled, fed, validation, options);
  }

  /** Refuses batches without end of which nobody says how many to take. */
  static void requireEnd(String operation, String setting, long steps, Batches batches) {
    if (steps == 0 && batches.isEndless()) {
      throw new IllegalArgumentException(
          operation + ": the batches never end; say how many to take by " + setting);
    }
  }

  private static Batches validation(Compiled compiled, FitOptions options, Examples own) {
    if (options.validationBatches() != null) {
      requireEnd("fit", "validationSteps", options.validationSteps(), options.validationBatches());
      return Feed.of(compiled, options.validationBatches(), ClassWeights.NONE);
    }
    Examples given = own == null ? options.validationData() : own;
    return given == null
        ? null
        : Feed.of(
            compiled.model(), compiled.prepare(given), options.batchSize(), OptionalLong.empty());
  }

  private static int kept(int size, double validationSplit) {
    int kept = (int) (size * (1 - validationSplit));
    if (kept == 0 || validationSplit > 0 && kept == size) {
      throw new IllegalArgumentException(
          "fit: validationSplit %s of %d examples leaves none to %s"
              .formatted(validationSplit, size, kept == 0 ? "learn from" : "validate with"));
    }
    return kept;
  }

  /** {@return what the epochs have reported} */
  History run() {
    int first = options.initialEpoch();
    // An order of examples belongs to each epoch: a model that was loaded goes on with the next.
    boolean isNew =
        compiled.model().epochsFrom(first) == 0 && compiled.optimizer().iterations() == 0;
    try (Callbacks callbacks = new Callbacks(options.callbacks(), training)) {
      callbacks.begin();
      for (int epoch = first; epoch < options.epochs() && !isStopped(); epoch++) {
        epoch(epoch, callbacks, isNew && epoch == first);
      }
    }
    progress.trainEnd(training.history(), training.epoch() + 1, options.advice());
    return training.history();
  }

  private boolean isStopped() {
    return training.stopped().isPresent();
  }

  private void epoch(int epoch, Callbacks callbacks, boolean isFirst) {
    Tally tally = compiled.tally();
    training.begin(epoch, tally);
    callbacks.each(TrainingCallback::onEpochBegin);
    if (isStopped()) {
      return;
    }
    progress.epochBegin(epoch + 1, options.epochs(), training.steps().orElse(0));
    long step = 0;
    for (; hasStep(step) && !isStopped(); step++) {
      training.step(step);
      callbacks.each(TrainingCallback::onBatchBegin);
      compiled.train(current.next(), tally);
      if (isFirst && step == 0) {
        training.history().start(tally.samples() < START_SAMPLES ? Double.NaN : tally.loss());
      }
      callbacks.each(TrainingCallback::onBatchEnd);
      progress.step(step + 1, tally);
    }
    if (step == 0) {
      throw new IllegalStateException("fit: epoch " + (epoch + 1) + " has no batches");
    }
    Scores scores = tally.scores();
    if (validation != null && (epoch + 1) % options.validationFrequency() == 0) {
      scores =
          joined(scores, compiled.evaluate(validation.epoch(0), most(options.validationSteps())));
    }
    training.finish(scores);
    callbacks.each(TrainingCallback::onEpochEnd);
    Scores reported = training.scores();
    training.history().add(epoch, reported, progress.epochEnd(reported, step));
  }

  /**
   * {@return whether the epoch has another step; begins the next epoch of the batches, if need be}
   */
  private boolean hasStep(long step) {
    boolean counted = options.stepsPerEpoch() > 0;
    if (counted ? step == options.stepsPerEpoch() : step > 0 && !current.hasNext()) {
      return false;
    }
    if (!current.hasNext()) {
      current = batches.epoch(compiled.model().nextEpoch());
    }
    return current.hasNext();
  }

  private static long most(long steps) {
    return steps > 0 ? steps : Long.MAX_VALUE;
  }

  private static Scores joined(Scores training, Scores validation) {
    Map<String, Double> all = new LinkedHashMap<>(training.asMap());
    validation.asMap().forEach((name, value) -> all.put("val_" + name, value));
    return new Scores(all);
  }
}
