package dev.lanewise.nn.train;

import dev.lanewise.nn.Training;
import dev.lanewise.nn.TrainingCallback;
import dev.lanewise.nn.internal.Checks;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Stops training when a number has not become better for some epochs, before the model learns its
 * examples by heart. In Keras {@code EarlyStopping}.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var parts = Iris.load().stratifiedSplit(0.8, 1);
 *   var model = Sequential.of(new Dense(16, "relu"), new Dense(3, "softmax"));
 *   model.compile(new Adam(0.05), Loss.named("sparse_categorical_crossentropy"), "accuracy");
 *   var stop = new EarlyStopping("val_loss").patience(5).restoreBestWeights(true);
 *   var options = FitOptions.epochs(100).validationData(parts.test()).callbacks(stop).verbose(0);
 *   History history = model.fit(parts.train(), options);
 *   IO.println(history.epochs() + " epochs: " + history.stopped().orElse("to the end"));
 * }
 * }
 *
 * <p>NaN is never better than a number. Epochs without the number, since they were not validated,
 * do not count.
 */
public final class EarlyStopping implements TrainingCallback {
  private static final String NAME = "EarlyStopping";

  private final Monitor monitor;
  private int patience;
  private OptionalDouble baseline = OptionalDouble.empty();
  private int startFromEpoch;
  private boolean restoreBestWeights;
  private int waited;
  private OptionalInt bestEpoch = OptionalInt.empty();
  private OptionalInt stoppedEpoch = OptionalInt.empty();
  private WeightSnapshot snapshot;

  /** Makes one that watches {@code val_loss}. */
  public EarlyStopping() {
    this("val_loss");
  }

  /**
   * Makes one.
   *
   * @param monitor what to watch: a name of the history, for example {@code "val_accuracy"}
   */
  public EarlyStopping(String monitor) {
    this.monitor = new Monitor(NAME, monitor);
  }

  /**
   * Chooses how long to wait.
   *
   * @param epochs how many epochs in a row may be no better than the best; after this many,
   *     training stops. 0 if nobody says, which stops, as 1 does, at the first
   * @return this
   * @throws IllegalArgumentException if it is negative
   */
  public EarlyStopping patience(int epochs) {
    patience = (int) Checks.notNegative(NAME + ": patience", epochs);
    return this;
  }

  /**
   * Chooses what counts as better.
   *
   * @param minDelta by how much more than this a number must be better than the best; 0 if nobody
   *     says
   * @return this
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public EarlyStopping minDelta(double minDelta) {
    monitor.minDelta(minDelta);
    return this;
  }

  /**
   * Chooses whether less or more is better.
   *
   * @param mode {@code "min"}, {@code "max"}, or {@code "auto"} to tell by the name, as it is if
   *     nobody says
   * @return this
   * @throws IllegalArgumentException if it is none of these
   */
  public EarlyStopping mode(String mode) {
    monitor.mode(mode);
    return this;
  }

  /**
   * Chooses what must be reached: improvements that stay below it do not restart the waiting.
   *
   * @param baseline what the number must be better than
   * @return this
   */
  public EarlyStopping baseline(double baseline) {
    this.baseline = OptionalDouble.of(baseline);
    return this;
  }

  /**
   * Chooses when to begin: epochs before are neither best nor waited for.
   *
   * @param epoch the first that counts, from 0
   * @return this
   * @throws IllegalArgumentException if it is negative
   */
  public EarlyStopping startFromEpoch(int epoch) {
    startFromEpoch = (int) Checks.notNegative(NAME + ": startFromEpoch", epoch);
    return this;
  }

  /**
   * Chooses which weights the model has in the end.
   *
   * @param restore whether it gets those of the best epoch back, at the end of training, however it
   *     ends; if not, as it is if nobody says, it keeps the last ones
   * @return this
   */
  public EarlyStopping restoreBestWeights(boolean restore) {
    restoreBestWeights = restore;
    return this;
  }

  @Override
  public void onTrainBegin(Training training) {
    monitor.begin(training);
    waited = 0;
    bestEpoch = OptionalInt.empty();
    stoppedEpoch = OptionalInt.empty();
    snapshot = restoreBestWeights ? new WeightSnapshot(training.model()) : null;
  }

  @Override
  public void onEpochEnd(Training training) {
    OptionalDouble current = monitor.read(training);
    if (current.isEmpty() || training.epoch() < startFromEpoch) {
      return;
    }
    double value = current.getAsDouble();
    waited++;
    if (monitor.improve(value)) {
      bestEpoch = OptionalInt.of(training.epoch());
      if (snapshot != null) {
        snapshot.take();
      }
      if (baseline.isEmpty() || monitor.isBetter(value, baseline.getAsDouble())) {
        waited = 0;
      }
    } else if (waited >= patience) {
      stoppedEpoch = OptionalInt.of(training.epoch());
      training.stop(reason());
    }
  }

  private String reason() {
    String epochs = waited == 1 ? "1 epoch" : waited + " epochs";
    String best =
        bestEpoch.isEmpty()
            ? "it was never a number"
            : "the best was %s in epoch %d".formatted(monitor.best(), bestEpoch.getAsInt() + 1);
    return "%s has not become better %s for %s; %s"
        .formatted(
            monitor.name(),
            baseline.isEmpty() ? "than its best" : "than its best and " + baseline.getAsDouble(),
            epochs,
            best);
  }

  @Override
  public void onTrainEnd(Training training) {
    if (snapshot != null && snapshot.isTaken()) {
      snapshot.restore();
    }
    snapshot = null;
  }

  /** {@return the epoch of the best number, from 0; empty before there is any} */
  public OptionalInt bestEpoch() {
    return bestEpoch;
  }

  /** {@return the best number; empty before there is any} */
  public OptionalDouble best() {
    return bestEpoch.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(monitor.best());
  }

  /** {@return the epoch after which this stopped training, from 0; empty if it did not} */
  public OptionalInt stoppedEpoch() {
    return stoppedEpoch;
  }
}
