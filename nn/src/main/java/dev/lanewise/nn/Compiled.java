package dev.lanewise.nn;

import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Grad;
import dev.lanewise.autodiff.Gradients;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.data.Batch;
import dev.lanewise.nn.layer.Weight;
import dev.lanewise.nn.loss.Loss;
import dev.lanewise.nn.loss.Reduction;
import dev.lanewise.nn.metric.Metric;
import dev.lanewise.nn.optim.Optimizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** A model with what it learns by: the steps that its loops are made of. */
final class Compiled {
  private final Model model;
  private final Optimizer optimizer;
  private final List<Head> heads;
  private final List<String> names;
  private final Feed feed;
  private List<Weight> weights;
  private Tensor[] values;
  private List<Weight> constrained;

  /** The steps as graphs; {@code null} if they are computed at once. */
  private final TracedSteps steps;

  Compiled(Model model, Optimizer optimizer, List<Head> heads, boolean jit) {
    this.model = model;
    this.optimizer = optimizer;
    this.heads = heads;
    this.names = model.outputNames(heads.size());
    this.feed = new Feed(model);
    this.steps = jit ? new TracedSteps(this) : null;
    Set<String> taken = new HashSet<>(Set.of("loss"));
    for (int i = 0; i < heads.size(); i++) {
      for (Metric metric : heads.get(i).metrics()) {
        if (!taken.add(Tally.name(names, heads, i, metric))) {
          throw new IllegalArgumentException(
              ("compile: the metric '%s' has the name of %s; names of a history must differ"
                      + " (metrics %s)")
                  .formatted(
                      metric.name(),
                      metric.name().equals("loss") ? "the loss" : "another",
                      heads.get(i).metrics().stream().map(Metric::name).toList()));
        }
      }
    }
  }

  Model model() {
    return model;
  }

  Optimizer optimizer() {
    return optimizer;
  }

  List<Head> heads() {
    return heads;
  }

  /** Builds the model for examples, if that is still to do, and brings them into its form. */
  Examples prepare(Examples examples) {
    List<Shape> outputs = model.outputShapes(examples.sampleShapes());
    List<Rows> targets = examples.y();
    if (outputs.size() != heads.size() || targets.size() != heads.size()) {
      throw new ShapeException(
          "%s: the model has %d outputs, was compiled with %d losses and is given %d targets"
              .formatted(model.name(), outputs.size(), heads.size(), targets.size()));
    }
    List<Rows> checked = new ArrayList<>();
    for (int i = 0; i < heads.size(); i++) {
      checked.add(Targets.prepare(heads.get(i).loss(), targets.get(i), outputs.get(i)));
    }
    model.buildOnce(examples.sampleShapes());
    return examples.prepared(checked);
  }

  /** Makes the optimizer's state, if that is still to do; outside the scope of a step. */
  void prepareTraining(String operation) {
    List<Weight> found = model.weights().stream().filter(Weight::isTrainable).toList();
    if (found.isEmpty()) {
      throw new IllegalStateException(
          operation
              + ": the model has no weights to train; "
              + (model.weights().isEmpty() ? "add a Dense layer" : "call trainable(true)"));
    }
    optimizer.build(found);
    if (!found.equals(weights)) {
      weights = found;
      values = weights.stream().map(Weight::value).toArray(Tensor[]::new);
      if (steps != null) {
        steps.forget();
      }
      constrained = weights.stream().filter(weight -> weight.constraint().isPresent()).toList();
    }
  }

  /** {@return examples as one batch in the model's form, valid until the next call} */
  Batch batch(Examples examples) {
    return feed.all(prepare(examples));
  }

  /** {@return the names of what a tally reports, in its order} */
  List<String> reports() {
    List<String> all = new ArrayList<>(List.of("loss"));
    if (heads.size() > 1) {
      names.forEach(name -> all.add(name + "_loss"));
    }
    for (int i = 0; i < heads.size(); i++) {
      for (Metric metric : heads.get(i).metrics()) {
        all.add(Tally.name(names, heads, i, metric));
      }
    }
    return all;
  }

  Tally tally() {
    return new Tally(names, heads);
  }

  /**
   * Takes a step, and tells a tally of it.
   *
   * @param batch in the form that {@link #prepare} gives
   * @param tally hears loss and predictions
   */
  void train(Batch batch, Tally tally) {
    try (Scope _ = Scope.open("training step");
        Grad _ = Grad.on()) {
      (steps == null ? trained(batch) : steps.train(batch)).tell(tally, batch);
    }
  }

  /** {@return what a step of training has found; the weights are changed then} */
  Judgement trained(Batch batch) {
    Judgement judgement = judge(batch, true);
    optimizer.apply(Gradients.of(judgement.sum(), values));
    if (!constrained.isEmpty()) {
      try (Scope _ = Scope.open("constraints");
          Grad _ = Grad.off()) {
        constrained.forEach(weight -> weight.constraint().get().apply(weight.value()));
      }
    }
    return judgement;
  }

  /** {@return loss and metrics on some batches of an epoch, at most so many} */
  Scores evaluate(Iterator<Batch> batches, long most) {
    if (!batches.hasNext()) {
      throw new IllegalArgumentException("evaluate: there are no batches");
    }
    Tally tally = tally();
    for (long step = 0; step < most && batches.hasNext(); step++) {
      Batch batch = batches.next();
      try (Scope _ = Scope.open("evaluation step");
          Grad _ = Grad.off()) {
        (steps == null ? judge(batch, false) : steps.evaluate(batch)).tell(tally, batch);
      }
    }
    return tally.scores();
  }

  /** {@return what the model and its losses make of a batch} */
  Judgement judge(Batch batch, boolean training) {
    // Those of a call that was not ours, or of a step that failed.
    model.forgetPenalties();
    List<Tensor> outputs = outputs(batch, training);
    Tensor sum = null;
    List<Tensor> losses = new ArrayList<>();
    for (int i = 0; i < heads.size(); i++) {
      Tensor loss = loss(heads.get(i).loss(), outputs.get(i), batch, i);
      losses.add(loss);
      Tensor weighted = heads.get(i).weight() == 1 ? loss : loss.mul(heads.get(i).weight());
      sum = sum == null ? weighted : sum.add(weighted);
    }
    for (Tensor penalty : model.penalties()) {
      sum = sum.add(penalty);
    }
    return new Judgement(sum, losses, outputs);
  }

  private List<Tensor> outputs(Batch batch, boolean training) {
    return batch.inputs().size() == 1 && heads.size() == 1
        ? List.of(model.apply(batch.x(), training))
        : model.apply(batch.inputs(), training);
  }

  private static Tensor loss(Loss loss, Tensor output, Batch batch, int index) {
    Tensor target = batch.targets().get(index);
    if (batch.weights().isEmpty()) {
      return loss.apply(output, target);
    }
    if (loss.ignoredLabel().isPresent()) {
      throw new IllegalArgumentException(
          loss.name()
              + ": weights of samples or classes do not go with an ignored label; give labels that"
              + " do not count the weight 0, or leave the weights out");
    }
    Tensor each = loss.apply(output, target, Reduction.NONE);
    int[] rest = IntStream.range(1, each.shape().rank()).toArray();
    Tensor samples = rest.length == 0 ? each : each.mean(rest);
    return samples.mul(batch.weights().get()).mean();
  }
}
