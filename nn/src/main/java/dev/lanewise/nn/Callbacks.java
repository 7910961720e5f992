package dev.lanewise.nn;

import java.util.List;
import java.util.function.BiConsumer;

/**
 * The callbacks of one call of {@code fit}: whatever happens between, each that has begun is ended,
 * and a failure at the end of one neither keeps the others from theirs nor hides an earlier one.
 */
final class Callbacks implements AutoCloseable {
  private final List<TrainingCallback> all;
  private final Training training;
  private int begun;

  Callbacks(List<TrainingCallback> all, Training training) {
    this.all = all;
    this.training = training;
  }

  void begin() {
    for (TrainingCallback callback : all) {
      callback.onTrainBegin(training);
      begun++;
    }
  }

  /** Calls one method of all. */
  void each(BiConsumer<TrainingCallback, Training> method) {
    for (TrainingCallback callback : all) {
      method.accept(callback, training);
    }
  }

  @Override
  public void close() {
    end(0);
  }

  private void end(int index) {
    if (index < begun) {
      try (Ending _ = () -> end(index + 1)) {
        all.get(index).onTrainEnd(training);
      }
    }
  }

  /** What is still to be done at the end. */
  private interface Ending extends AutoCloseable {
    @Override
    void close();
  }
}
