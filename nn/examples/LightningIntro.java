// A network in the manner of PyTorch Lightning: a module says what a step computes, a trainer does
// the rest. Run it with
//   ./lanewise run nn/examples/LightningIntro.java
import module dev.lanewise.nn;

/** What would be a LightningModule in Python: layers, and what to do with a batch of points. */
class Net extends TrainingModule {
  // addLayer takes a layer in: its weights are trained and saved with those of the module.
  private final Layer hidden = addLayer(new Dense(10, "relu").named("hidden"));
  private final Layer output = addLayer(new Dense(1).named("output"));

  // The output is a logit, any number: above 0 it means class 1. The sigmoid that would make a
  // probability of it is a part of the loss.
  private final Loss loss = new BinaryCrossentropy(true);

  /** What comes out for a batch of points: forward in Python. */
  @Override
  protected Tensor call(Tensor x, boolean training) {
    return output.apply(hidden.apply(x, training), training);
  }

  /** The loss of a batch. Gradients and the step of the optimizer are the trainer's work. */
  @Override
  protected Tensor trainingStep(Batch batch, int index) {
    return loss.apply(forward(batch.x()), batch.y());
  }

  /** How good the net is on points that it does not learn from: means over all batches. */
  @Override
  protected void validationStep(Batch batch, int index) {
    var logits = forward(batch.x());
    log("val_loss", loss.apply(logits, batch.y()));
    log("val_acc", logits.gt(0).eq(batch.y().gt(0)).cast(DType.F32).mean());
  }

  @Override
  protected Optimizer configureOptimizers() {
    return new Adam(); // a small rate, 0.001: the loss falls slowly, and there are few steps
  }
}

void main() {
  // 100 points of two classes; one in ten has a wrong label, so nothing is right on all of them.
  var points = SyntheticClassification.of(100, 2).withFlippedShare(0.1).withSeparation(1.5).draw(0);
  var split = points.split(0.7, 1);
  var train = examples(split.train());
  var validation = examples(split.test());

  var net = new Net();
  var options =
      TrainerOptions.maxEpochs(30) // how often all points are gone through
          .batchSize(1) // the points of a step
          .seed(42) // the same numbers in every run
          .logEveryNSteps(1);
  var before = new Trainer(options).validate(net, validation);
  IO.println("before training: " + before);

  // Tells who computes, prints the table of weights, tries validation, trains and validates.
  TrainerRun run = new Trainer(options).fit(net, train, validation);

  List<Double> losses = run.history().get("val_loss");
  List<Double> shares = run.history().get("val_acc");
  IO.println(
      "validation loss %.4f -> %.4f, accuracy %.2f -> %.2f"
          .formatted(
              before.get("val_loss"), losses.getLast(), before.get("val_acc"), shares.getLast()));

  // What this program promises; it fails if that is not so.
  require(net.weights().stream().mapToLong(w -> w.value().size()).sum() == 41, "41 weights");
  require(losses.size() == 30, "30 epochs");
  require(losses.getLast() < before.get("val_loss"), "a validation loss that falls");
  require(losses.getLast() <= 0.61, "a validation loss of at most 0.61");
  require(shares.getLast() >= 0.8, "at least 80 % right");
}

/** Features and classes as tensors; the loss compares each logit, [n, 1], with 0 or 1. */
Examples examples(LabeledDataset data) {
  var x = Tensor.of(data.features(), data.size(), 2);
  var y = Tensor.of(data.labels()).cast(DType.F32).reshape(-1, 1);
  return Examples.of(x, y);
}

void require(boolean holds, String what) {
  if (!holds) {
    throw new IllegalStateException("expected " + what);
  }
}
