package dev.lanewise.autodiff;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.UnaryOp;
import java.util.Arrays;

/**
 * What neural networks put between their layers, beside {@code relu}, {@code tanh} and others. The
 * derivative of those that bend at 0 is there what it is just below.
 *
 * <p>All throw {@link dev.lanewise.array.DTypeException} unless the tensor is f32 or f64.
 */
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
   * {@return x, or {@code α · (eˣ − 1)} below 0, times a scale} The two constants keep mean 0 and
   * variance 1 from layer to layer. (Klambauer et al., Self-Normalizing Neural Networks, 2017,
   * equation 2)
   */
  default Tensor selu() {
    return Elementwise.map(Composites.SELU, Elementwise.NO_PARAMS, (Tensor) this);
  }

  /**
   * {@return x, or {@code alpha · (e^(x / alpha) − 1)} below 0: the derivative at 0 is 1 from both
   * sides}
   *
   * @param alpha minus the limit far below 0, 1 as a rule
   * @throws IllegalArgumentException if {@code alpha} is 0
   */
  default Tensor celu(double alpha) {
    if (alpha == 0) {
      throw new IllegalArgumentException("celu: alpha must not be 0");
    }
    return Elementwise.map(Composites.CELU, new double[] {alpha}, (Tensor) this);
  }

  /**
   * {@return x, or x times a learned slope below 0}
   *
   * @param weight the slopes: one for all, or {@code [c]} for the channels of {@code [n, c, …]}
   * @throws ShapeException if {@code weight} is neither
   */
  default Tensor prelu(Tensor weight) {
    Tensor x = (Tensor) this;
    Shape shape = x.shape();
    int[] dims = new int[Math.max(0, shape.rank() - 1)];
    Arrays.fill(dims, 1);
    if (weight.size() != 1) {
      if (shape.rank() < 2 || !weight.shape().equals(Shape.of(shape.dim(1)))) {
        throw new ShapeException(
            "prelu: the weight must be one number, or [c] for an input of [n, c, ...] (input "
                + shape
                + ", weight "
                + weight.shape()
                + ")");
      }
      dims[0] = shape.dim(1);
    }
    return Elementwise.map(
        Composites.PRELU, Elementwise.NO_PARAMS, x, weight.reshape(Shape.of(dims)));
  }

  /**
   * {@return the first half of an axis times the {@link Tensor#sigmoid} of the second half}
   *
   * @param axis the axis, of an even extent; negative counts from the last
   * @throws ShapeException if there is no such axis, or its extent is odd
   */
  default Tensor glu(int axis) {
    Tensor x = (Tensor) this;
    int at = x.shape().axis("glu", axis);
    int extent = x.shape().dim(at);
    if (extent % 2 != 0) {
      throw new ShapeException(
          "glu: the extent of axis " + at + " of shape " + x.shape() + " must be even");
    }
    return Elementwise.map(
        Composites.GLU,
        Elementwise.NO_PARAMS,
        x.slice(at, 0, extent / 2),
        x.slice(at, extent / 2, extent));
  }

  /** {@return {@code x / (1 + |x|)}} */
  default Tensor softSign() {
    return Elementwise.map(Composites.SOFT_SIGN, Elementwise.NO_PARAMS, (Tensor) this);
  }

  /** {@return {@code log(sigmoid(x))}, exact far from 0 too} */
  default Tensor logSigmoid() {
    return Elementwise.map(Composites.LOG_SIGMOID, Elementwise.NO_PARAMS, (Tensor) this);
  }

  /** {@return {@code x − tanh(x)}} */
  default Tensor tanhShrink() {
    return Elementwise.map(Composites.TANH_SHRINK, Elementwise.NO_PARAMS, (Tensor) this);
  }

  /**
   * {@return x, nearer to 0 by lambda, and 0 from −lambda to lambda, where the derivative is 0}
   *
   * @param lambda by how much, at least 0; 0.5 as a rule
   * @throws IllegalArgumentException if {@code lambda} is negative
   */
  default Tensor softShrink(double lambda) {
    Checks.notNegative("softShrink", "lambda", lambda);
    return Elementwise.map(Composites.SOFT_SHRINK, new double[] {lambda}, (Tensor) this);
  }

  /**
   * {@return x, but 0 from −lambda to lambda, where the derivative is 0}
   *
   * @param lambda what counts as 0, at least 0; 0.5 as a rule
   * @throws IllegalArgumentException if {@code lambda} is negative
   */
  default Tensor hardShrink(double lambda) {
    Checks.notNegative("hardShrink", "lambda", lambda);
    return Elementwise.map(Composites.HARD_SHRINK, new double[] {lambda}, (Tensor) this);
  }

  /**
   * {@return x, or the bound that it is beyond} As {@link FunctionOps#clamp}, but for the
   * derivative at the bounds, which is 0.
   *
   * @param low the least value, −1 as a rule
   * @param high the largest value, 1 as a rule
   * @throws IllegalArgumentException if {@code low} is above {@code high}
   */
  default Tensor hardTanh(double low, double high) {
    Checks.bounds("hardTanh", low, high);
    return Elementwise.map(Composites.HARD_TANH, new double[] {low, high}, (Tensor) this);
  }

  /** {@return {@code min(max(x, 0), 6)}; the derivative at both bounds is 0} */
  default Tensor relu6() {
    return hardTanh(0, 6);
  }

  /**
   * {@return a line from 0 at −3 to 1 at 3, and 0 and 1 beyond: {@code min(max(x/6 + 1/2, 0), 1)};
   * the derivative at −3 and 3 is 0}
   */
  default Tensor hardSigmoid() {
    return Elementwise.map(Composites.HARD_SIGMOID, Elementwise.NO_PARAMS, (Tensor) this);
  }

  /** {@return {@code x} times {@link #hardSigmoid}; the derivative at −3 is 0 and at 3 is 1} */
  default Tensor hardSwish() {
    return Elementwise.map(Composites.HARD_SWISH, Elementwise.NO_PARAMS, (Tensor) this);
  }

  /** {@return {@code x · tanh(log(1 + eˣ))}} */
  default Tensor mish() {
    return Elementwise.map(Composites.MISH, Elementwise.NO_PARAMS, (Tensor) this);
  }
}
