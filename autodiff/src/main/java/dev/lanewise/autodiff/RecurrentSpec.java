package dev.lanewise.autodiff;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;

/**
 * A checked call of a recurrent operation.
 *
 * @param operation who asks, for errors' texts
 * @param gates how many gates a unit has
 * @param steps the number of steps
 * @param rows the number of samples
 * @param units the number of units
 */
record RecurrentSpec(String operation, int gates, int steps, int rows, int units) {

  /** {@return a checked step, with the states h and, of an LSTM, c} */
  static RecurrentSpec cell(
      String operation, int gates, Tensor x, RecurrentWeights weights, Tensor... states) {
    Checks.compute(operation, x);
    Shape shape = x.shape();
    if (shape.rank() != 2) {
      throw new ShapeException(operation + ": x must be [batch, inputs], not " + shape);
    }
    int units = units(operation, gates, weights.stateWeight());
    RecurrentSpec spec = new RecurrentSpec(operation, gates, 1, shape.dim(0), units);
    spec.check(x, weights, "", shape.dim(1));
    for (int i = 0; i < states.length; i++) {
      spec.check(x, i == 0 ? "h" : "c", states[i], spec.rows, units);
    }
    return spec;
  }

  /** {@return checked layers, with the first states h0 and, of an LSTM, c0, or {@code null}} */
  static RecurrentSpec sequence(
      String operation, int gates, Tensor x, RecurrentLayers layers, Tensor... states) {
    Checks.compute(operation, x);
    Shape shape = x.shape();
    boolean batchFirst = layers.isBatchFirst();
    if (shape.rank() != 3) {
      throw new ShapeException(
          operation
              + ": x must be "
              + (batchFirst ? "[batch, time, inputs]" : "[time, batch, inputs]")
              + ", not "
              + shape
              + "; a batch of one sequence is made by expandDims("
              + (batchFirst ? 0 : 1)
              + ")");
    }
    int steps = shape.dim(batchFirst ? 1 : 0);
    if (steps == 0) {
      throw new ShapeException(
          operation + ": at least one step is needed, but x of shape " + shape + " has none");
    }
    int units = units(operation, gates, layers.weights().getFirst().stateWeight());
    RecurrentSpec spec =
        new RecurrentSpec(operation, gates, steps, shape.dim(batchFirst ? 0 : 1), units);
    int directions = layers.directions();
    int count = layers.weights().size();
    for (int i = 0; i < count; i++) {
      String where = " of layer " + i / directions + (i % directions == 0 ? "" : ", reverse,");
      int inputs = i < directions ? shape.dim(2) : Math.multiplyExact(directions, units);
      spec.check(x, layers.weights().get(i), where, inputs);
    }
    for (int i = 0; i < states.length; i++) {
      if (states[i] != null) {
        spec.check(x, i == 0 ? "h0" : "c0", states[i], count, spec.rows, units);
      }
    }
    return spec;
  }

  private static int units(String operation, int gates, Tensor stateWeight) {
    Shape shape = stateWeight.shape();
    if (shape.rank() != 2
        || shape.dim(1) == 0
        || shape.dim(0) != Math.multiplyExact((long) gates, shape.dim(1))) {
      throw new ShapeException(
          operation
              + ": stateWeight must be ["
              + (gates == 1 ? "" : gates + " · ")
              + "hidden, hidden], not "
              + shape);
    }
    return shape.dim(1);
  }

  private void check(Tensor x, RecurrentWeights weights, String where, int inputs) {
    int all = all();
    check(x, "inputWeight" + where, weights.inputWeight(), all, inputs);
    check(x, "stateWeight" + where, weights.stateWeight(), all, units);
    if (weights.inputBias() != null) {
      check(x, "inputBias" + where, weights.inputBias(), all);
    }
    if (weights.stateBias() != null) {
      check(x, "stateBias" + where, weights.stateBias(), all);
    }
  }

  private void check(Tensor x, String what, Tensor given, int... dims) {
    Checks.sameBackend(operation, x, given);
    Checks.sameType(operation, x, given);
    Shape expected = Shape.of(dims);
    if (!given.shape().equals(expected)) {
      throw new ShapeException(
          operation
              + ": "
              + what
              + " must have shape "
              + expected
              + ", not "
              + given.shape()
              + ": x is "
              + x.shape()
              + ", and there are "
              + units
              + " units of "
              + gates
              + (gates == 1 ? " gate" : " gates"));
    }
  }

  /** {@return the number of gates of all units} */
  int all() {
    return Math.multiplyExact(gates, units);
  }
}
