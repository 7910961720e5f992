package dev.lanewise.nn;

import dev.lanewise.array.Shape;
import dev.lanewise.nn.layer.Input;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.LayerCall;
import dev.lanewise.nn.layer.SymbolicTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The layers of a model as boxes, each after those that it takes something from.
 *
 * @param name the model's name
 * @param boxes the layers; one that is called twice comes twice
 * @param edges what goes where
 */
record ModelGraph(String name, List<Box> boxes, List<Edge> edges) {

  /**
   * A layer at one place.
   *
   * @param name its name, with the number of the call if there are several
   * @param type its type
   * @param inputs the shapes of samples that come in; none for an {@link Input}
   * @param outputs the shapes of samples that come out
   */
  record Box(String name, String type, List<Shape> inputs, List<Shape> outputs) {}

  /**
   * From one box to another.
   *
   * @param from the index of the one
   * @param to that of the other, which is greater
   * @param isDrawn whether there is an arrow; otherwise the one is only put above the other
   */
  record Edge(int from, int to, boolean isDrawn) {}

  /**
   * {@return the graph}
   *
   * @param model is built
   */
  static ModelGraph of(Model model) {
    return switch (model) {
      case Functional functional -> of(functional);
      case Sequential sequential -> of(sequential);
      default -> column(model);
    };
  }

  private static ModelGraph of(Functional model) {
    List<LayerCall> calls = new ArrayList<>();
    model.inputs().forEach(input -> calls.add(input.source()));
    calls.addAll(model.calls());
    Map<LayerCall, Integer> places = new HashMap<>();
    List<Box> boxes = new ArrayList<>();
    Set<Edge> edges = new LinkedHashSet<>();
    for (LayerCall call : calls) {
      int place = boxes.size();
      places.put(call, place);
      int number = model.number(call);
      String name = call.layer().name() + (number == 0 ? "" : " (call " + (number + 1) + ")");
      boxes.add(box(name, call.layer(), shapes(call.inputs()), shapes(call.outputs())));
      for (SymbolicTensor input : call.inputs()) {
        edges.add(new Edge(places.get(input.source()), place, true));
      }
    }
    return new ModelGraph(model.name(), boxes, List.copyOf(edges));
  }

  private static List<Shape> shapes(List<SymbolicTensor> tensors) {
    return tensors.stream().map(SymbolicTensor::shape).toList();
  }

  private static ModelGraph of(Sequential model) {
    List<Box> boxes = new ArrayList<>();
    List<Shape> shapes = model.builtInputs();
    for (Layer layer : model.layers()) {
      List<Shape> outputs = layer.outputShapes(shapes);
      boxes.add(box(layer.name(), layer, shapes, outputs));
      shapes = outputs;
    }
    return new ModelGraph(model.name(), boxes, chain(boxes.size(), true));
  }

  private static ModelGraph column(Model model) {
    List<Box> boxes =
        model.layers().stream()
            .map(layer -> box(layer.name(), layer, layer.builtInputs(), layer.builtOutputs()))
            .toList();
    return new ModelGraph(model.name(), boxes, chain(boxes.size(), false));
  }

  private static Box box(String name, Layer layer, List<Shape> inputs, List<Shape> outputs) {
    return new Box(name, layer.type(), layer instanceof Input ? List.of() : inputs, outputs);
  }

  private static List<Edge> chain(int count, boolean isDrawn) {
    List<Edge> edges = new ArrayList<>();
    for (int i = 1; i < count; i++) {
      edges.add(new Edge(i - 1, i, isDrawn));
    }
    return edges;
  }
}
