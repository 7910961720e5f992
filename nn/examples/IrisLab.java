// The lab: three kinds of iris, told apart by four measures; networks of several sizes compared.
// Run it with ./lanewise run nn/examples/IrisLab.java [FOLDER FOR PICTURES]
import module dev.lanewise.nn;

final String[] measures = {"sepal length", "sepal width", "petal length", "petal width"};

void main(String[] arguments) throws IOException {
  var pictures = arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("iris");
  Files.createDirectories(pictures);

  // 1. Look at the data: 150 flowers of three kinds.
  var iris = Iris.load();
  IO.println(iris + ": " + iris.classNames());
  IO.println(Arrays.toString(measures));
  for (int row : new int[] {0, 1, 50, 51, 100, 101}) {
    IO.println(
        Arrays.toString(Arrays.copyOfRange(iris.features(), 4 * row, 4 * row + 4))
            + " "
            + iris.classNames().get(iris.labels()[row]));
  }
  Plots.pairs(iris, measures).title("Three kinds of iris").save(pictures.resolve("pairs.png"));

  // 2. Keep a part aside, with as many flowers of each kind, and bring each measure to 0 … 1 by
  // the numbers of the other part.
  var parts = iris.stratifiedSplit(0.7, 42).scaled(new MinMaxScaler());

  // 3. Networks from one layer to three, from 15 parameters to 5,000.
  var networks = new LinkedHashMap<String, Layer[]>();
  networks.put("1 layer", new Layer[] {new Dense(3, "softmax")});
  networks.put("2 layers, small", new Layer[] {new Dense(3, "relu"), new Dense(3, "softmax")});
  networks.put("2 layers, medium", new Layer[] {new Dense(16, "relu"), new Dense(3, "softmax")});
  networks.put("2 layers, large", new Layer[] {new Dense(256, "relu"), new Dense(3, "softmax")});
  networks.put(
      "3 layers",
      new Layer[] {new Dense(64, "relu"), new Dense(64, "relu"), new Dense(3, "softmax")});

  IO.println("\nnetwork            parameters   train accuracy   test accuracy   test loss");
  var histories = new LinkedHashMap<String, History>();
  var accuracies = new LinkedHashMap<String, Double>();
  networks.forEach(
      (name, layers) -> {
        var model = Sequential.of(layers).seed(1);
        model.compile(new Adam(0.02), "sparse_categorical_crossentropy", "accuracy");
        var options = FitOptions.epochs(100).batchSize(16).validationData(parts.test()).verbose(0);
        histories.put(name, model.fit(parts.train(), options));
        var train = model.evaluate(parts.train());
        var test = model.evaluate(parts.test());
        accuracies.put(name, test.get("accuracy"));
        long parameters = model.weights().stream().mapToLong(w -> w.value().size()).sum();
        IO.println(
            "%-18s %10d   %14.3f   %13.3f   %9.3f"
                .formatted(
                    name, parameters, train.get("accuracy"), test.get("accuracy"), test.loss()));
        if (name.equals("2 layers, medium")) {
          // Which kinds are taken for each other?
          var matrix = ConfusionMatrix.of(model.predict(parts.test()), parts.test());
          save(Plots.confusionMatrix(matrix.counts(), iris.classNames()), pictures, "confusion");
        }
      });
  save(Plots.histories(histories).title("Five networks"), pictures, "five-networks");

  // 4. The large networks have learned the training part better than the rest: their loss on it
  // still falls when that on flowers they have never seen has long turned up.
  var large = histories.get("3 layers");
  IO.println("\nthe network of 3 layers: " + large.advice());
  require(accuracies.get("2 layers, medium") >= 0.9, "a medium network tells the kinds apart");
  require(
      large.last("val_loss") > 1.2 * Collections.min(large.get("val_loss")),
      "a large network overfits");
  IO.println("pictures are in " + pictures);
}

void save(Plot plot, Path folder, String name) {
  try {
    plot.save(folder.resolve(name + ".png"));
  } catch (IOException e) {
    throw new UncheckedIOException(e);
  }
}

void require(boolean holds, String what) {
  if (!holds) {
    throw new AssertionError("it was expected that " + what);
  }
}
