package dev.lanewise.nn.io;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.io.FileFormatException;
import dev.lanewise.nn.Model;
import dev.lanewise.nn.internal.NamedWeights;
import dev.lanewise.nn.internal.Optionals;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.Weight;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * Reads weights that Keras wrote: {@code .weights.h5} and {@code .keras} of Keras 3, and {@code
 * .h5} of Keras 2. The model is made here, of the same layers; the file brings the numbers.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() throws IOException {
 *   Sequential model =
 *       Sequential.of(
 *               new Conv2D(8, 3, "relu"), new MaxPool2D(2), new Flatten(), new Dense(10))
 *           .build(1, 28, 28);
 *   Path file = Path.of("digits.weights.h5"); // model.save_weights("digits.weights.h5") in Python
 *   if (Files.exists(file)) {
 *     KerasWeights.load(model, file);
 *   }
 * }
 * }
 *
 * <p>The model is a {@link dev.lanewise.nn.Sequential} or made by {@link Model#of}, and so are
 * models inside of it. Its layers with weights are Dense, Conv1D, Conv2D, Conv3D,
 * BatchNormalization, LayerNormalization and Embedding; those of other types are refused. Keras's
 * images are channels-last, {@code [h, w, c]}, ours {@code [c, h, w]}: kernels of convolutions are
 * turned, and so are the rows of a Dense kernel on flattened images, for which the model tells
 * their shape.
 *
 * <p>Keras 3 names layers in a file by their types and places, {@code layers/dense_1/vars/0}, not
 * by the names they were given; here it is done in the same way. In files of Keras 2, layers are
 * found by their names if all are there, and otherwise, in a row of layers, by their order.
 *
 * <p>It needs the library jHDF ({@code io.jhdf:jhdf}). Tested with files that Keras 3.15.1 wrote,
 * in all three formats, of a convolutional net and of one with branches, and with such as jHDF
 * writes in their structure; not with files that Keras 2 itself wrote, whose format that of {@code
 * .h5} is.
 */
public final class KerasWeights {
  private KerasWeights() {}

  /**
   * Overwrites the weights with those of a file. All is checked before the first changes.
   *
   * @param model the model, of the same layers
   * @param file {@code .weights.h5}, {@code .keras} or {@code .h5}
   * @throws IllegalStateException if the model is not built, or jHDF is not there; the text says
   *     how to get it
   * @throws IllegalArgumentException if how the model's layers lay out their weights is not known
   * @throws FileFormatException if the file is damaged, or of other weights: the text lists what is
   *     missing, what is unknown, and what has another shape
   * @throws java.nio.file.NoSuchFileException if there is no such file
   * @throws IOException if reading fails
   */
  public static void load(Model model, Path file) throws IOException {
    Optionals.require(
        "KerasWeights: Keras's files need the library jHDF",
        "io.jhdf.HdfFile",
        "io.jhdf:jhdf",
        "io.jhdf");
    NamedWeights.requireBuilt("KerasWeights", model);
    Layouts.requireKnown("KerasWeights", OwnWeights.inside(model));
    Map<Layer, Shape> flattened = FlattenedImages.in(model);
    try (HdfWeights weights = HdfWeights.open(file)) {
      Map<OwnWeights, List<String>> sources =
          weights.isLegacy() ? legacy(model, weights) : byPaths(model, weights);
      List<String> wrong = new ArrayList<>();
      TreeSet<String> unknown = new TreeSet<>(weights.paths());
      Map<Weight, Tensor> values = new LinkedHashMap<>();
      for (Map.Entry<OwnWeights, List<String>> source : sources.entrySet()) {
        List<Map.Entry<String, Weight>> roles = Layouts.inKerasOrder(source.getKey());
        for (int i = 0; i < roles.size(); i++) {
          String path = i < source.getValue().size() ? source.getValue().get(i) : null;
          Weight weight = roles.get(i).getValue();
          if (path == null || !unknown.remove(path)) {
            wrong.add("none for '" + weight.name() + "'" + (path == null ? "" : ", " + path));
          } else {
            Tensor value =
                Layouts.fromKeras(
                    source.getKey(),
                    roles.get(i).getKey(),
                    weights.read(path, weight.value().dtype()),
                    flattened.get(source.getKey().layer()));
            wrong.addAll(Layouts.misfit(weight, value, path));
            values.put(weight, value);
          }
        }
      }
      if (!unknown.isEmpty()) {
        wrong.add("besides " + unknown);
      }
      if (!wrong.isEmpty()) {
        throw new FileFormatException(
            file.toString(), "its arrays", "the weights of " + model, String.join(", ", wrong));
      }
      values.forEach(Weight::assign);
    }
  }

  /** {@return the paths of each layer's arrays as Keras 3 names them} */
  private static Map<OwnWeights, List<String>> byPaths(Model model, HdfWeights weights) {
    Map<Layer, String> paths = new HashMap<>();
    name(model, "", paths);
    Map<OwnWeights, List<String>> sources = new LinkedHashMap<>();
    for (OwnWeights layer : OwnWeights.inside(model)) {
      List<String> arrays = new ArrayList<>();
      for (int i = 0; i < layer.weights().size(); i++) {
        arrays.add(paths.getOrDefault(layer.layer(), layer.path() + "/") + "vars/" + i);
      }
      sources.put(layer, arrays);
    }
    return sources;
  }

  private static void name(Model model, String path, Map<Layer, String> paths) {
    Map<String, Integer> counts = new HashMap<>();
    for (Layer layer : KerasOrder.of(model)) {
      String name = snakeCase(layer.type());
      int before = counts.merge(name, 1, Integer::sum) - 1;
      String inside = path + "layers/" + name + (before == 0 ? "" : "_" + before) + "/";
      paths.putIfAbsent(layer, inside);
      if (layer instanceof Model inner) {
        name(inner, inside, paths);
      }
    }
  }

  /** {@return a class's name in small letters: an underscore before each word} */
  private static String snakeCase(String type) {
    return type.replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
        .replaceAll("([a-z])([A-Z])", "$1_$2")
        .toLowerCase(Locale.ROOT);
  }

  /** {@return the paths of each layer's arrays in a file of Keras 2} */
  private static Map<OwnWeights, List<String>> legacy(Model model, HdfWeights weights)
      throws IOException {
    Map<String, List<String>> stored = weights.legacyLayers();
    List<Layer> layers = model.layers().stream().filter(l -> !l.weights().isEmpty()).toList();
    List<String> names = layers.stream().map(Layer::name).toList();
    List<List<String>> found = new ArrayList<>();
    if (stored.keySet().containsAll(names)) {
      names.forEach(name -> found.add(stored.get(name)));
    } else if (model.calls().isEmpty() && stored.size() == names.size()) {
      found.addAll(stored.values());
    } else {
      throw weights.wrong(
          "its layers",
          "layers " + names + "; name those of the model as those of the file, by named(...)",
          stored.keySet().toString());
    }
    Map<OwnWeights, List<String>> sources = new LinkedHashMap<>();
    for (int i = 0; i < layers.size(); i++) {
      // Keras writes what a layer learns before what it does not, of models inside too.
      List<OwnWeights> inside = OwnWeights.inside(layers.get(i));
      List<String> left = new ArrayList<>(found.get(i));
      Map<OwnWeights, List<String>> parts = new LinkedHashMap<>();
      inside.forEach(layer -> parts.put(layer, new ArrayList<>()));
      for (boolean moving : new boolean[] {false, true}) {
        for (OwnWeights layer : inside) {
          for (Map.Entry<String, Weight> role : Layouts.inKerasOrder(layer)) {
            if (role.getKey().startsWith("moving_") == moving && !left.isEmpty()) {
              parts.get(layer).add(left.removeFirst());
            }
          }
        }
      }
      sources.putAll(parts);
    }
    return sources;
  }
}
