package dev.lanewise.nn.train;

import dev.lanewise.nn.Training;
import dev.lanewise.nn.TrainingCallback;
import dev.lanewise.nn.optim.Schedule;
import java.util.Objects;

/**
 * Chooses the learning rate of each epoch, and logs it as {@code learning_rate}. In Keras {@code
 * LearningRateScheduler}. Where the rate is to change from step to step, give a {@link Schedule} to
 * the optimizer instead; this would take its place.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var model = Sequential.of(new Dense(1));
 *   model.compile(new SGD(0.1), new MeanSquaredError());
 *   var halved = new LearningRateScheduler((epoch, rate) -> epoch < 2 ? rate : rate / 2);
 *   var options = FitOptions.epochs(4).callbacks(halved).verbose(0);
 *   History history = model.fit(Tensor.ones(8, 2), Tensor.ones(8, 1), options);
 *   IO.println(history.get("learning_rate")); // [0.1, 0.1, 0.05, 0.025]
 * }
 * }
 */
public final class LearningRateScheduler implements TrainingCallback {
  static final String LOGGED = "learning_rate";

  private final Rate rate;

  /** The learning rate of an epoch. */
  @FunctionalInterface
  public interface Rate {
    /**
     * {@return the rate, at least 0}
     *
     * @param epoch which epoch, from 0
     * @param rate what the optimizer has before it
     */
    double at(int epoch, double rate);
  }

  /**
   * Makes one.
   *
   * @param rate is asked before each epoch
   */
  public LearningRateScheduler(Rate rate) {
    this.rate = Objects.requireNonNull(rate, "rate");
  }

  /**
   * Makes one that follows a schedule, epoch by epoch in place of step by step.
   *
   * @param epochs is asked for the rate of each epoch, from 0
   */
  public LearningRateScheduler(Schedule epochs) {
    Objects.requireNonNull(epochs, "epochs");
    this.rate = (epoch, _) -> epochs.at(epoch);
  }

  @Override
  public void onEpochBegin(Training training) {
    double next = rate.at(training.epoch(), training.optimizer().learningRate());
    training.optimizer().learningRate(next);
  }

  @Override
  public void onEpochEnd(Training training) {
    training.log(LOGGED, training.optimizer().learningRate());
  }
}
