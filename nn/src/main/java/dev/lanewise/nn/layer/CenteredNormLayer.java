package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.init.Fans;
import dev.lanewise.nn.init.Initializer;
import java.util.Optional;

/**
 * The settings of layers that normalize, and multiply and add learned numbers then.
 *
 * @param <L> the layer itself, which each setting gives back
 */
abstract class CenteredNormLayer<L extends CenteredNormLayer<L>> extends NormLayer<L> {
  private boolean center = true;
  private Optional<Initializer> betaInitializer = Optional.empty();
  private Optional<Regularizer> betaRegularizer = Optional.empty();
  private Optional<Constraint> betaConstraint = Optional.empty();

  /** What is added at last; {@code null} if there is none. */
  Tensor beta;

  CenteredNormLayer(double epsilon) {
    super(epsilon);
  }

  /**
   * Chooses whether there is beta, which is added at last; there is if nobody does.
   *
   * @param center whether there is
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public L center(boolean center) {
    requireUnbuilt("center");
    this.center = center;
    return self();
  }

  /**
   * Chooses how beta starts; with 0 if nobody does.
   *
   * @param initializer the initializer
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public L betaInitializer(Initializer initializer) {
    requireUnbuilt("betaInitializer");
    betaInitializer = Optional.of(initializer);
    return self();
  }

  /**
   * Adds a penalty on beta to the loss.
   *
   * @param regularizer computes the penalty
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public L betaRegularizer(Regularizer regularizer) {
    requireUnbuilt("betaRegularizer");
    betaRegularizer = Optional.of(regularizer);
    return self();
  }

  /**
   * Brings beta within bounds after each step.
   *
   * @param constraint the bounds
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public L betaConstraint(Constraint constraint) {
    requireUnbuilt("betaConstraint");
    betaConstraint = Optional.of(constraint);
    return self();
  }

  /** Makes beta, if there is one. */
  final void createBeta(Shape shape) {
    Initializer initializer = betaInitializer.orElse(Initializer.constant(0));
    beta =
        center
            ? addWeight(
                WeightSpec.of("beta", shape, initializer, new Fans(1, 1))
                    .regularizer(betaRegularizer)
                    .constraint(betaConstraint))
            : null;
  }

  @Override
  final Config describe(Config config) {
    return super.describe(config)
        .with("center", center)
        .with("betaInitializer", betaInitializer)
        .with("betaRegularizer", betaRegularizer)
        .with("betaConstraint", betaConstraint);
  }

  @Override
  final L configured(Config config) {
    betaInitializer = config.optional("betaInitializer", Initializer::named);
    betaRegularizer = config.optional("betaRegularizer", Regularizer::named);
    betaConstraint = config.optional("betaConstraint", Constraint::named);
    return super.configured(config).center(config.flag("center"));
  }
}
