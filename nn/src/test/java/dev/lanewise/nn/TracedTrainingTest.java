package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.graph.GraphException;
import dev.lanewise.nn.layer.BatchNormalization;
import dev.lanewise.nn.layer.Constraint;
import dev.lanewise.nn.layer.Conv2D;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.Dropout;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.LSTM;
import dev.lanewise.nn.layer.Lambda;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.LayerNormalization;
import dev.lanewise.nn.layer.MaxPool2D;
import dev.lanewise.nn.layer.Regularizer;
import dev.lanewise.nn.layer.Weight;
import dev.lanewise.nn.optim.Adam;
import dev.lanewise.nn.optim.Optimizer;
import dev.lanewise.nn.optim.SGD;
import dev.lanewise.nn.optim.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training by graphs gives the weights, the state and the history of the eager one, to the bit. */
class TracedTrainingTest {
  private static final int SAMPLES = 44;

  private static void compare(
      Supplier<Sequential> model, Supplier<Optimizer> optimizer, Shape sample) {
    int[] dims = new int[sample.rank() + 1];
    dims[0] = SAMPLES;
    System.arraycopy(sample.dims(), 0, dims, 1, sample.rank());
    Tensor x = Tensor.randomNormal(new Generator(5), Shape.of(dims));
    int[] labels = new int[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      labels[i] = i * 7 % 3;
    }
    Tensor y = Tensor.of(labels);
    Sequential eager = model.get();
    Sequential traced = model.get();
    traced.jit(true);
    History expected = fit(eager, optimizer.get(), x, y);
    History found = fit(traced, optimizer.get(), x, y);
    assertEquals(expected.get("loss"), found.get("loss"));
    assertEquals(expected.get("val_accuracy"), found.get("val_accuracy"));
    List<Weight> weights = eager.weights();
    for (int i = 0; i < weights.size(); i++) {
      assertArrayEquals(
          weights.get(i).value().toFloatArray(),
          traced.weights().get(i).value().toFloatArray(),
          weights.get(i).name());
    }
    assertEquals(eager.evaluate(x, y).asMap(), traced.evaluate(x, y).asMap());
  }

  private static History fit(Sequential model, Optimizer optimizer, Tensor x, Tensor y) {
    model.compile(optimizer, "sparse_categorical_crossentropy", "accuracy");
    // 33 samples are trained with: the last batch is a short one.
    return model.fit(
        x, y, FitOptions.epochs(3).batchSize(10).validationSplit(0.25).seed(4).verbose(0));
  }

  private static Sequential mlp() {
    return Sequential.of(
        new Dense(16, "relu"),
        new Dropout(0.3),
        new BatchNormalization(),
        new Dense(8, "gelu"),
        new LayerNormalization(),
        new Dense(3, "softmax"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "adadelta",
        "adagrad",
        "adam",
        "adamax",
        "adamw",
        "lion",
        "nadam",
        "radam",
        "rmsprop",
        "sgd"
      })
  void everyOptimizer(String name) {
    compare(TracedTrainingTest::mlp, () -> Optimizer.named(name), Shape.of(6));
  }

  @Test
  void schedulesClippingAndAverages() {
    compare(
        TracedTrainingTest::mlp,
        () -> new SGD(Schedule.exponential(0.1, 0.5, 3)).globalClipNorm(0.5).ema(0.9),
        Shape.of(6));
  }

  @Test
  void convolutions() {
    compare(
        () ->
            Sequential.of(
                new Conv2D(4, 3, "relu"),
                new BatchNormalization(),
                new MaxPool2D(2),
                new Flatten(),
                new Dense(3, "softmax")),
        Adam::new,
        Shape.of(2, 8, 8));
  }

  @Test
  void recurrentLayers() {
    compare(() -> Sequential.of(new LSTM(5), new Dense(3, "softmax")), Adam::new, Shape.of(7, 4));
  }

  @Test
  void penaltiesAndConstraints() {
    compare(
        () ->
            Sequential.of(
                new Dense(8, "tanh")
                    .kernelRegularizer(Regularizer.l2(0.01))
                    .kernelConstraint(Constraint.maxNorm(0.5, 0)),
                new Dense(3, "softmax")),
        Adam::new,
        Shape.of(6));
  }

  @Test
  void weightsOfSamplesMayComeAndGo() {
    Tensor x = Tensor.randomNormal(new Generator(5), Shape.of(20, 6));
    int[] labels = new int[20];
    float[] importance = new float[20];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i * 7 % 3;
      importance[i] = i % 4;
    }
    Tensor y = Tensor.of(labels);
    Examples weighted = Examples.of(x, y).weights(Tensor.of(importance));
    for (boolean weightedFirst : new boolean[] {true, false}) {
      float[][] kernels = new float[2][];
      for (int way = 0; way < 2; way++) {
        Sequential model = mlp();
        model.jit(way == 1);
        model.compile("adam", "sparse_categorical_crossentropy");
        for (int turn = 0; turn < 3; turn++) {
          model.trainOnBatch((turn % 2 == 0) == weightedFirst ? weighted : Examples.of(x, y));
        }
        kernels[way] = model.weights().getFirst().value().toFloatArray();
      }
      assertArrayEquals(kernels[0], kernels[1]);
    }
  }

  @Test
  void readingNumbersInAStepIsRefused() {
    Sequential model =
        Sequential.of(new Dense(3, "softmax"), new Lambda(x -> x.mul(x.sum().item())));
    model.jit(true);
    model.compile("sgd", "sparse_categorical_crossentropy");
    Tensor x = Tensor.randomNormal(new Generator(5), Shape.of(4, 6));
    Tensor y = Tensor.of(new int[] {0, 1, 2, 0});
    GraphException refused = assertThrows(GraphException.class, () -> model.trainOnBatch(x, y));
    assertTrue(refused.getMessage().contains("are not known while"), refused.getMessage());
    assertEquals(0, model.weights().getFirst().value().grad() == null ? 0 : 1);
  }

  /** A frozen normalization no longer changes its running statistics, with weights or without. */
  @Test
  void layersThatAreFrozenBetweenFitsNeedOtherGraphs() {
    Tensor x = Tensor.randomNormal(new Generator(5), Shape.of(SAMPLES, 6));
    Tensor y = Tensor.of(IntStream.range(0, SAMPLES).map(i -> i % 3).toArray());
    List<float[]> found = new ArrayList<>();
    for (boolean jit : new boolean[] {false, true}) {
      Layer plain = new BatchNormalization().center(false).scale(false);
      Sequential model = Sequential.of(new Dense(5), plain, new Dense(3));
      model.jit(jit);
      fit(model, new Adam(0.01), x, y);
      plain.trainable(false);
      FitOptions again = FitOptions.epochs(2).batchSize(10).seed(4).verbose(0);
      float[] before = plain.weights().getFirst().value().toFloatArray();
      model.fit(x, y, again);
      assertArrayEquals(before, plain.weights().getFirst().value().toFloatArray());
      found.add(model.weights().getFirst().value().toFloatArray());
    }
    assertArrayEquals(found.get(0), found.get(1));
  }

  /** A model goes on at once where it was trained by graphs, and the other way around. */
  @Test
  void graphsMayComeAndGoBetweenFits() {
    Tensor x = Tensor.randomNormal(new Generator(6), Shape.of(SAMPLES, 6));
    Tensor y = Tensor.of(IntStream.range(0, SAMPLES).map(i -> i % 3).toArray());
    FitOptions again =
        FitOptions.epochs(2)
            .batchSize(10)
            .seed(4)
            .classWeights(Map.of(0, 1.0, 1, 2.0, 2, 0.5))
            .verbose(0);
    List<float[]> found = new ArrayList<>();
    for (boolean[] jit : new boolean[][] {{false, false, false}, {true, false, true}}) {
      Sequential model = mlp();
      model.jit(jit[0]);
      fit(model, new Adam(0.01), x, y);
      model.jit(jit[1]);
      model.fit(x, y, again);
      model.jit(jit[2]);
      model.compile(new Adam(0.002), "sparse_categorical_crossentropy", "accuracy");
      model.fit(x, y, again);
      found.add(model.weights().getFirst().value().toFloatArray());
    }
    assertArrayEquals(found.get(0), found.get(1));
  }
}
