package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.init.Initializer;
import dev.lanewise.nn.layer.Add;
import dev.lanewise.nn.layer.Concatenate;
import dev.lanewise.nn.layer.Conv2D;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.Embedding;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Input;
import dev.lanewise.nn.layer.Lambda;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.MultiHeadAttention;
import dev.lanewise.nn.layer.PositionEmbedding;
import dev.lanewise.nn.layer.SymbolicTensor;
import dev.lanewise.nn.layer.Weight;
import dev.lanewise.nn.loss.MeanSquaredError;
import dev.lanewise.nn.loss.SparseCategoricalCrossentropy;
import dev.lanewise.nn.optim.Adam;
import dev.lanewise.nn.optim.SGD;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Models of inputs and outputs. */
class FunctionalModelTest {
  private static Dense ones(int units) {
    return new Dense(units).kernelInitializer(Initializer.constant(1));
  }

  private static float[] predicted(Model model, float... sample) {
    return model.predict(Tensor.of(sample, 1, sample.length)).toFloatArray();
  }

  private static <T extends Throwable> void refused(Class<T> type, String text, Executable wrong) {
    assertEquals(text, assertThrows(type, wrong).getMessage());
  }

  private static List<String> names(Model model) {
    return model.weights().stream().map(Weight::name).toList();
  }

  @Test
  void branchesMeet() {
    SymbolicTensor x = Input.of(2);
    SymbolicTensor sum = ones(1).apply(x);
    SymbolicTensor twice = new Lambda(t -> t.mul(2)).apply(sum);
    Model model = Model.of(x, new Add().apply(sum, twice, x));
    // 3 · (1 + 4), which stretches to both numbers.
    assertArrayEquals(new float[] {16, 19}, predicted(model, 1, 4));
  }

  @Test
  void aSharedLayerHasOneWeightAndTheSumOfItsGradients() {
    SymbolicTensor x = Input.of(1);
    Dense shared = ones(1).useBias(false);
    Model model = Model.of(x, shared.apply(shared.apply(x)));
    model.compile(new SGD(0.1), new MeanSquaredError());
    // (w² x − y)² of x = 2 and y = 1 has the slope 2 (w² x − y) · 2 w x = 8 at w = 1.
    model.trainOnBatch(Tensor.of(new float[] {2}, 1, 1), Tensor.of(new float[] {1}, 1, 1));
    assertEquals(1, model.weights().size());
    assertEquals(1 - 0.1 * 8, model.weights().getFirst().value().item(), 1e-6);
  }

  @Test
  void twoInputsAndTwoOutputsLearnByTheirHeads() {
    SymbolicTensor a = Input.of("a", 2);
    SymbolicTensor b = Input.of("b", 1);
    SymbolicTensor joined = new Dense(16, "tanh").apply(new Concatenate().apply(a, b));
    SymbolicTensor kind = new Dense(2).named("kind").apply(joined);
    SymbolicTensor size = new Dense(1).named("size").apply(joined);
    Model model = Model.of(List.of(a, b), List.of(kind, size));
    model.seed(3);
    Random random = new Random(1);
    float[] as = new float[128];
    float[] bs = new float[64];
    int[] kinds = new int[64];
    float[] sizes = new float[64];
    for (int i = 0; i < 64; i++) {
      as[2 * i] = random.nextFloat() - 0.5f;
      as[2 * i + 1] = random.nextFloat() - 0.5f;
      bs[i] = random.nextFloat() - 0.5f;
      kinds[i] = as[2 * i] > bs[i] ? 1 : 0;
      sizes[i] = as[2 * i + 1] + bs[i];
    }
    Examples examples =
        Examples.of(inputs(as, bs), List.of(Tensor.of(kinds), Tensor.of(sizes, 64, 1)));
    model.compile(
        new Adam(0.02),
        Head.of(new SparseCategoricalCrossentropy(true)).metrics("accuracy"),
        Head.of("mse").weight(0.5));
    History history = model.fit(examples, FitOptions.epochs(60).verbose(0));
    assertEquals(
        List.of("loss", "kind_loss", "size_loss", "kind_accuracy"), List.copyOf(history.names()));
    assertTrue(history.last("kind_accuracy") > 0.95, history::toString);
    assertTrue(history.last("size_loss") < 0.01, history::toString);
    assertEquals(
        history.last("kind_loss") + 0.5 * history.last("size_loss"), history.last("loss"), 1e-5);
    List<Tensor> outputs = model.predict(examples, 10);
    assertEquals(Shape.of(64, 2), outputs.get(0).shape());
    assertEquals(Shape.of(64, 1), outputs.get(1).shape());
    refused(
        ShapeException.class,
        "functional: the model has 2 outputs, was compiled with 2 losses and is given 1 targets",
        () -> model.evaluate(Examples.of(inputs(as, bs), List.of(Tensor.of(kinds)))));
  }

  private static List<Tensor> inputs(float[] as, float[] bs) {
    return List.of(Tensor.of(as, 64, 2), Tensor.of(bs, 64, 1));
  }

  @Test
  void modelsInsideOfModelsInsideOfModels() {
    Sequential inner = Sequential.of(ones(2), ones(3)).named("inner");
    SymbolicTensor x = Input.of(2);
    Model middle = Model.of(x, new Add().apply(inner.apply(x), ones(3).apply(x))).named("middle");
    Sequential outer = Sequential.of(ones(2), middle, ones(1));
    outer.build(1);
    assertEquals(
        List.of(
            "dense/kernel",
            "dense/bias",
            "middle/inner/dense/kernel",
            "middle/inner/dense/bias",
            "middle/inner/dense_1/kernel",
            "middle/inner/dense_1/bias",
            "middle/dense/kernel",
            "middle/dense/bias",
            "dense_1/kernel",
            "dense_1/bias"),
        names(outer));
    // 5 → [5, 5] → inner [20, 20, 20], beside it [10, 10, 10] → 90.
    assertArrayEquals(new float[] {90}, predicted(outer, 5));
    // What was built as a part predicts on its own, too.
    assertArrayEquals(new float[] {30, 30, 30}, predicted(middle, 5, 5));
    outer.compile("sgd", "mse");
    float before = middle.weights().getFirst().value().toFloatArray()[0];
    outer.fit(Tensor.ones(2, 1), Tensor.zeros(2, 1), FitOptions.epochs(1).verbose(0));
    assertTrue(before != middle.weights().getFirst().value().toFloatArray()[0]);
    String summary = outer.summary();
    assertTrue(
        summary.contains(" middle (Functional)         (None, 3)                 24\n"), summary);
  }

  @Test
  void deepChains() {
    SymbolicTensor x = Input.of(1);
    SymbolicTensor last = x;
    for (int i = 0; i < 2000; i++) {
      last = ones(1).apply(last);
    }
    Model model = Model.of(x, last);
    model.compile(new SGD(1e-9), new MeanSquaredError());
    model.trainOnBatch(Tensor.ones(1, 1), Tensor.zeros(1, 1));
    assertEquals(4000, model.weights().size());
    assertEquals("dense_1999/bias", names(model).getLast());
    assertEquals(1, predicted(model, 1)[0], 1e-2);
    assertEquals(4 + 2001 + 5, model.summary().lines().count());
    Sequential row = new Sequential();
    for (int i = 0; i < 2000; i++) {
      row.add(new Flatten());
    }
    assertArrayEquals(new float[] {7}, predicted(row, 7));
  }

  @Test
  void oneSeedGivesTheSameBits() {
    float[][] runs = new float[2][];
    for (int run = 0; run < 2; run++) {
      SymbolicTensor x = Input.of(3);
      SymbolicTensor hidden = new Dense(8, "relu").apply(x);
      Model model = Model.of(x, new Dense(1).apply(new Concatenate().apply(hidden, x))).seed(11);
      model.compile(new Adam(0.01), new MeanSquaredError());
      model.fit(Tensor.ones(20, 3), Tensor.zeros(20, 1), FitOptions.epochs(3).verbose(0));
      runs[run] = predicted(model, 1, 2, 3);
    }
    assertArrayEquals(runs[0], runs[1]);
  }

  @Test
  void whatDoesNotHangTogetherIsRefused() {
    SymbolicTensor x = Input.of("x", 2);
    SymbolicTensor y = Input.of("y", 2);
    SymbolicTensor sum = new Add().apply(x, y);
    refused(
        IllegalArgumentException.class,
        "model: an output depends on the input y [n, 2], which is not among the inputs [x [n, 2]]",
        () -> Model.of(x, sum));
    refused(
        IllegalArgumentException.class,
        "model: no output depends on the input y [n, 2]",
        () -> Model.of(List.of(x, y), List.of(new Flatten().apply(x))));
    refused(
        IllegalArgumentException.class,
        "model: the input x [n, 2] is given twice",
        () -> Model.of(List.of(x, x), List.of(sum)));
    refused(
        IllegalArgumentException.class,
        "model: there must be an input and an output",
        () -> Model.of(List.of(x), List.of()));
    refused(
        IllegalArgumentException.class,
        "model: the input add [n, 2] is what a layer gives; begin with Input.of, and apply the"
            + " layers to that",
        () -> Model.of(sum, new Flatten().apply(sum)));
    Model one = Model.of(x, new Dense(1).apply(x));
    refused(
        ShapeException.class,
        "functional: samples must be [[2]], one for each input, not [[3]]",
        () -> one.predict(Tensor.ones(1, 3)));
    SymbolicTensor image = Input.of(28, 28);
    refused(
        ShapeException.class,
        "Conv2D 'conv2d': input must be images, [n, c, h, w], not [n, 28, 28]; put new Reshape(1,"
            + " 28, 28) before it",
        () -> new Conv2D(1, 3).apply(image));
  }

  @Test
  void duplicatesAndCyclesAreRefused() {
    Dense dense = new Dense(2);
    refused(
        IllegalArgumentException.class,
        "add: Dense 'dense' is a layer of 'sequential' already; to use it twice, apply it twice, in"
            + " Model.of or in a call of one's own",
        () -> Sequential.of(dense, dense));
    Sequential twice = Sequential.of(new Flatten(), new Dense(1).named("a"));
    assertThrows(IllegalArgumentException.class, () -> twice.add(twice.layers().getLast()));
    refused(
        IllegalArgumentException.class,
        "add: there is a layer 'a' already; names of a model must differ",
        () -> twice.add(new Dense(1).named("a")));
    Sequential inner = new Sequential().named("inner");
    Sequential outer = Sequential.of(inner).named("outer");
    refused(
        IllegalArgumentException.class,
        "add: 'outer' can not be a layer of 'inner', as it has that inside",
        () -> inner.add(outer));
    assertThrows(IllegalArgumentException.class, () -> inner.add(inner));
    assertEquals(0, inner.layers().size());
  }

  @Test
  void anInputSaysWhatSamplesAreLike() {
    Sequential model = Sequential.of(new Input(2), new Dense(5), new Dense(1));
    assertTrue(model.summary().contains("Total params: 21"));
    refused(
        ShapeException.class,
        "Input 'input': samples must be [n, 2], not [n, 3]",
        () -> model.predict(Tensor.ones(1, 3)));
    Sequential around = Sequential.of(Sequential.of(new Input(4), new Dense(2)), new Dense(1));
    assertEquals(4, around.build().weights().getFirst().value().shape().dim(0));
    SymbolicTensor same = Input.of(3);
    assertArrayEquals(new float[] {1, 2, 3}, predicted(Model.of(same, same), 1, 2, 3));
  }

  /** Which of two words came first: the bag of words does not tell. */
  @Test
  void aSmallTransformerLearnsAnOrder() {
    int words = 12;
    int steps = 6;
    int count = 256;
    Random random = new Random(4);
    float[] x = new float[count * steps];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      for (int t = 0; t < steps; t++) {
        x[i * steps + t] = 2 + random.nextInt(words - 2);
      }
      int first = random.nextInt(steps - 1);
      int second = first + 1 + random.nextInt(steps - 1 - first);
      labels[i] = random.nextInt(2);
      x[i * steps + first] = labels[i];
      x[i * steps + second] = 1 - labels[i];
    }
    SymbolicTensor indices = Input.of(steps);
    SymbolicTensor embedded =
        new PositionEmbedding(steps).apply(new Embedding(words, 16).apply(indices));
    SymbolicTensor seen =
        new Add().apply(embedded, new MultiHeadAttention(2, 8).apply(embedded, embedded));
    SymbolicTensor hidden =
        new Add().apply(seen, new Dense(16).apply(new Dense(32, "relu").apply(seen)));
    SymbolicTensor mean = new Lambda(t -> t.mean(1)).apply(hidden);
    Model model = Model.of(indices, new Dense(2, "softmax").apply(mean)).seed(2);
    model.compile(new Adam(0.01), "sparse_categorical_crossentropy", "accuracy");
    Examples examples = Examples.of(Tensor.of(x, count, steps), labels);
    model.fit(examples.slice(0, 192), FitOptions.epochs(40).batchSize(32).verbose(0));
    Scores scores = model.evaluate(examples.slice(192, count));
    assertTrue(scores.get("accuracy") > 0.9, scores::toString);
    Tensor wrong = Tensor.full(Shape.of(1, steps), 99);
    refused(
        ShapeException.class,
        "Embedding 'embedding': indices must be whole numbers from 0 to 11, not 99.0 (sample 0)",
        () -> model.predict(wrong.cast(DType.F32)));
  }

  @Test
  void layersKeepTheirNamesInSeveralModels() {
    SymbolicTensor x = Input.of(4);
    SymbolicTensor code = new Dense(2).apply(x);
    Model encoder = Model.of(x, code);
    Layer decode = new Dense(4);
    Model both = Model.of(x, decode.apply(code));
    assertEquals("dense_1", decode.name());
    both.compile("sgd", "mse");
    both.fit(Tensor.ones(4, 4), Tensor.ones(4, 4), FitOptions.epochs(1).verbose(0));
    // The encoder has the weights that were learned, although it was never fitted itself.
    assertEquals(Shape.of(1, 2), encoder.predict(Tensor.ones(1, 4)).shape());
    assertEquals(
        List.of("dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias"), names(both));
  }
}
