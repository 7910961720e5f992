package dev.lanewise.nn.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.NdArray;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.io.FileFormatException;
import dev.lanewise.io.Safetensors;
import dev.lanewise.kernel.Backends;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.layer.Activation;
import dev.lanewise.nn.layer.BatchNormalization;
import dev.lanewise.nn.layer.Conv2D;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.Weight;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PyTorchWeightsTest {
  private final Map<String, NdArray> stored = new LinkedHashMap<>();
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("net.safetensors");
  }

  private void put(String name, int first, int... dims) {
    int count = 1;
    for (int dim : dims) {
      count *= dim;
    }
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = first + i;
    }
    stored.put(name, NdArray.of(Backends.best(), numbers, dims));
  }

  private void write() throws IOException {
    new Safetensors(stored, Map.of("format", "pt")).write(file);
  }

  private static float[] values(Layer layer, int weight) {
    return layer.weights().get(weight).value().toFloatArray();
  }

  @Test
  void aRowOfModulesIsReadInTheOrderOfNumbers() throws IOException {
    put("10.bias", 50, 2);
    put("10.weight", 40, 2, 2);
    put("2.bias", 30, 2);
    put("2.weight", 10, 2, 3);
    write();
    Sequential net = Sequential.of(new Dense(2), new Activation("tanh"), new Dense(2)).build(3);

    PyTorchWeights.load(net, file);

    // [out, in] becomes [in, out].
    assertArrayEquals(new float[] {10, 13, 11, 14, 12, 15}, values(net, 0));
    assertArrayEquals(new float[] {30, 31}, values(net, 1));
    assertArrayEquals(new float[] {40, 42, 41, 43}, values(net, 2));
    assertArrayEquals(new float[] {50, 51}, values(net, 3));
  }

  /** {@code x · Wᵀ + b}, written out. */
  @Test
  void aLinearModuleGivesWhatPyTorchGives() throws IOException {
    put("0.weight", 1, 2, 3);
    put("0.bias", -1, 2);
    write();
    Sequential net = Sequential.of(new Dense(2)).build(3);
    PyTorchWeights.load(net, file);
    float[] y = net.predict(Tensor.of(new float[] {1, 10, 100}, 1, 3)).toFloatArray();
    assertArrayEquals(new float[] {1 + 20 + 300 - 1, 4 + 50 + 600}, y);
  }

  @Test
  void modulesWithNamesAreFoundByTheirShapes() throws IOException {
    put("classifier.weight", 100, 2, 8);
    put("classifier.bias", 10, 2);
    put("features.conv.weight", 0, 2, 1, 2, 2);
    put("features.conv.bias", 20, 2);
    stored.put("features.conv.num_batches_tracked", NdArray.of(Backends.best(), new long[] {3}));
    write();
    Sequential net =
        Sequential.of(Sequential.of(new Conv2D(2, 2), new Flatten()), new Dense(2)).build(1, 3, 3);

    PyTorchWeights.load(net, file);

    // Filters and flattened images as they are: channels-first in both.
    assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5, 6, 7}, values(net, 0));
    assertEquals(108, values(net, 2)[1]);
  }

  @Test
  void runningStatisticsAreMovingOnes() throws IOException {
    put("0.weight", 1, 2);
    put("0.bias", 2, 2);
    put("0.running_mean", 3, 2);
    put("0.running_var", 4, 2);
    stored.put("0.num_batches_tracked", NdArray.of(Backends.best(), new long[] {3}));
    write();
    Sequential net = Sequential.of(new BatchNormalization()).build(2);

    PyTorchWeights.load(net, file);

    for (Weight weight : net.weights()) {
      int first =
          switch (weight.name()) {
            case "batch_normalization/gamma" -> 1;
            case "batch_normalization/beta" -> 2;
            case "batch_normalization/moving_mean" -> 3;
            default -> 4;
          };
      assertArrayEquals(new float[] {first, first + 1}, weight.value().toFloatArray());
    }
  }

  @Test
  void modulesOfOneShapeNeedAMap() throws IOException {
    put("output.weight", 20, 2, 2);
    put("output.bias", 30, 2);
    put("hidden.weight", 0, 2, 2);
    put("hidden.bias", 10, 2);
    write();
    Sequential net = Sequential.of(new Dense(2), new Dense(2)).build(2);
    String before = net.weights().toString();
    var e = assertThrows(IllegalArgumentException.class, () -> PyTorchWeights.load(net, file));
    assertTrue(
        e.getMessage().contains("give a map of [dense, dense_1] to modules"), e.getMessage());
    assertEquals(before, net.weights().toString());
    var half =
        assertThrows(
            IllegalArgumentException.class,
            () -> PyTorchWeights.load(net, file, Map.of("dense", "hidden")));
    assertTrue(half.getMessage().contains("[dense, dense_1]"), half.getMessage());

    PyTorchWeights.load(net, file, Map.of("dense", "hidden", "dense_1", "output"));

    assertArrayEquals(new float[] {0, 2, 1, 3}, values(net, 0));
    assertArrayEquals(new float[] {30, 31}, values(net, 3));
  }

  @Test
  void otherWeightsAreListedAndNothingChanges() throws IOException {
    put("0.weight", 0, 3, 2);
    put("0.bias", 0, 2);
    put("4.extra", 0, 1);
    write();
    Sequential net = Sequential.of(new Dense(2), new Dense(1)).build(2);
    String before = net.weights().toString();

    var e = assertThrows(FileFormatException.class, () -> PyTorchWeights.load(net, file));

    assertTrue(e.getMessage().contains("'0.weight' for 'dense/kernel' is f32 [2, 3]"));
    assertTrue(e.getMessage().contains("no '4.weight' for 'dense_1/kernel'"), e.getMessage());
    assertTrue(e.getMessage().contains("besides [4.extra]"), e.getMessage());
    assertEquals(before, net.weights().toString());
    Sequential unbuilt = Sequential.of(new Dense(2));
    assertThrows(IllegalStateException.class, () -> PyTorchWeights.load(unbuilt, file));
  }
}
