// The lab: read clothes from pictures, by one layer, by several, and by convolutions. Run it with
//   ./lanewise run nn/examples/FashionMnistLab.java             Fashion-MNIST, some minutes
//   ./lanewise run nn/examples/FashionMnistLab.java digits      bundled digits, some seconds
// and a second argument for the folder of pictures and of what TensorBoard shows.
import module dev.lanewise.nn;

void main(String[] arguments) throws IOException {
  boolean small = arguments.length > 0 && arguments[0].equals("digits");
  var folder = arguments.length > 1 ? Path.of(arguments[1]) : Files.createTempDirectory("lab");
  Files.createDirectories(folder);
  var data = small ? Digits.load().stratifiedSplit(0.8, 42) : clothes();
  int side = data.train().sampleShape()[0];
  IO.println("train " + data.train() + ", test " + data.test());
  Plots.images(data.train().first(24)).title("Some samples").save(folder.resolve("samples.png"));

  // From simple to capable. Pictures are [n, h, w]; Flatten makes rows of them, Reshape gives them
  // the channel axis that convolutions want.
  int width = small ? 8 : 32;
  var networks = new LinkedHashMap<String, Sequential>();
  networks.put("one layer", Sequential.of(new Flatten(), new Dense(10, "softmax")));
  networks.put(
      "three layers",
      Sequential.of(
          new Flatten(), new Dense(128, "relu"), new Dense(64, "relu"), new Dense(10, "softmax")));
  networks.put(
      "convolutions",
      Sequential.of(
          new Reshape(1, side, side),
          new Conv2D(width, 3, "relu").padding("same"),
          new MaxPool2D(2),
          new Conv2D(2 * width, 3, "relu").padding("same"),
          new MaxPool2D(2),
          new Flatten(),
          new Dense(128, "relu"),
          new Dropout(0.3),
          new Dense(10, "softmax")));

  int epochs = small ? 20 : 5;
  int batch = small ? 32 : 64;
  var histories = new LinkedHashMap<String, History>();
  var accuracies = new LinkedHashMap<String, Double>();
  for (var network : networks.entrySet()) {
    var model = network.getValue().seed(1);
    // The learning rate falls along a cosine from 0.002 to nearly 0: large steps first, fine ones
    // at the end.
    long steps = (long) epochs * ((data.train().size() + batch - 1) / batch);
    model.compile(
        new Adam(Schedule.cosine(0.002, steps, 0.01)),
        "sparse_categorical_crossentropy",
        "accuracy");
    IO.println("\n" + network.getKey());
    var options = FitOptions.epochs(epochs).batchSize(batch).validationData(data.test()).verbose(2);
    histories.put(network.getKey(), model.fit(data.train(), options));
    accuracies.put(network.getKey(), model.evaluate(data.test()).get("accuracy"));
  }

  IO.println("\naccuracy on pictures that were not learned from");
  accuracies.forEach((name, accuracy) -> IO.println("%-14s %.4f".formatted(name, accuracy)));
  var best = networks.get("convolutions");
  IO.println("\n" + best.summary());
  var predictions = best.predict(data.test());
  IO.println(ConfusionMatrix.of(predictions, data.test()));
  Plots.histories(histories).title("Three networks").save(folder.resolve("networks.png"));
  Plots.images(data.test().first(24), best.predict(data.test().first(24)))
      .title("What the network says")
      .save(folder.resolve("predictions.png"));
  IO.println("pictures are in " + folder);

  require(accuracies.get("convolutions") >= (small ? 0.95 : 0.90), "convolutions read them well");
  require(
      accuracies.get("convolutions") > accuracies.get("one layer"), "better than a single layer");
}

TrainTestSplit clothes() throws IOException {
  if (FashionMnist.find().isEmpty()) {
    throw new FileNotFoundException(
        "Fashion-MNIST is not here: apt-get install dataset-fashion-mnist, or give the argument"
            + " 'digits'");
  }
  return FashionMnist.load();
}

void require(boolean holds, String what) {
  if (!holds) {
    throw new AssertionError("it was expected that " + what);
  }
}
