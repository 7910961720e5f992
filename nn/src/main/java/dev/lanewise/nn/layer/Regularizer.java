package dev.lanewise.nn.layer;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.UnaryOp;
import dev.lanewise.nn.internal.Checks;
import dev.lanewise.nn.internal.NamedText;

/**
 * A penalty that is added to the loss, to keep weights or outputs small.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var hidden = new Dense(64, "relu").kernelRegularizer(Regularizer.l2(1e-3));
 *   var sparse = new Dense(64, "relu").kernelRegularizer("l1"); // Keras's factor, 0.01
 * }
 * }
 */
@FunctionalInterface
public interface Regularizer {

  /**
   * {@return the penalty, a scalar with a gradient}
   *
   * @param x the weight, or the output of a layer
   */
  Tensor penalty(Tensor x);

  /**
   * {@return {@code factor · Σ |x|}, which makes many numbers 0}
   *
   * @param factor how much it counts, at least 0
   * @throws IllegalArgumentException if it is negative or not finite
   */
  static Regularizer l1(double factor) {
    return l1l2(factor, 0);
  }

  /**
   * {@return {@code factor · Σ x²}, which makes large numbers smaller}
   *
   * @param factor how much it counts, at least 0
   * @throws IllegalArgumentException if it is negative or not finite
   */
  static Regularizer l2(double factor) {
    return l1l2(0, factor);
  }

  /**
   * {@return {@code l1 · Σ |x| + l2 · Σ x²}}
   *
   * @param l1 how much the absolute values count, at least 0
   * @param l2 how much the squares count, at least 0
   * @throws IllegalArgumentException if one is negative or not finite
   */
  static Regularizer l1l2(double l1, double l2) {
    return new Norms(l1, l2);
  }

  /**
   * {@return the regularizer of a name, with Keras's factor of 0.01 or with settings of its own:
   * {@code "l1"}, {@code "l2"}, {@code "l1_l2"}, {@code "l1l2(l1=0.001, l2=0.0)"}, which is what
   * its {@code toString} gives}
   *
   * @param name the name; case and underscores do not matter
   * @throws IllegalArgumentException if there is none of this name, or a setting is missing,
   *     unknown or out of range
   */
  static Regularizer named(String name) {
    NamedText text = NamedText.of("regularizer", name);
    return switch (text.form()) {
      case "l1" -> l1(0.01);
      case "l2" -> l2(0.01);
      case "l1l2" -> l1l2(0.01, 0.01);
      case "l1l2(l1,l2)" -> l1l2(text.number("l1"), text.number("l2"));
      default ->
          throw new IllegalArgumentException(
              "regularizer: there is no '"
                  + name
                  + "'; names are l1, l2, l1_l2, and with settings l1l2(l1=0.01, l2=0.0)");
    };
  }

  /**
   * Sums of absolute values and of squares.
   *
   * @param l1 how much the absolute values count
   * @param l2 how much the squares count
   */
  record Norms(double l1, double l2) implements Regularizer {
    private static final Expr X = Expr.arg(0);
    private static final Expr ABSOLUTE = Expr.unary(UnaryOp.ABS, X).mul(Expr.param(0));
    private static final Expr SQUARE = X.mul(X).mul(Expr.param(0));
    private static final Expr BOTH =
        Expr.unary(UnaryOp.ABS, X).mul(Expr.param(0)).add(X.mul(X).mul(Expr.param(1)));

    /**
     * Makes the penalty.
     *
     * @throws IllegalArgumentException if a factor is negative or not finite
     */
    public Norms {
      Checks.notNegative("regularizer: l1", l1);
      Checks.notNegative("regularizer: l2", l2);
    }

    /** {@return what {@link Regularizer#named} makes it of again} */
    @Override
    public String toString() {
      return "l1l2(l1=" + l1 + ", l2=" + l2 + ")";
    }

    @Override
    public Tensor penalty(Tensor x) {
      if (l2 == 0) {
        return sum(ABSOLUTE, x, l1);
      }
      return l1 == 0 ? sum(SQUARE, x, l2) : sum(BOTH, x, l1, l2);
    }

    private static Tensor sum(Expr term, Tensor x, double... factors) {
      return Tensor.mapSum(term, factors, new int[0], false, x);
    }
  }
}
