package dev.lanewise.nn.trainer;

import dev.lanewise.array.Scope;
import dev.lanewise.autodiff.Grad;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backend;
import dev.lanewise.nn.data.Batch;
import dev.lanewise.nn.data.Batches;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Goes through batches without learning from them. */
final class Evaluation {
  private final TrainingModule module;
  private final Backend backend;
  private final Profiler profiler;

  /** What is computed for a batch. */
  interface Step {
    void take(Batch batch, int index);
  }

  /** What is computed for a batch in a scope. */
  private interface ScopedStep {
    void take(Scope scope, Batch batch, int index);
  }

  Evaluation(TrainingModule module, Backend backend, Profiler profiler) {
    this.module = module;
    this.backend = backend;
    this.profiler = profiler;
  }

  /**
   * {@return the means of what steps have logged}
   *
   * @param batches those of epoch 0 are taken
   * @param most at most so many
   * @param step logs
   * @param end is called after the steps; may log
   */
  Map<String, Double> run(Batches batches, long most, Step step, Runnable end) {
    LogBook logs = new LogBook(LogWhen.EPOCH);
    try {
      go(batches, most, logs, (_, batch, index) -> step.take(batch, index));
      logs.endSteps();
      end.run();
      return logs.means();
    } finally {
      module.enter(null, false);
    }
  }

  /**
   * {@return what is predicted for each batch}
   *
   * @param batches those of epoch 0 are taken
   * @param most at most so many
   */
  List<Tensor> predict(Batches batches, long most) {
    List<Tensor> parts = new ArrayList<>();
    try {
      go(
          batches,
          most,
          new LogBook(LogWhen.EPOCH),
          // A copy: what a step gives may be the memory of its batch.
          (scope, batch, index) ->
              parts.add(scope.keep(module.predictStep(batch, index).detach().copy())));
    } finally {
      module.enter(null, false);
    }
    return parts;
  }

  private void go(Batches batches, long most, LogBook logs, ScopedStep step) {
    module.enter(logs, false);
    Iterator<Batch> iterator = batches.epoch(0);
    for (int index = 0; index < most && iterator.hasNext(); index++) {
      Batch given = iterator.next();
      try (var _ = profiler.start(Profiler.Action.VALIDATION);
          Scope scope = Scope.open("validation step");
          Grad _ = Grad.off()) {
        logs.beginStep(given.size());
        step.take(scope, Preparation.moved(given, backend), index);
        // What outputs cost counts in training alone.
        module.forgetPenalties();
      }
    }
  }
}
