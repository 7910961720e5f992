// What overfitting looks like, why it happens, and what helps, with a picture of each step.
// Run it with ./lanewise run nn/examples/Overfitting.java [FOLDER FOR PICTURES]
import module dev.lanewise.nn;

void main(String[] arguments) throws IOException {
  var pictures =
      arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("overfitting");
  Files.createDirectories(pictures);
  fivePoints(pictures);
  tooLarge(pictures);
  cures(pictures);
  biasAndVariance(pictures);
  IO.println("pictures are in " + pictures);
}

// ---------------------------------------------------------------- five points, two models

/**
 * Five points that lie around a line. A line of 2 parameters misses each by a little. A polynomial
 * of 7 parameters goes through all of them, and is far off between them: it has learned the noise.
 */
void fivePoints(Path pictures) throws IOException {
  var line = SyntheticLine.of(1.5, 2).withNoise(1);
  var train = line.withPoints(5, 0, 4).draw(5);
  var test = line.withPoints(40, 0, 4).draw(6); // from the same line: what is to be predicted

  IO.println("five points      parameters   train error   error on new points");
  var small = polynomial(1, train, 500);
  var large = polynomial(6, train, 4000);
  double[] smallErrors = {error(small, train), error(small, test)};
  double[] largeErrors = {error(large, train), error(large, test)};
  IO.println(
      "a line                    2         %5.2f                 %5.2f"
          .formatted(smallErrors[0], smallErrors[1]));
  IO.println(
      "a polynomial              7         %5.2f                 %5.2f\n"
          .formatted(largeErrors[0], largeErrors[1]));
  require(largeErrors[0] < 0.01, "seven parameters go through five points");
  require(largeErrors[1] > 1.5 * smallErrors[1], "and are worse everywhere else");

  Plots.xy()
      .points("five points", train.x(), train.y())
      .points("new points", test.x(), test.y())
      .curve("2 parameters", x -> at(small, x), 0, 4)
      .curve("7 parameters", x -> at(large, x), 0, 4)
      .axes("x", "y")
      .title("Five points, two models")
      .save(pictures.resolve("1-five-points.png"));
}

/** {@return a polynomial of a degree, fitted to points by gradient descent} */
Model polynomial(int degree, RegressionData points, int steps) {
  var model = Sequential.of(new Powers(degree), new Dense(1).kernelInitializer("zeros"));
  model.compile(new Adam(0.05), "mse");
  model.fit(points.x(), points.y(), FitOptions.epochs(steps).batchSize(points.size()).verbose(0));
  return model;
}

double error(Model model, RegressionData points) {
  return model.evaluate(points.x(), points.y()).loss();
}

double at(Model model, double x) {
  return model.predict(Tensor.of(new float[] {(float) x}, 1, 1)).item();
}

/**
 * Makes of each number from 0 to 4 its Chebyshev polynomials. They span the same curves as x, x²,
 * x³ and so on, but are all of one size, which gradient descent needs.
 */
static class Powers extends Layer {
  private final int degree;

  Powers(int degree) {
    this.degree = degree;
  }

  @Override
  public Shape outputShape(Shape input) {
    return Shape.of(degree);
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    var angle = x.div(2).sub(1).clamp(-1, 1).acos(); // T_k(x) = cos(k · arccos x)
    var powers = new Tensor[degree];
    for (int k = 1; k <= degree; k++) {
      powers[k - 1] = angle.mul(k).cos();
    }
    return Tensor.concat(1, powers);
  }
}

// ---------------------------------------------------------------- a net too large for its data

/** 40 points to learn from, and 400 to see what was learned. Nobody can be right on all. */
final LabeledDataset train = SyntheticMoons.of(40).withNoise(0.35).draw(1);

final LabeledDataset more = SyntheticMoons.of(800).withNoise(0.35).draw(2);
final LabeledDataset validation = SyntheticMoons.of(400).withNoise(0.35).draw(3);
final Map<String, History> histories = new LinkedHashMap<>();

final Map<String, Scores> outcomes = new LinkedHashMap<>();

/** Trains a model with a cure, and writes down how it went. */
void learn(String cure, LabeledDataset data, Model model, TrainingCallback... callbacks) {
  model.compile(new Adam(0.005), "sparse_categorical_crossentropy", "accuracy");
  var options =
      FitOptions.epochs(150)
          .batchSize(data.size() / 5)
          .validationData(validation)
          .callbacks(callbacks)
          .verbose(0);
  histories.put(cure, model.fit(data, options));
  outcomes.put(cure, model.evaluate(validation));
}

Sequential large() {
  return Sequential.of(new Dense(128, "relu"), new Dense(128, "relu"), new Dense(2, "softmax"))
      .seed(7);
}

/**
 * 17,000 parameters for 40 points. The training loss goes to 0; the validation loss falls, and then
 * turns up: from there on the net learns the noise of these 40 points by heart.
 */
void tooLarge(Path pictures) throws IOException {
  var model = large();
  var output = new ByteArrayOutputStream();
  model.compile(new Adam(0.005), "sparse_categorical_crossentropy", "accuracy");
  var history =
      model.fit(
          train,
          FitOptions.epochs(150)
              .batchSize(8)
              .validationData(validation)
              .verbose(2)
              .out(new PrintStream(output)));
  // The last lines of fit say what the numbers mean.
  output.toString().lines().skip(148).forEach(IO::println);
  IO.println();
  histories.put("nothing", history);
  outcomes.put("nothing", model.evaluate(validation));
  var losses = history.get("val_loss");
  double best = Collections.min(losses);
  require(history.last("loss") < 0.05, "the large net learns its points by heart");
  require(losses.getLast() > 1.5 * best, "and its validation loss turns up");

  Plots.history(history)
      .title("A net too large for its data")
      .save(pictures.resolve("2-too-large.png"));
  Plots.decisionBoundary(train, x -> model.predict(x))
      .title("It has drawn a border around the noise")
      .save(pictures.resolve("2-too-large-boundary.png"));
}

// ---------------------------------------------------------------- what helps

/** The same task, five times, each with one cure. */
void cures(Path pictures) throws IOException {
  // More data: the noise of 800 points can not be learned by heart as fast.
  learn("more data", more, large());
  // A smaller model: no room for noise.
  var small = Sequential.of(new Dense(6, "tanh"), new Dense(2, "softmax")).seed(7);
  learn("smaller model", train, small);
  // L2: large weights, which sharp corners need, cost something.
  var l2 =
      Sequential.of(
              new Dense(128, "relu").kernelRegularizer(Regularizer.l2(0.01)),
              new Dense(128, "relu").kernelRegularizer(Regularizer.l2(0.01)),
              new Dense(2, "softmax"))
          .seed(7);
  learn("L2", train, l2);
  // Dropout: each step trains another part of the net; no unit can rely on another one's memory.
  var dropout =
      Sequential.of(
              new Dense(128, "relu"),
              new Dropout(0.7),
              new Dense(128, "relu"),
              new Dropout(0.7),
              new Dense(2, "softmax"))
          .seed(7);
  learn("dropout", train, dropout);
  // Early stopping: the weights of the best epoch are kept.
  var stopping = new EarlyStopping("val_loss").patience(20).restoreBestWeights(true);
  learn("early stopping", train, large(), stopping);

  IO.println("cure              epochs   train loss   best val_loss   in the end   accuracy");
  histories.forEach(
      (cure, history) ->
          IO.println(
              "%-16s  %6d   %10.3f   %13.3f   %10.3f   %8.3f"
                  .formatted(
                      cure,
                      history.epochs(),
                      history.last("loss"),
                      history.best("val_loss").value(),
                      outcomes.get(cure).loss(),
                      outcomes.get(cure).get("accuracy"))));
  IO.println();
  double uncured = outcomes.get("nothing").loss();
  outcomes.forEach(
      (cure, scores) ->
          require(
              cure.equals("nothing") || scores.loss() < 0.75 * uncured,
              cure + " keeps the validation loss from turning up as far"));
  Plots.histories(histories).title("Cures for overfitting").save(pictures.resolve("3-cures.png"));
}

// ---------------------------------------------------------------- bias and variance

/**
 * Why the best model is neither the smallest nor the largest. Each size is fitted to 40 samples of
 * the same curve. Bias: how far the mean of the 40 fits is from the curve, as the model can not
 * bend enough. Variance: how far single fits are from their mean, as each follows its own noise.
 * The error on new points is their sum, plus the noise itself.
 */
void biasAndVariance(Path pictures) throws IOException {
  int repeats = 40;
  double noise = 0.4;
  var grid = Tensor.linspace(0, 4, 50).reshape(50, 1);
  var truth = curve(grid);
  double[] sizes = {1, 2, 3, 4, 6, 8, 11};
  double[] bias = new double[sizes.length];
  double[] variance = new double[sizes.length];
  var random = new Generator(11);
  var x = Tensor.linspace(0, 4, 18).reshape(18, 1);
  IO.println("degree   bias²   variance   error");
  for (int i = 0; i < sizes.length; i++) {
    var fits = new Tensor[repeats];
    for (int r = 0; r < repeats; r++) {
      var y = curve(x).add(Tensor.randomNormal(random, 0, noise, x.shape()));
      fits[r] = fit((int) sizes[i], x, y).predict(grid);
    }
    var all = Tensor.stack(0, fits);
    var mean = all.mean(0);
    bias[i] = mean.sub(truth).square().mean().item();
    variance[i] = all.sub(mean).square().mean().item();
    IO.println(
        "%6.0f   %5.3f   %8.3f   %5.3f"
            .formatted(sizes[i], bias[i], variance[i], bias[i] + variance[i]));
  }
  IO.println();
  double[] sum = new double[sizes.length];
  for (int i = 0; i < sum.length; i++) {
    sum[i] = bias[i] + variance[i];
  }
  int best = 0;
  for (int i = 0; i < sum.length; i++) {
    best = sum[i] < sum[best] ? i : best;
  }
  require(bias[0] > 5 * bias[sizes.length - 1], "small models have more bias");
  require(variance[sizes.length - 1] > 5 * variance[0], "large models have more variance");
  require(best > 0 && best < sizes.length - 1, "the best model is in between");
  Plots.xy()
      .line("bias²", sizes, bias)
      .line("variance", sizes, variance)
      .line("bias² + variance", sizes, sum)
      .axes("degree of the polynomial", "mean squared error")
      .title("The best model is in between")
      .save(pictures.resolve("4-bias-and-variance.png"));
}

Tensor curve(Tensor x) {
  return x.mul(1.5).sin().add(x.mul(0.3));
}

Model fit(int degree, Tensor x, Tensor y) {
  var model = Sequential.of(new Powers(degree), new Dense(1).kernelInitializer("zeros"));
  model.compile(new SGD(0.1).momentum(0.9), "mse");
  model.fit(x, y, FitOptions.epochs(600).batchSize(18).shuffle(false).verbose(0));
  return model;
}

void require(boolean holds, String what) {
  if (!holds) {
    throw new AssertionError("it was expected that " + what);
  }
}
