package dev.lanewise.nn.layer;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.UnaryOp;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A function that makes a network more than one matrix product. Those with a number to choose are
 * layers too: {@link ELU}, {@link LeakyReLU}, {@link PReLU}, {@link ReLU}, {@link Softmax}.
 */
public enum ActivationFunction {
  /** The input itself. */
  LINEAR(null),
  /** {@code max(x, 0)}. */
  RELU(UnaryOp.RELU),
  /** The hyperbolic tangent. */
  TANH(UnaryOp.TANH),
  /** {@code 1 / (1 + e⁻ˣ)}. */
  SIGMOID(UnaryOp.SIGMOID),
  /** {@code x · sigmoid(x)}, also called swish. */
  SILU(UnaryOp.SILU),
  /** {@code eˣ} divided by its sum along the last axis. */
  SOFTMAX(null),
  /** The logarithm of {@link #SOFTMAX}. */
  LOG_SOFTMAX(null),
  /** x, or {@code eˣ − 1} below 0. */
  ELU(null),
  /** {@code eˣ}. */
  EXPONENTIAL(UnaryOp.EXP),
  /** {@code x · Φ(x)}, Φ being the distribution function of the normal distribution. */
  GELU(UnaryOp.GELU),
  /** What approximates {@link #GELU} by a hyperbolic tangent. */
  GELU_TANH(null),
  /** x, but 0 from −0.5 to 0.5. */
  HARD_SHRINK(null),
  /** {@code min(max(x / 6 + 1 / 2, 0), 1)}. */
  HARD_SIGMOID(null),
  /** x times {@link #HARD_SIGMOID}, also called hard_silu. */
  HARD_SWISH(null),
  /** x between −1 and 1, and −1 or 1 beyond. */
  HARD_TANH(null),
  /** x, or {@code 0.2 · x} below 0, as in Keras; for other slopes there is {@link LeakyReLU}. */
  LEAKY_RELU(null),
  /** The logarithm of {@link #SIGMOID}. */
  LOG_SIGMOID(null),
  /** {@code x · tanh(log(1 + eˣ))}. */
  MISH(null),
  /** {@code min(max(x, 0), 6)}. */
  RELU6(null),
  /** x, or {@code α · (eˣ − 1)} below 0, times a scale: 1.6733 and 1.0507. */
  SELU(null),
  /** {@code log(1 + eˣ)}. */
  SOFTPLUS(UnaryOp.SOFTPLUS),
  /** {@code x / (1 + |x|)}. */
  SOFTSIGN(null),
  /** x, nearer to 0 by 0.5, and 0 from −0.5 to 0.5. */
  SOFT_SHRINK(null),
  /** {@code x − tanh(x)}. */
  TANH_SHRINK(null);

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
      case LOG_SOFTMAX -> x.logSoftmax(-1);
      case ELU -> x.elu(1);
      case EXPONENTIAL -> x.exp();
      case GELU -> x.gelu();
      case GELU_TANH -> x.geluTanh();
      case HARD_SHRINK -> x.hardShrink(0.5);
      case HARD_SIGMOID -> x.hardSigmoid();
      case HARD_SWISH -> x.hardSwish();
      case HARD_TANH -> x.hardTanh(-1, 1);
      case LEAKY_RELU -> x.leakyRelu(0.2);
      case LOG_SIGMOID -> x.logSigmoid();
      case MISH -> x.mish();
      case RELU6 -> x.relu6();
      case SELU -> x.selu();
      case SOFTPLUS -> x.softplus();
      case SOFTSIGN -> x.softSign();
      case SOFT_SHRINK -> x.softShrink(0.5);
      case TANH_SHRINK -> x.tanhShrink();
    };
  }

  /**
   * {@return the function as one that a product's kernel computes on the way; empty where there is
   * none, as {@link #SOFTMAX} is not elementwise, and others are composed of several}
   */
  public Optional<UnaryOp> elementwise() {
    return elementwise;
  }

  /** {@return whether the function is one of a whole row, so that samples need an axis} */
  boolean isOfRows() {
    return this == SOFTMAX || this == LOG_SOFTMAX;
  }

  /**
   * {@return the function of a name: {@code "relu"}, {@code "softmax"} and so on; {@code "swish"}
   * is {@link #SILU} and {@code "hard_silu"} {@link #HARD_SWISH}}
   *
   * @param name the constant's name; case does not matter
   * @throws IllegalArgumentException if there is none of this name
   */
  public static ActivationFunction named(String name) {
    String meant =
        switch (name.toLowerCase(Locale.ROOT)) {
          case "swish" -> "silu";
          case "hard_silu" -> "hard_swish";
          default -> name;
        };
    for (ActivationFunction f : values()) {
      if (f.name().equalsIgnoreCase(meant)) {
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
