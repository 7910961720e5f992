package dev.lanewise.nn;

import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Grad;
import dev.lanewise.autodiff.Gradients;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.loss.Loss;
import dev.lanewise.nn.metric.Metric;
import dev.lanewise.nn.optim.Optimizer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A model with what it learns by: the steps that its loops are made of. */
final class Compiled {
  private final Model model;
  private final Optimizer optimizer;
  private final Loss loss;
  private final List<Metric> metrics;
  private final BatchBuffer samples = new BatchBuffer();
  private final BatchBuffer targets = new BatchBuffer();

  Compiled(Model model, Optimizer optimizer, Loss loss, List<Metric> metrics) {
    this.model = model;
    this.optimizer = optimizer;
    this.loss = loss;
    this.metrics = metrics;
    Set<String> names = new HashSet<>(Set.of("loss"));
    for (Metric metric : metrics) {
      if (!names.add(metric.name())) {
        throw new IllegalArgumentException(
            ("compile: the metric '%s' has the name of %s; names of a history must differ"
                    + " (metrics %s)")
                .formatted(
                    metric.name(),
                    metric.name().equals("loss") ? "the loss" : "another",
                    metrics.stream().map(Metric::name).toList()));
      }
    }
  }

  /** Builds the model for examples, if that is still to do, and brings them into its form. */
  Examples prepare(Examples examples) {
    Shape output = model.outputShape(examples.sampleShape());
    Rows checked = Targets.prepare(loss, examples.y(), output);
    model.buildOnce(examples.sampleShape());
    return examples.prepared(checked);
  }

  /** Makes the optimizer's state, if that is still to do; outside the scope of a step. */
  void prepareTraining(String operation) {
    if (model.trainableWeights().isEmpty()) {
      throw new IllegalStateException(
          operation + ": the model has no weights to train; add a Dense layer");
    }
    optimizer.build(model.trainableWeights());
  }

  Tally tally() {
    return new Tally(metrics);
  }

  /**
   * Takes one step.
   *
   * @param examples prepared ones
   * @param order which example comes at which place; {@code null} for all in order
   * @param from the first place of the batch
   * @param to the place after its last
   * @param batchSize the size of full batches
   * @param tally takes the loss and the predictions of before the step in
   */
  void train(Examples examples, int[] order, int from, int to, int batchSize, Tally tally) {
    Tensor x = samples.fill(model.backend(), examples.x(), order, from, to, batchSize);
    Tensor y = targets.fill(model.backend(), examples.y(), order, from, to, batchSize);
    try (Scope _ = Scope.open("training step");
        Grad _ = Grad.on()) {
      Tensor predictions = model.call(x, true);
      Tensor value = loss.apply(predictions, y);
      optimizer.apply(Gradients.of(value, model.trainableValues()));
      tally.add(value.item(), predictions, y);
    }
  }

  /** {@return loss and metrics on prepared examples} */
  Scores evaluate(Examples examples, int batchSize) {
    Tally tally = tally();
    for (int from = 0; from < examples.size(); from += batchSize) {
      int to = Math.min(from + batchSize, examples.size());
      Tensor x = samples.fill(model.backend(), examples.x(), null, from, to, batchSize);
      Tensor y = targets.fill(model.backend(), examples.y(), null, from, to, batchSize);
      try (Scope _ = Scope.open("evaluation step");
          Grad _ = Grad.off()) {
        Tensor predictions = model.call(x, false);
        tally.add(loss.apply(predictions, y).item(), predictions, y);
      }
    }
    return tally.scores();
  }
}
