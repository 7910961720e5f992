package dev.lanewise.nn;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.graph.CompiledFunction;
import dev.lanewise.graph.Graph;
import dev.lanewise.nn.data.Batch;
import dev.lanewise.nn.internal.BatchForm;
import dev.lanewise.nn.internal.Captured;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The steps of a compiled model as graphs, one for each size of a batch. */
final class TracedSteps {
  private final Compiled compiled;
  private final Map<BatchForm, CompiledFunction> training = new HashMap<>();
  private final Map<BatchForm, CompiledFunction> evaluation = new HashMap<>();

  /** What the graphs are of. */
  private Captured captured;

  TracedSteps(Compiled compiled) {
    this.compiled = compiled;
  }

  /** Drops the graphs, because other weights are trained. */
  void forget() {
    training.clear();
    evaluation.clear();
  }

  /** {@return what a step of training has found} */
  Judgement train(Batch batch) {
    return run(training, true, batch);
  }

  /** {@return what a step of evaluation has found} */
  Judgement evaluate(Batch batch) {
    return run(evaluation, false, batch);
  }

  private Judgement run(Map<BatchForm, CompiledFunction> steps, boolean trains, Batch batch) {
    requireCaptured();
    CompiledFunction step =
        steps.computeIfAbsent(
            BatchForm.of(batch), form -> Graph.compileAll(ins -> step(form.batch(ins), trains)));
    return Judgement.of(step.applyAll(BatchForm.flat(batch)));
  }

  private List<Tensor> step(Batch batch, boolean training) {
    try {
      Judgement found = training ? compiled.trained(batch) : compiled.judge(batch, false);
      return found.flat();
    } finally {
      compiled.model().forgetPenalties(); // they have no numbers outside of the graph
    }
  }

  private void requireCaptured() {
    Captured now = Captured.of(compiled.model());
    if (!now.equals(captured)) {
      captured = now;
      forget();
    }
  }
}
