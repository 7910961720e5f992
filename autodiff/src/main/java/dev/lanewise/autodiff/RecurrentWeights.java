package dev.lanewise.autodiff;

import java.util.Objects;

/**
 * The weights of one recurrent layer in one direction, in PyTorch's layout: the rows of the gates
 * one after the other, i, f, g and o of an LSTM, r, z and n of a GRU, one of a plain RNN. Keras has
 * the transposed matrices, and z of a GRU first.
 *
 * {@snippet :
 * new RecurrentWeights(inputWeight, stateWeight, inputBias, null);   // one bias is enough
 * }
 *
 * @param inputWeight {@code [gates · hidden, inputs]}
 * @param stateWeight {@code [gates · hidden, hidden]}
 * @param inputBias {@code [gates · hidden]}, added to the inputs' product, or {@code null}
 * @param stateBias {@code [gates · hidden]}, added to the state's product, or {@code null}; the
 *     same as the other bias but for a GRU, which resets what this was added to
 */
public record RecurrentWeights(
    Tensor inputWeight, Tensor stateWeight, Tensor inputBias, Tensor stateBias) {

  /** Checks the record. */
  public RecurrentWeights {
    Objects.requireNonNull(inputWeight, "inputWeight");
    Objects.requireNonNull(stateWeight, "stateWeight");
  }

  /**
   * Makes weights without biases.
   *
   * @param inputWeight {@code [gates · hidden, inputs]}
   * @param stateWeight {@code [gates · hidden, hidden]}
   */
  public RecurrentWeights(Tensor inputWeight, Tensor stateWeight) {
    this(inputWeight, stateWeight, null, null);
  }

  /** {@return the sum of the biases, or what there is of them, or {@code null}} */
  Tensor bias() {
    if (inputBias == null || stateBias == null) {
      return inputBias == null ? stateBias : inputBias;
    }
    return inputBias.add(stateBias);
  }
}
