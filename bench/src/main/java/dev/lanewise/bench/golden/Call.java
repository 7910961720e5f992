package dev.lanewise.bench.golden;

import dev.lanewise.autodiff.Tensor;
import java.util.Map;

/**
 * The arguments of an operation.
 *
 * @param attributes those that are no arrays
 * @param inputs the arrays by their names, in the order of the case
 */
record Call(Attributes attributes, Map<String, Tensor> inputs) {

  /** {@return the input that most operations have} */
  Tensor x() {
    return in("x");
  }

  /** {@return the second input of an operation on two} */
  Tensor y() {
    return in("y");
  }

  /** {@return all inputs, in the order of the case} */
  Tensor[] all() {
    return inputs.values().toArray(Tensor[]::new);
  }

  Tensor in(String name) {
    Tensor input = inputs.get(name);
    if (input == null) {
      throw new IllegalArgumentException(
          "input '" + name + "' is missing; there are " + inputs.keySet());
    }
    return input;
  }

  /** {@return an input, or {@code null} if it is not given} */
  Tensor inOrNull(String name) {
    return inputs.get(name);
  }

  /** {@return the axis, which some operations call {@code dim}} */
  int axis() {
    return attributes.integer(attributes.has("axis") ? "axis" : "dim");
  }
}
