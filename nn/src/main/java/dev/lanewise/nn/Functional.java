package dev.lanewise.nn;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.layer.Input;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.LayerCall;
import dev.lanewise.nn.layer.LayerTypes;
import dev.lanewise.nn.layer.SymbolicTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A model of inputs and outputs, made by {@link Model#of(List, List)}. */
final class Functional extends Model {
  private final List<SymbolicTensor> inputs;
  private final List<SymbolicTensor> outputs;

  /** What is called, each after what it needs; inputs are not among them. */
  private final List<LayerCall> calls = new ArrayList<>();

  /** The places of values: those of the inputs, then those of the calls' outputs, in order. */
  private final Map<SymbolicTensor, Integer> places = new IdentityHashMap<>();

  Functional(List<SymbolicTensor> inputs, List<SymbolicTensor> outputs) {
    this.inputs = List.copyOf(inputs);
    this.outputs = List.copyOf(outputs);
    if (inputs.isEmpty() || outputs.isEmpty()) {
      throw new IllegalArgumentException("model: there must be an input and an output");
    }
    Set<Layer> layers = new LinkedHashSet<>();
    for (SymbolicTensor input : this.inputs) {
      if (places.putIfAbsent(input, places.size()) != null) {
        throw new IllegalArgumentException("model: the input " + input + " is given twice");
      }
      if (!input.source().inputs().isEmpty()) {
        throw new IllegalArgumentException(
            ("model: the input %s is what a layer gives; begin with Input.of, and apply the layers"
                    + " to that")
                .formatted(input));
      }
      layers.add(input.source().layer());
    }
    List<LayerCall> reached = reached();
    for (LayerCall call : reached) {
      call.outputs().forEach(output -> places.put(output, places.size()));
      layers.add(call.layer());
    }
    calls.addAll(reached);
    for (SymbolicTensor input : this.inputs) {
      if (!this.outputs.contains(input)
          && calls.stream().noneMatch(call -> call.inputs().contains(input))) {
        throw new IllegalArgumentException("model: no output depends on the input " + input);
      }
    }
    addLayers(layers);
  }

  /** {@return the calls that outputs need, each after those that it needs} */
  private List<LayerCall> reached() {
    Set<LayerCall> done = new LinkedHashSet<>();
    Set<LayerCall> open = new LinkedHashSet<>();
    List<LayerCall> stack = new ArrayList<>();
    for (SymbolicTensor output : outputs) {
      push(output, done, stack);
      // A stack of its own: a deep model must not overflow that of the thread.
      while (!stack.isEmpty()) {
        LayerCall call = stack.getLast();
        if (open.add(call)) {
          for (SymbolicTensor input : call.inputs().reversed()) {
            push(input, done, stack);
          }
        } else {
          stack.removeLast();
          done.add(call);
        }
      }
    }
    return List.copyOf(done);
  }

  private void push(SymbolicTensor needed, Set<LayerCall> done, List<LayerCall> stack) {
    LayerCall source = needed.source();
    if (inputs.contains(needed) || done.contains(source)) {
      return;
    }
    if (source.inputs().isEmpty()) {
      throw new IllegalArgumentException(
          "model: an output depends on the input %s, which is not among the inputs %s"
              .formatted(needed, inputs));
    }
    stack.add(source);
  }

  List<SymbolicTensor> inputs() {
    return inputs;
  }

  @Override
  public List<SymbolicTensor> outputs() {
    return outputs;
  }

  @Override
  public List<LayerCall> calls() {
    return Collections.unmodifiableList(calls);
  }

  /**
   * {@return the layers, and the calls by numbers of values: those of the inputs come first, then
   * those that each call gives}
   */
  @Override
  public Config config() {
    List<Config> described = new ArrayList<>();
    for (LayerCall call : calls) {
      described.add(
          Config.of("Call")
              .with("layer", layers().indexOf(call.layer()))
              .with("inputs", placesOf(call.inputs())));
    }
    return Config.of(type())
        .with("layers", layers().stream().map(LayerTypes::configOf).toList())
        .with(
            "inputs", inputs.stream().mapToInt(x -> layers().indexOf(x.source().layer())).toArray())
        .with("calls", described)
        .with("outputs", placesOf(outputs));
  }

  private int[] placesOf(List<SymbolicTensor> values) {
    return values.stream().mapToInt(places::get).toArray();
  }

  static Functional fromConfig(Config config, LayerTypes types) {
    List<Layer> layers = config.configs("layers").stream().map(types::make).toList();
    List<SymbolicTensor> values = new ArrayList<>();
    for (int index : config.integers("inputs")) {
      if (!(at(layers, index) instanceof Input input)) {
        throw new IllegalArgumentException("model: layer " + index + " must be an Input");
      }
      values.add(input.tensor());
    }
    List<SymbolicTensor> inputs = List.copyOf(values);
    for (Config call : config.configs("calls")) {
      Layer layer = at(layers, call.integer("layer"));
      values.addAll(layer.applyAll(all(values, call.integers("inputs"))));
    }
    return new Functional(inputs, all(values, config.integers("outputs")));
  }

  private static List<SymbolicTensor> all(List<SymbolicTensor> values, int... places) {
    return Arrays.stream(places).mapToObj(place -> at(values, place)).toList();
  }

  private static <T> T at(List<T> list, int index) {
    if (index < 0 || index >= list.size()) {
      throw new IllegalArgumentException(
          "model: there are " + list.size() + " layers or values, and no number " + index);
    }
    return list.get(index);
  }

  /** {@return whether each layer is called once, with what the one before gives} */
  boolean isChain() {
    SymbolicTensor last = inputs.getFirst();
    for (LayerCall call : calls) {
      if (!call.inputs().equals(List.of(last)) || call.outputs().size() != 1) {
        return false;
      }
      last = call.outputs().getFirst();
    }
    return inputs.size() == 1
        && outputs.equals(List.of(last))
        && calls.stream().map(LayerCall::layer).distinct().count() == calls.size();
  }

  /** {@return what the calls of a layer take, as Keras writes it: layer[its call][its output]} */
  List<String> connections(Layer layer) {
    return calls.stream()
        .filter(call -> call.layer() == layer)
        .flatMap(call -> call.inputs().stream())
        .map(
            input ->
                "%s[%d][%d]"
                    .formatted(
                        input.source().layer().name(), number(input.source()), input.index()))
        .toList();
  }

  /** {@return which call of its layer it is, from 0} */
  int number(LayerCall call) {
    int number = 0;
    for (LayerCall other : calls) {
      if (other == call) {
        return number;
      }
      number += other.layer() == call.layer() ? 1 : 0;
    }
    return 0; // an input
  }

  @Override
  protected Optional<List<Shape>> declaredInputs() {
    return Optional.of(inputs.stream().map(SymbolicTensor::shape).toList());
  }

  /** {@return the names of the layers that give the outputs; those of one layer are numbered} */
  @Override
  protected List<String> outputNames(int count) {
    List<String> names = new ArrayList<>();
    for (SymbolicTensor output : outputs) {
      String name = output.source().layer().name();
      String free = name;
      for (int i = 1; names.contains(free); i++) {
        free = name + "_" + i;
      }
      names.add(free);
    }
    // Compiled with another number of losses, it is refused when the targets are known.
    return count == names.size() ? names : super.outputNames(count);
  }

  @Override
  public Shape outputShape(Shape input) {
    List<Shape> shapes = outputShapes(List.of(input));
    if (shapes.size() != 1) {
      throw new ShapeException(
          "%s: has %d outputs; call outputShapes for all".formatted(name(), shapes.size()));
    }
    return shapes.getFirst();
  }

  @Override
  public List<Shape> outputShapes(List<Shape> given) {
    List<Shape> declared = inputs.stream().map(SymbolicTensor::shape).toList();
    if (!given.equals(declared)) {
      throw new ShapeException(
          "%s: samples must be %s, one for each input, not %s".formatted(name(), declared, given));
    }
    return outputs.stream().map(SymbolicTensor::shape).toList();
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return callAll(List.of(x), training).getFirst();
  }

  @Override
  protected List<Tensor> callAll(List<Tensor> given, boolean training) {
    Tensor[] values = new Tensor[places.size()];
    for (int i = 0; i < given.size(); i++) {
      values[i] = given.get(i);
    }
    int next = given.size();
    for (LayerCall call : calls) {
      if (call.inputs().size() == 1 && call.outputs().size() == 1) {
        values[next++] = call.layer().apply(values[places.get(call.inputs().getFirst())], training);
      } else {
        List<Tensor> from = call.inputs().stream().map(input -> values[places.get(input)]).toList();
        for (Tensor output : call.layer().apply(from, training)) {
          values[next++] = output;
        }
      }
    }
    return outputs.stream().map(output -> values[places.get(output)]).toList();
  }
}
