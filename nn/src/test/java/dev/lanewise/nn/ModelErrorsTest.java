package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backends;
import dev.lanewise.nn.data.DataLoader;
import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.data.Iris;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Regularizer;
import dev.lanewise.nn.loss.BinaryCrossentropy;
import dev.lanewise.nn.loss.CrossEntropy;
import dev.lanewise.nn.loss.Loss;
import dev.lanewise.nn.loss.MeanSquaredError;
import dev.lanewise.nn.loss.SparseCategoricalCrossentropy;
import dev.lanewise.nn.optim.Adam;
import dev.lanewise.nn.optim.SGD;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Wrong arguments are refused before anything is trained, with a text that helps. */
class ModelErrorsTest {
  private static final FitOptions ONE = FitOptions.epochs(1).verbose(0);

  private static Sequential classifier() {
    Sequential model = Sequential.of(new Dense(4, "relu"), new Dense(3));
    model.compile(new Adam(), new SparseCategoricalCrossentropy(true), "accuracy");
    return model;
  }

  private static <T extends Throwable> void refused(Class<T> type, String text, Executable wrong) {
    assertEquals(text, assertThrows(type, wrong).getMessage());
  }

  @Test
  void fitNeedsCompile() {
    Sequential model = Sequential.of(new Dense(1));
    refused(
        IllegalStateException.class,
        "fit: 'sequential' has no optimizer and loss yet; call compile(optimizer, loss,"
            + " metrics...) first",
        () -> model.fit(Tensor.ones(2, 2), Tensor.ones(2, 1), ONE));
    assertThrows(
        IllegalStateException.class, () -> model.evaluate(Tensor.ones(2, 2), Tensor.ones(2, 1)));
    assertThrows(IllegalStateException.class, model::summary);
  }

  @Test
  void wrongLabelsNameTheirRow() {
    Sequential model = classifier();
    refused(
        IllegalArgumentException.class,
        "sparseCategoricalCrossentropy: label 3 in row 2 is not from 0 to 2, the classes of the"
            + " model's 3 outputs",
        () -> model.fit(Examples.of(Tensor.ones(4, 2), new int[] {0, 1, 3, 9}), ONE));
    assertThrows(
        IllegalArgumentException.class,
        () -> model.trainOnBatch(Tensor.ones(1, 2), Tensor.of(new int[] {-1})));
    assertFalse(model.isBuilt());
  }

  @Test
  void wrongValidationLabelsStopBeforeTraining() {
    Sequential model = classifier().build(2);
    float[] before = model.weights().get(0).value().toFloatArray();
    Examples good = Examples.of(Tensor.ones(4, 2), new int[4]);
    Examples bad = Examples.of(Tensor.ones(1, 2), new int[] {5});
    assertThrows(IllegalArgumentException.class, () -> model.fit(good, ONE.validationData(bad)));
    assertArrayEquals(before, model.weights().get(0).value().toFloatArray());
  }

  @Test
  void shapesThatDoNotFit() {
    Sequential model = classifier().build(2);
    refused(
        ShapeException.class,
        "Dense 'dense': input must have 2 features in its last axis, not 5 (input [n, 5], kernel"
            + " [2, 4])",
        () -> model.fit(Examples.of(Tensor.ones(4, 5), new int[4]), ONE));
    refused(
        ShapeException.class,
        "examples: there are 4 samples but targets for 3",
        () -> Examples.of(Tensor.ones(4, 2), new int[3]));
    refused(
        ShapeException.class,
        "sparseCategoricalCrossentropy: the model's output must be [n, classes], not [n, 8, 3];"
            + " put a Flatten before its last Dense",
        () -> classifier().fit(Examples.of(Tensor.ones(4, 8, 8), new int[4]), ONE));
    refused(
        ShapeException.class,
        "sparseCategoricalCrossentropy: labels must be [n], one class each, not [n, 3]",
        () -> model.fit(Tensor.ones(4, 2), Tensor.ones(4, 3), ONE));
    refused(
        DTypeException.class,
        "sparseCategoricalCrossentropy: labels must be i32 or i64, not f32; call cast(DType.I32)",
        () -> model.fit(Tensor.ones(4, 2), Tensor.ones(4), ONE));
  }

  @Test
  void valuesMustHaveTheOutputsShape() {
    Sequential model = Sequential.of(new Dense(2));
    model.compile(new SGD(), new MeanSquaredError());
    refused(
        ShapeException.class,
        "meanSquaredError: targets must be [n, 2], as the model's output, not [n]",
        () -> model.fit(Tensor.ones(4, 3), Tensor.ones(4), ONE));
    model.compile(new SGD(), new BinaryCrossentropy(true));
    refused(
        IllegalArgumentException.class,
        "binaryCrossentropy: target 2.0 in row 1 is not from 0 to 1",
        () -> model.fit(Tensor.ones(2, 3), Tensor.of(new float[] {0, 1, 0, 2}, 2, 2), ONE));
  }

  @Test
  void metricsHaveNamesOfTheirOwn() {
    Sequential model = Sequential.of(new Dense(3));
    Loss loss = new SparseCategoricalCrossentropy(true);
    refused(
        IllegalArgumentException.class,
        "compile: the metric 'accuracy' has the name of another; names of a history must differ"
            + " (metrics [accuracy, accuracy])",
        () ->
            model.compile(new Adam(), loss, loss.accuracy("accuracy"), loss.accuracy("accuracy")));
    refused(
        IllegalArgumentException.class,
        "compile: the metric 'loss' has the name of the loss; names of a history must differ"
            + " (metrics [loss])",
        () -> model.compile(new Adam(), loss, loss.accuracy("loss")));
  }

  @Test
  void namesThatNobodyKnows() {
    Sequential model = Sequential.of(new Dense(1));
    assertThrows(IllegalArgumentException.class, () -> model.compile("adamz", "mse"));
    assertThrows(IllegalArgumentException.class, () -> model.compile("adam", "hubert"));
    assertThrows(
        IllegalArgumentException.class, () -> model.compile("adam", "binary_crossentropy", "aux"));
    assertThrows(IllegalArgumentException.class, () -> model.compile("adam", "mse", "accuracy"));
  }

  @Test
  void whatIsBuiltStaysAsItIs() {
    Sequential model = Sequential.of(new Dense(1)).build(2);
    assertThrows(IllegalStateException.class, () -> model.seed(1));
    assertThrows(IllegalStateException.class, () -> model.on(Backends.best()));
    assertThrows(IllegalStateException.class, () -> model.add(new Dense(1)));
    assertThrows(IllegalStateException.class, () -> model.build(2));
  }

  @Test
  void modelsWithoutLayersOrWeights() {
    assertThrows(IllegalStateException.class, () -> new Sequential().build(2));
    Sequential model = Sequential.of(new Flatten());
    model.compile("sgd", "mse");
    refused(
        IllegalStateException.class,
        "fit: the model has no weights to train; add a Dense layer",
        () -> model.fit(Tensor.ones(2, 2), Tensor.ones(2, 2), ONE));
    refused(
        IllegalStateException.class,
        "trainOnBatch: the model has no weights to train; add a Dense layer",
        () -> model.trainOnBatch(Tensor.ones(2, 2), Tensor.ones(2, 2)));
    refused(
        IllegalStateException.class,
        "mine: the model has no layers; call add(layer) first",
        () -> new Sequential().named("mine").build(2));
  }

  @Test
  void optionsAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> FitOptions.epochs(-1));
    assertThrows(IllegalArgumentException.class, () -> ONE.batchSize(0));
    assertThrows(IllegalArgumentException.class, () -> ONE.validationSplit(1));
    assertThrows(IllegalArgumentException.class, () -> ONE.verbose(3));
    Examples two = Examples.of(Tensor.ones(2, 2), new int[2]);
    assertThrows(
        IllegalArgumentException.class, () -> ONE.validationSplit(0.5).validationData(two));
    refused(
        IllegalArgumentException.class,
        "fit: validationSplit 0.9 of 2 examples leaves none to learn from",
        () -> classifier().fit(two, ONE.validationSplit(0.9)));
  }

  @Test
  void anOptimizerServesOneModel() {
    Adam adam = new Adam();
    Sequential first = Sequential.of(new Dense(1));
    first.compile(adam, new MeanSquaredError());
    first.fit(Tensor.ones(2, 2), Tensor.ones(2), ONE);
    Sequential second = Sequential.of(new Dense(1));
    second.compile(adam, new MeanSquaredError());
    refused(
        IllegalStateException.class,
        "Adam: keeps the state of another model's weights; make one optimizer for each model",
        () -> second.fit(Tensor.ones(2, 2), Tensor.ones(2), ONE));
  }

  @Test
  void frozenLayersAskForANewOptimizer() {
    Sequential model = Sequential.of(new Dense(2), new Dense(1));
    model.compile(new Adam(), new MeanSquaredError());
    model.fit(Tensor.ones(2, 2), Tensor.ones(2), ONE);
    model.layer("dense").trainable(false);
    refused(
        IllegalStateException.class,
        "Adam: keeps the state of other weights than are trained now, as after trainable(...);"
            + " compile again with a new optimizer",
        () -> model.fit(Tensor.ones(2, 2), Tensor.ones(2), ONE));
  }

  @Test
  void batchesWithoutEndNeedANumber() {
    Sequential model = classifier();
    DataLoader endless = DataLoader.of(Dataset.of(Iris.load())).repeat();
    refused(
        IllegalArgumentException.class,
        "fit: the batches never end; say how many to take by stepsPerEpoch",
        () -> model.fit(endless, ONE));
    refused(
        IllegalArgumentException.class,
        "evaluate: the batches never end; say how many to take by steps",
        () -> model.evaluate(endless));
    refused(
        IllegalArgumentException.class,
        "fit: the batches never end; say how many to take by validationSteps",
        () -> model.fit(Iris.load(), ONE.validationData(endless)));
    assertEquals(1, model.fit(endless, ONE.stepsPerEpoch(2)).epochs());
  }

  /** What a layer has added to the loss of a call that was not ours is not that of a step. */
  @Test
  void penaltiesOfOtherCallsAreForgotten() {
    float[][] kernels = new float[2][];
    for (int run = 0; run < 2; run++) {
      Dense dense = new Dense(2);
      dense.activityRegularizer(Regularizer.l2(0.1));
      Sequential model = Sequential.of(dense).seed(1);
      model.compile(new SGD(0.1), new MeanSquaredError());
      model.build(2);
      if (run == 1) {
        try (Scope _ = Scope.open("gone")) {
          model.apply(Tensor.full(Shape.of(3, 2), 5), true);
        }
      }
      model.fit(Tensor.ones(2, 2), Tensor.ones(2, 2), ONE);
      kernels[run] = dense.weights().getFirst().value().toFloatArray();
    }
    assertArrayEquals(kernels[0], kernels[1]);
  }

  @Test
  void weightsDoNotGoWithIgnoredLabels() {
    Sequential model = Sequential.of(new Dense(3));
    model.compile(new SGD(), new CrossEntropy().withIgnoredLabel(-1));
    refused(
        IllegalArgumentException.class,
        "crossEntropy: weights of samples or classes do not go with an ignored label; give labels"
            + " that do not count the weight 0, or leave the weights out",
        () -> model.fit(Iris.load(), ONE.classWeights(Map.of(1, 2.0))));
  }

  @Test
  void aLaterValidationSetReplacesAnEarlierOne() {
    Examples examples = Examples.of(Tensor.ones(4, 2), Tensor.ones(4, 1));
    FitOptions options = ONE.validationData(examples).validationData(examples.batches(2));
    assertEquals(null, options.validationData());
    assertEquals(examples, options.validationData(examples).validationData());
  }
}
