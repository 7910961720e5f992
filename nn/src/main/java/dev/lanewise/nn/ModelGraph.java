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
 * The layers of a model as boxes, each after those that it takes something from: what its pictures
 * are drawn from.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var model = Sequential.of(new Input(4), new Dense(8, "relu"), new Dense(1));
 *   for (ModelGraph.Box box : ModelGraph.of(model).boxes()) {
 *     IO.println(box.name() + " gives " + box.outputs()); // dense gives [[8]]
 *   }
 * }
 * }
 *
 * @param name the model's name
 * @param boxes the layers; one that is called twice comes twice
 * @param edges what goes where
 */
public record ModelGraph(String name, List<Box> boxes, List<Edge> edges) {

  /**
   * A layer at one place.
   *
   * @param name its name, with the number of the call if there are several
   * @param type its type
   * @param inputs the shapes of samples that come in; none for an {@link Input}
   * @param outputs the shapes of samples that come out
   */
  public record Box(String name, String type, List<Shape> inputs, List<Shape> outputs) {}

  /**
   * From one box to another.
   *
   * @param from the index of the one
   * @param to that of the other, which is greater
   * @param isDrawn whether there is an arrow; otherwise the one is only put above the other
   */
  public record Edge(int from, int to, boolean isDrawn) {}

  /**
   * {@return the graph} What a subclass of {@link Model} does with its layers is not known: no edge
   * of theirs is drawn.
   *
   * @param model the model
   * @throws IllegalStateException if it is not built, and does not know the shape of its inputs
   */
  public static ModelGraph of(Model model) {
    model.requireShapes("graph");
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
