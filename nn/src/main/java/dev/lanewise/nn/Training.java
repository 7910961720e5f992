package dev.lanewise.nn;

import dev.lanewise.nn.optim.Optimizer;
import java.util.LinkedHashMap;
import java.util.Map;
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
  private final History history = new History();
  private final Map<String, Double> logged = new LinkedHashMap<>();
  private int epoch;
  private long step;
  private Tally tally;
  private Scores scores;
  private String stopped;

  Training(Model model, Optimizer optimizer, FitOptions options, OptionalLong steps) {
    this.model = model;
    this.optimizer = optimizer;
    this.options = options;
    this.steps = steps;
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

  /** {@return what was reported of the epochs before} */
  public History history() {
    return history;
  }

  /**
   * {@return the loss and the metrics: of the epoch so far while it goes on, with those of the
   * validation at its end}
   *
   * @throws IllegalStateException before the first step
   */
  public Scores scores() {
    if (tally == null) {
      throw new IllegalStateException("training: nothing has been computed yet");
    }
    Map<String, Double> all =
        new LinkedHashMap<>(scores == null ? tally.scores().asMap() : scores.asMap());
    all.putAll(logged);
    return new Scores(all);
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
   * Ends training: after this step, or, at an epoch's end, after this epoch.
   *
   * @param reason why, for {@link #stopped}
   */
  public void stop(String reason) {
    stopped = reason;
  }

  /** {@return why training was stopped, if it was} */
  public Optional<String> stopped() {
    return Optional.ofNullable(stopped);
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
