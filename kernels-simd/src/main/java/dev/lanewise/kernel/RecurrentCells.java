package dev.lanewise.kernel;

import dev.lanewise.array.NdArray;

/**
 * One step of recurrent cells, after the products: all gates of all units in one loop, forward and
 * backward. The pre-activations are products that {@link Backend#matmul} makes, of the inputs for a
 * whole sequence at once, of the state with {@code beta} 1 on top. A simple cell needs no operation
 * of its own: it is {@link UnaryOp#TANH}.
 *
 * {@snippet :
 * backend.matmul(x, w, 1, 0, gates);            // [n, inputs] · [inputs, 4u]; add the bias
 * backend.matmul(h, r, 1, 1, gates);            // + [n, u] · [u, 4u]
 * backend.lstm(gates, c, gates, cNext, hNext);  // the activations replace the pre-activations
 * }
 *
 * <p>A gate is as exact as its function; with ε the distance from 1 to the next number, a state is
 * off by at most 16 ε times the sum of the absolute values of its summands.
 */
public sealed interface RecurrentCells permits Backend {

  /**
   * Computes a step of an LSTM (Hochreiter and Schmidhuber, 1997; with forget gates, as Keras and
   * PyTorch have it): {@code i = σ(gates₀), f = σ(gates₁), g = tanh(gates₂), o = σ(gates₃), cNext =
   * f · c + i · g, hNext = o · tanh(cNext)}.
   *
   * @param gates {@code [n, 4u]}, the pre-activations of i, f, g and o one after the other
   * @param c {@code [n, u]}, the cell state
   * @param activations {@code [n, 4u]}, receives i, f, g and o, which {@link #lstmBackward} needs;
   *     may be {@code gates} itself
   * @param cNext {@code [n, u]}
   * @param hNext {@code [n, u]}
   */
  default void lstm(NdArray gates, NdArray c, NdArray activations, NdArray cNext, NdArray hNext) {
    CellSpec spec = CellSpec.lstm(gates, c, activations, cNext, hNext);
    ComposedCells.lstm((Backend) this, spec, gates, c, activations, cNext, hNext);
  }

  /**
   * Computes the gradients of {@link #lstm}.
   *
   * @param activations what the forward call gave
   * @param c the cell state before the step
   * @param cNext what the forward call gave
   * @param hNextGrad the gradient by {@code hNext}
   * @param cNextGrad the gradient by {@code cNext} from later steps
   * @param gatesGrad {@code [n, 4u]}, receives the gradient by the pre-activations; may be {@code
   *     activations} itself
   * @param cGrad {@code [n, u]}, receives the gradient by {@code c}
   */
  default void lstmBackward(
      NdArray activations,
      NdArray c,
      NdArray cNext,
      NdArray hNextGrad,
      NdArray cNextGrad,
      NdArray gatesGrad,
      NdArray cGrad) {
    NdArray[] states = {c, cNext, hNextGrad, cNextGrad};
    CellSpec spec = CellSpec.lstmBackward(activations, states, gatesGrad, cGrad);
    ComposedCells.lstmBackward((Backend) this, spec, activations, states, gatesGrad, cGrad);
  }

  /**
   * Computes a step of a GRU (Cho et al., 2014) whose reset gate follows the product, as in PyTorch
   * and in Keras with {@code reset_after}: {@code r = σ(x₀ + h₀), z = σ(x₁ + h₁), g = tanh(x₂ + r ·
   * h₂), hNext = (1 − z) · g + z · h}.
   *
   * @param xGates {@code [n, 3u]}, the inputs' part of the pre-activations of r, z and g, as
   *     PyTorch orders them; Keras has z first
   * @param hGates {@code [n, 3u]}, the state's part
   * @param h {@code [n, u]}, the state
   * @param activations {@code [n, 3u]}, receives r, z and g, which {@link #gruBackward} needs; may
   *     be {@code xGates} itself
   * @param hNext {@code [n, u]}
   */
  default void gru(NdArray xGates, NdArray hGates, NdArray h, NdArray activations, NdArray hNext) {
    CellSpec spec = CellSpec.gru(xGates, hGates, h, activations, hNext);
    ComposedCells.gru((Backend) this, spec, xGates, hGates, h, activations, hNext);
  }

  /**
   * Computes the gradients of {@link #gru}.
   *
   * @param activations what the forward call gave
   * @param hGates the state's part of the pre-activations
   * @param h the state before the step
   * @param hNextGrad the gradient by {@code hNext}
   * @param xGatesGrad {@code [n, 3u]}, receives the gradient by the inputs' part; may be {@code
   *     activations} itself
   * @param hGatesGrad {@code [n, 3u]}, receives the gradient by the state's part
   * @param hGrad {@code [n, u]}, receives the gradient by {@code h}, without what flows through the
   *     state's part of the gates
   */
  default void gruBackward(
      NdArray activations,
      NdArray hGates,
      NdArray h,
      NdArray hNextGrad,
      NdArray xGatesGrad,
      NdArray hGatesGrad,
      NdArray hGrad) {
    NdArray[] gateIns = {activations, hGates};
    NdArray[] states = {h, hNextGrad};
    NdArray[] gateGrads = {xGatesGrad, hGatesGrad};
    CellSpec spec = CellSpec.gruBackward(gateIns, states, gateGrads, hGrad);
    ComposedCells.gruBackward((Backend) this, spec, gateIns, states, gateGrads, hGrad);
  }

  /**
   * Computes the gates of a GRU whose reset gate precedes the product, as the cell was published
   * (Cho et al., "Learning Phrase Representations using RNN Encoder–Decoder", 2014, section 2.3)
   * and as Keras has it without {@code reset_after}: {@code r = σ(gates₀), z = σ(gates₁), resetH =
   * r · h}. Between this and {@link #gruState}, which ends the step, lies the product of what was
   * reset.
   *
   * {@snippet :
   * backend.matmul(x, w, 1, 0, gates);              // [n, inputs] · [inputs, 3u]; add the bias
   * NdArray rz = gates.slice(1, 0, 2 * u), z = gates.slice(1, u, 2 * u);
   * NdArray g = gates.slice(1, 2 * u, 3 * u);
   * backend.matmul(h, r, 1, 1, rz);                 // + [n, u] · [u, 2u]
   * backend.gruGates(rz, h, rz, resetH);
   * backend.matmul(resetH, s, 1, 1, g);             // + [n, u] · [u, u]
   * backend.gruState(g, z, h, g, hNext);
   * }
   *
   * <p>The gradients come in the opposite order: {@link #gruStateBackward}, the product of {@code
   * candidateGrad} and the transposed weights, {@link #gruGatesBackward}.
   *
   * @param gates {@code [n, 2u]}, the pre-activations of r and z one after the other
   * @param h {@code [n, u]}, the state
   * @param activations {@code [n, 2u]}, receives r and z; may be {@code gates} itself
   * @param resetH {@code [n, u]}, receives what the candidate's product is made of
   */
  default void gruGates(NdArray gates, NdArray h, NdArray activations, NdArray resetH) {
    CellSpec spec = CellSpec.gruGates(gates, h, activations, resetH);
    ComposedCells.gruGates((Backend) this, spec, gates, h, activations, resetH);
  }

  /**
   * Computes the next state of a GRU whose reset gate precedes the product: {@code g =
   * tanh(candidate), hNext = (1 − z) · g + z · h}.
   *
   * @param candidate {@code [n, u]}, the pre-activation of g: the inputs' part, and {@code resetH}
   *     times its weights
   * @param z {@code [n, u]}, the second of the activations of {@link #gruGates}
   * @param h {@code [n, u]}, the state
   * @param g {@code [n, u]}, receives the candidate's activation, which the gradients need; may be
   *     {@code candidate} itself
   * @param hNext {@code [n, u]}
   */
  default void gruState(NdArray candidate, NdArray z, NdArray h, NdArray g, NdArray hNext) {
    CellSpec.gruState(candidate, z, h, g, hNext);
    ComposedCells.gruState((Backend) this, candidate, z, h, g, hNext);
  }

  /**
   * Computes the first of the gradients of a GRU whose reset gate precedes the product: the one on
   * which the product's depends. {@link #gruGatesBackward} computes the others.
   *
   * @param g {@code [n, u]}, what {@link #gruState} gave
   * @param z {@code [n, u]}, the second of the activations of {@link #gruGates}
   * @param hNextGrad {@code [n, u]}, the gradient by {@code hNext}
   * @param candidateGrad {@code [n, u]}, receives the gradient by {@code candidate}
   */
  default void gruStateBackward(NdArray g, NdArray z, NdArray hNextGrad, NdArray candidateGrad) {
    CellSpec.gruStateBackward(g, z, hNextGrad, candidateGrad);
    ComposedCells.gruStateBackward((Backend) this, g, z, hNextGrad, candidateGrad);
  }

  /**
   * Computes the gradients of a GRU whose reset gate precedes the product by its gates and its
   * state, of both parts of the step at once.
   *
   * @param activations {@code [n, 2u]}, what {@link #gruGates} gave
   * @param g {@code [n, u]}, what {@link #gruState} gave
   * @param h {@code [n, u]}, the state before the step
   * @param hNextGrad {@code [n, u]}, the gradient by {@code hNext}
   * @param resetHGrad {@code [n, u]}, the gradient by {@code resetH}: {@code candidateGrad} times
   *     the transposed weights
   * @param gatesGrad {@code [n, 2u]}, receives the gradient by the gates' pre-activations; may be
   *     {@code activations} itself
   * @param hGrad {@code [n, u]}, receives the gradient by {@code h}, without what flows through the
   *     gates' pre-activations
   */
  default void gruGatesBackward(
      NdArray activations,
      NdArray g,
      NdArray h,
      NdArray hNextGrad,
      NdArray resetHGrad,
      NdArray gatesGrad,
      NdArray hGrad) {
    NdArray[] states = {g, h, hNextGrad, resetHGrad};
    CellSpec spec = CellSpec.gruGatesBackward(activations, states, gatesGrad, hGrad);
    ComposedCells.gruGatesBackward((Backend) this, spec, activations, states, gatesGrad, hGrad);
  }
}
