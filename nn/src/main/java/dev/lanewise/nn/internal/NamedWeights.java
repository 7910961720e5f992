package dev.lanewise.nn.internal;

import dev.lanewise.array.Device;
import dev.lanewise.array.NdArray;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.io.FileFormatException;
import dev.lanewise.kernel.Backends;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.Weight;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The weights of a layer by their names, on their way from and to files. */
public final class NamedWeights {
  private NamedWeights() {}

  /** {@return who reads what a file holds: in main memory} */
  public static Device host() {
    return Backends.best().memory().isHost() ? Backends.best() : Backends.named("reference");
  }

  /**
   * {@return a tensor in main memory}
   *
   * @param tensor the tensor, of any backend
   */
  public static NdArray inHost(Tensor tensor) {
    return tensor.backend().memory().isHost()
        ? tensor.data()
        : tensor.to(Backends.named("reference")).data();
  }

  /**
   * {@return the weights, in main memory; those of the layer itself where they are there}
   *
   * @param layer the layer
   * @throws IllegalStateException if it is not built, or two weights have one name
   */
  public static Map<String, NdArray> of(Layer layer) {
    requireBuilt("save", layer);
    layer.nameWeights();
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    for (Weight weight : layer.weights()) {
      if (arrays.put(weight.name(), inHost(weight.value())) != null) {
        throw new IllegalStateException(
            "save: two weights of %s are called '%s'; give the layers names that differ"
                .formatted(layer, weight.name()));
      }
    }
    return arrays;
  }

  /**
   * Refuses a layer that has no weights yet.
   *
   * @param operation who asks, for the error
   * @param layer the layer
   * @throws IllegalStateException if it is not built
   */
  public static void requireBuilt(String operation, Layer layer) {
    if (!layer.isBuilt()) {
      throw new IllegalStateException(
          "%s: %s has no weights yet; call build(sampleShape) or fit first"
              .formatted(operation, layer));
    }
  }

  /**
   * Overwrites all weights, if each fits.
   *
   * @param layer the layer
   * @param arrays a weight of the same shape and type for each name
   * @param file where they are from, for the error
   * @throws FileFormatException if a name is missing or unknown, or a shape or type is another;
   *     nothing has changed then
   * @throws IllegalStateException if the layer is not built
   */
  public static void load(Layer layer, Map<String, NdArray> arrays, String file)
      throws IOException {
    requireBuilt("load", layer);
    layer.nameWeights();
    List<String> wrong = new ArrayList<>();
    TreeSet<String> unknown = new TreeSet<>(arrays.keySet());
    TreeSet<String> missing = new TreeSet<>();
    for (Weight weight : layer.weights()) {
      NdArray array = arrays.get(weight.name());
      unknown.remove(weight.name());
      if (array == null) {
        missing.add(weight.name());
      } else if (!array.shape().equals(weight.value().shape())
          || array.dtype() != weight.value().dtype()) {
        wrong.add(
            "'%s' of %s %s, not %s %s"
                .formatted(
                    weight.name(),
                    array.dtype(),
                    array.shape(),
                    weight.value().dtype(),
                    weight.value().shape()));
      }
    }
    if (!missing.isEmpty()) {
      wrong.add("none of " + missing);
    }
    if (!unknown.isEmpty()) {
      wrong.add("besides " + unknown);
    }
    if (!wrong.isEmpty()) {
      throw new FileFormatException(
          file, "its arrays", "the weights of " + layer, String.join(", ", wrong));
    }
    layer.weights().forEach(weight -> weight.assign(Tensor.of(arrays.get(weight.name()))));
  }
}
