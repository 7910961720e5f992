package dev.lanewise.nn.init;

import dev.lanewise.array.NdArray;
import dev.lanewise.autodiff.Generator;

/**
 * Fills a new weight. The same generator state gives the same numbers, with any number of threads.
 * The initializers made here are equal if their settings are, and {@code toString()} gives a text
 * that {@link #named} reads, such as {@code heNormal} or {@code constant(value=0.5)}.
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

  /** {@return all 1} */
  static Initializer ones() {
    return constant(1);
  }

  /**
   * {@return all one number}
   *
   * @param value the number
   */
  static Initializer constant(double value) {
    return new BuiltIn.Constant(value);
  }

  /**
   * {@return normally distributed numbers with mean 0}
   *
   * @param std their standard deviation, at least 0
   * @throws IllegalArgumentException if it is negative or not finite
   */
  static Initializer normal(double std) {
    return normal(0, std);
  }

  /**
   * {@return normally distributed numbers}
   *
   * @param mean their mean
   * @param std their standard deviation, at least 0
   * @throws IllegalArgumentException if one is not finite, or {@code std} negative
   */
  static Initializer normal(double mean, double std) {
    return new BuiltIn.Normal(mean, std);
  }

  /**
   * {@return normally distributed numbers from two standard deviations below to two above their
   * mean, as if others were drawn again}
   *
   * @param mean their mean
   * @param std the standard deviation before the tails are cut off, at least 0; after it, it is
   *     0.8796 of this
   * @throws IllegalArgumentException if one is not finite, or {@code std} negative
   */
  static Initializer truncatedNormal(double mean, double std) {
    return new BuiltIn.TruncatedNormal(mean, std);
  }

  /**
   * {@return numbers spread evenly over [-limit, limit)}
   *
   * @param limit the bound, at least 0
   * @throws IllegalArgumentException if it is negative or not finite
   */
  static Initializer uniform(double limit) {
    return uniform(-limit, limit);
  }

  /**
   * {@return numbers spread evenly over [low, high)}
   *
   * @param low the lower bound
   * @param high the upper bound
   * @throws IllegalArgumentException if one is not finite, or {@code low} is above {@code high}
   */
  static Initializer uniform(double low, double high) {
    return new BuiltIn.Uniform(low, high);
  }

  /**
   * {@return numbers around 0 with variance {@code scale / fan}} All initializers below it but
   * {@link #orthogonal} and {@link #identity} are this one with other settings.
   *
   * @param scale the factor of the variance, above 0
   * @param mode what the fan is
   * @param spread how the numbers are spread; the variance is that without the tails where they are
   *     cut off
   * @throws IllegalArgumentException if {@code scale} is not above 0 and finite
   */
  static Initializer varianceScaling(double scale, FanMode mode, Spread spread) {
    return new BuiltIn.VarianceScaling(scale, mode, spread);
  }

  /**
   * {@return numbers spread evenly with variance {@code 2 / (in + out)}: {@link #uniform} with
   * limit √(6 / (in + out))} From X. Glorot and Y. Bengio, "Understanding the difficulty of
   * training deep feedforward neural networks", AISTATS 2010, section 4.2.1.
   */
  static Initializer glorotUniform() {
    return InitializerNames.scaling("glorot_uniform");
  }

  /**
   * {@return normally distributed numbers with variance {@code 2 / (in + out)}} The tails are cut
   * off at two standard deviations, as in Keras. From the paper of {@link #glorotUniform}.
   */
  static Initializer glorotNormal() {
    return InitializerNames.scaling("glorot_normal");
  }

  /**
   * {@return numbers spread evenly with variance {@code 2 / in}: {@link #uniform} with limit √(6 /
   * in)} Made for ReLU; from K. He et al., "Delving deep into rectifiers", ICCV 2015, section 2.2.
   */
  static Initializer heUniform() {
    return InitializerNames.scaling("he_uniform");
  }

  /**
   * {@return normally distributed numbers with variance {@code 2 / in}} Made for ReLU; from K. He
   * et al., "Delving deep into rectifiers", ICCV 2015, section 2.2. The tails are cut off at two
   * standard deviations, as in Keras; PyTorch's keep them, which is {@code varianceScaling(2,
   * FanMode.IN, Spread.NORMAL)}.
   */
  static Initializer heNormal() {
    return InitializerNames.scaling("he_normal");
  }

  /**
   * {@return numbers spread evenly with variance {@code 1 / in}: {@link #uniform} with limit √(3 /
   * in)} From Y. LeCun et al., "Efficient BackProp", 1998, section 4.6.
   */
  static Initializer lecunUniform() {
    return InitializerNames.scaling("lecun_uniform");
  }

  /**
   * {@return normally distributed numbers with variance {@code 1 / in}} The tails are cut off at
   * two standard deviations, as in Keras. Made for SELU; from the paper of {@link #lecunUniform}.
   */
  static Initializer lecunNormal() {
    return InitializerNames.scaling("lecun_normal");
  }

  /**
   * {@return numbers spread evenly, made for a leaky ReLU: {@link #uniform} with limit √(6 / ((1 +
   * a²) · in))} With a = √5 the limit is 1/√in, by which PyTorch's layers start kernels.
   *
   * @param a the slope of the leaky ReLU below 0
   * @throws IllegalArgumentException if it is not finite
   */
  static Initializer kaimingUniform(double a) {
    return varianceScaling(2 / (1 + a * a), FanMode.IN, Spread.UNIFORM);
  }

  /**
   * {@return rows of one length at right angles to each other, or columns if there are fewer of
   * those} Rows are along the first axis, columns along all others. Every such matrix is equally
   * likely. For recurrent layers, whose products then neither grow nor shrink; from A. Saxe et al.,
   * "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks", 2013.
   * It refuses a weight of fewer than two axes with a {@link dev.lanewise.array.ShapeException},
   * and takes about a second for 1000 rows of 1000.
   *
   * @param gain the length
   * @throws IllegalArgumentException if it is not finite
   */
  static Initializer orthogonal(double gain) {
    return new BuiltIn.Orthogonal(gain);
  }

  /**
   * {@return 1 along the diagonal, and 0 elsewhere} It refuses a weight that has not two axes with
   * a {@link dev.lanewise.array.ShapeException}.
   */
  static Initializer identity() {
    return new BuiltIn.Identity(1);
  }

  /**
   * {@return the initializer of a name that Keras has, with the settings that it means there, or of
   * the text that {@code toString()} of an initializer of this interface gives} Case and
   * underscores of names do not matter.
   *
   * {@snippet :
   * Initializer.named("he_normal");
   * Initializer.named("constant(value=0.5)"); // Initializer.constant(0.5).toString()
   * }
   *
   * @param name {@code glorot_uniform}, {@code glorot_normal}, {@code he_uniform}, {@code
   *     he_normal}, {@code lecun_uniform}, {@code lecun_normal}, {@code variance_scaling}, {@code
   *     random_normal} (with standard deviation 0.05), {@code random_uniform} (from −0.05 to 0.05),
   *     {@code truncated_normal} (with standard deviation 0.05), {@code orthogonal}, {@code
   *     identity}, {@code zeros}, {@code ones}; or a text with settings
   * @throws IllegalArgumentException if there is none of this name, or settings are wrong
   */
  static Initializer named(String name) {
    return InitializerNames.initializer(name);
  }
}
