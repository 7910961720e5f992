package dev.lanewise.nn.io;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.io.FileFormatException;
import dev.lanewise.io.Safetensors;
import dev.lanewise.nn.internal.NamedWeights;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.Weight;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Reads weights of PyTorch's modules from a safetensors file, as {@code
 * safetensors.torch.save_file(net.state_dict(), "net.safetensors")} writes it.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() throws IOException {
 *   Path file = Files.createTempDirectory("torch").resolve("net.safetensors");
 *   // What PyTorch would write of nn.Sequential(nn.Linear(3, 1)).
 *   Map<String, NdArray> arrays =
 *       Map.of("0.weight", Tensor.ones(1, 3).data(), "0.bias", Tensor.zeros(1).data());
 *   new Safetensors(arrays, Map.of()).write(file);
 *
 *   Sequential net = Sequential.of(new Dense(1)).build(3);
 *   PyTorchWeights.load(net, file);
 *   IO.println(net.predict(Tensor.ones(1, 3))); // 3
 *   // Modules that are called by names, self.hidden and so on, may need a map.
 *   PyTorchWeights.load(net, file, Map.of("dense", "0"));
 * }
 * }
 *
 * <p>The model is made here, of the same layers; the file brings the numbers. A {@code Linear} is a
 * Dense, whose kernel is turned; convolutions have their kernels as they are, and images are
 * channels-first in both. {@code BatchNorm} and {@code LayerNorm} are BatchNormalization and
 * LayerNormalization, {@code Embedding} is Embedding. Layers of other types are refused.
 */
public final class PyTorchWeights {
  private static final Comparator<String> BY_NUMBERS =
      Comparator.comparing(
          module -> module,
          (a, b) -> {
            String[] first = a.split("\\.");
            String[] second = b.split("\\.");
            for (int i = 0; i < Math.min(first.length, second.length); i++) {
              int order = Long.compare(Long.parseLong(first[i]), Long.parseLong(second[i]));
              if (order != 0) {
                return order;
              }
            }
            return Integer.compare(first.length, second.length);
          });

  private PyTorchWeights() {}

  /**
   * Overwrites the weights with those of a file. Modules that are called by numbers, as {@code
   * nn.Sequential} calls them, belong to the model's layers in their order; others are found by the
   * shapes of their arrays, which must then differ from layer to layer.
   *
   * @param layer a model or another layer
   * @param file a safetensors file
   * @throws IllegalStateException if the layer is not built
   * @throws IllegalArgumentException if how a layer lays out its weights is not known, or which
   *     module belongs to a layer: give a map
   * @throws FileFormatException if the file is damaged, or of other weights: the text lists what is
   *     missing, what is unknown, and what has another shape
   * @throws java.nio.file.NoSuchFileException if there is no such file
   * @throws IOException if reading fails
   */
  public static void load(Layer layer, Path file) throws IOException {
    read(layer, file, null);
  }

  /**
   * Overwrites the weights with those of a file.
   *
   * @param layer a model or another layer
   * @param file a safetensors file
   * @param modules the name of the module for each layer with weights, for example {@code
   *     "encoder.0"}; layers inside of others are named {@code "block/dense"}
   * @throws IllegalStateException if the layer is not built
   * @throws IllegalArgumentException if how a layer lays out its weights is not known, or the map
   *     has not all layers with weights and no others
   * @throws FileFormatException if the file is damaged, or of other weights: the text lists what is
   *     missing, what is unknown, and what has another shape
   * @throws java.nio.file.NoSuchFileException if there is no such file
   * @throws IOException if reading fails
   */
  public static void load(Layer layer, Path file, Map<String, String> modules) throws IOException {
    read(layer, file, Map.copyOf(modules));
  }

  /** Reads weights; without a map, where {@code modules} is {@code null}, it finds one. */
  private static void read(Layer layer, Path file, Map<String, String> modules) throws IOException {
    NamedWeights.requireBuilt("PyTorchWeights", layer);
    List<OwnWeights> layers = OwnWeights.inside(layer);
    Layouts.requireKnown("PyTorchWeights", layers);
    if (modules != null) {
      List<String> paths = layers.stream().map(OwnWeights::path).toList();
      if (!modules.keySet().equals(new TreeSet<>(paths))) {
        throw new IllegalArgumentException(
            "PyTorchWeights: the map must have the layers with weights, %s, not %s"
                .formatted(paths, modules.keySet()));
      }
    }
    Map<String, Map<String, NdArray>> stored =
        modules(Safetensors.read(NamedWeights.host(), file).arrays());
    List<String> wrong = new ArrayList<>();
    Map<Weight, Tensor> values = new LinkedHashMap<>();
    TreeSet<String> unknown = new TreeSet<>();
    stored.forEach((module, arrays) -> arrays.keySet().forEach(n -> unknown.add(full(module, n))));
    List<String> found = modules == null ? found(layers, stored) : null;
    for (int i = 0; i < layers.size(); i++) {
      OwnWeights own = layers.get(i);
      String module = modules == null ? found.get(i) : modules.get(own.path());
      for (var named : Layouts.byPyTorchNames(own).entrySet()) {
        NdArray array = stored.getOrDefault(module, Map.of()).get(named.getKey());
        Weight weight = named.getValue().getValue();
        String name = full(module, named.getKey());
        unknown.remove(name);
        if (array == null) {
          wrong.add("no '" + name + "' for '" + weight.name() + "'");
        } else {
          Tensor value = Layouts.fromPyTorch(own, named.getValue().getKey(), array);
          wrong.addAll(Layouts.misfit(weight, value, name));
          values.put(weight, value);
        }
      }
    }
    if (!unknown.isEmpty()) {
      wrong.add("besides " + unknown);
    }
    if (!wrong.isEmpty()) {
      throw new FileFormatException(
          file.toString(), "its arrays", "the weights of " + layer, String.join(", ", wrong));
    }
    values.forEach(Weight::assign);
  }

  private static String full(String module, String name) {
    return module.isEmpty() ? name : module + "." + name;
  }

  /** {@return the arrays of each module by their own names} */
  private static Map<String, Map<String, NdArray>> modules(Map<String, NdArray> arrays) {
    Map<String, Map<String, NdArray>> modules = new LinkedHashMap<>();
    arrays.forEach(
        (name, array) -> {
          int dot = name.lastIndexOf('.');
          String own = name.substring(dot + 1);
          if (!Layouts.isNotNeeded(own)) {
            modules
                .computeIfAbsent(dot < 0 ? "" : name.substring(0, dot), _ -> new LinkedHashMap<>())
                .put(own, array);
          }
        });
    return modules;
  }

  /** {@return the module of each layer; empty names for layers that are left without one} */
  private static List<String> found(
      List<OwnWeights> layers, Map<String, Map<String, NdArray>> stored) {
    if (stored.keySet().stream().allMatch(module -> module.matches("\\d{1,9}(\\.\\d{1,9})*"))) {
      List<String> ordered = new ArrayList<>(stored.keySet().stream().sorted(BY_NUMBERS).toList());
      while (ordered.size() < layers.size()) {
        ordered.add("?");
      }
      return ordered;
    }
    List<String> found = new ArrayList<>();
    for (OwnWeights layer : layers) {
      List<String> fitting =
          stored.keySet().stream()
              .filter(m -> shapes(layer).equals(shapes(stored.get(m))))
              .toList();
      long rivals = layers.stream().filter(other -> shapes(other).equals(shapes(layer))).count();
      if (fitting.size() > 1 || rivals > 1) {
        throw new IllegalArgumentException(
            ("PyTorchWeights: which of the modules %s belongs to %s can not be told by their"
                    + " shapes; give a map of %s to modules")
                .formatted(
                    stored.keySet(),
                    layer.layer(),
                    layers.stream().map(OwnWeights::path).toList()));
      }
      found.add(fitting.isEmpty() ? "?" : fitting.getFirst());
    }
    return found;
  }

  private static Map<String, Shape> shapes(Map<String, NdArray> arrays) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    arrays.forEach((name, array) -> shapes.put(name, array.shape()));
    return shapes;
  }

  /** {@return the shapes that PyTorch's arrays of a layer have} */
  private static Map<String, Shape> shapes(OwnWeights layer) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    Layouts.byPyTorchNames(layer)
        .forEach(
            (name, role) ->
                shapes.put(
                    name,
                    Layouts.fromPyTorch(
                            layer, role.getKey(), NamedWeights.inHost(role.getValue().value()))
                        .shape()));
    return shapes;
  }
}
