package dev.lanewise.nn;

import java.util.LinkedHashMap;
import java.util.Map;

/** The epochs of one call of {@code fit}. */
final class FitLoop {
  private final Compiled compiled;
  private final Examples training;
  private final Examples validation;
  private final FitOptions options;
  private final long seed;
  private final Progress progress;
  private final int[] order;

  /**
   * Checks and prepares everything; nothing has changed but that the model is built if this throws.
   *
   * @param compiled what trains
   * @param examples what to learn from
   * @param options how
   * @param seed decides about the orders, if the options do not
   */
  FitLoop(Compiled compiled, Examples examples, FitOptions options, long seed) {
    int kept = kept(examples.size(), options.validationSplit());
    Examples given = options.validationData();
    if (options.validationSplit() > 0) {
      given = examples.slice(kept, examples.size());
    }
    this.compiled = compiled;
    this.training = compiled.prepare(examples.slice(0, kept));
    this.validation = given == null ? null : compiled.prepare(given);
    this.options = options;
    this.seed = options.seed().orElse(seed);
    this.progress = Progress.of(options);
    this.order = options.shuffle() ? new int[kept] : null;
    compiled.prepareTraining("fit");
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

  /**
   * Trains one epoch.
   *
   * @param epoch which of this call, from 0
   * @param modelEpoch which of the model's life, from 0: it decides about the order
   * @param history receives what comes out
   */
  void epoch(int epoch, long modelEpoch, History history) {
    int size = training.size();
    int batchSize = Math.min(options.batchSize(), size);
    if (order != null) {
      Shuffle.permute(order, seed, modelEpoch);
    }
    progress.epochBegin(epoch + 1, options.epochs(), (size + batchSize - 1) / batchSize);
    Tally tally = compiled.tally();
    for (int from = 0, step = 1; from < size; from += batchSize, step++) {
      int to = Math.min(from + batchSize, size);
      compiled.train(training, order, from, to, batchSize, tally);
      progress.step(step, tally);
    }
    Scores scores = tally.scores();
    if (validation != null) {
      scores = joined(scores, compiled.evaluate(validation, batchSize));
    }
    history.add(scores, progress.epochEnd(scores));
  }

  private static Scores joined(Scores training, Scores validation) {
    Map<String, Double> all = new LinkedHashMap<>(training.asMap());
    validation.asMap().forEach((name, value) -> all.put("val_" + name, value));
    return new Scores(all);
  }
}
