package dev.lanewise.nn.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.io.FileFormatException;
import dev.lanewise.io.Npz;
import dev.lanewise.kernel.Backends;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.layer.BuildContext;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.Input;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightFileTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"w.safetensors", "w.npz", "w.NPZ"})
  void modelsAndLayersKeepTheirWeights(String name) throws IOException {
    Path file = folder.resolve(name);
    Sequential model = Sequential.of(new Dense(3), new Dense(2)).seed(1).build(4);
    WeightFile.save(model, file);
    Sequential other = Sequential.of(new Input(4), new Dense(3), new Dense(2)).seed(2);
    other.loadWeights(file);
    for (int i = 0; i < 4; i++) {
      assertArrayEquals(
          model.weights().get(i).value().toFloatArray(),
          other.weights().get(i).value().toFloatArray());
    }

    BuildContext f64 = new BuildContext(Backends.best(), DType.F64, new Generator(3));
    Dense layer = new Dense(2);
    layer.build(Shape.of(3), f64);
    WeightFile.save(layer, file);
    Dense again = new Dense(2);
    again.build(Shape.of(3), f64);
    WeightFile.load(again, file);
    assertArrayEquals(
        layer.weights().getFirst().value().toDoubleArray(),
        again.weights().getFirst().value().toDoubleArray());

    Dense single = new Dense(2);
    single.build(Shape.of(3), new BuildContext(Backends.best(), DType.F32, new Generator(3)));
    var e = assertThrows(FileFormatException.class, () -> WeightFile.load(single, file));
    assertTrue(e.getMessage().contains("'dense/kernel' of f64 [3, 2], not f32"), e.getMessage());
  }

  @Test
  void numpyReadsTheNames() throws IOException {
    Path file = folder.resolve("w.npz");
    WeightFile.save(Sequential.of(new Dense(3)).build(4), file);
    assertEquals(List.of("dense/kernel", "dense/bias"), List.copyOf(Npz.read(file).keySet()));
  }

  @Test
  void wrongArgumentsAreRefused() throws IOException {
    Sequential model = Sequential.of(new Dense(3)).build(4);
    var ending =
        assertThrows(
            IllegalArgumentException.class, () -> model.saveWeights(folder.resolve("w.h5")));
    assertTrue(ending.getMessage().contains(".safetensors or .npz"), ending.getMessage());
    assertThrows(
        NoSuchFileException.class, () -> model.loadWeights(folder.resolve("none.safetensors")));
    Sequential unbuilt = Sequential.of(new Dense(3));
    Path file = folder.resolve("w.npz");
    assertThrows(IllegalStateException.class, () -> unbuilt.saveWeights(file));
    assertThrows(IllegalStateException.class, () -> unbuilt.loadWeights(file));
    assertEquals(false, Files.exists(file));
  }
}
