package dev.lanewise.nn.init;

import dev.lanewise.array.NdArray;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.Expr;
import java.util.Locale;

/**
 * Fills a new weight. The same generator state gives the same numbers, with any number of threads.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var hidden = new Dense(64, "relu").kernelInitializer(Initializer.heNormal());
 *   var output = new Dense(10).kernelInitializer("glorot_uniform"); // what it is anyway
 * }
 * }
 */
@FunctionalInterface
public interface Initializer {

  /**
   * Writes the first values of a weight.
   *
   * @param weight receives them
   * @param fans how many numbers meet at a unit
   * @param generator where random numbers come from
   */
  void fill(NdArray weight, Fans fans, Generator generator);

  /** {@return all 0} */
  static Initializer zeros() {
    return constant(0);
  }

  /**
   * {@return all one number}
   *
   * @param value the number
   */
  static Initializer constant(double value) {
    Expr p = Expr.param(0);
    double[] params = {value};
    return (weight, _, _) -> Backends.of(weight).elementwise(p, weight, params);
  }

  /**
   * {@return normally distributed numbers with mean 0}
   *
   * @param std their standard deviation
   */
  static Initializer normal(double std) {
    return (weight, _, generator) -> random(weight, Distribution.NORMAL, std, 0, generator);
  }

  /**
   * {@return numbers spread evenly over [-limit, limit)}
   *
   * @param limit the bound
   */
  static Initializer uniform(double limit) {
    return (weight, _, generator) ->
        random(weight, Distribution.UNIFORM, 2 * limit, -limit, generator);
  }

  /**
   * {@return numbers spread evenly with variance {@code 2 / (in + out)}: {@link #uniform} with
   * limit √(6 / (in + out))} From X. Glorot and Y. Bengio, "Understanding the difficulty of
   * training deep feedforward neural networks", AISTATS 2010, section 4.2.1.
   */
  static Initializer glorotUniform() {
    return (weight, fans, generator) ->
        uniform(Math.sqrt(6.0 / (fans.in() + fans.out()))).fill(weight, fans, generator);
  }

  /**
   * {@return numbers spread evenly with variance {@code 2 / in}: {@link #uniform} with limit √(6 /
   * in)} Made for ReLU; from K. He et al., "Delving deep into rectifiers", ICCV 2015, section 2.2.
   */
  static Initializer heUniform() {
    return (weight, fans, generator) ->
        uniform(Math.sqrt(6.0 / fans.in())).fill(weight, fans, generator);
  }

  /**
   * {@return normally distributed numbers with variance {@code 2 / in}} Made for ReLU; from K. He
   * et al., "Delving deep into rectifiers", ICCV 2015, section 2.2. The tails are not cut off.
   */
  static Initializer heNormal() {
    return (weight, fans, generator) ->
        normal(Math.sqrt(2.0 / fans.in())).fill(weight, fans, generator);
  }

  /**
   * {@return the initializer of a name: {@code "glorot_uniform"}, {@code "he_normal"}, {@code
   * "he_uniform"} or {@code "zeros"}} Case and underscores do not matter.
   *
   * @param name the name
   * @throws IllegalArgumentException if there is none of this name
   */
  static Initializer named(String name) {
    return switch (name.replace("_", "").toLowerCase(Locale.ROOT)) {
      case "glorotuniform" -> glorotUniform();
      case "henormal" -> heNormal();
      case "heuniform" -> heUniform();
      case "zeros" -> zeros();
      default ->
          throw new IllegalArgumentException(
              "initializer: there is no '"
                  + name
                  + "'; names are glorot_uniform, he_normal, he_uniform, zeros");
    };
  }

  private static void random(
      NdArray out, Distribution distribution, double factor, double shift, Generator generator) {
    Backend backend = Backends.of(out);
    backend.random(distribution, generator.seed(), generator.nextStream(), out);
    Expr scaled = Expr.arg(0).mul(Expr.param(0)).add(Expr.param(1));
    backend.elementwise(scaled, out, new double[] {factor, shift}, out);
  }
}
