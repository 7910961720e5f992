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

  private static CellSpec of(String operation, NdArray state, int gates) {
    Shape shape = state.shape();
    if (shape.rank() != 2) {
      throw new ShapeException(operation + ": a state must be [n, units], not " + shape);
    }
    return new CellSpec(operation, shape.dim(0), shape.dim(1), gates);
  }

  /**
   * {@return a checked call of {@link Backend#lstm}}
   *
   * @param gates the pre-activations
   * @param c the cell state
   * @param activations an output
   * @param cNext an output
   * @param hNext an output
   * @throws ShapeException if a shape does not fit
   * @throws DTypeException if types differ or are not computed in
   * @throws IllegalArgumentException if an output shares memory with another array
   */
  public static CellSpec lstm(
      NdArray gates, NdArray c, NdArray activations, NdArray cNext, NdArray hNext) {
    CellSpec spec = of("lstm", c, 4);
    NdArray[] outs = {cNext, hNext};
    spec.check(new NdArray[] {gates}, new NdArray[] {c}, new NdArray[] {activations}, outs);
    return spec;
  }

  /**
   * {@return a checked call of {@link Backend#lstmBackward}}
   *
   * @param activations what the forward call gave
   * @param states c, the next c, and the gradients by the next h and the next c
   * @param gatesGrad an output
   * @param cGrad an output
   * @throws ShapeException if a shape does not fit
   * @throws DTypeException if types differ or are not computed in
   * @throws IllegalArgumentException if an output shares memory with another array
   */
  public static CellSpec lstmBackward(
      NdArray activations, NdArray[] states, NdArray gatesGrad, NdArray cGrad) {
    CellSpec spec = of("lstmBackward", states[0], 4);
    NdArray[] outs = {cGrad};
    spec.check(new NdArray[] {activations}, states, new NdArray[] {gatesGrad}, outs);
    return spec;
  }

  /**
   * {@return a checked call of {@link Backend#gru}}
   *
   * @param xGates the inputs' part of the pre-activations
   * @param hGates the state's part
   * @param h the state
   * @param activations an output
   * @param hNext an output
   * @throws ShapeException if a shape does not fit
   * @throws DTypeException if types differ or are not computed in
   * @throws IllegalArgumentException if an output shares memory with another array
   */
  public static CellSpec gru(
      NdArray xGates, NdArray hGates, NdArray h, NdArray activations, NdArray hNext) {
    CellSpec spec = of("gru", h, 3);
    NdArray[] ins = {xGates, hGates};
    spec.check(ins, new NdArray[] {h}, new NdArray[] {activations}, new NdArray[] {hNext});
    return spec;
  }

  /**
   * {@return a checked call of {@link Backend#gruBackward}}
   *
   * @param gateIns the activations and the state's part of the pre-activations
   * @param states h and the gradient by the next h
   * @param gateGrads outputs: the gradients by the inputs' part and by the state's
   * @param hGrad an output
   * @throws ShapeException if a shape does not fit
   * @throws DTypeException if types differ or are not computed in
   * @throws IllegalArgumentException if an output shares memory with another array
   */
  public static CellSpec gruBackward(
      NdArray[] gateIns, NdArray[] states, NdArray[] gateGrads, NdArray hGrad) {
    CellSpec spec = of("gruBackward", states[0], 3);
    spec.check(gateIns, states, gateGrads, new NdArray[] {hGrad});
    return spec;
  }

  /**
   * {@return a checked call of {@link Backend#gruGates}}
   *
   * @param gates the pre-activations
   * @param h the state
   * @param activations an output
   * @param resetH an output
   * @throws ShapeException if a shape does not fit
   * @throws DTypeException if types differ or are not computed in
   * @throws IllegalArgumentException if an output shares memory with another array
   */
  public static CellSpec gruGates(NdArray gates, NdArray h, NdArray activations, NdArray resetH) {
    CellSpec spec = of("gruGates", h, 2);
    NdArray[] outs = {resetH};
    spec.check(new NdArray[] {gates}, new NdArray[] {h}, new NdArray[] {activations}, outs);
    return spec;
  }

  /**
   * {@return a checked call of {@link Backend#gruState}}
   *
   * @param candidate the candidate's pre-activation
   * @param z the second of the gates
   * @param h the state
   * @param g an output
   * @param hNext an output
   * @throws ShapeException if a shape does not fit
   * @throws DTypeException if types differ or are not computed in
   * @throws IllegalArgumentException if an output shares memory with another array
   */
  public static CellSpec gruState(
      NdArray candidate, NdArray z, NdArray h, NdArray g, NdArray hNext) {
    CellSpec spec = of("gruState", h, 1);
    NdArray[] outs = {hNext};
    spec.check(new NdArray[] {candidate}, new NdArray[] {z, h}, new NdArray[] {g}, outs);
    return spec;
  }

  /**
   * {@return a checked call of {@link Backend#gruStateBackward}}
   *
   * @param g the candidate's activation
   * @param z the second of the gates
   * @param hNextGrad the gradient by the next h
   * @param candidateGrad an output
   * @throws ShapeException if a shape does not fit
   * @throws DTypeException if types differ or are not computed in
   * @throws IllegalArgumentException if an output shares memory with another array
   */
  public static CellSpec gruStateBackward(
      NdArray g, NdArray z, NdArray hNextGrad, NdArray candidateGrad) {
    CellSpec spec = of("gruStateBackward", g, 1);
    NdArray[] none = {};
    spec.check(none, new NdArray[] {g, z, hNextGrad}, none, new NdArray[] {candidateGrad});
    return spec;
  }

  /**
   * {@return a checked call of {@link Backend#gruGatesBackward}}
   *
   * @param activations what the forward call gave
   * @param states the candidate's activation, h, and the gradients by the next h and by what was
   *     reset
   * @param gatesGrad an output
   * @param hGrad an output
   * @throws ShapeException if a shape does not fit
   * @throws DTypeException if types differ or are not computed in
   * @throws IllegalArgumentException if an output shares memory with another array
   */
  public static CellSpec gruGatesBackward(
      NdArray activations, NdArray[] states, NdArray gatesGrad, NdArray hGrad) {
    CellSpec spec = of("gruGatesBackward", states[1], 2);
    NdArray[] outs = {hGrad};
    spec.check(new NdArray[] {activations}, states, new NdArray[] {gatesGrad}, outs);
    return spec;
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

  /** Checks the arrays of a step; the first output of gates may be the first input itself. */
  private void check(NdArray[] gateIns, NdArray[] states, NdArray[] gateOuts, NdArray[] stateOuts) {
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
