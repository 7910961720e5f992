// A first network: it learns to read handwritten digits, and says how often it is right.
// Run it with the jars of Lanewise in a folder: java -p FOLDER --add-modules dev.lanewise.nn
// FirstNetwork.java
import module dev.lanewise.nn;

void main() {
  var digits = Digits.load().stratifiedSplit(0.8, 42);

  var model =
      Sequential.of(
          new Flatten(), // [n, 8, 8] to [n, 64]
          new Dense(64, "relu"),
          new Dense(10, "softmax"));
  model.compile("adam", "sparse_categorical_crossentropy", "accuracy");
  model.fit(digits.train(), FitOptions.epochs(20).batchSize(16));

  IO.println(model.summary());
  IO.println("on digits it has never seen: " + model.evaluate(digits.test()));
}
