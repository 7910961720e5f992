package dev.lanewise.nn;

import java.util.function.Consumer;

/**
 * What is called while {@code fit} trains, to watch it, to change the learning rate or to stop it.
 * All methods do nothing unless they are overridden. What one throws ends the training.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var model = Sequential.of(new Dense(1));
 *   model.compile("sgd", "mse");
 *   TrainingCallback print = TrainingCallback.onEpochEnd(t -> IO.println(t.epoch() + ": " + t.scores()));
 *   TrainingCallback enough =
 *       TrainingCallback.onEpochEnd(
 *           t -> {
 *             if (t.scores().loss() < 0.1) {
 *               t.stop("the loss is small enough");
 *             }
 *           });
 *   model.fit(
 *       Tensor.ones(32, 2), Tensor.ones(32, 1), FitOptions.epochs(50).callbacks(print, enough));
 * }
 * }
 */
public interface TrainingCallback {

  /**
   * Is called before the first epoch, when the model has its weights.
   *
   * @param training what is going on
   */
  default void onTrainBegin(Training training) {}

  /**
   * Is called before each epoch.
   *
   * @param training what is going on; {@link Training#epoch} tells which epoch comes
   */
  default void onEpochBegin(Training training) {}

  /**
   * Is called before each step.
   *
   * @param training what is going on; {@link Training#step} tells which step comes
   */
  default void onBatchBegin(Training training) {}

  /**
   * Is called after each step. Evaluate the model elsewhere: its metrics would begin anew, in the
   * middle of the epoch.
   *
   * @param training what is going on; {@link Training#scores} gives the means so far
   */
  default void onBatchEnd(Training training) {}

  /**
   * Is called after each epoch, when it has been validated.
   *
   * @param training what is going on; {@link Training#scores} gives what the epoch has reported
   */
  default void onEpochEnd(Training training) {}

  /**
   * Is called at the end, also if training was stopped or failed, of each callback whose {@link
   * #onTrainBegin} has returned.
   *
   * @param training what was going on
   */
  default void onTrainEnd(Training training) {}

  /**
   * {@return a callback of one function}
   *
   * @param action is called before the first epoch
   */
  static TrainingCallback onTrainBegin(Consumer<Training> action) {
    return new TrainingCallback() {
      @Override
      public void onTrainBegin(Training training) {
        action.accept(training);
      }
    };
  }

  /**
   * {@return a callback of one function}
   *
   * @param action is called before each epoch
   */
  static TrainingCallback onEpochBegin(Consumer<Training> action) {
    return new TrainingCallback() {
      @Override
      public void onEpochBegin(Training training) {
        action.accept(training);
      }
    };
  }

  /**
   * {@return a callback of one function}
   *
   * @param action is called before each step
   */
  static TrainingCallback onBatchBegin(Consumer<Training> action) {
    return new TrainingCallback() {
      @Override
      public void onBatchBegin(Training training) {
        action.accept(training);
      }
    };
  }

  /**
   * {@return a callback of one function}
   *
   * @param action is called after each step
   */
  static TrainingCallback onBatchEnd(Consumer<Training> action) {
    return new TrainingCallback() {
      @Override
      public void onBatchEnd(Training training) {
        action.accept(training);
      }
    };
  }

  /**
   * {@return a callback of one function}
   *
   * @param action is called after each epoch
   */
  static TrainingCallback onEpochEnd(Consumer<Training> action) {
    return new TrainingCallback() {
      @Override
      public void onEpochEnd(Training training) {
        action.accept(training);
      }
    };
  }

  /**
   * {@return a callback of one function}
   *
   * @param action is called at the end, also if training failed
   */
  static TrainingCallback onTrainEnd(Consumer<Training> action) {
    return new TrainingCallback() {
      @Override
      public void onTrainEnd(Training training) {
        action.accept(training);
      }
    };
  }
}
