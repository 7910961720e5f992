package dev.lanewise.nn.trainer;

import java.util.Map;

/**
 * What is called while a {@link Trainer} trains, to watch it or to stop it. All methods do nothing
 * unless they are overridden. Callbacks are called after the module's own methods.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * class StopAtLoss implements TrainerCallback {
 *   @Override
 *   public void onTrainEpochEnd(TrainerRun run) {
 *     if (run.metrics().get("loss") < 0.1) {
 *       run.stop("the loss is small enough");
 *     }
 *   }
 * }
 *
 * void main() {
 *   IO.println(TrainerOptions.maxEpochs(30).callbacks(new StopAtLoss()));
 * }
 * }
 */
public interface TrainerCallback {

  /**
   * Is called before the first epoch, when the module has its weights.
   *
   * @param run what is going on
   */
  default void onTrainStart(TrainerRun run) {}

  /**
   * Is called before each epoch.
   *
   * @param run what is going on
   */
  default void onTrainEpochStart(TrainerRun run) {}

  /**
   * Is called after each step of the optimizer.
   *
   * @param run what is going on
   */
  default void onTrainStep(TrainerRun run) {}

  /**
   * Is called after each epoch, when it has been validated.
   *
   * @param run what is going on; {@link TrainerRun#metrics} gives what the epoch has reported
   */
  default void onTrainEpochEnd(TrainerRun run) {}

  /**
   * Is called at the end, also if training was stopped or failed.
   *
   * @param run what was going on
   */
  default void onTrainEnd(TrainerRun run) {}

  /** {@return what a checkpoint keeps of this; nothing unless this is overridden} */
  default Map<String, String> state() {
    return Map.of();
  }

  /**
   * Goes on with what {@link #state} gave.
   *
   * @param state the same texts; those of the callback of the same class, and of the same place
   *     among those of its class, that the run before had
   */
  default void loadState(Map<String, String> state) {}
}
