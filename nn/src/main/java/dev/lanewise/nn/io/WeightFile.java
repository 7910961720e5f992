package dev.lanewise.nn.io;

import dev.lanewise.io.Npz;
import dev.lanewise.io.Safetensors;
import dev.lanewise.nn.internal.NamedWeights;
import dev.lanewise.nn.layer.Layer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * Weights alone, of a model or a layer, in a file that others read too: {@code .safetensors} or
 * NumPy's {@code .npz}, by the file's ending.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() throws IOException {
 *   Path file = Files.createTempDirectory("weights").resolve("dense.safetensors");
 *   Layer layer = Sequential.of(new Dense(3)).build(2);
 *   WeightFile.save(layer, file);
 *   WeightFile.load(Sequential.of(new Dense(3)).build(2), file);
 *   IO.println(Safetensors.read(file).arrays().keySet()); // [dense/kernel, dense/bias]
 * }
 * }
 *
 * <p>This is the way for models that compute in code of their own: make the model anew, build it,
 * and load. A whole model with its settings is a {@link dev.lanewise.nn.ModelFile}.
 */
public final class WeightFile {
  private WeightFile() {}

  /**
   * Writes the weights, each under its name. A file that is there is replaced once the new one is
   * whole.
   *
   * @param layer a model or another layer
   * @param file ends with {@code .safetensors} or {@code .npz}
   * @throws IllegalArgumentException if the file ends otherwise
   * @throws IllegalStateException if the layer is not built, or two weights have one name
   * @throws IOException if writing fails; the old file is then as it was
   */
  public static void save(Layer layer, Path file) throws IOException {
    boolean npz = isNpz("save", file);
    if (npz) {
      Npz.write(file, NamedWeights.of(layer));
    } else {
      new Safetensors(NamedWeights.of(layer), Map.of("format", "lanewise")).write(file);
    }
  }

  /**
   * Overwrites the weights with those of a file. All is checked before the first changes.
   *
   * @param layer a model or another layer, with weights of the same names, shapes and types
   * @param file ends with {@code .safetensors} or {@code .npz}
   * @throws IllegalArgumentException if the file ends otherwise
   * @throws IllegalStateException if the layer is not built
   * @throws dev.lanewise.io.FileFormatException if the file is damaged, or of other weights: the
   *     text lists what is missing, what is unknown, and what has another shape or type
   * @throws java.nio.file.NoSuchFileException if there is no such file
   * @throws IOException if reading fails
   */
  public static void load(Layer layer, Path file) throws IOException {
    boolean npz = isNpz("load", file);
    NamedWeights.requireBuilt("load", layer);
    NamedWeights.load(
        layer,
        npz
            ? Npz.read(NamedWeights.host(), file)
            : Safetensors.read(NamedWeights.host(), file).arrays(),
        file.toString());
  }

  private static boolean isNpz(String operation, Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (!name.endsWith(".npz") && !name.endsWith(".safetensors")) {
      throw new IllegalArgumentException(
          "%s: a file of weights must end with .safetensors or .npz, not '%s'"
              .formatted(operation, file));
    }
    return name.endsWith(".npz");
  }
}
