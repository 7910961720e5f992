package dev.lanewise.nn;

import dev.lanewise.array.NdArray;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.io.FileFormatException;
import dev.lanewise.io.Json;
import dev.lanewise.io.NewFile;
import dev.lanewise.io.Safetensors;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.internal.NamedWeights;
import dev.lanewise.nn.layer.LayerTypes;
import dev.lanewise.nn.layer.Weight;
import dev.lanewise.nn.optim.Optimizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A whole model in one file: what it is made of, its weights, how it learns, and the state of its
 * training, so that it goes on as if nothing had been between.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() throws IOException {
 *   Path file = Files.createTempDirectory("models").resolve("xor.lw");
 *   var model = Sequential.of(new Dense(8, "tanh"), new Dense(1, "sigmoid"));
 *   model.compile("adam", "binary_crossentropy", "accuracy");
 *   var x = Tensor.of(new float[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}});
 *   var y = Tensor.of(new float[][] {{0}, {1}, {1}, {0}});
 *   model.fit(x, y, FitOptions.epochs(5).verbose(0));
 *   ModelFile.save(model, file);
 *   Model again = ModelFile.load(file);
 *   again.fit(x, y, FitOptions.epochs(5).verbose(0)); // to the bit as the model
 * }
 * }
 *
 * <p>The file, usually called {@code something.lw}, is a zip archive of {@code config.json}, {@code
 * weights.safetensors} and {@code optimizer.safetensors}, each of which other programs read.
 *
 * <p>{@link Sequential} models and those of {@link Model#of} are saved with all that is in them,
 * other models too, but for functions of one's own: a loss, a metric, an optimizer, a schedule of
 * one's own, or a loss with tensors as weights, is left out with the whole of {@code compile}, and
 * the loaded model says so until it is compiled. An initializer of one's own becomes Glorot's, as
 * the weights are in the file. A regularizer or constraint of one's own is an error when the model
 * is saved, since its weights would learn otherwise. Hooks are not saved, nor is who computes.
 *
 * <p>A model that computes in code of its own has no settings that a file could tell: override
 * {@code config()} and give {@link #load(Path, LayerTypes)} its type, or save the weights alone, by
 * {@link Model#saveWeights}.
 */
public final class ModelFile {
  private ModelFile() {}

  /**
   * Writes a model. A file that is there is replaced once the new one is whole and on the disk: who
   * is cut off in the middle keeps the old one.
   *
   * @param model the model, built or not, compiled or not
   * @param file the file, usually {@code something.lw}
   * @throws UnsupportedOperationException if a layer does not tell what it is made of
   * @throws IllegalArgumentException if a layer could not be made again, or is in two models inside
   *     of the model
   * @throws java.nio.file.NoSuchFileException if the file's folder does not exist
   * @throws IOException if writing fails; the old file is then as it was
   */
  public static void save(Model model, Path file) throws IOException {
    NewFile.write(file, content(model));
  }

  /** {@return what writes a model; all is checked} */
  static NewFile.Content content(Model model) {
    Config config = ModelConfig.of(model);
    String text = Json.write(config.asMap());
    Map<String, NewFile.Content> parts = new LinkedHashMap<>();
    parts.put(ModelArchive.CONFIG, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    if (model.isBuilt()) {
      parts.put(ModelArchive.WEIGHTS, new Safetensors(NamedWeights.of(model), Map.of())::write);
    }
    if (ModelConfig.hasOptimizer(config)) {
      Optimizer optimizer = model.compiled().optimizer();
      if (!optimizer.weights().isEmpty()) {
        Map<String, NdArray> state = new LinkedHashMap<>();
        optimizer.state().forEach((name, x) -> state.put(name, NamedWeights.inHost(x)));
        parts.put(ModelArchive.OPTIMIZER, new Safetensors(state, Map.of())::write);
      }
    }
    return out -> ModelArchive.write(out, parts);
  }

  /**
   * {@return the model of a file, with layers of this library, on {@link Backends#best}}
   *
   * @param file what {@link #save} wrote; call this outside any scope that closes before you are
   *     done with the model
   * @throws FileFormatException if the file is damaged, of a newer version, or has a layer of a
   *     type that is not known
   * @throws java.nio.file.NoSuchFileException if there is none
   * @throws IOException if reading fails
   */
  public static Model load(Path file) throws IOException {
    return load(file, LayerTypes.standard());
  }

  /**
   * {@return the model of a file, with layers of one's own, on {@link Backends#best}}
   *
   * @param file what {@link #save} wrote
   * @param types make the layers: {@link LayerTypes#standard} with one's own types added
   * @throws FileFormatException if the file is damaged, of a newer version, or has a layer of a
   *     type that is not known
   * @throws java.nio.file.NoSuchFileException if there is none
   * @throws IOException if reading fails
   */
  public static Model load(Path file, LayerTypes types) throws IOException {
    return load(file, types, Backends.best());
  }

  /**
   * {@return the model of a file, with layers of one's own, on a backend}
   *
   * @param file what {@link #save} wrote
   * @param types make the layers: {@link LayerTypes#standard} with one's own types added
   * @param backend who computes
   * @throws FileFormatException if the file is damaged, of a newer version, or has a layer of a
   *     type that is not known
   * @throws java.nio.file.NoSuchFileException if there is none
   * @throws IOException if reading fails
   */
  public static Model load(Path file, LayerTypes types, Backend backend) throws IOException {
    try (ModelArchive archive = ModelArchive.open(file)) {
      Config config = config(archive);
      try {
        Model model = ModelConfig.make(config, types, backend);
        if (model.isBuilt()) {
          NamedWeights.load(model, archive.tensors(ModelArchive.WEIGHTS), file.toString());
        }
        ModelConfig.compile(model, config);
        if (archive.has(ModelArchive.OPTIMIZER)) {
          loadState(model, archive.tensors(ModelArchive.OPTIMIZER));
        }
        return model;
      } catch (IllegalArgumentException | IllegalStateException e) {
        throw archive.wrong(ModelArchive.CONFIG, "a model that can be made again", e.getMessage());
      }
    }
  }

  private static Config config(ModelArchive archive) throws IOException {
    Object value;
    try {
      value = Json.parse(new String(archive.config(), StandardCharsets.UTF_8));
    } catch (Json.SyntaxException e) {
      throw archive.wrong(
          ModelArchive.CONFIG + ", character " + e.at(), e.expected(), "something else");
    }
    if (!(value instanceof Map<?, ?> map) || !(map.get("format") instanceof Long format)) {
      throw archive.wrong(ModelArchive.CONFIG, "the format of a model's file", "none");
    }
    if (format < 1 || format > ModelConfig.FORMAT) {
      throw archive.wrong(
          ModelArchive.CONFIG,
          "the format " + ModelConfig.FORMAT + "; use the version of Lanewise that wrote the file",
          "the format "
              + format
              + (map.get("lanewise") instanceof String v ? " of Lanewise " + v : ""));
    }
    Map<String, Object> settings = new LinkedHashMap<>();
    map.forEach((name, setting) -> settings.put((String) name, setting));
    return Config.of(settings);
  }

  private static void loadState(Model model, Map<String, NdArray> arrays) {
    Optimizer optimizer = model.requireCompiled("load").optimizer();
    List<Weight> trained = model.weights().stream().filter(Weight::isTrainable).toList();
    optimizer.build(trained);
    Map<String, Tensor> state = new LinkedHashMap<>();
    arrays.forEach((name, array) -> state.put(name, Tensor.of(array)));
    optimizer.loadState(state);
  }

  /** {@return a model of the same layers, weights and positions of random numbers, not compiled} */
  static Model copy(Model model, LayerTypes types) {
    Model copy = ModelConfig.make(ModelConfig.of(model), types, model.chosenBackend());
    for (int i = 0; i < copy.weights().size(); i++) {
      copy.weights().get(i).assign(model.weights().get(i).value());
    }
    return copy;
  }
}
