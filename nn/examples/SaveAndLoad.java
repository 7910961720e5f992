// Saving a model and going on with it later: in another program, or in another framework.
// Run it with
//   ./lanewise run nn/examples/SaveAndLoad.java
import module dev.lanewise.nn;

void main() throws IOException {
  var folder = Files.createTempDirectory("models");
  var digits = Digits.load().stratifiedSplit(0.8, 42);

  // A model learns for a while.
  var model = Sequential.of(new Flatten(), new Dense(32, "relu"), new Dense(10, "softmax"));
  model.compile("adam", "sparse_categorical_crossentropy", "accuracy");
  model.fit(digits.train(), FitOptions.epochs(5).batchSize(16).verbose(0));
  IO.println("after 5 epochs: " + model.evaluate(digits.test()));

  // One file holds all of it: the layers, the weights, and how far the optimizer has come. What was
  // there before stays until the new file is whole, even if the power fails in between.
  var file = folder.resolve("digits.lw");
  model.save(file);

  // Another program, which knows nothing but the file, goes on where the model was.
  var loaded = Model.load(file);
  IO.println("loaded:         " + loaded.evaluate(digits.test()));
  loaded.fit(digits.train(), FitOptions.epochs(5).batchSize(16).verbose(0));
  model.fit(digits.train(), FitOptions.epochs(5).batchSize(16).verbose(0));
  var difference =
      loaded.predict(digits.test()).sub(model.predict(digits.test())).abs().max().item();
  IO.println("after 5 more, the two differ by " + difference); // not by one bit

  // The weights alone, in a file that Python reads too:
  //   safetensors.numpy.load_file("digits.safetensors"), or numpy.load("digits.npz")
  var weights = folder.resolve("digits.safetensors");
  model.saveWeights(weights);
  var same = Sequential.of(new Flatten(), new Dense(32, "relu"), new Dense(10, "softmax"));
  same.build(8, 8).loadWeights(weights);
  IO.println("names in the file: " + Safetensors.read(weights).arrays().keySet());

  // A file that does not fit says why, and changes nothing.
  var other = Sequential.of(new Flatten(), new Dense(16, "relu"), new Dense(10, "softmax"));
  try {
    other.build(8, 8).loadWeights(weights);
  } catch (IOException e) {
    IO.println(e.getMessage());
  }

  // A copy is a model of its own: this one changes, the first stays as it is.
  var copy = model.copy();
  copy.weights().getFirst().assign(new float[64 * 32]);
  IO.println(
      "the copy without its first kernel sees " + copy.predict(digits.test()).argMax(1).at(":5"));
}
