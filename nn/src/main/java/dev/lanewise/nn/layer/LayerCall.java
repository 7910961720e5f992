package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import java.util.ArrayList;
import java.util.List;

/** A layer at one place of a model: what it is applied to, and what comes out. */
public final class LayerCall {
  private final Layer layer;
  private final List<SymbolicTensor> inputs;
  private final List<SymbolicTensor> outputs = new ArrayList<>();

  private LayerCall(Layer layer, List<SymbolicTensor> inputs) {
    this.layer = layer;
    this.inputs = inputs;
  }

  static LayerCall of(Layer layer, List<SymbolicTensor> inputs) {
    LayerCall call = new LayerCall(layer, List.copyOf(inputs));
    for (Shape shape : layer.outputShapes(inputs.stream().map(SymbolicTensor::shape).toList())) {
      call.outputs.add(new SymbolicTensor(call, call.outputs.size(), shape));
    }
    return call;
  }

  /** The place of an input, which comes from outside. */
  static LayerCall of(Input input, Shape shape) {
    LayerCall call = new LayerCall(input, List.of());
    call.outputs.add(new SymbolicTensor(call, 0, shape));
    return call;
  }

  /** {@return the layer} */
  public Layer layer() {
    return layer;
  }

  /** {@return what it is applied to; nothing for an {@link Input}} */
  public List<SymbolicTensor> inputs() {
    return inputs;
  }

  /** {@return what comes out} */
  public List<SymbolicTensor> outputs() {
    return List.copyOf(outputs);
  }

  /** {@return the layer} */
  @Override
  public String toString() {
    return layer.toString();
  }
}
