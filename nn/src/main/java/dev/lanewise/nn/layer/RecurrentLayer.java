package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.RecurrentLayers;
import dev.lanewise.autodiff.RecurrentOps;
import dev.lanewise.autodiff.RecurrentWeights;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.init.Fans;
import dev.lanewise.nn.init.Initializer;
import java.util.Optional;

/**
 * Reads sequences, {@code [n, steps, features]}, one step after the other, from a state of zeros
 * on. It gives the last state, {@code [n, units]}, or all of them, {@code [n, steps, units]}, which
 * another such layer can read.
 *
 * <p>Weights are laid out as Keras's: {@code kernel [features, gates · units]}, {@code
 * recurrent_kernel [units, gates · units]} and a bias. All steps are one operation to the tape, and
 * the products with the kernel are one.
 *
 * @param <L> the layer itself, which each setting gives back
 */
public abstract sealed class RecurrentLayer<L extends RecurrentLayer<L>> extends KernelLayer<L>
    permits GRU, LSTM, SimpleRNN {
  final int units;
  private final int gates;
  private boolean returnSequences;
  private boolean goBackwards;
  private Initializer recurrentInitializer = Initializer.orthogonal(1);
  private Optional<Regularizer> recurrentRegularizer = Optional.empty();
  private Optional<Constraint> recurrentConstraint = Optional.empty();

  /** {@code [units, gates · units]}. */
  Tensor recurrentKernel;

  RecurrentLayer(int units, int gates, ActivationFunction activation) {
    super(activation);
    if (units < 1) {
      throw new IllegalArgumentException(type() + ": units must be at least 1, not " + units);
    }
    this.units = units;
    this.gates = gates;
  }

  /**
   * Chooses whether the states of all steps are given; only the last one is if nobody does.
   *
   * @param all whether all are
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public L returnSequences(boolean all) {
    requireUnbuilt("returnSequences");
    returnSequences = all;
    return self();
  }

  /**
   * Chooses whether the steps are read from the last to the first. States come in the order in
   * which they were read then, as in Keras: that of the last step first.
   *
   * @param backwards whether they are
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public L goBackwards(boolean backwards) {
    requireUnbuilt("goBackwards");
    goBackwards = backwards;
    return self();
  }

  /**
   * Chooses how the recurrent kernel starts; {@link Initializer#orthogonal} if nobody does.
   *
   * @param initializer the initializer
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public L recurrentInitializer(Initializer initializer) {
    requireUnbuilt("recurrentInitializer");
    recurrentInitializer = initializer;
    return self();
  }

  /**
   * Chooses how the recurrent kernel starts.
   *
   * @param initializer its name, as {@link Initializer#named} knows it
   * @return this layer
   * @throws IllegalArgumentException if there is no such name
   * @throws IllegalStateException if the layer is built
   */
  public L recurrentInitializer(String initializer) {
    return recurrentInitializer(Initializer.named(initializer));
  }

  /**
   * Adds a penalty on the recurrent kernel to the loss.
   *
   * @param regularizer computes the penalty
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public L recurrentRegularizer(Regularizer regularizer) {
    requireUnbuilt("recurrentRegularizer");
    recurrentRegularizer = Optional.of(regularizer);
    return self();
  }

  /**
   * Brings the recurrent kernel within bounds after each step of training.
   *
   * @param constraint the bounds
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public L recurrentConstraint(Constraint constraint) {
    requireUnbuilt("recurrentConstraint");
    recurrentConstraint = Optional.of(constraint);
    return self();
  }

  /**
   * {@return the shape of one sample of the output: {@code [units]}, or {@code [steps, units]}}
   *
   * @param input the shape of one sample of the input
   * @throws ShapeException if it is not {@code [steps, features]} with at least one step, or does
   *     not have as many features as the kernel
   */
  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() != 2 || input.dim(0) == 0) {
      throw new ShapeException(
          "%s: input must be sequences, [n, steps, features], of at least one step, not %s"
              .formatted(describe(), batchOf(input)));
    }
    if (isBuilt() && input.dim(1) != kernel.shape().dim(0)) {
      throw new ShapeException(
          "%s: input must have %d features in its last axis, not %d (input %s, kernel %s)"
              .formatted(
                  describe(), kernel.shape().dim(0), input.dim(1), batchOf(input), kernel.shape()));
    }
    return returnSequences ? Shape.of(input.dim(0), units) : Shape.of(units);
  }

  @Override
  protected void createWeights(Shape input) {
    int all = Math.multiplyExact(gates, units);
    Fans fans = new Fans(input.dim(1), all);
    createKernel(Shape.of(input.dim(1), all), fans);
    recurrentKernel =
        addWeight(
            WeightSpec.of(
                    "recurrent_kernel",
                    Shape.of(units, all),
                    recurrentInitializer,
                    new Fans(units, all))
                .regularizer(recurrentRegularizer)
                .constraint(recurrentConstraint));
    createBias(biasShape(all), fans);
  }

  /** {@return the shape of the bias} */
  Shape biasShape(int all) {
    return Shape.of(all);
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    RecurrentLayers one = RecurrentLayers.of(recurrence()).batchFirst();
    RecurrentOps.Sequence states = run(goBackwards ? x.flip(1) : x, one);
    return returnSequences ? states.outputs() : states.hidden().squeeze(0);
  }

  /** {@return the weights as the operation takes them} */
  RecurrentWeights recurrence() {
    return new RecurrentWeights(kernel.transpose(), recurrentKernel.transpose(), bias, null);
  }

  /** {@return what the operation gives} */
  abstract RecurrentOps.Sequence run(Tensor x, RecurrentLayers one);

  /** {@return a layer of the same units without these settings} */
  abstract L again();

  final boolean returnsSequences() {
    return returnSequences;
  }

  final boolean goesBackwards() {
    return goBackwards;
  }

  /** {@return a layer of the same settings that reads in the other direction} */
  final L reversed() {
    L other = again();
    other.takeSettings(this);
    RecurrentLayer<?> settings = other;
    settings.returnSequences = returnSequences;
    settings.goBackwards = !goBackwards;
    settings.recurrentInitializer = recurrentInitializer;
    settings.recurrentRegularizer = recurrentRegularizer;
    settings.recurrentConstraint = recurrentConstraint;
    activityRegularizer().ifPresent(other::activityRegularizer);
    other.trainable(isTrainable());
    return other;
  }

  /** {@return the config of all these settings} */
  @Override
  public Config config() {
    return describe(Config.of(type()).with("units", units))
        .with("recurrentInitializer", recurrentInitializer)
        .with("recurrentRegularizer", recurrentRegularizer)
        .with("recurrentConstraint", recurrentConstraint)
        .with("returnSequences", returnSequences)
        .with("goBackwards", goBackwards);
  }

  /** Takes all these settings over from a config. */
  final L recurrent(Config config) {
    returnSequences = config.flag("returnSequences");
    goBackwards = config.flag("goBackwards");
    recurrentInitializer = Initializer.named(config.text("recurrentInitializer"));
    recurrentRegularizer = config.optional("recurrentRegularizer", Regularizer::named);
    recurrentConstraint = config.optional("recurrentConstraint", Constraint::named);
    return configured(config);
  }
}
