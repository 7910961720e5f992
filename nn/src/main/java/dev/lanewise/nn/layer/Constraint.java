package dev.lanewise.nn.layer;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.internal.Checks;
import dev.lanewise.nn.internal.NamedText;
import java.util.Arrays;

/**
 * A bound within which a weight is brought back after each step of training.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var hidden = new Dense(64, "relu").kernelConstraint(Constraint.maxNorm(3, 0));
 *   var positive = new Dense(1).kernelConstraint("non_neg");
 * }
 * }
 *
 * <p>Norms are taken along axes: those whose numbers meet at one unit. Of a {@link Dense} kernel,
 * {@code [in, units]}, that is axis 0; of a {@link Conv2D} kernel, {@code [filters, c, kh, kw]},
 * axes 1, 2 and 3.
 */
@FunctionalInterface
public interface Constraint {

  /**
   * Brings a weight within the bound, in place.
   *
   * @param weight the weight; nothing that is done to it is recorded
   */
  void apply(Tensor weight);

  /** {@return the constraint that makes negative numbers 0} */
  static Constraint nonNegative() {
    return new NonNegative();
  }

  /**
   * {@return the constraint that shortens vectors which are longer than a bound}
   *
   * @param max the greatest norm, above 0
   * @param axes the axes along which norms are taken
   * @throws IllegalArgumentException if the bound is not positive, or there is no axis
   */
  static Constraint maxNorm(double max, int... axes) {
    return minMaxNorm(0, max, axes);
  }

  /**
   * {@return the constraint that makes vectors shorter or longer, so that their norm is within
   * bounds}
   *
   * @param min the least norm, at least 0
   * @param max the greatest norm, above 0 and at least {@code min}
   * @param axes the axes along which norms are taken
   * @throws IllegalArgumentException if a bound is out of range, or there is no axis
   */
  static Constraint minMaxNorm(double min, double max, int... axes) {
    return new NormRange(min, max, axes);
  }

  /**
   * {@return the constraint that makes vectors of length 1}
   *
   * @param axes the axes along which norms are taken
   * @throws IllegalArgumentException if there is no axis
   */
  static Constraint unitNorm(int... axes) {
    return new NormRange(1, 1, axes);
  }

  /**
   * {@return the constraint of a name, with Keras's settings, for kernels of {@code [in, units]},
   * or with settings of its own: {@code "max_norm"} (2), {@code "min_max_norm"} (0 to 1), {@code
   * "unit_norm"}, {@code "non_neg"}, {@code "minMaxNorm(min=0.0, max=3.0, axes=[0])"}, which is
   * what its {@code toString} gives}
   *
   * @param name the name; case and underscores do not matter
   * @throws IllegalArgumentException if there is none of this name, or a setting is missing,
   *     unknown or out of range
   */
  static Constraint named(String name) {
    NamedText text = NamedText.of("constraint", name);
    return switch (text.form()) {
      case "maxnorm" -> maxNorm(2, 0);
      case "minmaxnorm" -> minMaxNorm(0, 1, 0);
      case "unitnorm" -> unitNorm(0);
      case "nonneg", "nonnegative" -> nonNegative();
      case "minmaxnorm(axes,max,min)" ->
          minMaxNorm(text.number("min"), text.number("max"), text.integers("axes"));
      default ->
          throw new IllegalArgumentException(
              "constraint: there is no '"
                  + name
                  + "'; names are max_norm, min_max_norm, non_neg, unit_norm, and with settings"
                  + " minMaxNorm(min=0.0, max=2.0, axes=[0])");
    };
  }

  /** Negative numbers become 0. */
  record NonNegative() implements Constraint {
    @Override
    public void apply(Tensor weight) {
      weight.assign(weight.relu());
    }

    /** {@return what {@link Constraint#named} makes it of again} */
    @Override
    public String toString() {
      return "nonNegative";
    }
  }

  /**
   * Norms stay within bounds.
   *
   * @param min the least norm
   * @param max the greatest norm
   * @param axes the axes along which norms are taken
   */
  record NormRange(double min, double max, int... axes) implements Constraint {
    /** Keeps a vector of zeros from being divided by 0; Keras's. */
    private static final double EPSILON = 1e-7;

    /**
     * Makes the constraint.
     *
     * @throws IllegalArgumentException if a bound is out of range, or there is no axis
     */
    public NormRange {
      Checks.notNegative("constraint: min", min);
      Checks.positive("constraint: max", max);
      if (min > max) {
        throw new IllegalArgumentException(
            "constraint: min must not be above max, but " + min + " is above " + max);
      }
      if (axes.length == 0) {
        throw new IllegalArgumentException(
            "constraint: there must be an axis along which norms are taken, for example 0");
      }
      axes = axes.clone();
    }

    @Override
    public void apply(Tensor weight) {
      Tensor norms = weight.square().sum(true, axes).sqrt();
      weight.assign(weight.mul(norms.clamp(min, max).div(norms.add(EPSILON))));
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof NormRange that
          && min == that.min
          && max == that.max
          && Arrays.equals(axes, that.axes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(axes) * 31 * 31 + Double.hashCode(min) * 31 + Double.hashCode(max);
    }

    /** {@return what {@link Constraint#named} makes it of again} */
    @Override
    public String toString() {
      return "minMaxNorm(min=" + min + ", max=" + max + ", axes=" + Arrays.toString(axes) + ")";
    }
  }
}
