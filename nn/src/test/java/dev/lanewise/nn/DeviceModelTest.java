package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.SealedBackend;
import dev.lanewise.nn.data.DataLoader;
import dev.lanewise.nn.data.Dataset;
import dev.lanewise.nn.layer.BatchNormalization;
import dev.lanewise.nn.layer.BuildContext;
import dev.lanewise.nn.layer.Conv2D;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.Dropout;
import dev.lanewise.nn.layer.Embedding;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.LSTM;
import dev.lanewise.nn.layer.LayerTypes;
import dev.lanewise.nn.layer.MaxPool2D;
import dev.lanewise.nn.loss.CrossEntropy;
import dev.lanewise.nn.loss.SparseCategoricalCrossentropy;
import dev.lanewise.nn.optim.Adam;
import dev.lanewise.nn.train.WeightSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Models whose weights Java can not read learn and judge to the same bits as those in main memory.
 */
class DeviceModelTest {
  private static final Backend HOST = Backends.named("reference");
  private static final Backend DEVICE = SealedBackend.over(HOST);

  private static Stream<Arguments> models() {
    Supplier<Sequential> dense =
        () ->
            Sequential.of(
                new Dense(6, "relu"), new BatchNormalization(), new Dropout(0.3), new Dense(3));
    Supplier<Sequential> images =
        () ->
            Sequential.of(
                new Conv2D(3, 3, "relu").padding("same"),
                new MaxPool2D(2),
                new Flatten(),
                new Dense(3));
    Supplier<Sequential> words =
        () -> Sequential.of(new Embedding(5, 4), new LSTM(3), new Dense(3));
    return Stream.of(
        Arguments.of("dense", dense, examples(4)),
        Arguments.of("images", images, examples(1, 4, 4)),
        Arguments.of("words", words, sentences()));
  }

  private static final int SAMPLES = 20;

  private static int[] labels() {
    int[] labels = new int[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      labels[i] = i * i % 3;
    }
    return labels;
  }

  private static Examples examples(int... sample) {
    int size = 1;
    for (int extent : sample) {
      size *= extent;
    }
    float[] x = Tensor.randomNormal(new Generator(3), Shape.of(SAMPLES * size)).toFloatArray();
    return Examples.of(x, sample, labels());
  }

  private static Examples sentences() {
    int[] places = new int[SAMPLES * 6];
    for (int i = 0; i < places.length; i++) {
      places[i] = i * 7 % 5;
    }
    return Examples.of(Tensor.of(HOST, places, SAMPLES, 6), Tensor.of(HOST, labels()));
  }

  private static Sequential compiled(Sequential model, Backend backend) {
    model.to(backend).seed(11);
    model.compile(new Adam(0.02), new SparseCategoricalCrossentropy(true), "accuracy");
    return model;
  }

  private static FitOptions quiet(int epochs) {
    return FitOptions.epochs(epochs).batchSize(6).verbose(0);
  }

  private static float[][] values(Model model) {
    return model.weights().stream().map(w -> w.value().toFloatArray()).toArray(float[][]::new);
  }

  private static void assertOn(Backend backend, Model model) {
    model.weights().forEach(weight -> assertSame(backend, weight.value().backend()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void aModelLearnsTheSameOnADevice(
      String name, Supplier<Sequential> model, Examples examples, @TempDir Path folder)
      throws IOException {
    Sequential here = compiled(model.get(), HOST);
    Sequential there = compiled(model.get(), DEVICE);
    History expected = here.fit(examples, quiet(3).validationSplit(0.25));
    History actual = there.fit(examples, quiet(3).validationSplit(0.25));
    assertOn(DEVICE, there);
    for (String what : List.of("loss", "accuracy", "val_loss", "val_accuracy")) {
      assertEquals(expected.get(what), actual.get(what), what);
    }
    assertArrayEquals(values(here), values(there));
    assertEquals(here.evaluate(examples).toString(), there.evaluate(examples).toString());
    Tensor judged = there.predict(examples, 7).getFirst();
    assertSame(DEVICE, judged.backend());
    float[] numbers = here.predict(examples, 7).getFirst().toFloatArray();
    assertArrayEquals(numbers, judged.toFloatArray());

    // Files are the same ones, and go on anywhere.
    Path file = folder.resolve("model.lw");
    there.save(file);
    for (Backend backend : new Backend[] {HOST, DEVICE}) {
      Model loaded = ModelFile.load(file, LayerTypes.standard(), backend);
      assertOn(backend, loaded);
      assertArrayEquals(values(there), values(loaded));
      assertArrayEquals(numbers, loaded.predict(examples, 7).getFirst().toFloatArray());
    }
    Path weights = folder.resolve("weights.safetensors");
    there.saveWeights(weights);
    here.fit(examples, quiet(1));
    here.loadWeights(weights);
    assertArrayEquals(values(there), values(here));

    // What was there and goes home, goes on as if it had always been here.
    there.to(HOST);
    assertOn(HOST, there);
    assertArrayEquals(numbers, there.predict(examples, 7).getFirst().toFloatArray());
    Tensor back = there.to(DEVICE).predict(examples, 7).getFirst();
    assertArrayEquals(numbers, back.toFloatArray());
  }

  @Test
  void samplesMayBeAnywhere() {
    float[] x = Tensor.randomNormal(new Generator(3), Shape.of(SAMPLES * 4)).toFloatArray();
    float[][] expected = null;
    for (Backend data : new Backend[] {HOST, DEVICE, Backends.best()}) {
      Tensor samples = Tensor.of(data, x, 4, SAMPLES).transpose(0, 1);
      Tensor targets = Tensor.of(data, labels());
      Sequential model = compiled(Sequential.of(new Dense(4, "tanh"), new Dense(3)), DEVICE);
      model.fit(samples, targets, quiet(1));
      model.trainOnBatch(samples, targets);
      DataLoader loader = DataLoader.of(Dataset.of(samples, targets)).batchSize(6).shuffle(5);
      model.fit(loader, quiet(1));
      expected = expected == null ? values(model) : expected;
      assertArrayEquals(expected, values(model), data.name());
      assertSame(DEVICE, model.predict(samples).backend());
    }
  }

  @Test
  void whatHasAStateOnTheOldBackendSaysSo() {
    Examples examples = examples(4);
    Sequential model = compiled(Sequential.of(new Dense(3)), HOST);
    model.fit(examples, quiet(1));
    float[][] before = values(model);
    model.to(DEVICE);
    assertEquals("sealed", model.predict(Tensor.ones(1, 4)).backend().name());
    String text =
        assertThrows(IllegalStateException.class, () -> model.fit(examples, quiet(1))).getMessage();
    assertTrue(text.contains("moved to backend 'sealed'"), text);
    assertTrue(text.contains("compile again with a new optimizer"), text);
    assertArrayEquals(before, values(model));
    model.compile(new Adam(0.02), new SparseCategoricalCrossentropy(true), "accuracy");
    model.fit(examples, quiet(1));
    assertOn(DEVICE, model);
  }

  @Test
  void aModelInsideMovesToo() {
    Sequential inner = Sequential.of(new Dense(4, "relu"), new Dense(3));
    Sequential outer = Sequential.of(inner, new Dense(3)).to(HOST).build(2);
    outer.to(DEVICE);
    assertOn(DEVICE, inner);
    assertSame(DEVICE, inner.predict(Tensor.ones(1, 2)).backend());
    Dense layer = new Dense(2);
    assertThrows(IllegalStateException.class, () -> layer.to(DEVICE));
    layer.build(Shape.of(2), new BuildContext(HOST, DType.F32, new Generator(1)));
    assertSame(layer, layer.to(DEVICE));
    assertSame(DEVICE, layer.apply(Tensor.ones(1, 2).to(DEVICE), false).backend());
  }

  @Test
  void weightsOfClassesComeAlong() {
    Tensor classes = Tensor.of(HOST, new float[] {1, 2, 3});
    float[][] losses = new float[2][];
    for (int i = 0; i < 2; i++) {
      Backend backend = i == 0 ? HOST : DEVICE;
      Tensor scores = Tensor.randomNormal(new Generator(2), Shape.of(SAMPLES, 3)).to(backend);
      CrossEntropy loss = new CrossEntropy().withClassWeights(classes).withLabelSmoothing(0.1);
      losses[i] = loss.apply(scores, Tensor.of(backend, labels())).toFloatArray();
    }
    assertArrayEquals(losses[0], losses[1]);
  }

  @Test
  void snapshotsAndClassWeightsOfFit() {
    Sequential model = compiled(Sequential.of(new Dense(3)), DEVICE);
    Examples examples = examples(4);
    model.fit(examples, quiet(1).classWeights(Map.of(0, 2.0, 1, 1.0, 2, 0.5)));
    WeightSnapshot snapshot = new WeightSnapshot(model);
    snapshot.take();
    float[][] before = values(model);
    model.fit(examples, quiet(1));
    snapshot.restore();
    assertArrayEquals(before, values(model));
  }
}
