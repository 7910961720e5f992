package dev.lanewise.nn.layer;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.UnaryOp;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A function that makes a network more than one matrix product. */
public enum ActivationFunction {
  /** The input itself. */
  LINEAR(null),
  /** {@code max(x, 0)}. */
  RELU(UnaryOp.RELU),
  /** The hyperbolic tangent. */
  TANH(UnaryOp.TANH),
  /** {@code 1 / (1 + e⁻ˣ)}. */
  SIGMOID(UnaryOp.SIGMOID),
  /** {@code x · sigmoid(x)}. */
  SILU(UnaryOp.SILU),
  /** {@code eˣ} divided by its sum along the last axis. */
  SOFTMAX(null);

  private final Optional<UnaryOp> elementwise;

  ActivationFunction(UnaryOp elementwise) {
    this.elementwise = Optional.ofNullable(elementwise);
  }

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
   * {@return the function as one that a product's kernel computes on the way; empty for {@link
   * #LINEAR}, and for {@link #SOFTMAX}, which is not elementwise}
   */
  public Optional<UnaryOp> elementwise() {
    return elementwise;
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
