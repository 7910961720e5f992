package dev.lanewise.autodiff;

import dev.lanewise.kernel.UnaryOp;

/**
 * Recurrent networks: single steps and whole sequences. With W and b a layer's input weight and
 * bias, U and c those of the state, and σ the logistic function:
 *
 * <ul>
 *   <li>a plain RNN: {@code h′ = tanh(W x + b + U h + c)}
 *   <li>an LSTM (Hochreiter and Schmidhuber, 1997, with forget gates): {@code i, f, g, o = σ, σ,
 *       tanh, σ of (W x + b + U h + c)}, {@code c′ = f c + i g}, {@code h′ = o tanh(c′)}
 *   <li>a GRU (Cho et al., 2014): {@code r, z = σ of (W x + b + U h + c)}, {@code n = tanh(W x + b
 *       + r (U h + c))}, {@code h′ = (1 − z) n + z h}
 * </ul>
 *
 * <p>In sequences, the inputs' products of all steps of a layer are one, and so are those of the
 * weights' gradients; a layer in one direction is recorded as one operation, however many steps it
 * has. A first state that is not given is zeros.
 *
 * <p>All throw {@link dev.lanewise.array.ShapeException} if a shape does not fit or a sequence has
 * no steps, {@link dev.lanewise.array.DTypeException} unless all tensors are f32 or all f64, and
 * {@link IllegalArgumentException} unless all live on one backend.
 */
public sealed interface RecurrentOps permits Tensor {

  /**
   * What a step of an LSTM gives.
   *
   * @param hidden {@code [n, hidden]}
   * @param cell {@code [n, hidden]}
   */
  record LstmState(Tensor hidden, Tensor cell) {}

  /**
   * What plain RNNs and GRUs give.
   *
   * @param outputs the states of the last layer after each step, {@code [time, batch, directions ·
   *     hidden]}, or batch first
   * @param hidden each layer's and direction's state after its last step, {@code [layers ·
   *     directions, batch, hidden]}; in reverse, that of time 0
   */
  record Sequence(Tensor outputs, Tensor hidden) {}

  /**
   * What LSTMs give.
   *
   * @param outputs as in {@link Sequence}
   * @param hidden as in {@link Sequence}
   * @param cell each layer's and direction's cell state after its last step, of the same shape
   */
  record LstmSequence(Tensor outputs, Tensor hidden, Tensor cell) {}

  /**
   * {@return the state after a step of a plain RNN with the hyperbolic tangent}
   *
   * @param h the state, {@code [n, hidden]}; this is {@code [n, inputs]}
   * @param weights of one gate
   */
  default Tensor rnnCell(Tensor h, RecurrentWeights weights) {
    return rnnCell(h, weights, UnaryOp.TANH);
  }

  /**
   * {@return the state after a step of a plain RNN}
   *
   * @param h the state, {@code [n, hidden]}; this is {@code [n, inputs]}
   * @param weights of one gate
   * @param activation any function
   */
  default Tensor rnnCell(Tensor h, RecurrentWeights weights, UnaryOp activation) {
    return Recurrents.rnnCell((Tensor) this, h, weights, activation);
  }

  /**
   * {@return the states after a step of an LSTM}
   *
   * {@snippet :
   * RecurrentOps.LstmState state = new RecurrentOps.LstmState(h0, c0);
   * for (Tensor x : steps) {
   *   state = x.lstmCell(state.hidden(), state.cell(), weights);
   * }
   * }
   *
   * @param h the state, {@code [n, hidden]}; this is {@code [n, inputs]}
   * @param c the cell state, {@code [n, hidden]}
   * @param weights of the gates i, f, g and o
   */
  default LstmState lstmCell(Tensor h, Tensor c, RecurrentWeights weights) {
    return Recurrents.lstmCell((Tensor) this, h, c, weights);
  }

  /**
   * {@return the state after a step of a GRU}
   *
   * @param h the state, {@code [n, hidden]}; this is {@code [n, inputs]}
   * @param weights of the gates r, z and n
   */
  default Tensor gruCell(Tensor h, RecurrentWeights weights) {
    return gruCell(h, weights, true);
  }

  /**
   * {@return the state after a step of a GRU of either kind}
   *
   * @param h the state, {@code [n, hidden]}; this is {@code [n, inputs]}
   * @param weights of the gates r, z and n
   * @param resetAfter whether the reset gate follows the product, as in PyTorch; else it precedes
   *     it, as the cell was published and as Keras has it with {@code reset_after=False}: {@code n
   *     = tanh(W x + b + U (r h) + c)}
   */
  default Tensor gruCell(Tensor h, RecurrentWeights weights, boolean resetAfter) {
    return Recurrents.gruCell((Tensor) this, h, weights, resetAfter);
  }

  /**
   * {@return plain RNNs with the hyperbolic tangent over whole sequences, from zeros on}
   *
   * @param layers the weights; this is {@code [time, batch, inputs]}, or batch first
   */
  default Sequence rnn(RecurrentLayers layers) {
    return rnn(layers, null, UnaryOp.TANH);
  }

  /**
   * {@return plain RNNs over whole sequences}
   *
   * @param layers the weights; this is {@code [time, batch, inputs]}, or batch first
   * @param h0 the first states, {@code [layers · directions, batch, hidden]}, or {@code null}
   * @param activation a function whose derivative follows from its value: {@link UnaryOp#TANH},
   *     {@link UnaryOp#RELU}, {@link UnaryOp#SIGMOID} and others
   * @throws IllegalArgumentException if it is none of these
   */
  default Sequence rnn(RecurrentLayers layers, Tensor h0, UnaryOp activation) {
    return Recurrents.rnn((Tensor) this, layers, h0, activation);
  }

  /**
   * {@return LSTMs over whole sequences, from zeros on}
   *
   * {@snippet :
   * RecurrentWeights weights = new RecurrentWeights(w, u, b, null);   // [4h, in], [4h, h], [4h]
   * Tensor last = x.lstm(RecurrentLayers.of(weights)).hidden().squeeze(0);   // [batch, h]
   * }
   *
   * @param layers the weights; this is {@code [time, batch, inputs]}, or batch first
   */
  default LstmSequence lstm(RecurrentLayers layers) {
    return lstm(layers, null, null);
  }

  /**
   * {@return LSTMs over whole sequences}
   *
   * @param layers the weights; this is {@code [time, batch, inputs]}, or batch first
   * @param h0 the first states, {@code [layers · directions, batch, hidden]}, or {@code null}
   * @param c0 the first cell states, of the same shape, or {@code null}
   */
  default LstmSequence lstm(RecurrentLayers layers, Tensor h0, Tensor c0) {
    return Recurrents.lstm((Tensor) this, layers, h0, c0);
  }

  /**
   * {@return GRUs over whole sequences, from zeros on}
   *
   * @param layers the weights; this is {@code [time, batch, inputs]}, or batch first
   */
  default Sequence gru(RecurrentLayers layers) {
    return gru(layers, null, true);
  }

  /**
   * {@return GRUs of either kind over whole sequences}
   *
   * @param layers the weights; this is {@code [time, batch, inputs]}, or batch first
   * @param h0 the first states, {@code [layers · directions, batch, hidden]}, or {@code null}
   * @param resetAfter whether the reset gate follows the product, as in {@link #gruCell}
   */
  default Sequence gru(RecurrentLayers layers, Tensor h0, boolean resetAfter) {
    return Recurrents.gru((Tensor) this, layers, h0, resetAfter);
  }
}
