package dev.lanewise.nn.layer;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** A function that makes a network more than one matrix product. */
public enum ActivationFunction {
  /** The input itself. */
  LINEAR,
  /** {@code max(x, 0)}. */
  RELU,
  /** The hyperbolic tangent. */
  TANH,
  /** {@code 1 / (1 + e⁻ˣ)}. */
  SIGMOID,
  /** {@code x · sigmoid(x)}. */
  SILU,
  /** {@code eˣ} divided by its sum along the last axis. */
  SOFTMAX;

  private static final double[] NO_PARAMS = {};
  private static final Expr RELU_OF_SUM = Expr.arg(0).add(Expr.arg(1)).relu();

  /**
   * {@return the function of a tensor}
   *
   * @param x the input
   */
  public Tensor apply(Tensor x) {
    return switch (this) {
      case LINEAR -> x;
      case RELU -> x.relu();
      case TANH -> x.tanh();
      case SIGMOID -> x.sigmoid();
      case SILU -> x.silu();
      case SOFTMAX -> x.softmax(-1);
    };
  }

  /**
   * {@return the function of a sum, in one loop where that is faster}
   *
   * @param x the input
   * @param bias is added to it; stretches to its shape
   */
  public Tensor ofSum(Tensor x, Tensor bias) {
    return switch (this) {
      case RELU -> Tensor.map(RELU_OF_SUM, NO_PARAMS, x, bias);
      // The gradient of one loop would compute the function again, once for x and once for the
      // bias.
      case LINEAR, TANH, SIGMOID, SILU, SOFTMAX -> apply(x.add(bias));
    };
  }

  /**
   * {@return the function of a name: {@code "relu"}, {@code "softmax"} and so on}
   *
   * @param name the constant's name; case does not matter
   * @throws IllegalArgumentException if there is none of this name
   */
  public static ActivationFunction named(String name) {
    for (ActivationFunction f : values()) {
      if (f.name().equalsIgnoreCase(name)) {
        return f;
      }
    }
    throw new IllegalArgumentException(
        "activation: there is no '"
            + name
            + "'; names are "
            + Arrays.stream(values())
                .map(f -> f.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", ")));
  }
}
