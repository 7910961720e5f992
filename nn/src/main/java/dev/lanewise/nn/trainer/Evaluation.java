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
import java.util.function.BiConsumer;

/** Goes through batches without learning from them. */
final class Evaluation {
  private final TrainingModule module;
  private final Backend backend;
  private final Profiler profiler;

  /** {@code null} if steps are computed at once. */
  private final StepGraphs graphs;

  /** What is computed for a batch. */
  interface Step {
    void take(Batch batch, int index);
  }

  /** What is computed for a batch, with its results. */
  private interface Work {
    List<Tensor> on(Batch batch, int index);
  }

  Evaluation(TrainingModule module, Backend backend, Profiler profiler, StepGraphs graphs) {
    this.module = module;
    this.backend = backend;
    this.profiler = profiler;
    this.graphs = graphs;
  }

  /**
   * {@return the means of what steps have logged}
   *
   * @param name which step it is
   * @param batches those of epoch 0 are taken
   * @param most at most so many
   * @param step logs
   * @param end is called after the steps; may log
   */
  Map<String, Double> run(String name, Batches batches, long most, Step step, Runnable end) {
    LogBook logs = new LogBook(LogWhen.EPOCH);
    try {
      Work work =
          (batch, index) -> {
            step.take(batch, index);
            return List.of();
          };
      go(name, batches, most, logs, work, (_, _) -> {});
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
          "predictStep",
          batches,
          most,
          new LogBook(LogWhen.EPOCH),
          (batch, index) -> List.of(module.predictStep(batch, index)),
          // A copy: what a step gives may be the memory of its batch.
          (scope, found) -> parts.add(scope.keep(found.getFirst().detach().copy())));
    } finally {
      module.enter(null, false);
    }
    return parts;
  }

  private void go(
      String name,
      Batches batches,
      long most,
      LogBook logs,
      Work work,
      BiConsumer<Scope, List<Tensor>> results) {
    module.enter(logs, false);
    Iterator<Batch> iterator = batches.epoch(0);
    for (int index = 0; index < most && iterator.hasNext(); index++) {
      Batch given = iterator.next();
      int at = index;
      try (var _ = profiler.start(Profiler.Action.VALIDATION);
          Scope scope = Scope.open("validation step");
          Grad _ = Grad.off()) {
        logs.beginStep(given.size());
        Batch moved = Preparation.moved(given, backend);
        List<Tensor> found =
            graphs == null
                ? work.on(moved, at)
                : graphs.run(name, moved, logs, batch -> work.on(batch, at));
        results.accept(scope, found);
        // What outputs cost counts in training alone.
        module.forgetPenalties();
      }
    }
  }
}
