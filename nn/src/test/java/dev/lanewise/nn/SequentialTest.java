package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.data.Digits;
import dev.lanewise.nn.data.TrainTestSplit;
import dev.lanewise.nn.init.Fans;
import dev.lanewise.nn.init.Initializer;
import dev.lanewise.nn.layer.Conv2D;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.MaxPool2D;
import dev.lanewise.nn.layer.Reshape;
import dev.lanewise.nn.layer.Weight;
import dev.lanewise.nn.layer.WeightSpec;
import dev.lanewise.nn.loss.BinaryCrossentropy;
import dev.lanewise.nn.loss.MeanSquaredError;
import dev.lanewise.nn.loss.SparseCategoricalCrossentropy;
import dev.lanewise.nn.optim.Adam;
import dev.lanewise.nn.optim.SGD;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SequentialTest {
  private static final float[][] XOR = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};

  private static FitOptions silent(int epochs) {
    return FitOptions.epochs(epochs).verbose(0);
  }

  private static Sequential classifier(long seed) {
    Sequential model = Sequential.of(new Dense(8, "tanh"), new Dense(2)).seed(seed);
    model.compile(new Adam(0.05), new SparseCategoricalCrossentropy(true), "accuracy");
    return model;
  }

  private static Examples spiral(int n) {
    float[][] x = new float[n][];
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      double angle = 0.1 * i + Math.PI * (i % 2);
      x[i] = new float[] {(float) (i * Math.cos(angle) / n), (float) (i * Math.sin(angle) / n)};
      labels[i] = i % 2;
    }
    return Examples.of(x, labels);
  }

  private static float[][] values(Model model) {
    return model.weights().stream().map(w -> w.value().toFloatArray()).toArray(float[][]::new);
  }

  private static void assertSameBits(float[][] expected, float[][] actual) {
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      assertArrayEquals(expected[i], actual[i]);
    }
  }

  @Test
  void linearRegressionIsGradientDescent() {
    int n = 12;
    float[][] x = new float[n][];
    float[] y = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = new float[] {i / 4f, (i * 7 % 5) / 5f};
      y[i] = 2 * x[i][0] - 3 * x[i][1] + 0.5f + 0.1f * (i % 3);
    }
    Sequential model = Sequential.of(new Dense(1).kernelInitializer(Initializer.constant(0.25)));
    model.compile(new SGD(0.05), new MeanSquaredError());
    History history = model.fit(Examples.of(x, y), silent(5).batchSize(5).shuffle(false));

    double w0 = 0.25;
    double w1 = 0.25;
    double b = 0;
    for (int epoch = 0; epoch < 5; epoch++) {
      double loss = 0;
      for (int from = 0; from < n; from += 5) {
        int to = Math.min(from + 5, n);
        double g0 = 0;
        double g1 = 0;
        double gb = 0;
        for (int i = from; i < to; i++) {
          double error = w0 * x[i][0] + w1 * x[i][1] + b - y[i];
          loss += error * error;
          g0 += 2 * error * x[i][0] / (to - from);
          g1 += 2 * error * x[i][1] / (to - from);
          gb += 2 * error / (to - from);
        }
        w0 -= 0.05 * g0;
        w1 -= 0.05 * g1;
        b -= 0.05 * gb;
      }
      assertEquals(loss / n, history.get("loss").get(epoch), 1e-5);
    }
    // 15 steps of f32 arithmetic: each rounds a few times.
    assertArrayEquals(
        new float[] {(float) w0, (float) w1}, model.weights().get(0).value().toFloatArray(), 1e-5f);
    assertEquals(b, model.weights().get(1).value().item(), 1e-5);
  }

  @Test
  void digitsAreLearned() {
    TrainTestSplit digits = Digits.load().stratifiedSplit(0.8, 42);
    Sequential model = Sequential.of(new Flatten(), new Dense(64, "relu"), new Dense(10)).seed(42);
    model.compile(new Adam(0.005), new SparseCategoricalCrossentropy(true), "accuracy");
    History history = model.fit(digits.train(), silent(30).validationData(digits.test()));
    assertTrue(history.last("val_accuracy") >= 0.96, history::toString);
    assertTrue(history.last("loss") < 0.05, history::toString);
    assertEquals(List.of(30, 30), List.of(history.epochs(), history.seconds().size()));
    assertEquals(
        List.of("loss", "accuracy", "val_loss", "val_accuracy"), List.copyOf(history.names()));
    assertThrows(UnsupportedOperationException.class, () -> history.names().clear());

    Scores scores = model.evaluate(digits.test());
    assertEquals(history.last("val_accuracy"), scores.get("accuracy"));
    // Other batches sum the loss in another order.
    assertEquals(history.last("val_loss"), scores.loss(), 1e-6);
    float[] logits = model.predict(digits.test()).toFloatArray();
    int right = 0;
    for (int i = 0; i < digits.test().size(); i++) {
      int best = 0;
      for (int c = 1; c < 10; c++) {
        best = logits[10 * i + c] > logits[10 * i + best] ? c : best;
      }
      right += best == digits.test().labels()[i] ? 1 : 0;
    }
    assertEquals(scores.get("accuracy"), (double) right / digits.test().size());
  }

  @Test
  void aConvolutionalNetworkLearnsDigits() {
    TrainTestSplit digits = Digits.load().stratifiedSplit(0.8, 42);
    Sequential model =
        Sequential.of(
                new Reshape(1, 8, 8),
                new Conv2D(8, 3, "relu").padding("same"),
                new MaxPool2D(2),
                new Flatten(),
                new Dense(10, "softmax"))
            .seed(1);
    model.compile("adam", "sparse_categorical_crossentropy", "acc");
    History history = model.fit(digits.train(), silent(6).batchSize(16));
    assertTrue(history.last("acc") >= 0.9, history::toString);
  }

  @Test
  void twoClassesByBinaryCrossentropy() {
    Sequential model = Sequential.of(new Dense(8, "tanh"), new Dense(1)).seed(3);
    model.compile(new Adam(0.1), new BinaryCrossentropy(true), "accuracy");
    History history = model.fit(Examples.of(XOR, new int[] {0, 1, 1, 0}), silent(200));
    assertEquals(1, history.last("accuracy"));
    float[] logits = model.predict(Tensor.of(new float[] {0, 1, 1, 1}, 2, 2)).toFloatArray();
    assertTrue(logits[0] > 0 && logits[1] < 0);
  }

  @Test
  void fittingGoesOnWhereItStopped() {
    Examples examples = spiral(50);
    Sequential once = classifier(5);
    once.fit(examples, silent(6));
    Sequential twice = classifier(5);
    twice.fit(examples, silent(2));
    History second = twice.fit(examples, silent(4));
    assertEquals(4, second.epochs());
    assertSameBits(values(once), values(twice));
  }

  @Test
  void compilingAgainKeepsTheWeights() {
    Examples examples = spiral(40);
    Sequential model = classifier(1);
    model.fit(examples, silent(2));
    float[][] before = values(model);
    model.compile("sgd", "sparse_categorical_crossentropy");
    assertSameBits(before, values(model));
    assertEquals(Map.of("loss", 0.0).keySet(), model.evaluate(examples).asMap().keySet());
  }

  @Test
  void seedsDecide() {
    Examples examples = spiral(50);
    Sequential a = classifier(7);
    Sequential b = classifier(7);
    Sequential otherWeights = classifier(8);
    Sequential otherOrder = classifier(7);
    a.fit(examples, silent(2));
    b.fit(examples, silent(2));
    otherWeights.fit(examples, silent(2).seed(7));
    otherOrder.fit(examples, silent(2).seed(1));
    assertSameBits(values(a), values(b));
    assertTrue(values(a)[0][0] != values(otherWeights)[0][0]);
    assertTrue(values(a)[0][0] != values(otherOrder)[0][0]);
  }

  @Test
  void withoutShuffleBatchesComeInOrder() {
    Examples examples = spiral(10);
    Sequential fitted = classifier(2);
    fitted.fit(examples, silent(1).batchSize(4).shuffle(false));
    Sequential stepped = classifier(2);
    stepped.trainOnBatch(examples.slice(0, 4));
    stepped.trainOnBatch(examples.slice(4, 8));
    Scores last = stepped.trainOnBatch(examples.slice(8, 10));
    assertSameBits(values(fitted), values(stepped));
    assertEquals(List.of("loss", "accuracy"), List.copyOf(last.asMap().keySet()));
  }

  @Test
  void theEndIsKeptForValidation() {
    Examples examples = spiral(20);
    Sequential split = classifier(4);
    History history = split.fit(examples, silent(2).validationSplit(0.25));
    Sequential given = classifier(4);
    Examples kept = examples.slice(15, 20);
    History same = given.fit(examples.slice(0, 15), silent(2).validationData(kept));
    assertSameBits(values(given), values(split));
    assertEquals(same.toString(), history.toString());
  }

  @Test
  void tensorsOfOtherTypesAndLayoutsAreTaken() {
    float[] flat = {0, 0, 1, 1, 0, 1, 0, 1};
    Tensor transposed = Tensor.of(flat, 2, 4).transpose();
    Tensor doubles = Tensor.of(new double[] {0, 0, 0, 1, 1, 0, 1, 1}, 4, 2);
    Tensor longs = Tensor.of(new long[] {0, 1, 1, 0}, 4, 1);
    float[][][] results = new float[3][][];
    Examples[] forms = {
      Examples.of(XOR, new int[] {0, 1, 1, 0}),
      Examples.of(transposed, longs),
      Examples.of(doubles, new int[] {0, 1, 1, 0})
    };
    for (int i = 0; i < 3; i++) {
      Sequential model = classifier(6);
      model.fit(forms[i], silent(3).batchSize(2));
      results[i] = values(model);
    }
    assertSameBits(results[0], results[1]);
    assertSameBits(results[0], results[2]);
  }

  @Test
  void predictionsComeInBatchesOfAnyNumber() {
    Sequential model = Sequential.of(new Dense(3).kernelInitializer(Initializer.constant(1)));
    Tensor all = model.predict(Tensor.ones(300, 2));
    assertEquals(Shape.of(300, 3), all.shape());
    for (float value : all.toFloatArray()) {
      assertEquals(2, value);
    }
  }

  @Test
  void batchesMayHaveAnySize() {
    Examples examples = spiral(20);
    Sequential model = classifier(3);
    model.fit(examples, silent(1));
    Scores scores = model.evaluate(examples);
    for (int batchSize : new int[] {1, 7, 1000}) {
      Scores same = model.evaluate(examples, batchSize);
      assertEquals(scores.loss(), same.loss(), 1e-6);
      assertEquals(scores.get("accuracy"), same.get("accuracy"));
    }
    Tensor doubles = Tensor.of(new double[] {0, 1, 2, 3, 4, 5}, 3, 2);
    Tensor floats = Tensor.of(new float[] {0, 1, 2, 3, 4, 5}, 3, 2);
    Tensor ints = Tensor.of(new int[] {0, 1, 2, 3, 4, 5}, 3, 2);
    float[] expected = model.predict(floats).toFloatArray();
    assertArrayEquals(expected, model.predict(doubles, 2).toFloatArray(), 1e-6f);
    assertArrayEquals(expected, model.predict(ints, 1).toFloatArray(), 1e-6f);
    assertThrows(IllegalArgumentException.class, () -> model.predict(floats, 0));
    assertThrows(IllegalArgumentException.class, () -> model.evaluate(examples, 0));
  }

  /** Adds one weight that training changes and one that it leaves alone. */
  private static final class Shift extends Layer {
    private Tensor change;
    private Tensor fixed;

    @Override
    public Shape outputShape(Shape input) {
      return input;
    }

    @Override
    protected void createWeights(Shape input) {
      Fans fans = new Fans(1, 1);
      change = addWeight("change", input, Initializer.constant(1), fans);
      fixed =
          addWeight(WeightSpec.of("fixed", input, Initializer.constant(2), fans).trainable(false));
    }

    @Override
    protected Tensor call(Tensor x, boolean training) {
      return x.add(change).add(fixed);
    }
  }

  @Test
  void weightsThatAreNotTrainableStay() {
    Sequential model = Sequential.of(new Shift());
    model.compile(new SGD(0.1), new MeanSquaredError());
    model.fit(Tensor.zeros(4, 3), Tensor.zeros(4, 3), silent(1));
    assertEquals(List.of(true, false), model.weights().stream().map(Weight::isTrainable).toList());
    assertTrue(model.weights().get(0).value().toFloatArray()[0] < 1);
    assertArrayEquals(new float[] {2, 2, 2}, model.weights().get(1).value().toFloatArray());
    String summary = model.summary();
    assertTrue(
        summary.contains(
            """
            Total params: 6 (24.00 B)
            Trainable params: 3 (12.00 B)
            Non-trainable params: 3 (12.00 B)
            """),
        summary);
  }

  @Test
  void aLayerOfAnotherModelKeepsItsName() {
    Dense shared = new Dense(3);
    Sequential.of(shared).build(3);
    Sequential model = Sequential.of(new Dense(3), shared, new Dense(3));
    assertEquals(
        List.of("dense_1", "dense", "dense_2"), model.layers().stream().map(Layer::name).toList());
  }

  @Test
  void layersGetNamesThatDiffer() {
    Sequential model =
        Sequential.of(new Dense(4), new Flatten(), new Dense(3), new Dense(2).named("logits"))
            .build(5);
    assertEquals(
        List.of(
            "dense/kernel",
            "dense/bias",
            "dense_1/kernel",
            "dense_1/bias",
            "logits/kernel",
            "logits/bias"),
        model.weights().stream().map(Weight::name).toList());
    Sequential same = Sequential.of(new Dense(1).named("a"));
    assertThrows(IllegalArgumentException.class, () -> same.add(new Dense(1).named("a")));
  }
}
