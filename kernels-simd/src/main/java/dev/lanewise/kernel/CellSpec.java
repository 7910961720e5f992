package dev.lanewise.kernel;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;

/**
 * A checked step of a recurrent cell: how many samples and units there are, and of how many gates a
 * row of pre-activations consists.
 *
 * @param operation who asks, for errors' texts
 * @param rows the number of samples
 * @param units the number of units
 * @param gates how many gates a unit has
 */
public record CellSpec(String operation, int rows, int units, int gates) {

  /**
   * {@return the spec of a step, from one of its states}
   *
   * @param operation who asks
   * @param state {@code [n, units]}
   * @param gates how many gates a unit has
   * @throws ShapeException if the state has not two axes
   */
  public static CellSpec of(String operation, NdArray state, int gates) {
    Shape shape = state.shape();
    if (shape.rank() != 2) {
      throw new ShapeException(operation + ": a state must be [n, units], not " + shape);
    }
    return new CellSpec(operation, shape.dim(0), shape.dim(1), gates);
  }

  /** {@return the shape of a state} */
  public Shape state() {
    return Shape.of(rows, units);
  }

  /** {@return the shape of the gates: those of a unit lie {@code units} apart} */
  public Shape allGates() {
    return Shape.of(rows, Math.multiplyExact(gates, units));
  }

  /**
   * {@return one gate of all units}
   *
   * @param x of {@link #allGates}
   * @param gate its number
   */
  public NdArray gate(NdArray x, int gate) {
    return x.slice(1, gate * units, (gate + 1) * units);
  }

  /**
   * Checks the arrays of a step.
   *
   * @param gateIns inputs of {@link #allGates}
   * @param states inputs of {@link #state}
   * @param gateOuts outputs of {@link #allGates}; the first may be the first input itself
   * @param stateOuts outputs of {@link #state}
   * @throws ShapeException if a shape does not fit
   * @throws DTypeException if types differ or are not computed in
   * @throws IllegalArgumentException if an output shares memory with another array
   */
  public void check(NdArray[] gateIns, NdArray[] states, NdArray[] gateOuts, NdArray[] stateOuts) {
    Checks.compute(operation, states[0], states);
    Checks.compute(operation, states[0], gateIns);
    Checks.compute(operation, states[0], gateOuts);
    Checks.compute(operation, states[0], stateOuts);
    shapes("gates", allGates(), gateIns, gateOuts);
    shapes("state", state(), states, stateOuts);
    for (int i = 0; i < gateOuts.length; i++) {
      output(gateOuts[i], states, stateOuts);
      for (int j = 0; j < gateIns.length; j++) {
        if (i == 0 && j == 0) {
          Checks.apartOrSame(operation, gateOuts[0], gateIns[0]);
        } else {
          Checks.apart(operation, gateOuts[i], gateIns[j]);
        }
      }
      for (int j = 0; j < i; j++) {
        Checks.apart(operation, gateOuts[i], gateOuts[j]);
      }
    }
    for (int i = 0; i < stateOuts.length; i++) {
      output(stateOuts[i], states, gateIns);
      for (int j = 0; j < i; j++) {
        Checks.apart(operation, stateOuts[i], stateOuts[j]);
      }
    }
  }

  private void shapes(String what, Shape shape, NdArray[] ins, NdArray[] outs) {
    for (NdArray in : ins) {
      Checks.shape(operation, "every array of " + what, in, shape);
    }
    for (NdArray out : outs) {
      Checks.shape(operation, "every output of " + what, out, shape);
    }
  }

  private void output(NdArray out, NdArray[] some, NdArray[] others) {
    Checks.output(operation, out);
    Checks.apart(operation, out, some);
    Checks.apart(operation, out, others);
  }
}
