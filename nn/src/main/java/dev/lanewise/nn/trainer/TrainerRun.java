package dev.lanewise.nn.trainer;

import dev.lanewise.nn.History;
import dev.lanewise.nn.Scores;
import dev.lanewise.nn.optim.Optimizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A call of {@link Trainer#fit}: what callbacks see and can change while it goes on, and what it
 * gives when it is over.
 */
public final class TrainerRun {
  private final TrainingModule module;
  private final Optimizer optimizer;
  private final List<TrainerCallback> callbacks;
  private final LogBook logs;
  private final Profiler profiler;
  private final History history = new History();
  private final Map<String, Double> metrics = new LinkedHashMap<>();
  private Map<String, Double> reported = Map.of();
  private boolean complete;
  private int epoch;
  private int nextEpoch;
  private long nextBatch;
  private long step;
  private String stopped;

  TrainerRun(
      TrainingModule module,
      Optimizer optimizer,
      List<TrainerCallback> callbacks,
      LogBook logs,
      Profiler profiler) {
    this.module = module;
    this.optimizer = optimizer;
    this.callbacks = callbacks;
    this.logs = logs;
    this.profiler = profiler;
  }

  /** {@return what is trained} */
  public TrainingModule module() {
    return module;
  }

  /** {@return what changes its weights; its learning rate may be changed} */
  public Optimizer optimizer() {
    return optimizer;
  }

  /** {@return which epoch it is, from 0} */
  public int epoch() {
    return epoch;
  }

  /** {@return how many steps the optimizer has taken, those before a checkpoint included} */
  public long step() {
    return step;
  }

  /** {@return the last value of each name that was logged, {@code "loss"} among them} */
  public Map<String, Double> metrics() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }

  /**
   * {@return what the epochs of this call have reported} A last epoch that was cut is among them,
   * with what it has so far.
   */
  public History history() {
    return history;
  }

  /**
   * {@return what the epoch that is over has reported under a name; empty if it was not validated,
   * and nobody can tell}
   *
   * @param name for example {@code "val_loss"}
   * @throws IllegalStateException if nobody reports it
   */
  public OptionalDouble monitored(String name) {
    Double value = reported.get(name);
    if (value == null && complete) {
      throw new IllegalStateException(
          "trainer: nobody has reported '%s', names are %s; log it for epochs"
              .formatted(name, reported.keySet()));
    }
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /**
   * Ends training: after this step, or, at an epoch's end, after this epoch.
   *
   * @param reason why, for {@link #stopped}
   */
  public void stop(String reason) {
    stopped = reason;
  }

  /** {@return why training ended, or shall end; empty while nobody has stopped it} */
  public Optional<String> stopped() {
    return Optional.ofNullable(stopped);
  }

  /** {@return what took how long so far} */
  public List<ProfileRow> profile() {
    return profiler.rows();
  }

  /**
   * Writes a checkpoint, from which {@link Trainer#from} goes on, bit by bit. Callbacks may call
   * this, and anybody when the run is over.
   *
   * @param file what to write; one that is there is replaced once the new one is whole
   * @throws IOException if writing fails; the old file is then as it was
   */
  public void save(Path file) throws IOException {
    TrainerState.write(file, this);
  }

  LogBook logs() {
    return logs;
  }

  List<TrainerCallback> callbacks() {
    return callbacks;
  }

  /** {@return the epoch in which a run that is cut now goes on} */
  int nextEpoch() {
    return nextEpoch;
  }

  /** {@return the batch of that epoch with which it goes on} */
  long nextBatch() {
    return nextBatch;
  }

  void goTo(int atEpoch, long atBatch, long atStep) {
    epoch = atEpoch;
    nextEpoch = atEpoch;
    nextBatch = atBatch;
    step = atStep;
  }

  void beginEpoch(int begun) {
    epoch = begun;
    reported = Map.of();
    complete = false;
  }

  /** Takes note of a step, and of what it logged. */
  void stepped(long batches, Map<String, Double> numbers) {
    nextBatch = batches;
    step++;
    metrics.putAll(numbers);
  }

  /** Takes note of what an epoch has reported; it is over if it was not cut. */
  void reported(Map<String, Double> values) {
    reported = values;
    metrics.putAll(values);
  }

  /**
   * Goes on to the next epoch.
   *
   * @param all whether this one has reported all that there ever is
   */
  void endEpoch(boolean all) {
    complete = all;
    nextEpoch = epoch + 1;
    nextBatch = 0;
    logs.clear();
  }

  void addHistory(double seconds) {
    history.add(epoch, new Scores(reported), seconds);
  }
}
