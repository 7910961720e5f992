package dev.lanewise.autodiff;

import dev.lanewise.kernel.UnaryOp;

/** What neural networks put between their layers, beside {@code relu}, {@code tanh} and others. */
public sealed interface ActivationOps permits Tensor {

  /** {@return {@code x · Φ(x)}, Φ being the distribution function of the normal distribution} */
  default Tensor gelu() {
    return ((Tensor) this).apply(UnaryOp.GELU);
  }

  /** {@return {@code log(1 + eˣ)}} */
  default Tensor softplus() {
    return ((Tensor) this).apply(UnaryOp.SOFTPLUS);
  }

  /**
   * {@return {@code x · (1 + tanh(√(2/π) · (x + 0.044715 x³))) / 2}, which approximates {@link
   * #gelu}}
   */
  default Tensor geluTanh() {
    return Elementwise.map(Composites.GELU_TANH, Elementwise.NO_PARAMS, (Tensor) this);
  }

  /**
   * {@return x, or {@code slope · x} below 0}
   *
   * @param slope the slope below 0, 0.01 as a rule
   */
  default Tensor leakyRelu(double slope) {
    return Elementwise.map(Composites.LEAKY_RELU, new double[] {slope}, (Tensor) this);
  }

  /**
   * {@return x, or {@code alpha · (eˣ − 1)} below 0}
   *
   * @param alpha minus the limit far below 0, 1 as a rule
   */
  default Tensor elu(double alpha) {
    return Elementwise.map(Composites.ELU, new double[] {alpha}, (Tensor) this);
  }

  /**
   * {@return a line from 0 at −3 to 1 at 3, and 0 and 1 beyond: {@code min(max(x/6 + 1/2, 0), 1)}}
   */
  default Tensor hardSigmoid() {
    return Elementwise.map(Composites.HARD_SIGMOID, Elementwise.NO_PARAMS, (Tensor) this);
  }

  /** {@return {@code x} times {@link #hardSigmoid}} */
  default Tensor hardSwish() {
    return Elementwise.map(Composites.HARD_SWISH, Elementwise.NO_PARAMS, (Tensor) this);
  }

  /** {@return {@code x · tanh(log(1 + eˣ))}} */
  default Tensor mish() {
    return Elementwise.map(Composites.MISH, Elementwise.NO_PARAMS, (Tensor) this);
  }
}
