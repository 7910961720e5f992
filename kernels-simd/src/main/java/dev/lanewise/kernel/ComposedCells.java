package dev.lanewise.kernel;

import static dev.lanewise.kernel.Expr.arg;
import static dev.lanewise.kernel.Expr.constant;

import dev.lanewise.array.NdArray;
import java.util.List;

/**
 * Steps of recurrent cells, each as one elementwise operation with several outputs: the defaults of
 * {@link RecurrentCells}. Nothing is checked here.
 */
public final class ComposedCells {
  private static final double[] NONE = {};
  private static final Expr ONE = constant(1);

  private static final List<Expr> LSTM = lstm();
  private static final List<Expr> LSTM_BACKWARD = lstmBackward();
  private static final List<Expr> GRU = gru();
  private static final List<Expr> GRU_BACKWARD = gruBackward();
  private static final List<Expr> GRU_GATES = gruGates();
  private static final List<Expr> GRU_STATE = gruState();
  private static final Expr GRU_CANDIDATE_GRAD = ofCandidate(arg(0), arg(1), arg(2));
  private static final List<Expr> GRU_GATES_BACKWARD = gruGatesBackward();

  private ComposedCells() {}

  private static Expr tanh(Expr x) {
    return Expr.unary(UnaryOp.TANH, x);
  }

  /** {@return the slope of a sigmoid, from its value} */
  private static Expr slope(Expr y) {
    return y.mul(ONE.sub(y));
  }

  /** {@return the slope of a hyperbolic tangent, from its value: (1 − y) · (1 + y) near ±1 too} */
  private static Expr slopeOfTanh(Expr y) {
    return ONE.sub(y).mul(ONE.add(y));
  }

  /** Of the gates' pre-activations and c: the gates, the next c, the next h. */
  private static List<Expr> lstm() {
    Expr i = arg(0).sigmoid();
    Expr f = arg(1).sigmoid();
    Expr g = tanh(arg(2));
    Expr o = arg(3).sigmoid();
    Expr c = f.mul(arg(4)).add(i.mul(g));
    return List.of(i, f, g, o, c, o.mul(tanh(c)));
  }

  /** Of i, f, g, o, c, next c and the gradients by next h and next c. */
  private static List<Expr> lstmBackward() {
    Expr i = arg(0);
    Expr f = arg(1);
    Expr g = arg(2);
    Expr o = arg(3);
    Expr up = arg(6);
    Expr t = tanh(arg(5));
    Expr ofC = arg(7).add(up.mul(o).mul(slopeOfTanh(t)));
    return List.of(
        ofC.mul(g).mul(slope(i)),
        ofC.mul(arg(4)).mul(slope(f)),
        ofC.mul(i).mul(slopeOfTanh(g)),
        up.mul(t).mul(slope(o)),
        ofC.mul(f));
  }

  /** {@return a GRU's next state, between its candidate and its state} */
  private static Expr between(Expr z, Expr g, Expr h) {
    return ONE.sub(z).mul(g).add(z.mul(h));
  }

  /** {@return the gradient of a GRU by its candidate's pre-activation} */
  private static Expr ofCandidate(Expr g, Expr z, Expr up) {
    return up.mul(ONE.sub(z)).mul(slopeOfTanh(g));
  }

  /** Of the inputs' and the state's parts of the pre-activations and h: the gates, the next h. */
  private static List<Expr> gru() {
    Expr r = arg(0).add(arg(3)).sigmoid();
    Expr z = arg(1).add(arg(4)).sigmoid();
    Expr g = tanh(arg(2).add(r.mul(arg(5))));
    return List.of(r, z, g, between(z, g, arg(6)));
  }

  /** Of r, z, g, the state's part of g's pre-activation, h and the gradient by next h. */
  private static List<Expr> gruBackward() {
    Expr r = arg(0);
    Expr z = arg(1);
    Expr g = arg(2);
    Expr up = arg(5);
    Expr ofG = ofCandidate(g, z, up);
    Expr ofR = ofG.mul(arg(3)).mul(slope(r));
    Expr ofZ = up.mul(arg(4).sub(g)).mul(slope(z));
    return List.of(ofR, ofZ, ofG, ofR, ofZ, ofG.mul(r), up.mul(z));
  }

  /** Of the pre-activations of r and z and of h: the gates, what of h is not reset. */
  private static List<Expr> gruGates() {
    Expr r = arg(0).sigmoid();
    return List.of(r, arg(1).sigmoid(), r.mul(arg(2)));
  }

  /** Of the candidate's pre-activation, z and h: the candidate, the next h. */
  private static List<Expr> gruState() {
    Expr g = tanh(arg(0));
    return List.of(g, between(arg(1), g, arg(2)));
  }

  /** Of r, z, g, h and the gradients by next h and by r · h. */
  private static List<Expr> gruGatesBackward() {
    Expr r = arg(0);
    Expr z = arg(1);
    Expr h = arg(3);
    Expr up = arg(4);
    Expr ofReset = arg(5);
    return List.of(
        ofReset.mul(h).mul(slope(r)),
        up.mul(h.sub(arg(2))).mul(slope(z)),
        up.mul(z).add(ofReset.mul(r)));
  }

  private static NdArray[] gates(CellSpec spec, NdArray x, int more) {
    NdArray[] all = new NdArray[spec.gates() + more];
    for (int i = 0; i < spec.gates(); i++) {
      all[i] = spec.gate(x, i);
    }
    return all;
  }

  /**
   * Computes {@link Backend#lstm}.
   *
   * @param loops who computes
   * @param spec the checked call
   * @param gates the pre-activations
   * @param c the cell state
   * @param activations an output
   * @param cNext an output
   * @param hNext an output
   */
  public static void lstm(
      Loops loops,
      CellSpec spec,
      NdArray gates,
      NdArray c,
      NdArray activations,
      NdArray cNext,
      NdArray hNext) {
    NdArray[] ins = gates(spec, gates, 1);
    ins[4] = c;
    NdArray[] outs = gates(spec, activations, 2);
    outs[4] = cNext;
    outs[5] = hNext;
    loops.elementwise(LSTM, outs, NONE, ins);
  }

  /**
   * Computes {@link Backend#lstmBackward}.
   *
   * @param loops who computes
   * @param spec the checked call
   * @param activations what the forward call gave
   * @param states c, the next c, and the gradients by the next h and the next c
   * @param gatesGrad an output
   * @param cGrad an output
   */
  public static void lstmBackward(
      Loops loops,
      CellSpec spec,
      NdArray activations,
      NdArray[] states,
      NdArray gatesGrad,
      NdArray cGrad) {
    NdArray[] ins = gates(spec, activations, states.length);
    System.arraycopy(states, 0, ins, 4, states.length);
    NdArray[] outs = gates(spec, gatesGrad, 1);
    outs[4] = cGrad;
    loops.elementwise(LSTM_BACKWARD, outs, NONE, ins);
  }

  /**
   * Computes {@link Backend#gru}.
   *
   * @param loops who computes
   * @param spec the checked call
   * @param xGates the inputs' part of the pre-activations
   * @param hGates the state's part
   * @param h the state
   * @param activations an output
   * @param hNext an output
   */
  public static void gru(
      Loops loops,
      CellSpec spec,
      NdArray xGates,
      NdArray hGates,
      NdArray h,
      NdArray activations,
      NdArray hNext) {
    NdArray[] ins = gates(spec, xGates, 4);
    System.arraycopy(gates(spec, hGates, 0), 0, ins, 3, 3);
    ins[6] = h;
    NdArray[] outs = gates(spec, activations, 1);
    outs[3] = hNext;
    loops.elementwise(GRU, outs, NONE, ins);
  }

  /**
   * Computes {@link Backend#gruBackward}.
   *
   * @param loops who computes
   * @param spec the checked call
   * @param gateIns the activations and the state's part of the pre-activations
   * @param states h and the gradient by the next h
   * @param gateGrads outputs: the gradients by the inputs' part and by the state's
   * @param hGrad an output
   */
  public static void gruBackward(
      Loops loops,
      CellSpec spec,
      NdArray[] gateIns,
      NdArray[] states,
      NdArray[] gateGrads,
      NdArray hGrad) {
    NdArray[] ins = gates(spec, gateIns[0], 3);
    ins[3] = spec.gate(gateIns[1], 2);
    ins[4] = states[0];
    ins[5] = states[1];
    NdArray[] outs = gates(spec, gateGrads[0], 4);
    System.arraycopy(gates(spec, gateGrads[1], 0), 0, outs, 3, 3);
    outs[6] = hGrad;
    loops.elementwise(GRU_BACKWARD, outs, NONE, ins);
  }

  /**
   * Computes {@link Backend#gruGates}.
   *
   * @param loops who computes
   * @param spec the checked call
   * @param gates the pre-activations
   * @param h the state
   * @param activations an output
   * @param resetH an output
   */
  public static void gruGates(
      Loops loops, CellSpec spec, NdArray gates, NdArray h, NdArray activations, NdArray resetH) {
    NdArray[] ins = gates(spec, gates, 1);
    ins[2] = h;
    NdArray[] outs = gates(spec, activations, 1);
    outs[2] = resetH;
    loops.elementwise(GRU_GATES, outs, NONE, ins);
  }

  /**
   * Computes {@link Backend#gruState}.
   *
   * @param loops who computes
   * @param candidate the candidate's pre-activation
   * @param z the second of the gates
   * @param h the state
   * @param g an output
   * @param hNext an output
   */
  public static void gruState(
      Loops loops, NdArray candidate, NdArray z, NdArray h, NdArray g, NdArray hNext) {
    loops.elementwise(GRU_STATE, new NdArray[] {g, hNext}, NONE, candidate, z, h);
  }

  /**
   * Computes {@link Backend#gruStateBackward}.
   *
   * @param loops who computes
   * @param g the candidate's activation
   * @param z the second of the gates
   * @param hNextGrad the gradient by the next h
   * @param candidateGrad an output
   */
  public static void gruStateBackward(
      Loops loops, NdArray g, NdArray z, NdArray hNextGrad, NdArray candidateGrad) {
    loops.elementwise(GRU_CANDIDATE_GRAD, candidateGrad, NONE, g, z, hNextGrad);
  }

  /**
   * Computes {@link Backend#gruGatesBackward}.
   *
   * @param loops who computes
   * @param spec the checked call
   * @param activations what the forward call gave
   * @param states the candidate's activation, h, and the gradients by the next h and by what was
   *     reset
   * @param gatesGrad an output
   * @param hGrad an output
   */
  public static void gruGatesBackward(
      Loops loops,
      CellSpec spec,
      NdArray activations,
      NdArray[] states,
      NdArray gatesGrad,
      NdArray hGrad) {
    NdArray[] ins = gates(spec, activations, states.length);
    System.arraycopy(states, 0, ins, 2, states.length);
    NdArray[] outs = gates(spec, gatesGrad, 1);
    outs[2] = hGrad;
    loops.elementwise(GRU_GATES_BACKWARD, outs, NONE, ins);
  }
}
