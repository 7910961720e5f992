package dev.lanewise.nn.train;

import dev.lanewise.nn.Training;
import dev.lanewise.nn.TrainingCallback;
import dev.lanewise.nn.internal.Checks;
import dev.lanewise.nn.optim.Optimizer;
import dev.lanewise.nn.optim.Schedule;
import java.util.OptionalDouble;

/**
 * Makes the learning rate less when a number has not become better for some epochs, and logs the
 * rate of each epoch as {@code learning_rate}. In Keras {@code ReduceLROnPlateau}, with its
 * settings if nobody says otherwise.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var parts = Iris.load().stratifiedSplit(0.8, 1);
 *   var model = Sequential.of(new Dense(16, "relu"), new Dense(3, "softmax"));
 *   model.compile(new Adam(0.05), Loss.named("sparse_categorical_crossentropy"), "accuracy");
 *   var reduce = new ReduceLROnPlateau("val_loss").factor(0.5).patience(2).minRate(0.001);
 *   var options = FitOptions.epochs(20).validationData(parts.test()).callbacks(reduce).verbose(0);
 *   IO.println(model.fit(parts.train(), options).get("learning_rate"));
 * }
 * }
 */
public final class ReduceLROnPlateau implements TrainingCallback {
  private static final String NAME = "ReduceLROnPlateau";

  private final Monitor monitor;
  private double factor = 0.1;
  private int patience = 10;
  private int cooldown;
  private double minRate;
  private int waited;
  private int resting;

  /** Makes one that watches {@code val_loss}. */
  public ReduceLROnPlateau() {
    this("val_loss");
  }

  /**
   * Makes one.
   *
   * @param monitor what to watch: a name of the history, for example {@code "val_accuracy"}
   */
  public ReduceLROnPlateau(String monitor) {
    this.monitor = new Monitor(NAME, monitor);
    this.monitor.minDelta(1e-4);
  }

  /**
   * Chooses how much of the rate is left.
   *
   * @param factor what the rate is multiplied with, above 0 and below 1; 0.1 if nobody says
   * @return this
   * @throws IllegalArgumentException if it is out of range
   */
  public ReduceLROnPlateau factor(double factor) {
    if (!(factor > 0 && factor < 1)) {
      throw new IllegalArgumentException(
          NAME + ": factor must be above 0 and below 1, not " + factor);
    }
    this.factor = factor;
    return this;
  }

  /**
   * Chooses how long to wait.
   *
   * @param epochs after how many epochs in a row that are no better than the best the rate is
   *     reduced; 10 if nobody says
   * @return this
   * @throws IllegalArgumentException if it is negative
   */
  public ReduceLROnPlateau patience(int epochs) {
    patience = (int) Checks.notNegative(NAME + ": patience", epochs);
    return this;
  }

  /**
   * Chooses what counts as better.
   *
   * @param minDelta by how much more than this a number must be better than the best; 0.0001 if
   *     nobody says
   * @return this
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public ReduceLROnPlateau minDelta(double minDelta) {
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
  public ReduceLROnPlateau mode(String mode) {
    monitor.mode(mode);
    return this;
  }

  /**
   * Chooses how long to rest.
   *
   * @param epochs how many epochs after a reduction are not waited for; 0 if nobody says
   * @return this
   * @throws IllegalArgumentException if it is negative
   */
  public ReduceLROnPlateau cooldown(int epochs) {
    cooldown = (int) Checks.notNegative(NAME + ": cooldown", epochs);
    return this;
  }

  /**
   * Chooses the least rate.
   *
   * @param rate where reductions end; 0 if nobody says
   * @return this
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public ReduceLROnPlateau minRate(double rate) {
    minRate = Checks.notNegative(NAME + ": minRate", rate);
    return this;
  }

  @Override
  public void onTrainBegin(Training training) {
    monitor.begin(training);
    waited = 0;
    resting = 0;
  }

  @Override
  public void onEpochEnd(Training training) {
    training.log(LearningRateScheduler.LOGGED, training.optimizer().learningRate());
    OptionalDouble current = monitor.read(training);
    if (current.isEmpty()) {
      return;
    }
    if (resting > 0) {
      resting--;
      waited = 0;
    }
    if (monitor.improve(current.getAsDouble())) {
      waited = 0;
    } else if (resting == 0 && ++waited >= patience && reduce(training.optimizer())) {
      resting = cooldown;
      waited = 0;
    }
  }

  /** {@return whether the rate was above the least, and is less now} */
  private boolean reduce(Optimizer optimizer) {
    Schedule before = optimizer.schedule();
    double rate = optimizer.learningRate();
    if (rate <= minRate) {
      return false;
    }
    double share = factor;
    double least = minRate;
    if (before.equals(Schedule.constant(rate))) {
      optimizer.learningRate(Math.max(rate * share, least));
    } else {
      optimizer.learningRate(step -> Math.max(before.at(step) * share, least));
    }
    return true;
  }
}
