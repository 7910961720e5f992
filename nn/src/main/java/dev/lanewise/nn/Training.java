package dev.lanewise.nn;

import dev.lanewise.nn.optim.Optimizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A call of {@code fit} while it is going on: what a {@link TrainingCallback} sees and can change.
 */
public final class Training {
  private final Model model;
  private final Optimizer optimizer;
  private final FitOptions options;
  private final OptionalLong steps;
  private final List<String> names;
  private final History history = new History();
  private final Map<String, Double> logged = new LinkedHashMap<>();
  private int epoch;
  private long step;
  private Tally tally;
  private Scores scores;

  Training(
      Model model,
      Optimizer optimizer,
      FitOptions options,
      OptionalLong steps,
      List<String> names) {
    this.model = model;
    this.optimizer = optimizer;
    this.options = options;
    this.steps = steps;
    this.names = names;
  }

  /** {@return the model that is trained} */
  public Model model() {
    return model;
  }

  /** {@return what changes its weights; its learning rate may be changed} */
  public Optimizer optimizer() {
    return optimizer;
  }

  /** {@return how it is trained} */
  public FitOptions options() {
    return options;
  }

  /** {@return which epoch it is, from 0} */
  public int epoch() {
    return epoch;
  }

  /** {@return which step of the epoch it is, from 0} */
  public long step() {
    return step;
  }

  /** {@return how many steps an epoch has; empty if nobody knows} */
  public OptionalLong steps() {
    return steps;
  }

  /**
   * {@return the names of what {@code fit} itself reports of an epoch: {@code "loss"} first, those
   * of validation last, if there is any} Callbacks may log more.
   */
  public List<String> names() {
    return names;
  }

  /** {@return what was reported of the epochs before} */
  public History history() {
    return history;
  }

  /**
   * {@return the loss and the metrics: of the epoch so far while it goes on, with those of the
   * validation at its end}
   *
   * @throws IllegalStateException before the first step of an epoch
   */
  public Scores scores() {
    requireStep();
    Map<String, Double> all =
        new LinkedHashMap<>(scores == null ? tally.scores().asMap() : scores.asMap());
    all.putAll(logged);
    return new Scores(all);
  }

  /**
   * {@return the mean loss of the epoch so far; cheaper than {@link #scores} where metrics are not}
   *
   * @throws IllegalStateException before the first step of an epoch
   */
  public double loss() {
    requireStep();
    return tally.loss();
  }

  /**
   * {@return the loss of the last batch alone, from before its step}
   *
   * @throws IllegalStateException before the first step of an epoch
   */
  public double batchLoss() {
    requireStep();
    return tally.batchLoss();
  }

  private void requireStep() {
    if (tally == null || tally.samples() == 0) {
      throw new IllegalStateException(
          "training: nothing of this epoch has been computed yet; ask after a step, or history()"
              + " for the epochs before");
    }
  }

  /**
   * Adds a number to what this epoch reports, for example the learning rate.
   *
   * @param name what the history calls it
   * @param value the number
   */
  public void log(String name, double value) {
    logged.put(name, value);
  }

  /**
   * Ends training: after this step, with the validation and the report of the epoch so far; at an
   * epoch's end, after this epoch; before an epoch's first step, without it.
   *
   * @param reason why, for {@link #stopped} and {@link History#stopped}; {@code fit} prints it
   */
  public void stop(String reason) {
    history.stop(Objects.requireNonNull(reason, "reason"));
  }

  /** {@return why training was stopped, if it was} */
  public Optional<String> stopped() {
    return history.stopped();
  }

  void begin(int epoch, Tally tally) {
    this.epoch = epoch;
    this.tally = tally;
    this.scores = null;
    this.step = 0;
    logged.clear();
  }

  void step(long step) {
    this.step = step;
  }

  void finish(Scores scores) {
    this.scores = scores;
  }
}
