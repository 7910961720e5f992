package dev.lanewise.nn.io;

import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.Weight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A layer with weights of its own, as other libraries know it.
 *
 * @param path its name, after those of the layers around it, with slashes between
 * @param layer the layer
 * @param weights those of its own by their roles, in the order in which it made them
 */
record OwnWeights(String path, Layer layer, Map<String, Weight> weights) {

  /** {@return the layers inside of a model that have weights of their own, in its order} */
  static List<OwnWeights> inside(Layer model) {
    List<OwnWeights> all = new ArrayList<>();
    collect("", model, all, new LinkedHashSet<>());
    return all;
  }

  private static void collect(String path, Layer layer, List<OwnWeights> all, Set<Layer> seen) {
    if (!seen.add(layer)) {
      return;
    }
    Map<String, Weight> own = new LinkedHashMap<>();
    Set<Weight> inner = new LinkedHashSet<>();
    layer.layers().forEach(each -> inner.addAll(each.weights()));
    for (Weight weight : layer.weights()) {
      if (!inner.contains(weight)) {
        own.put(weight.name().substring(weight.name().lastIndexOf('/') + 1), weight);
      }
    }
    if (!own.isEmpty()) {
      all.add(new OwnWeights(path, layer, own));
    }
    for (Layer each : layer.layers()) {
      collect(path.isEmpty() ? each.name() : path + "/" + each.name(), each, all, seen);
    }
  }
}
