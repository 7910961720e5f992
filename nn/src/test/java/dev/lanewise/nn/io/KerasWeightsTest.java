package dev.lanewise.nn.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.io.FileFormatException;
import dev.lanewise.nn.Model;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.init.Fans;
import dev.lanewise.nn.init.Initializer;
import dev.lanewise.nn.layer.Activation;
import dev.lanewise.nn.layer.BatchNormalization;
import dev.lanewise.nn.layer.Conv1D;
import dev.lanewise.nn.layer.Conv2D;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.Embedding;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Input;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.LayerNormalization;
import dev.lanewise.nn.layer.MaxPool2D;
import dev.lanewise.nn.layer.Multiply;
import dev.lanewise.nn.layer.SymbolicTensor;
import dev.lanewise.nn.layer.Weight;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files with the structure of Keras's, written by jHDF. */
class KerasWeightsTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("model.weights.h5");
  }

  /** {@return numbers that tell where they came from} */
  private static float[] numbers(int count, int first) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = first + i;
    }
    return numbers;
  }

  private static float[][] matrix(int rows, int columns, int first) {
    float[][] matrix = new float[rows][];
    for (int i = 0; i < rows; i++) {
      matrix[i] = numbers(columns, first + i * columns);
    }
    return matrix;
  }

  private static WritableGroup group(WritableGroup from, String... path) {
    WritableGroup group = from;
    for (String name : path) {
      group =
          group.getChildren().containsKey(name)
              ? (WritableGroup) group.getChild(name)
              : group.putGroup(name);
    }
    return group;
  }

  private static void vars(WritableGroup root, String path, Object... arrays) {
    WritableGroup vars = group(group(root, path.split("/")), "vars");
    for (int i = 0; i < arrays.length; i++) {
      vars.putDataset(String.valueOf(i), arrays[i]);
    }
  }

  private static float[] values(Layer layer, int weight) {
    return layer.weights().get(weight).value().toFloatArray();
  }

  @Test
  void denseLayersAreFoundByTypesAndPlaces() throws IOException {
    try (WritableHdfFile h5 = HdfFile.write(file)) {
      // Alphabetical in the file: dense_10 comes before dense_2.
      for (int i = 0; i < 12; i++) {
        vars(
            h5,
            "layers/dense" + (i == 0 ? "" : "_" + i),
            matrix(2, 2, 100 * i),
            numbers(2, 100 * i + 50));
      }
      vars(h5, "optimizer", numbers(1, 0));
    }
    Layer[] layers = new Layer[13];
    Arrays.setAll(layers, i -> i == 3 ? new Activation("relu") : new Dense(2).named("mine" + i));
    Sequential model = Sequential.of(layers).build(2);

    KerasWeights.load(model, file);

    for (int i = 0; i < 12; i++) {
      Layer dense = model.layers().get(i < 3 ? i : i + 1);
      assertArrayEquals(numbers(4, 100 * i), values(dense, 0));
      assertArrayEquals(numbers(2, 100 * i + 50), values(dense, 1));
    }
  }

  /** Computes by plain loops what Keras computes, channels-last. */
  @Test
  void aConvolutionalNetGivesWhatKerasGives() throws IOException {
    int h = 4;
    int w = 5;
    int c = 2;
    int filters = 3;
    float[][][][] kernel = new float[2][2][c][filters];
    float[] bias = {0.5f, -1, 2};
    int flat = 3 * 4 * filters;
    float[][] dense = new float[flat][2];
    for (int i = 0; i < flat; i++) {
      dense[i] = new float[] {(i * 7 % 11 - 5) / 8f, (i * 5 % 13 - 6) / 8f};
    }
    for (int i = 0; i < 2 * 2 * c * filters; i++) {
      kernel[i / 12][i / 6 % 2][i / 3 % 2][i % 3] = (i * 5 % 7 - 3) / 4f;
    }
    try (WritableHdfFile h5 = HdfFile.write(file)) {
      vars(h5, "layers/conv2d", kernel, bias);
      vars(h5, "layers/dense", (Object) dense);
    }
    float[][][] image = new float[h][w][c];
    float[] channelsFirst = new float[c * h * w];
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        for (int k = 0; k < c; k++) {
          image[y][x][k] = (y * 3 + x * 5 + k * 7) % 9 - 4;
          channelsFirst[(k * h + y) * w + x] = image[y][x][k];
        }
      }
    }
    double[] expected = new double[2];
    for (int y = 0; y < 3; y++) {
      for (int x = 0; x < 4; x++) {
        for (int f = 0; f < filters; f++) {
          double sum = bias[f];
          for (int i = 0; i < 2 * 2 * c; i++) {
            int dy = i / 4;
            int dx = i / 2 % 2;
            sum += image[y + dy][x + dx][i % 2] * kernel[dy][dx][i % 2][f];
          }
          double relu = Math.max(0, sum);
          for (int u = 0; u < 2; u++) {
            expected[u] += relu * dense[(y * 4 + x) * filters + f][u];
          }
        }
      }
    }
    Sequential model =
        Sequential.of(
                new Conv2D(filters, 2),
                new Activation("relu"),
                new Flatten(),
                new Activation("relu"),
                new Dense(2).useBias(false))
            .build(c, h, w);

    KerasWeights.load(model, file);

    float[] actual = model.predict(Tensor.of(channelsFirst, 1, c, h, w)).toFloatArray();
    assertEquals(expected[0], actual[0], 1e-4);
    assertEquals(expected[1], actual[1], 1e-4);
    assertTrue(Math.abs(expected[0]) > 0.1 && Math.abs(expected[1]) > 0.1);

    // The same net with its parts inside of models, in a graph.
    SymbolicTensor x = Input.of(c, h, w);
    Model body = Sequential.of(new Conv2D(filters, 2, "relu"), new MaxPool2D(1), new Flatten());
    Model graph = Model.of(x, new Dense(2).useBias(false).apply(body.apply(x)));
    graph.build();
    Path nested = folder.resolve("nested.weights.h5");
    try (WritableHdfFile h5 = HdfFile.write(nested)) {
      vars(h5, "layers/sequential/layers/conv2d", kernel, bias);
      vars(h5, "layers/dense", (Object) dense);
    }
    KerasWeights.load(graph, nested);
    assertArrayEquals(
        actual, graph.predict(Tensor.of(channelsFirst, 1, c, h, w)).toFloatArray(), 1e-5f);
  }

  /** The longer branch comes first, whatever the order of the inputs of what joins them. */
  @Test
  void branchesHaveKerassOrder() throws IOException {
    SymbolicTensor x = Input.of(2);
    Dense near = new Dense(2);
    Dense far = new Dense(2);
    Dense farther = new Dense(2);
    Model model = Model.of(x, new Multiply().apply(near.apply(x), farther.apply(far.apply(x))));
    model.build();
    try (WritableHdfFile h5 = HdfFile.write(file)) {
      vars(h5, "layers/dense", matrix(2, 2, 0), numbers(2, 0));
      vars(h5, "layers/dense_1", matrix(2, 2, 100), numbers(2, 0));
      vars(h5, "layers/dense_2", matrix(2, 2, 200), numbers(2, 0));
    }

    KerasWeights.load(model, file);

    assertEquals(0, values(far, 0)[0]);
    // Of the same depth: the one that is met first on the way back from the output.
    assertEquals(100, values(near, 0)[0]);
    assertEquals(200, values(farther, 0)[0]);
  }

  @Test
  void aKerasArchiveHoldsTheSameFile() throws IOException {
    try (WritableHdfFile h5 = HdfFile.write(file)) {
      vars(h5, "layers/dense", matrix(2, 1, 3), numbers(1, 9));
    }
    Path archive = folder.resolve("model.keras");
    byte[] h5 = Files.readAllBytes(file);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
      for (String part : List.of("metadata.json", "config.json", "model.weights.h5")) {
        zip.putNextEntry(new ZipEntry(part));
        zip.write(part.endsWith("h5") ? h5 : new byte[] {'{', '}'});
      }
    }
    Sequential model = Sequential.of(new Dense(1)).build(2);

    KerasWeights.load(model, archive);

    assertArrayEquals(new float[] {3, 4}, values(model, 0));
    byte[] bytes = Files.readAllBytes(archive);
    bytes[bytes.length / 2] ^= 4;
    Files.write(archive, bytes);
    assertThrows(FileFormatException.class, () -> KerasWeights.load(model, archive));
    Path empty = folder.resolve("empty.keras");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(empty))) {
      zip.putNextEntry(new ZipEntry("config.json"));
    }
    var e = assertThrows(FileFormatException.class, () -> KerasWeights.load(model, empty));
    assertTrue(e.getMessage().contains("expected model.weights.h5"), e.getMessage());
  }

  private static void legacy(WritableGroup root, String layer, String[] names, Object... arrays) {
    WritableGroup group = root.putGroup(layer);
    if (names.length > 0) {
      group.putAttribute("weight_names", names);
    }
    for (int i = 0; i < names.length; i++) {
      String[] path = names[i].split("/");
      group(group, Arrays.copyOf(path, path.length - 1))
          .putDataset(path[path.length - 1], arrays[i]);
    }
  }

  @Test
  void filesOfKeras2AreReadByNameOrOrder() throws IOException {
    try (WritableHdfFile h5 = HdfFile.write(file)) {
      WritableGroup root = h5.putGroup("model_weights");
      root.putAttribute("layer_names", new String[] {"zeta", "dropout", "alpha"});
      legacy(
          root,
          "zeta",
          new String[] {"zeta/kernel:0", "zeta/bias:0"},
          matrix(2, 2, 10),
          numbers(2, 1));
      legacy(root, "dropout", new String[0]);
      legacy(
          root,
          "alpha",
          new String[] {"alpha/kernel:0", "alpha/bias:0"},
          matrix(2, 2, 20),
          numbers(2, 2));
    }
    Sequential ordered = Sequential.of(new Dense(2), new Dense(2)).build(2);
    KerasWeights.load(ordered, file);
    assertArrayEquals(numbers(4, 10), values(ordered, 0));
    assertArrayEquals(numbers(2, 2), values(ordered, 3));

    Sequential named =
        Sequential.of(new Dense(2).named("alpha"), new Dense(2).named("zeta")).build(2);
    KerasWeights.load(named, file);
    assertArrayEquals(numbers(4, 20), values(named, 0));

    SymbolicTensor x = Input.of(2);
    Model graph = Model.of(x, new Dense(2).apply(new Dense(2).apply(x)));
    graph.build();
    var e = assertThrows(FileFormatException.class, () -> KerasWeights.load(graph, file));
    assertTrue(e.getMessage().contains("name those of the model"), e.getMessage());
  }

  @Test
  void batchNormalizationHasKerassOrder() throws IOException {
    try (WritableHdfFile h5 = HdfFile.write(file)) {
      vars(
          h5,
          "layers/batch_normalization",
          numbers(2, 10),
          numbers(2, 20),
          numbers(2, 30),
          numbers(2, 40));
    }
    Sequential model = Sequential.of(new BatchNormalization()).build(2);

    KerasWeights.load(model, file);

    Map<String, Float> found = firstNumbers(model);
    assertEquals(10, found.get("batch_normalization/gamma"));
    assertEquals(20, found.get("batch_normalization/beta"));
    assertEquals(30, found.get("batch_normalization/moving_mean"));
    assertEquals(40, found.get("batch_normalization/moving_variance"));

    // What Keras 2 writes of a model inside: all that is learned comes first.
    Path old = folder.resolve("old.h5");
    try (WritableHdfFile h5 = HdfFile.write(old)) {
      h5.putAttribute("layer_names", new String[] {"inner"});
      legacy(
          h5,
          "inner",
          new String[] {"bn/gamma:0", "bn/beta:0", "d/kernel:0", "d/bias:0", "bn/mean:0", "bn/v:0"},
          numbers(2, 1),
          numbers(2, 2),
          matrix(2, 2, 3),
          numbers(2, 4),
          numbers(2, 5),
          numbers(2, 6));
    }
    Sequential inner =
        Sequential.of(Sequential.of(new BatchNormalization(), new Dense(2))).build(2);
    KerasWeights.load(inner, old);
    Map<String, Float> inside = firstNumbers(inner);
    assertEquals(1, inside.get("sequential/batch_normalization/gamma"));
    assertEquals(3, inside.get("sequential/dense/kernel"));
    assertEquals(4, inside.get("sequential/dense/bias"));
    assertEquals(5, inside.get("sequential/batch_normalization/moving_mean"));
    assertEquals(6, inside.get("sequential/batch_normalization/moving_variance"));
  }

  private static Map<String, Float> firstNumbers(Layer layer) {
    return layer.weights().stream()
        .collect(Collectors.toMap(Weight::name, weight -> weight.value().toFloatArray()[0]));
  }

  @Test
  void embeddingsAndSeriesAreReadToo() throws IOException {
    float[][][] kernel = new float[2][3][4];
    for (int i = 0; i < 24; i++) {
      kernel[i / 12][i / 4 % 3][i % 4] = i;
    }
    try (WritableHdfFile h5 = HdfFile.write(file)) {
      vars(h5, "layers/conv1d", kernel, numbers(4, 0));
      vars(h5, "layers/layer_normalization", numbers(4, 50), numbers(4, 60));
      vars(h5, "layers/dense", matrix(8, 1, 0), numbers(1, 0));
    }
    Sequential model =
        Sequential.of(new Conv1D(4, 2), new Flatten(), new Dense(1), new LayerNormalization())
            .build(3, 3);
    var e = assertThrows(FileFormatException.class, () -> KerasWeights.load(model, file));
    assertTrue(e.getMessage().contains("layer_normalization/vars/0"), e.getMessage());

    Sequential fitting =
        Sequential.of(new LayerNormalization(), new Conv1D(4, 2), new Flatten(), new Dense(1))
            .build(3, 3);
    Path other = folder.resolve("other.weights.h5");
    try (WritableHdfFile h5 = HdfFile.write(other)) {
      vars(h5, "layers/conv1d", kernel, numbers(4, 0));
      vars(h5, "layers/layer_normalization", numbers(3, 50), numbers(3, 60));
      vars(h5, "layers/dense", matrix(8, 1, 0), numbers(1, 0));
    }
    KerasWeights.load(fitting, other);
    float[] filters = values(fitting.layers().get(1), 0);
    // [f, c, k]: the first filter's first channel is at 0 and at 12 of [k, c, f].
    assertArrayEquals(new float[] {0, 12, 4, 16, 8, 20}, Arrays.copyOf(filters, 6));
    // Two steps of four channels: Keras has the channels of a step side by side.
    assertArrayEquals(new float[] {0, 4, 1, 5, 2, 6, 3, 7}, values(fitting.layers().get(3), 0));

    Path words = folder.resolve("words.weights.h5");
    try (WritableHdfFile h5 = HdfFile.write(words)) {
      vars(h5, "layers/embedding", (Object) matrix(5, 2, 7));
    }
    Sequential embedding = Sequential.of(new Embedding(5, 2)).build(3);
    KerasWeights.load(embedding, words);
    assertArrayEquals(numbers(10, 7), values(embedding, 0));
  }

  /** Adds a number to each of its own. */
  private static final class Shift extends Layer {
    @Override
    public Shape outputShape(Shape input) {
      return input;
    }

    @Override
    protected void createWeights(Shape input) {
      addWeight("shift", input, Initializer.zeros(), new Fans(1, 1));
    }

    @Override
    protected Tensor call(Tensor x, boolean training) {
      return x;
    }
  }

  @Test
  void whatIsNotKnownIsRefused() throws IOException {
    Sequential own = Sequential.of(new Shift()).build(2);
    var e = assertThrows(IllegalArgumentException.class, () -> KerasWeights.load(own, file));
    assertTrue(e.getMessage().contains("how a Shift lays out its weights"), e.getMessage());
    Sequential flattened = Sequential.of(new Flatten(), new BatchNormalization()).build(2, 3, 3);
    var order =
        assertThrows(IllegalArgumentException.class, () -> KerasWeights.load(flattened, file));
    assertTrue(order.getMessage().contains("whose numbers Keras orders otherwise"));
    Sequential unbuilt = Sequential.of(new Dense(2));
    assertThrows(IllegalStateException.class, () -> KerasWeights.load(unbuilt, file));
    Sequential good = Sequential.of(new Dense(2)).build(2);
    assertThrows(NoSuchFileException.class, () -> KerasWeights.load(good, file));
  }

  @Test
  void otherWeightsAreListedAndNothingChanges() throws IOException {
    try (WritableHdfFile h5 = HdfFile.write(file)) {
      vars(h5, "layers/dense", matrix(2, 3, 0), numbers(2, 7));
      vars(h5, "layers/conv2d", numbers(1, 0));
    }
    Sequential model = Sequential.of(new Dense(2), new Dense(2)).build(2);
    String before = model.weights().toString();

    var e = assertThrows(FileFormatException.class, () -> KerasWeights.load(model, file));

    assertTrue(e.getMessage().contains("'layers/dense/vars/0' for 'dense/kernel' is f32 [2, 3]"));
    assertTrue(e.getMessage().contains("none for 'dense_1/kernel', layers/dense_1/vars/0"));
    assertTrue(e.getMessage().contains("besides [layers/conv2d/vars/0]"), e.getMessage());
    assertEquals(before, model.weights().toString());
  }

  @Test
  void damageIsToldAsDamage() throws IOException {
    try (WritableHdfFile h5 = HdfFile.write(file)) {
      vars(h5, "layers/dense", matrix(2, 2, 0), numbers(2, 7));
    }
    byte[] whole = Files.readAllBytes(file);
    Sequential model = Sequential.of(new Dense(2)).build(2);
    for (int length : new int[] {0, 1, 8, 50, 100, whole.length / 2}) {
      Files.write(file, Arrays.copyOf(whole, length));
      var e = assertThrows(FileFormatException.class, () -> KerasWeights.load(model, file));
      assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
    }
  }
}
