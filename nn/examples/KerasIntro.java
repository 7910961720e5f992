// From one neuron to models with branches: what Keras's introduction does, step by step.
// Run it with ./lanewise run nn/examples/KerasIntro.java [FOLDER FOR PICTURES]
import module dev.lanewise.nn;

void main(String[] arguments) throws IOException {
  var pictures = arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("keras");
  Files.createDirectories(pictures);
  var data = data();
  oneNeuron(data, pictures);
  inputsAndOutputs(data);
  twoLayers(data, pictures);
  ownLayer(data);
  ownLoop(data);
  IO.println("pictures are in " + pictures);
}

/**
 * Points of two classes in the plane. 70 % are learned from; the others are kept aside, because a
 * model is judged by points that it has never seen. Features are brought to 0 … 1 by the numbers of
 * the training part alone: what is known of the other part must not flow into what is learned.
 */
TrainTestSplit data() {
  return SyntheticClassification.of(100, 2)
      .withFlippedShare(0.05) // 5 % have the wrong label: nobody can be right on all of them
      .withSeparation(1.5)
      .draw(0)
      .split(0.7, 1)
      .scaled(new MinMaxScaler());
}

/** A perceptron: two weights and a bias, whose sum a sigmoid turns into a probability. */
void oneNeuron(TrainTestSplit data, Path pictures) throws IOException {
  var model = Sequential.of(new Input(2), new Dense(1), new Activation("sigmoid")).seed(1);
  IO.println(model.summary()); // 3 parameters

  // A name or an object: "sgd" takes small steps of 0.01, here they are 0.2.
  model.compile(new SGD(0.2), "binary_crossentropy", "accuracy");
  var train = Examples.of(data.train().x(), column(data.train())); // y is [n, 1], as the output
  var test = Examples.of(data.test().x(), column(data.test()));
  var history = model.fit(train, FitOptions.epochs(10).batchSize(1).validationData(test));
  // A further call goes on where the first has ended.
  model.fit(train, FitOptions.epochs(15).initialEpoch(10).batchSize(1).verbose(0));

  // The line between the classes is where the probability is one half: w0 x0 + w1 x1 + b = 0.
  var weights = model.layer("dense").weights();
  var w = weights.get(0).value().toFloatArray();
  var b = weights.get(1).value().item();
  IO.println(
      "the line between the classes: x1 = %.2f + %.2f x0".formatted(-b / w[1], -w[0] / w[1]));

  Plots.history(history).title("One neuron").save(pictures.resolve("one-neuron.png"));
  Plots.decisionBoundary(data.test(), x -> model.predict(x))
      .title("One neuron draws a line")
      .save(pictures.resolve("one-neuron-boundary.png"));
  var scores = model.evaluate(test);
  IO.println("one neuron, on points it has never seen: " + scores + "\n");
  require(scores.get("accuracy") >= 0.85, "one neuron finds the line");
}

/** The same model, written as a path from an input to an output. This way models can branch. */
void inputsAndOutputs(TrainTestSplit data) {
  var inputs = Input.of(2);
  var outputs =
      new Dense(1, "sigmoid")
          .kernelInitializer("glorot_uniform")
          .named("probability")
          .apply(inputs);
  var model = Model.of(inputs, outputs).seed(2);
  model.compile(new Adam(0.1), "binary_crossentropy", "accuracy");
  var history =
      model.fit(
          data.train().x(), column(data.train()), FitOptions.epochs(15).batchSize(8).verbose(0));
  IO.println(
      "an input and an output: accuracy %.4f after 15 epochs\n"
          .formatted(history.last("accuracy")));
  require(history.last("accuracy") >= 0.85, "the same model learns the same");

  // A branch: the second layer sees what came in, beside what the first made of it.
  var hidden = new Dense(5, "relu").apply(inputs);
  var both = new Concatenate().apply(inputs, hidden);
  var branched = Model.of(inputs, new Dense(1, "sigmoid").apply(both));
  IO.println(branched.summary());
}

/** A hidden layer bends the line. One output for each class, and two ways to give the labels. */
void twoLayers(TrainTestSplit data, Path pictures) throws IOException {
  var model =
      new Sequential().add(new Dense(5, "relu")).add(new Dense(2, "softmax")).named("two").seed(3);
  // Labels as rows with a single 1: what Keras calls to_categorical.
  model.compile(new Adam(0.05), "categorical_crossentropy", "accuracy");
  model.fit(
      data.train().x(), data.train().oneHotLabels(), FitOptions.epochs(30).batchSize(4).verbose(0));
  // Or as class numbers. To compile again changes how a model learns, not what it knows.
  model.compile(new Adam(0.01), "sparse_categorical_crossentropy", "accuracy");
  var before = model.evaluate(data.test());
  var history =
      model.fit(
          data.train(), FitOptions.epochs(15).batchSize(4).validationData(data.test()).verbose(0));
  IO.println("two layers, before the second training: " + before);
  IO.println("two layers, after it:                   " + model.evaluate(data.test()) + "\n");
  require(before.get("accuracy") >= 0.8, "to compile again keeps the weights");
  Plots.history(history).title("Two layers").save(pictures.resolve("two-layers.png"));
  Plots.decisionBoundary(data.train(), x -> model.predict(x))
      .title("A hidden layer bends the line")
      .save(pictures.resolve("two-layers-boundary.png"));
}

/** A layer of one's own among the others: a sigmoid that learns how steep it is. */
static class Steepness extends Layer {
  private Tensor factor;

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  protected void createWeights(Shape input) {
    factor = addWeight("factor", Shape.of(1), Initializer.constant(1), new Fans(1, 1));
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return x.mul(factor).sigmoid();
  }
}

void ownLayer(TrainTestSplit data) {
  var model = Sequential.of(new Dense(1), new Steepness()).seed(4);
  model.compile(new Adam(0.05), "binary_crossentropy", "accuracy");
  model.fit(data.train().x(), column(data.train()), FitOptions.epochs(30).batchSize(4).verbose(0));
  var factor = model.layer("steepness").weights().getFirst().value().item();
  var scores = model.evaluate(data.test().x(), column(data.test()));
  IO.println("a layer of one's own has learned the factor %.2f: %s\n".formatted(factor, scores));
  require(factor != 1, "the layer learns");
  require(scores.get("accuracy") >= 0.85, "a model with it is as good as the others");
}

/** And a model of Keras's kind in a loop of PyTorch's kind: nothing is hidden. */
void ownLoop(TrainTestSplit data) {
  var model = Sequential.of(new Dense(5, "tanh"), new Dense(1)).seed(5).build(2);
  var loss = new BinaryCrossentropy(true); // from logits: the sigmoid is a part of the loss
  var adam = new Adam(0.05).over(model.weights());
  var x = data.train().x();
  var y = column(data.train());
  double last = 0;
  for (int epoch = 0; epoch < 100; epoch++) {
    // What a step makes, dies with its scope: a long training needs no more memory than one step.
    try (var _ = Scope.open("step")) {
      adam.zeroGrad();
      var wrong = loss.apply(model.apply(x, true), y);
      wrong.backward();
      adam.step();
      last = wrong.item();
    }
  }
  IO.println("a loop of one's own ends with a loss of %.4f".formatted(last));
  require(last < 0.3, "the loop learns");
}

/** Labels 0 and 1 as a column of numbers. */
Tensor column(LabeledDataset data) {
  return data.y().cast(DType.F32).reshape(-1, 1);
}

void require(boolean holds, String what) {
  if (!holds) {
    throw new AssertionError("it was expected that " + what);
  }
}
