package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.init.Fans;
import dev.lanewise.nn.init.Initializer;
import java.util.Optional;

/**
 * The settings of layers that multiply by a kernel and add a bias.
 *
 * @param <L> the layer itself, which each setting gives back
 */
abstract class KernelLayer<L extends KernelLayer<L>> extends Layer {
  final ActivationFunction activation;
  private Initializer kernelInitializer = Initializer.glorotUniform();
  private Initializer biasInitializer = Initializer.zeros();
  private Optional<Regularizer> kernelRegularizer = Optional.empty();
  private Optional<Regularizer> biasRegularizer = Optional.empty();
  private Optional<Constraint> kernelConstraint = Optional.empty();
  private Optional<Constraint> biasConstraint = Optional.empty();
  private boolean useBias = true;

  /** The weights; there is no bias if it is not used. */
  Tensor kernel;

  Tensor bias;

  KernelLayer(ActivationFunction activation) {
    this.activation = activation;
  }

  /** {@return this layer} */
  abstract L self();

  @Override
  public L named(String name) {
    super.named(name);
    return self();
  }

  /**
   * Chooses how the kernel starts; {@link Initializer#glorotUniform} if nobody does.
   *
   * @param initializer the initializer
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public L kernelInitializer(Initializer initializer) {
    requireUnbuilt("kernelInitializer");
    kernelInitializer = initializer;
    return self();
  }

  /**
   * Chooses how the kernel starts; {@link Initializer#glorotUniform} if nobody does.
   *
   * @param initializer its name, as {@link Initializer#named} knows it
   * @return this layer
   * @throws IllegalArgumentException if there is no such name
   * @throws IllegalStateException if the layer is built
   */
  public L kernelInitializer(String initializer) {
    return kernelInitializer(Initializer.named(initializer));
  }

  /**
   * Chooses how the bias starts; {@link Initializer#zeros} if nobody does.
   *
   * @param initializer the initializer
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public L biasInitializer(Initializer initializer) {
    requireUnbuilt("biasInitializer");
    biasInitializer = initializer;
    return self();
  }

  /**
   * Chooses how the bias starts; {@link Initializer#zeros} if nobody does.
   *
   * @param initializer its name, as {@link Initializer#named} knows it
   * @return this layer
   * @throws IllegalArgumentException if there is no such name
   * @throws IllegalStateException if the layer is built
   */
  public L biasInitializer(String initializer) {
    return biasInitializer(Initializer.named(initializer));
  }

  /**
   * Chooses whether there is a bias; there is if nobody does.
   *
   * @param used whether there is
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public L useBias(boolean used) {
    requireUnbuilt("useBias");
    useBias = used;
    return self();
  }

  /**
   * Adds a penalty on the kernel to the loss.
   *
   * @param regularizer computes the penalty
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public L kernelRegularizer(Regularizer regularizer) {
    requireUnbuilt("kernelRegularizer");
    kernelRegularizer = Optional.of(regularizer);
    return self();
  }

  /**
   * Adds a penalty on the kernel to the loss.
   *
   * @param regularizer its name, as {@link Regularizer#named} knows it
   * @return this layer
   * @throws IllegalArgumentException if there is no such name
   * @throws IllegalStateException if the layer is built
   */
  public L kernelRegularizer(String regularizer) {
    return kernelRegularizer(Regularizer.named(regularizer));
  }

  /**
   * Adds a penalty on the bias to the loss.
   *
   * @param regularizer computes the penalty
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public L biasRegularizer(Regularizer regularizer) {
    requireUnbuilt("biasRegularizer");
    biasRegularizer = Optional.of(regularizer);
    return self();
  }

  /**
   * Brings the kernel within bounds after each step.
   *
   * @param constraint the bounds
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public L kernelConstraint(Constraint constraint) {
    requireUnbuilt("kernelConstraint");
    kernelConstraint = Optional.of(constraint);
    return self();
  }

  /**
   * Brings the kernel within bounds after each step.
   *
   * @param constraint its name, as {@link Constraint#named} knows it
   * @return this layer
   * @throws IllegalArgumentException if there is no such name
   * @throws IllegalStateException if the layer is built
   */
  public L kernelConstraint(String constraint) {
    return kernelConstraint(Constraint.named(constraint));
  }

  /**
   * Brings the bias within bounds after each step.
   *
   * @param constraint the bounds
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public L biasConstraint(Constraint constraint) {
    requireUnbuilt("biasConstraint");
    biasConstraint = Optional.of(constraint);
    return self();
  }

  /** Makes the weights; {@code units} are the numbers of a bias. */
  final void createKernel(Shape kernelShape, int units, Fans fans) {
    createKernel(kernelShape, fans);
    createBias(Shape.of(units), fans);
  }

  final void createKernel(Shape kernelShape, Fans fans) {
    kernel = addKernel("kernel", kernelShape, fans);
  }

  /** {@return a new weight with the kernel's settings} */
  final Tensor addKernel(String role, Shape shape, Fans fans) {
    return addWeight(
        WeightSpec.of(role, shape, kernelInitializer, fans)
            .regularizer(kernelRegularizer)
            .constraint(kernelConstraint));
  }

  /** Makes the bias, if it is used. */
  final void createBias(Shape biasShape, Fans fans) {
    bias =
        useBias
            ? addWeight(
                WeightSpec.of("bias", biasShape, biasInitializer, fans)
                    .regularizer(biasRegularizer)
                    .constraint(biasConstraint))
            : null;
  }

  /** Takes these settings over from another layer. */
  final void takeSettings(KernelLayer<?> other) {
    useBias = other.useBias;
    kernelInitializer = other.kernelInitializer;
    biasInitializer = other.biasInitializer;
    kernelRegularizer = other.kernelRegularizer;
    biasRegularizer = other.biasRegularizer;
    kernelConstraint = other.kernelConstraint;
    biasConstraint = other.biasConstraint;
  }

  /** {@return a config with these settings added} */
  Config describe(Config config) {
    return config
        .with("activation", activation)
        .with("useBias", useBias)
        .with("kernelInitializer", kernelInitializer)
        .with("biasInitializer", biasInitializer)
        .with("kernelRegularizer", kernelRegularizer)
        .with("biasRegularizer", biasRegularizer)
        .with("kernelConstraint", kernelConstraint)
        .with("biasConstraint", biasConstraint);
  }

  /** Takes these settings over from a config. */
  L configured(Config config) {
    useBias = config.flag("useBias");
    kernelInitializer = Initializer.named(config.text("kernelInitializer"));
    biasInitializer = Initializer.named(config.text("biasInitializer"));
    kernelRegularizer = config.optional("kernelRegularizer", Regularizer::named);
    biasRegularizer = config.optional("biasRegularizer", Regularizer::named);
    kernelConstraint = config.optional("kernelConstraint", Constraint::named);
    biasConstraint = config.optional("biasConstraint", Constraint::named);
    return self();
  }
}
