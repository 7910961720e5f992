package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.init.Fans;
import dev.lanewise.nn.init.Initializer;
import dev.lanewise.nn.internal.Checks;
import java.util.Optional;

/**
 * The settings of layers that normalize, and multiply by learned factors then.
 *
 * @param <L> the layer itself, which each setting gives back
 */
abstract class NormLayer<L extends NormLayer<L>> extends Layer {
  private double epsilon;
  private boolean scale = true;
  private Optional<Initializer> gammaInitializer = Optional.empty();
  private Optional<Regularizer> gammaRegularizer = Optional.empty();
  private Optional<Constraint> gammaConstraint = Optional.empty();

  /** What is normal is multiplied by; {@code null} if there is none. */
  Tensor gamma;

  NormLayer(double epsilon) {
    this.epsilon = epsilon;
  }

  /** {@return this layer} */
  abstract L self();

  /**
   * Chooses what is added to the variance, so that nothing is divided by 0.
   *
   * @param epsilon a small number, at least 0
   * @return this layer
   * @throws IllegalArgumentException if it is negative or not finite
   * @throws IllegalStateException if the layer is built
   */
  public L epsilon(double epsilon) {
    requireUnbuilt("epsilon");
    this.epsilon = Checks.notNegative(type() + ": epsilon", epsilon);
    return self();
  }

  final double epsilon() {
    return epsilon;
  }

  /**
   * Chooses whether there is gamma, by which what is normal is multiplied; there is if nobody does.
   *
   * @param scale whether there is
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public L scale(boolean scale) {
    requireUnbuilt("scale");
    this.scale = scale;
    return self();
  }

  /**
   * Chooses how gamma starts; with 1 if nobody does.
   *
   * @param initializer the initializer
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public L gammaInitializer(Initializer initializer) {
    requireUnbuilt("gammaInitializer");
    gammaInitializer = Optional.of(initializer);
    return self();
  }

  /**
   * Adds a penalty on gamma to the loss.
   *
   * @param regularizer computes the penalty
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public L gammaRegularizer(Regularizer regularizer) {
    requireUnbuilt("gammaRegularizer");
    gammaRegularizer = Optional.of(regularizer);
    return self();
  }

  /**
   * Brings gamma within bounds after each step.
   *
   * @param constraint the bounds
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public L gammaConstraint(Constraint constraint) {
    requireUnbuilt("gammaConstraint");
    gammaConstraint = Optional.of(constraint);
    return self();
  }

  /** Makes gamma, if there is one. */
  final void createGamma(Shape shape) {
    Initializer initializer = gammaInitializer.orElse(Initializer.constant(1));
    gamma =
        scale
            ? addWeight(
                WeightSpec.of("gamma", shape, initializer, new Fans(1, 1))
                    .regularizer(gammaRegularizer)
                    .constraint(gammaConstraint))
            : null;
  }

  /** {@return a config with these settings added} */
  Config describe(Config config) {
    return config
        .with("epsilon", epsilon)
        .with("scale", scale)
        .with("gammaInitializer", gammaInitializer)
        .with("gammaRegularizer", gammaRegularizer)
        .with("gammaConstraint", gammaConstraint);
  }

  /** Takes these settings over from a config. */
  L configured(Config config) {
    gammaInitializer = config.optional("gammaInitializer", Initializer::named);
    gammaRegularizer = config.optional("gammaRegularizer", Regularizer::named);
    gammaConstraint = config.optional("gammaConstraint", Constraint::named);
    return epsilon(config.number("epsilon")).scale(config.flag("scale"));
  }
}
