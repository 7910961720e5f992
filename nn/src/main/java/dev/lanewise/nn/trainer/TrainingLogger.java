package dev.lanewise.nn.trainer;

import java.util.Map;

/**
 * Where the numbers of a training go. {@link MemoryLogger} keeps them, {@link CsvTrainingLogger}
 * and {@link TensorBoardLogger} write files; one of your own is a few lines:
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * class PrintLogger implements TrainingLogger {
 *   @Override
 *   public void scalars(long step, int epoch, Map<String, Double> values) {
 *     IO.println(step + ": " + values);
 *   }
 * }
 *
 * void main() {
 *   var options = TrainerOptions.maxEpochs(3).loggers(new PrintLogger()).logEveryNSteps(1);
 *   IO.println(options);
 * }
 * }
 */
public interface TrainingLogger {

  /**
   * Is called when a training begins.
   *
   * @param values what {@link TrainingModule#hyperparameters} gives
   */
  default void hyperparameters(Map<String, Object> values) {}

  /**
   * Takes numbers.
   *
   * @param step how many steps the optimizer has taken
   * @param epoch which epoch it is, from 0
   * @param values by name, at least one
   */
  void scalars(long step, int epoch, Map<String, Double> values);

  /**
   * Is called when a training ends, also if it was stopped or failed.
   *
   * @param last the last value of each name
   */
  default void finish(Map<String, Double> last) {}
}
