package dev.lanewise.nn;

import dev.lanewise.array.NdArray;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.graph.CompiledFunction;
import dev.lanewise.graph.Graph;
import dev.lanewise.nn.data.Batch;
import dev.lanewise.nn.layer.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The steps of a compiled model as graphs, one for each size of a batch. */
final class TracedSteps {
  private final Compiled compiled;
  private final Map<Form, CompiledFunction> training = new HashMap<>();
  private final Map<Form, CompiledFunction> evaluation = new HashMap<>();

  /** The arrays that the graphs have captured: others, as after a move to a device, need others. */
  private List<NdArray> captured = List.of();

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

  private Judgement run(Map<Form, CompiledFunction> steps, boolean trains, Batch batch) {
    requireCaptured();
    CompiledFunction step =
        steps.computeIfAbsent(
            Form.of(batch), form -> Graph.compileAll(ins -> step(form.batch(ins), trains)));
    return Judgement.of(step.applyAll(Form.flat(batch)));
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
    List<Weight> weights = compiled.model().weights();
    boolean same = weights.size() == captured.size();
    for (int i = 0; same && i < weights.size(); i++) {
      same = weights.get(i).value().data() == captured.get(i);
    }
    if (!same) {
      captured = weights.stream().map(weight -> weight.value().data()).toList();
      forget();
    }
  }

  /** How many tensors of a batch are what. */
  private record Form(int inputs, int targets, boolean isWeighted) {
    static Form of(Batch batch) {
      return new Form(batch.inputs().size(), batch.targets().size(), batch.weights().isPresent());
    }

    static List<Tensor> flat(Batch batch) {
      List<Tensor> all = new ArrayList<>(batch.inputs());
      all.addAll(batch.targets());
      batch.weights().ifPresent(all::add);
      return all;
    }

    Batch batch(List<Tensor> flat) {
      return new Batch(
          flat.subList(0, inputs),
          flat.subList(inputs, inputs + targets),
          isWeighted ? Optional.of(flat.getLast()) : Optional.empty());
    }
  }
}
