package dev.lanewise.nn.train;

import dev.lanewise.nn.Training;
import dev.lanewise.nn.TrainingCallback;

/**
 * Stops training at the first loss that is NaN or infinite, from which weights do not recover. In
 * Keras {@code TerminateOnNaN}.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var model = Sequential.of(new Dense(1));
 *   model.compile(new SGD(1e20), new MeanSquaredError());
 *   var options = FitOptions.epochs(50).callbacks(new TerminateOnNaN()).verbose(0);
 *   History history = model.fit(Tensor.ones(8, 2), Tensor.zeros(8, 1), options);
 *   IO.println(history.stopped().orElse("all went well"));
 * }
 * }
 */
public final class TerminateOnNaN implements TrainingCallback {

  /** Makes one. */
  public TerminateOnNaN() {}

  @Override
  public void onBatchEnd(Training training) {
    double loss = training.batchLoss();
    if (!Double.isFinite(loss)) {
      training.stop("the loss of step %d is %s".formatted(training.step() + 1, loss));
    }
  }
}
