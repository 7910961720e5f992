package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.init.Fans;

/**
 * Connects every input with every unit: {@code activation(x · kernel + bias)}, {@code [n, …, in]}
 * to {@code [n, …, units]}. The kernel is {@code [in, units]}, the bias {@code [units]}.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var hidden = new Dense(128, "relu").kernelInitializer("he_normal");
 *   var logits = new Dense(10);
 *   IO.println(Sequential.of(hidden, logits).build(784).summary());
 * }
 * }
 */
public final class Dense extends KernelLayer<Dense> {
  private final int units;

  /**
   * Makes a layer without an activation function.
   *
   * @param units the number of outputs, at least 1
   * @throws IllegalArgumentException if {@code units} is not positive
   */
  public Dense(int units) {
    this(units, ActivationFunction.LINEAR);
  }

  /**
   * Makes a layer.
   *
   * @param units the number of outputs, at least 1
   * @param activation the activation function's name, as {@link ActivationFunction#named} knows it
   * @throws IllegalArgumentException if {@code units} is not positive, or there is no such name
   */
  public Dense(int units, String activation) {
    this(units, ActivationFunction.named(activation));
  }

  /**
   * Makes a layer.
   *
   * @param units the number of outputs, at least 1
   * @param activation the activation function
   * @throws IllegalArgumentException if {@code units} is not positive
   */
  public Dense(int units, ActivationFunction activation) {
    super(activation);
    if (units < 1) {
      throw new IllegalArgumentException("Dense: units must be at least 1, not " + units);
    }
    this.units = units;
  }

  /**
   * {@return the shape of one sample of the output: the input's with {@code units} as last extent}
   *
   * @param input the shape of one sample of the input
   * @throws ShapeException if it has no axis, or not as many features as the kernel
   */
  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() == 0) {
      throw new ShapeException(
          describe() + ": input must have features, [n, features], not [n]; reshape it to [n, 1]");
    }
    if (isBuilt() && input.dim(-1) != kernel.shape().dim(0)) {
      throw new ShapeException(
          "%s: input must have %d features in its last axis, not %d (input %s, kernel %s)"
              .formatted(
                  describe(),
                  kernel.shape().dim(0),
                  input.dim(-1),
                  batchOf(input),
                  kernel.shape()));
    }
    int[] dims = input.dims();
    dims[dims.length - 1] = units;
    return Shape.of(dims);
  }

  @Override
  protected void createWeights(Shape input) {
    int in = input.dim(-1);
    createKernel(Shape.of(in, units), units, new Fans(in, units));
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    if (bias == null) {
      return activation.apply(x.matmul(kernel));
    }
    return activation
        .elementwise()
        .map(function -> x.affine(kernel, bias, function))
        .orElseGet(() -> activation.apply(x.affine(kernel, bias)));
  }

  @Override
  Dense self() {
    return this;
  }

  @Override
  public Config config() {
    return describe(Config.of(type()).with("units", units));
  }

  static Dense of(Config config) {
    return new Dense(config.integer("units"), config.text("activation")).configured(config);
  }
}
