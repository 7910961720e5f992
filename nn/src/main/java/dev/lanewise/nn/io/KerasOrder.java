package dev.lanewise.nn.io;

import dev.lanewise.nn.Model;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.LayerCall;
import dev.lanewise.nn.layer.SymbolicTensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The order in which Keras keeps the layers of a model, by which its files name them. */
final class KerasOrder {
  private KerasOrder() {}

  /**
   * {@return the layers of a model in Keras's order} That of a row is its own. In a model of inputs
   * and outputs a layer comes before others if the longest way from it to an output is longer;
   * among those of one length the one that is met first on the way back from the outputs.
   */
  static List<Layer> of(Model model) {
    List<LayerCall> calls = model.calls();
    if (calls.isEmpty()) {
      return model.layers();
    }
    Map<LayerCall, Integer> distances = new HashMap<>();
    Map<Layer, Integer> depths = new LinkedHashMap<>();
    for (LayerCall call : calls.reversed()) {
      int depth = Math.max(distances.getOrDefault(call, 0), depths.getOrDefault(call.layer(), 0));
      depths.put(call.layer(), depth);
      for (SymbolicTensor input : call.inputs()) {
        distances.merge(input.source(), depth + 1, Math::max);
      }
    }
    List<Layer> met = met(model, calls);
    List<Layer> order = new ArrayList<>(met);
    // The sort is stable.
    order.sort(Comparator.comparing(layer -> -depths.get(layer)));
    return order;
  }

  /** {@return the layers as a walk back from the outputs meets them} */
  private static List<Layer> met(Model model, List<LayerCall> calls) {
    Set<Layer> met = new LinkedHashSet<>();
    Set<LayerCall> known = new LinkedHashSet<>(calls);
    Set<LayerCall> seen = new LinkedHashSet<>();
    List<LayerCall> stack = new ArrayList<>();
    for (SymbolicTensor output : model.outputs().reversed()) {
      stack.add(output.source());
    }
    while (!stack.isEmpty()) {
      LayerCall call = stack.removeLast();
      if (known.contains(call) && seen.add(call)) {
        met.add(call.layer());
        call.inputs().reversed().forEach(input -> stack.add(input.source()));
      }
    }
    return List.copyOf(met);
  }
}
