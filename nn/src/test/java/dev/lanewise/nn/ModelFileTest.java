package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.io.FileFormatException;
import dev.lanewise.kernel.Backends;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.init.Initializer;
import dev.lanewise.nn.layer.Activation;
import dev.lanewise.nn.layer.Add;
import dev.lanewise.nn.layer.BatchNormalization;
import dev.lanewise.nn.layer.Bidirectional;
import dev.lanewise.nn.layer.Conv2D;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.Dropout;
import dev.lanewise.nn.layer.Embedding;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.GRU;
import dev.lanewise.nn.layer.GaussianNoise;
import dev.lanewise.nn.layer.Input;
import dev.lanewise.nn.layer.LSTM;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.LayerNormalization;
import dev.lanewise.nn.layer.LayerTypes;
import dev.lanewise.nn.layer.MaxPool2D;
import dev.lanewise.nn.layer.Regularizer;
import dev.lanewise.nn.layer.Reshape;
import dev.lanewise.nn.layer.SymbolicTensor;
import dev.lanewise.nn.layer.TimeDistributed;
import dev.lanewise.nn.layer.Weight;
import dev.lanewise.nn.loss.CrossEntropy;
import dev.lanewise.nn.loss.MeanSquaredError;
import dev.lanewise.nn.optim.Adam;
import dev.lanewise.nn.optim.SGD;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("model.lw");
  }

  private Model again(Model model) throws IOException {
    model.save(file);
    return ModelFile.load(file);
  }

  private static void assertSameWeights(Model expected, Model actual) {
    assertEquals(
        expected.weights().stream().map(Weight::name).toList(),
        actual.weights().stream().map(Weight::name).toList());
    for (int i = 0; i < expected.weights().size(); i++) {
      assertEquals(
          SavingProgram.bits(expected.weights().get(i)),
          SavingProgram.bits(actual.weights().get(i)));
    }
  }

  @Test
  void trainingGoesOnToTheBit() throws IOException {
    Sequential model = SavingProgram.model();
    model.fit(SavingProgram.examples(), SavingProgram.options());
    model.save(file);
    Model again = ModelFile.load(file, SavingProgram.TYPES);

    assertSameWeights(model, again);
    assertEquals(model.summary(), again.summary());
    assertEquals(SavingProgram.goOn(model), SavingProgram.goOn(again));
  }

  @Test
  void everyLayerOfARowIsMadeAgain() throws IOException {
    Sequential model =
        Sequential.of(
            new Input(16),
            new Reshape(1, 4, 4),
            new Conv2D(3, 3, "relu").padding("same").stride(1).useBias(false),
            new MaxPool2D(2),
            new Activation("silu"),
            new Flatten(),
            Sequential.of(new Dense(4), new Dense(2, "softmax")).named("inner"));
    model.named("outer").seed(3).build();
    Tensor x = Tensor.linspace(-1, 1, 32).reshape(2, 16);

    Model again = again(model);

    assertSameWeights(model, again);
    assertEquals("outer", again.name());
    assertEquals(model.summary(), again.summary());
    assertArrayEquals(model.predict(x).toFloatArray(), again.predict(x).toFloatArray());
  }

  @Test
  void recurrentNormalizingAndNoisyLayersAreMadeAgain() throws IOException {
    GRU named = new GRU(2).returnSequences(true);
    named.named("mine");
    Sequential model =
        Sequential.of(
            new Embedding(10, 4),
            new Bidirectional(new LSTM(3).returnSequences(true)),
            new Bidirectional(named, "sum"),
            new TimeDistributed(new Dense(4).named("each")),
            new LayerNormalization(),
            new Flatten(),
            new BatchNormalization(),
            new Dropout(0.5),
            new GaussianNoise(0.1),
            new Dense(2).kernelInitializer((w, f, g) -> Initializer.heNormal().fill(w, f, g)));
    model.layers().get(1).trainable(false);
    model.compile("rmsprop", "mse");
    Tensor x = Tensor.of(new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2}).reshape(4, 3);
    Tensor y = Tensor.linspace(-1, 1, 8).reshape(4, 2);
    FitOptions options = FitOptions.epochs(2).batchSize(2).verbose(0);
    model.fit(x, y, options);

    Model again = again(model);

    assertSameWeights(model, again);
    assertEquals(
        model.weights().stream().map(Weight::isTrainable).toList(),
        again.weights().stream().map(Weight::isTrainable).toList());
    assertArrayEquals(model.predict(x).toFloatArray(), again.predict(x).toFloatArray());
    // Random numbers go on where they were, though the initializer of its own is another now.
    assertEquals(model.fit(x, y, options).get("loss"), again.fit(x, y, options).get("loss"));
    assertSameWeights(model, again);
  }

  @Test
  void branchesSharedLayersAndHeadsAreMadeAgain() throws IOException {
    SymbolicTensor a = Input.of("left", 3);
    SymbolicTensor b = Input.of("right", 3);
    Dense shared = new Dense(4, "tanh");
    Model tower = Sequential.of(new Dense(4));
    SymbolicTensor sum = new Add().apply(shared.apply(a), tower.apply(shared.apply(b)));
    SymbolicTensor kind = new Dense(2, "softmax").named("kind").apply(sum);
    SymbolicTensor size = new Dense(1).named("size").apply(sum);
    Model model = Model.of(List.of(a, b), List.of(kind, size));
    model.seed(5);
    model.compile(
        new SGD(0.1, 0.9, true),
        Head.of("categorical_crossentropy").metrics("accuracy"),
        Head.of("mse").weight(0.25));
    Examples examples =
        Examples.of(
            List.of(Tensor.linspace(0, 1, 12).reshape(4, 3), Tensor.ones(4, 3)),
            List.of(Tensor.full(Shape.of(4, 2), 0.5), Tensor.ones(4, 1)));
    FitOptions options = FitOptions.epochs(2).batchSize(2).verbose(0);
    model.fit(examples, options);

    Model again = again(model);

    assertSameWeights(model, again);
    assertEquals(model.evaluate(examples).asMap(), again.evaluate(examples).asMap());
    assertEquals(
        model.fit(examples, options).get("loss"), again.fit(examples, options).get("loss"));
    assertSameWeights(model, again);
  }

  @Test
  void frozenLayersStayFrozen() throws IOException {
    Layer frozen = new Dense(3).trainable(false);
    Layer inside = new Dense(3);
    Sequential inner = Sequential.of(new Dense(3), inside);
    Sequential model = Sequential.of(frozen, inner, new Dense(1));
    inner.trainable(false);
    inside.trainable(true);
    model.compile("adam", "mse");
    model.fit(Tensor.ones(4, 2), Tensor.ones(4, 1), FitOptions.epochs(1).verbose(0));

    Model again = again(model);

    assertEquals(
        List.of(false, false, false, false, true, true, true, true),
        again.weights().stream().map(Weight::isTrainable).toList());
    again.fit(Tensor.ones(4, 2), Tensor.ones(4, 1), FitOptions.epochs(1).verbose(0));
  }

  @Test
  void modelsThatAreNotBuiltOrCompiledAreSavedToo() throws IOException {
    Model again = again(Sequential.of(new Dense(3)).seed(4));
    assertFalse(again.isBuilt());
    assertSameWeights(Sequential.of(new Dense(3)).seed(4).build(2), again.build(2));
    var e =
        assertThrows(
            IllegalStateException.class,
            () -> again.evaluate(Tensor.ones(1, 2), Tensor.ones(1, 3)));
    assertTrue(e.getMessage().contains("loss yet; call compile"), e.getMessage());

    Sequential compiled = Sequential.of(new Dense(3));
    compiled.compile("adam", "mse");
    again(compiled).fit(Tensor.ones(2, 2), Tensor.ones(2, 3), FitOptions.epochs(1).verbose(0));
  }

  @Test
  void whatAFileCanNotTellIsLeftOutAndSaidSo() throws IOException {
    Tensor x = Tensor.ones(2, 2);
    Tensor y = Tensor.of(new int[] {0, 1});
    Sequential model = Sequential.of(new Dense(2));
    model.compile(new Adam(), new CrossEntropy().withClassWeights(Tensor.ones(2)));
    model.fit(x, y, FitOptions.epochs(1).verbose(0));
    Model again = again(model);
    assertSameWeights(model, again);
    var e = assertThrows(IllegalStateException.class, () -> again.evaluate(x, y));
    assertEquals(
        "evaluate: 'sequential' has no optimizer and loss yet, as its file could not hold them: the"
            + " loss crossEntropy has weights, which are not saved with it; call"
            + " compile(optimizer, loss, metrics...) first",
        e.getMessage());
    again.compile(new Adam(), new CrossEntropy());
    again.evaluate(x, y);

    model.compile(new Adam(step -> 0.1), new CrossEntropy());
    assertTrue(reason(again(model), x, y).contains("schedule is of a class of one's own"));

    Adam averaging = new Adam().ema(0.5);
    model.compile(averaging, new CrossEntropy());
    model.fit(x, y, FitOptions.epochs(1).verbose(0));
    averaging.swapAverages();
    Model averages = again(model);
    assertSameWeights(model, averages);
    assertTrue(reason(averages, x, y).contains("averages were in the weights' places"));
    averaging.swapAverages();

    model.layers().getFirst().trainable(false);
    assertTrue(reason(again(model), x, y).contains("other weights than those that are trainable"));
  }

  private static String reason(Model model, Tensor x, Tensor y) {
    return assertThrows(IllegalStateException.class, () -> model.evaluate(x, y)).getMessage();
  }

  /** A model in code of its own. */
  private static class Residual extends Model {
    private final Dense hidden = addLayer(new Dense(2, "relu"));

    @Override
    protected Tensor call(Tensor x, boolean training) {
      return hidden.apply(x, training).add(x);
    }
  }

  /** The same, which can be saved. */
  private static final class SavedResidual extends Residual {
    @Override
    public Config config() {
      return Config.of(type());
    }
  }

  @Test
  void aModelOfOnesOwnTellsItsTypeOrSavesWeights() throws IOException {
    Model model = new Residual().build(2);
    var e = assertThrows(UnsupportedOperationException.class, () -> model.save(file));
    assertTrue(
        e.getMessage().contains("override config() to save it, or save weights"), e.getMessage());
    Path weights = folder.resolve("residual.safetensors");
    model.saveWeights(weights);
    Model other = new Residual().seed(9).build(2);
    other.loadWeights(weights);
    assertSameWeights(model, other);

    Model saved = new SavedResidual().build(2);
    saved.save(file);
    Model again =
        ModelFile.load(file, LayerTypes.standard().with("SavedResidual", _ -> new SavedResidual()));
    assertSameWeights(saved, again);
    FileFormatException unknown = assertThrows(FileFormatException.class, () -> Model.load(file));
    assertTrue(unknown.getMessage().contains("there is no type 'SavedResidual'"));
    FileFormatException layer =
        assertThrows(
            FileFormatException.class,
            () ->
                ModelFile.load(
                    file, LayerTypes.standard().with("SavedResidual", _ -> new Dense(1))));
    assertTrue(layer.getMessage().contains("is a layer, not a model"), layer.getMessage());
  }

  /** A regularizer that has a text, which nobody can read. */
  private record Twice(double factor) implements Regularizer {
    @Override
    public Tensor penalty(Tensor x) {
      return x.sum().mul(2 * factor);
    }
  }

  @Test
  void whatCouldNotBeLoadedIsNotSaved() throws IOException {
    Sequential lambda = Sequential.of(new Dense(1).kernelRegularizer(x -> x.sum()));
    assertThrows(UnsupportedOperationException.class, () -> lambda.save(file));
    Sequential own = Sequential.of(new Dense(1).kernelRegularizer(new Twice(1)));
    var e = assertThrows(IllegalArgumentException.class, () -> own.save(file));
    assertTrue(
        e.getMessage().contains("Dense 'dense' could not be made again")
            && e.getMessage().contains("saveWeights"),
        e.getMessage());
    Dense twice = new Dense(2);
    Sequential shared = Sequential.of(Sequential.of(twice), Sequential.of(twice).named("b"));
    assertThrows(IllegalArgumentException.class, () -> shared.save(file));
    assertThrows(NoSuchFileException.class, () -> Model.load(file));
    Sequential good = Sequential.of(new Dense(1));
    assertThrows(NoSuchFileException.class, () -> good.save(folder.resolve("none/model.lw")));
  }

  @Test
  void aBackendIsChosenAtLoading() throws IOException {
    Sequential model = Sequential.of(new Dense(3)).build(2);
    model.save(file);
    var reference = Backends.named("reference");

    Model again = ModelFile.load(file, LayerTypes.standard(), reference);

    assertEquals(reference, again.weights().getFirst().value().backend());
    assertSameWeights(model, again);
  }

  @Test
  void aCopyIsAModelOfItsOwn() {
    Sequential model = SavingProgram.model();
    model.fit(SavingProgram.examples(), SavingProgram.options());

    Model copy = model.copy(SavingProgram.TYPES);
    assertSameWeights(model, copy);
    assertEquals(model.generators().getFirst().position(), copy.generators().getFirst().position());
    assertNotSame(model.weights().getFirst().value(), copy.weights().getFirst().value());
    copy.weights().getFirst().assign(new float[24]);
    assertTrue(model.weights().getFirst().value().toFloatArray()[0] != 0);
    assertThrows(IllegalStateException.class, () -> SavingProgram.goOn(copy));
    assertFalse(Sequential.of(new Dense(3)).copy().isBuilt());
    assertThrows(IllegalArgumentException.class, model::copy);
  }

  /** Weights are told by their place in what is saved, whichever model they were built in. */
  @Test
  void aModelThatWasTrainedAloneBecomesAPartOfAnother() throws IOException {
    Sequential base = Sequential.of(new Dense(4, "tanh")).seed(1);
    base.compile(new Adam(0.1), new MeanSquaredError());
    Tensor x = Tensor.linspace(-1, 1, 12).reshape(6, 2);
    base.fit(x, Tensor.ones(6, 4), FitOptions.epochs(2).verbose(0));
    base.save(folder.resolve("base.lw"));
    Model loaded = Model.load(folder.resolve("base.lw"));
    loaded.trainable(false);
    Sequential both = Sequential.of(loaded, new Dense(1)).seed(2);
    both.compile(new Adam(0.1), new MeanSquaredError());
    both.fit(x, Tensor.ones(6, 1), FitOptions.epochs(2).verbose(0));
    both.save(folder.resolve("both.lw"));
    assertEquals(
        List.of("sequential/dense/kernel", "sequential/dense/bias", "dense/kernel", "dense/bias"),
        both.weights().stream().map(Weight::name).toList());
    Model again = Model.load(folder.resolve("both.lw"));
    assertArrayEquals(both.predict(x).toFloatArray(), again.predict(x).toFloatArray());
    // And the part can still be saved alone.
    base.save(folder.resolve("base2.lw"));
    loaded.save(folder.resolve("base3.lw"));
    for (String file : List.of("base.lw", "base2.lw", "base3.lw")) {
      Model part = Model.load(folder.resolve(file));
      assertArrayEquals(base.predict(x).toFloatArray(), part.predict(x).toFloatArray(), file);
    }
  }
}
