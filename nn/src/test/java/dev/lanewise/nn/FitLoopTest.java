package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.HostMemory;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.data.Batch;
import dev.lanewise.nn.data.Batches;
import dev.lanewise.nn.init.Initializer;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.Input;
import dev.lanewise.nn.layer.Reshape;
import dev.lanewise.nn.layer.SymbolicTensor;
import dev.lanewise.nn.loss.CrossEntropy;
import dev.lanewise.nn.loss.MeanSquaredError;
import dev.lanewise.nn.loss.SparseCategoricalCrossentropy;
import dev.lanewise.nn.metric.Metric;
import dev.lanewise.nn.metric.SparseCategoricalAccuracy;
import dev.lanewise.nn.optim.Adam;
import dev.lanewise.nn.optim.SGD;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code fit} goes through, in which order, and what each sample counts. */
class FitLoopTest {
  private static final float[][] X = {{1}, {2}, {3}, {4}, {5}};
  private static final float[] Y = {1, 0, 2, 1, 3};

  /** Batches that are there already, the same in each epoch. */
  private record Listed(List<Batch> all) implements Batches {
    @Override
    public Iterator<Batch> epoch(long epoch) {
      return all.iterator();
    }

    @Override
    public OptionalLong steps() {
      return OptionalLong.of(all.size());
    }
  }

  /** One batch without end; {@code epochs} gathers which epochs were asked for. */
  private record Endless(Batch batch, List<Long> epochs) implements Batches {
    @Override
    public Iterator<Batch> epoch(long epoch) {
      epochs.add(epoch);
      return Stream.generate(() -> batch).iterator();
    }

    @Override
    public OptionalLong steps() {
      return OptionalLong.empty();
    }
  }

  private static Batch batch(int from, int to, float... weights) {
    Tensor x = Tensor.of(flat(from, to), to - from, 1);
    Tensor y = Tensor.of(Arrays.copyOfRange(Y, from, to), to - from, 1);
    Optional<Tensor> counted =
        weights.length == 0 ? Optional.empty() : Optional.of(Tensor.of(weights));
    return new Batch(List.of(x), List.of(y), counted);
  }

  private static float[] flat(int from, int to) {
    float[] flat = new float[to - from];
    for (int i = from; i < to; i++) {
      flat[i - from] = X[i][0];
    }
    return flat;
  }

  /** One weight, 0.5 at first, and nothing else. */
  private static Sequential line(double rate) {
    Sequential model =
        Sequential.of(new Dense(1).useBias(false).kernelInitializer(Initializer.constant(0.5)));
    model.compile(new SGD(rate), new MeanSquaredError());
    return model;
  }

  private static FitOptions silent(int epochs) {
    return FitOptions.epochs(epochs).verbose(0);
  }

  @Test
  void samplesCountByTheirWeights() {
    Examples weighted = Examples.of(X, Y).weights(Tensor.of(new float[] {1, 0, 2, 0.5f, 3}));
    Sequential model = line(0.01);
    History history = model.fit(weighted, silent(1).batchSize(5));
    double loss = 0;
    double gradient = 0;
    double[] counts = {1, 0, 2, 0.5, 3};
    for (int i = 0; i < 5; i++) {
      double error = 0.5 * X[i][0] - Y[i];
      loss += counts[i] * error * error / 5;
      gradient += counts[i] * 2 * error * X[i][0] / 5;
    }
    assertEquals(loss, history.last("loss"), 1e-6);
    assertEquals(0.5 - 0.01 * gradient, OneWeight.weight(model), 1e-6);
    assertEquals(loss, line(0.01).evaluate(weighted).loss(), 1e-6);
  }

  @Test
  void weightsAreChecked() {
    Examples examples = Examples.of(X, Y);
    assertThrows(ShapeException.class, () -> examples.weights(Tensor.ones(4)));
    ShapeException wide =
        assertThrows(ShapeException.class, () -> examples.weights(Tensor.ones(5, 2)));
    assertEquals(
        "examples: weights must be [n], one number for each example, not [5, 2]",
        wide.getMessage());
    Tensor negative = Tensor.of(new float[] {1, 1, -1, 1, 1});
    assertThrows(IllegalArgumentException.class, () -> examples.weights(negative));
  }

  @Test
  void classesCountByTheirWeights() {
    float[][] x = {{1, 0}, {0, 1}, {1, 1}, {2, 1}};
    int[] labels = {0, 1, 1, 2};
    Tensor oneHot = Tensor.of(new float[] {1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1}, 4, 3);
    Map<Integer, Double> weights = Map.of(1, 3.0, 2, 0.0);
    Tensor same = Tensor.of(new float[] {1, 3, 3, 0});
    Tensor features = Tensor.of(new float[] {1, 0, 0, 1, 1, 1, 2, 1}, 4, 2);
    History[] histories = {
      softmax("sparse_categorical_crossentropy")
          .fit(Examples.of(x, labels), silent(2).classWeights(weights)),
      softmax("sparse_categorical_crossentropy")
          .fit(Examples.of(x, labels).weights(same), silent(2)),
      softmax("categorical_crossentropy")
          .fit(Examples.of(features, oneHot), silent(2).classWeights(weights)),
      softmax("sparse_categorical_crossentropy")
          .fit(
              new Listed(List.of(Batch.of(features, Tensor.of(new int[] {0, 1, 1, 2})))),
              silent(2).classWeights(weights)),
    };
    for (History history : histories) {
      // All classes are as likely to a model of zeros: log 3 for each sample, or 3 · log 3, or 0.
      assertEquals((1 + 3 + 3) * Math.log(3) / 4, history.get("loss").getFirst(), 1e-6);
      assertEquals(histories[0].last("loss"), history.last("loss"), 1e-6);
    }
    // Their own weights are multiplied.
    History both =
        softmax("sparse_categorical_crossentropy")
            .fit(Examples.of(x, labels).weights(same), silent(1).classWeights(weights));
    assertEquals((1 + 9 + 9) * Math.log(3) / 4, both.last("loss"), 1e-6);
    assertThrows(
        IllegalArgumentException.class, () -> silent(1).classWeights(Map.of(0, Double.NaN)));
  }

  private static Sequential softmax(String loss) {
    Sequential model =
        Sequential.of(new Dense(3, "softmax").kernelInitializer(Initializer.constant(0)));
    model.compile(new SGD(0.1), loss);
    return model;
  }

  @Test
  void placesHaveNoClassWeights() {
    Sequential model = Sequential.of(new Dense(6), new Reshape(2, 3));
    model.compile(new SGD(), new CrossEntropy());
    Tensor maps = Tensor.of(new int[] {0, 1, 1, 0, 0, 1}, 2, 3);
    ShapeException refused =
        assertThrows(
            ShapeException.class,
            () -> model.fit(Tensor.ones(2, 4), maps, silent(1).classWeights(Map.of(1, 2.0))));
    assertTrue(refused.getMessage().contains("[n, 3]"), refused.getMessage());
  }

  @Test
  void batchesAreAsExamplesInThatOrder() {
    Sequential byExamples = line(0.02);
    Sequential byBatches = line(0.02);
    FitOptions options = silent(3).shuffle(false).batchSize(2);
    Listed listed = new Listed(List.of(batch(0, 2), batch(2, 4), batch(4, 5)));
    History expected = byExamples.fit(Examples.of(X, Y), options.validationSplit(0));
    History actual = byBatches.fit(listed, options);
    assertEquals(expected.toString(), actual.toString());
    assertEquals(OneWeight.weight(byExamples), OneWeight.weight(byBatches));
    assertEquals(
        byExamples.evaluate(Examples.of(X, Y), 2).asMap(), byBatches.evaluate(listed).asMap());
    assertEquals(
        byExamples.evaluate(Examples.of(X, Y).slice(0, 4), 2).asMap(),
        byBatches.evaluate(listed, 2).asMap());
  }

  @Test
  void weightsOfBatchesCount() {
    Sequential byExamples = line(0.02);
    Sequential byBatches = line(0.02);
    byExamples.fit(
        Examples.of(X, Y).slice(0, 3).weights(Tensor.of(new float[] {2, 0, 1})), silent(2));
    byBatches.fit(new Listed(List.of(batch(0, 3, 2, 0, 1))), silent(2));
    byExamples.compile("sgd", "mse");
    assertEquals(OneWeight.weight(byExamples), OneWeight.weight(byBatches), 1e-6);
  }

  @Test
  void batchesAreChecked() {
    Listed none = new Listed(List.of());
    assertThrows(IllegalArgumentException.class, () -> line(0.1).fit(none, silent(1)));
    Sequential built = line(0.1).build(1);
    assertThrows(IllegalStateException.class, () -> built.fit(none, silent(1)));
    assertThrows(IllegalArgumentException.class, () -> built.evaluate(none));
    Listed one = new Listed(List.of(batch(0, 1)));
    assertThrows(IllegalArgumentException.class, () -> built.evaluate(one, 0));
    assertThrows(
        IllegalArgumentException.class, () -> built.fit(one, silent(1).validationSplit(0.5)));
    Listed wrong = new Listed(List.of(Batch.of(Tensor.ones(1, 2), Tensor.ones(1, 1))));
    assertThrows(ShapeException.class, () -> built.fit(wrong, silent(1)));
  }

  @Test
  void endlessBatchesAreCounted() {
    List<Long> epochs = new ArrayList<>();
    Endless endless = new Endless(batch(0, 2), epochs);
    Sequential model = line(0.01);
    List<OptionalLong> steps = new ArrayList<>();
    int[] calls = {0};
    History history =
        model.fit(
            endless,
            silent(3)
                .stepsPerEpoch(4)
                .validationData(endless)
                .validationSteps(2)
                .callbacks(
                    TrainingCallback.onTrainBegin(t -> steps.add(t.steps())),
                    TrainingCallback.onBatchEnd(_ -> calls[0]++)));
    assertEquals(12, calls[0]);
    assertEquals(List.of(OptionalLong.of(4)), steps);
    assertEquals(3, history.get("val_loss").size());
    // Once to build the model, once to train; validation begins anew each time.
    assertEquals(List.of(0L, 0L, 0L, 0L, 0L), epochs);
    assertEquals(model.evaluate(endless, 7).loss(), history.last("val_loss"), 1e-6);
  }

  @Test
  void epochsOfSoManyStepsGoOnWhereTheLastEnded() {
    List<Float> seen = new ArrayList<>();
    Sequential model = line(0.001);
    model
        .layers()
        .getFirst()
        .onForward(
            (_, input, output) -> {
              seen.add(input.toFloatArray()[0]);
              return output;
            });
    FitOptions options = silent(2).batchSize(1).shuffle(false);
    model.fit(Examples.of(X, Y), options.stepsPerEpoch(3));
    assertEquals(List.of(1f, 2f, 3f, 4f, 5f, 1f), seen);
    seen.clear();
    model.fit(Examples.of(X, Y), options.stepsPerEpoch(2));
    assertEquals(List.of(1f, 2f, 3f, 4f), seen);
  }

  @Test
  void validationIsAsOftenAndAsLongAsWanted() {
    Sequential model = OneWeight.model();
    Examples validation = Examples.of(new float[][] {{1}, {2}, {100}}, new float[] {0, 0, 0});
    History history =
        model.fit(
            OneWeight.EXAMPLES,
            silent(5)
                .batchSize(1)
                .validationData(validation)
                .validationSteps(2)
                .validationFrequency(2));
    assertEquals(List.of(1.0, 0.25, 0.0625, 1.0 / 64, 1.0 / 256), history.get("loss"));
    // After epochs 1 and 3: (w² + 4w²) / 2 for w = 1/4 and 1/16.
    assertEquals(List.of(2.5 / 16, 2.5 / 256), history.get("val_loss"));
    assertEquals(List.of(1, 3), history.epochs("val_loss"));
    assertEquals(List.of(0, 1, 2, 3, 4), history.epochs("loss"));
    assertEquals(new History.Best(3, 2.5 / 256), history.best("val_loss"));
  }

  @Test
  void trainingGoesOnFromALaterEpoch() {
    Sequential once = line(0.01);
    FitOptions options = silent(5).batchSize(2);
    once.fit(Examples.of(X, Y), options);
    Sequential first = line(0.01);
    first.fit(Examples.of(X, Y), silent(3).batchSize(2));
    // As a model that was loaded: its weights, but nothing of what it went through.
    Sequential loaded = line(0.01).build(1);
    loaded.weights().getFirst().assign(OneWeight.weight(first));
    List<Integer> epochs = new ArrayList<>();
    History rest =
        loaded.fit(
            Examples.of(X, Y),
            options
                .initialEpoch(3)
                .callbacks(TrainingCallback.onEpochBegin(t -> epochs.add(t.epoch()))));
    assertEquals(List.of(3, 4), epochs);
    assertEquals(List.of(3, 4), rest.epochs("loss"));
    assertEquals(2, rest.epochs());
    assertEquals(OneWeight.weight(once), OneWeight.weight(loaded));
    assertEquals(0, loaded.fit(Examples.of(X, Y), options.initialEpoch(5)).epochs());
  }

  @Test
  void outputsHaveNamesInTheHistory() {
    SymbolicTensor x = Input.of(2);
    SymbolicTensor kind = new Dense(2, "softmax").named("kind").apply(x);
    SymbolicTensor size = new Dense(1).named("size").apply(x);
    Model model = Model.of(List.of(x), List.of(kind, size));
    model.compile(
        new Adam(),
        Head.of("sparse_categorical_crossentropy").metrics("accuracy"),
        Head.of("mse").weight(0.5));
    Examples examples =
        Examples.of(
            List.of(Tensor.ones(4, 2)),
            List.of(Tensor.of(new int[] {0, 1, 1, 1}), Tensor.ones(4, 1)));
    List<List<String>> told = new ArrayList<>();
    History history =
        model.fit(
            examples,
            silent(1)
                .validationData(examples)
                .callbacks(TrainingCallback.onTrainBegin(t -> told.add(t.names()))));
    List<String> names =
        List.of(
            "loss",
            "kind_loss",
            "size_loss",
            "kind_accuracy",
            "val_loss",
            "val_kind_loss",
            "val_size_loss",
            "val_kind_accuracy");
    assertEquals(names, List.copyOf(history.names()));
    assertEquals(List.of(names), told);
    assertEquals(
        history.last("loss"), history.last("kind_loss") + 0.5 * history.last("size_loss"), 1e-6);
  }

  @Test
  void oneBatchAtATime() {
    Sequential model = OneWeight.model();
    Tensor x = Tensor.of(new float[] {1, 3}, 2, 1);
    Tensor zeros = Tensor.zeros(2, 1);
    assertEquals((1 + 9) / 2.0, model.testOnBatch(x, zeros).loss());
    assertArrayEquals(new float[] {1, 3}, model.predictOnBatch(x).toFloatArray());
    assertEquals(1, OneWeight.weight(model));
    Examples weighted = OneWeight.EXAMPLES.weights(Tensor.of(new float[] {2}));
    assertEquals(2, model.trainOnBatch(weighted).loss());
    assertEquals(0, OneWeight.weight(model));
  }

  @Test
  void compilingAgainGoesOnWithTheWeights() {
    Sequential model = OneWeight.model();
    model.fit(OneWeight.EXAMPLES, silent(1));
    model.compile(new SGD(0.125), new MeanSquaredError());
    assertEquals(List.of(0.25), model.fit(OneWeight.EXAMPLES, silent(1)).get("loss"));
    assertEquals(0.375f, OneWeight.weight(model));
  }

  @Test
  void theLossOfABatchIsItsOwn() {
    List<Double> each = new ArrayList<>();
    List<Double> means = new ArrayList<>();
    Sequential model = line(0);
    model.fit(
        Examples.of(X, Y),
        silent(1)
            .batchSize(3)
            .shuffle(false)
            .callbacks(
                TrainingCallback.onBatchEnd(
                    t -> {
                      each.add(t.batchLoss());
                      means.add(t.loss());
                    })));
    // Errors of x / 2 − y: −0.5, 1, −0.5, 1, −0.5.
    assertEquals(List.of(0.5, 0.625), each);
    assertEquals(0.5, means.getFirst());
    assertEquals((0.25 + 1 + 0.25 + 1 + 0.25) / 5, means.getLast(), 1e-12);
  }

  @Test
  void stepsOnBatchesKeepTheirMemory() {
    Tensor x = Tensor.ones(16, 8);
    Tensor y = Tensor.of(new int[16]);
    List<Batch> three =
        List.of(
            new Batch(List.of(x), List.of(y), Optional.of(Tensor.ones(16))),
            Batch.of(x, y),
            Batch.of(Tensor.ones(5, 8), Tensor.of(new int[5])));
    Metric accuracy = new SparseCategoricalAccuracy();
    Sequential model = Sequential.of(new Dense(4));
    model.compile(new Adam(), new SparseCategoricalCrossentropy(true), accuracy);
    long[] mapped = new long[600];
    FitOptions options =
        silent(600)
            .classWeights(Map.of(0, 2.0))
            .validationData(new Listed(three))
            .callbacks(
                TrainingCallback.onBatchEnd(Training::scores),
                TrainingCallback.onEpochEnd(
                    t -> mapped[t.epoch()] = HostMemory.INSTANCE.pool().mappedBytes()));
    model.fit(new Listed(three), options);
    assertTrue(mapped[599] <= mapped[99], mapped[99] + " -> " + mapped[599] + " bytes mapped");
    assertFalse(Double.isNaN(accuracy.result()));
  }
}
