package dev.lanewise.nn.optim;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.graph.HostStep;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.internal.Checks;
import dev.lanewise.nn.layer.Weight;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Changes weights by their gradients. Models call it; a training loop of one's own does so too:
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   Tensor w = Tensor.of(new float[] {3, 4}).requiresGrad(true);
 *   Optimizer sgd = new SGD(0.1).over(w);
 *   for (int step = 0; step < 100; step++) {
 *     try (Scope scope = Scope.open("step")) {
 *       sgd.apply(Gradients.of(w.square().sum(), w));
 *     }
 *   }
 *   IO.println(w); // near 0
 * }
 * }
 *
 * <p>Or in the words of PyTorch, with the gradients that {@code backward} leaves in the weights:
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   Tensor x = Tensor.of(new float[] {0, 1, 2, 3}, 4, 1);
 *   Tensor y = x.mul(2).add(1);
 *   Tensor w = Tensor.zeros(1, 1).requiresGrad(true);
 *   Tensor b = Tensor.zeros(1).requiresGrad(true);
 *   Optimizer sgd = new SGD(0.1).over(w, b);
 *   for (int step = 0; step < 200; step++) {
 *     try (Scope scope = Scope.open("step")) {
 *       sgd.zeroGrad();
 *       x.matmul(w).add(b).sub(y).square().mean().backward();
 *       sgd.step();
 *     }
 *   }
 *   IO.println(w + " " + b); // near 2 and 1
 * }
 * }
 *
 * <p>A subclass says what is computed for each element, an {@link Update}, and the scalars of each
 * step. One kernel call a weight does it all; a step neither takes memory nor waits for a number.
 */
public abstract class Optimizer {
  private static final Map<String, Supplier<Optimizer>> NAMED =
      new TreeMap<>(
          Map.of(
              "adadelta", Adadelta::new,
              "adagrad", Adagrad::new,
              "adam", Adam::new,
              "adamax", Adamax::new,
              "adamw", AdamW::new,
              "lion", Lion::new,
              "nadam", Nadam::new,
              "radam", RAdam::new,
              "rmsprop", RMSprop::new,
              "sgd", SGD::new));

  private final Settings settings = new Settings();
  private Schedule learningRate;
  private long iterations;
  private Slot[] slots;
  private FusedUpdate[] updates;
  private double[][] scalars;
  private GlobalNorm norm;
  private boolean swapped;

  /**
   * Makes an optimizer with one learning rate.
   *
   * @param learningRate how large steps are
   * @throws IllegalArgumentException if the rate is negative or not finite
   */
  protected Optimizer(double learningRate) {
    this(constant(learningRate));
  }

  /**
   * Makes an optimizer with a learning rate that depends on the step.
   *
   * @param learningRate how large steps are
   */
  protected Optimizer(Schedule learningRate) {
    this(learningRate, Convention.KERAS);
  }

  Optimizer(Schedule learningRate, Convention convention) {
    this.learningRate = Objects.requireNonNull(learningRate, "learningRate");
    settings.decoupledWeightDecay = convention == Convention.KERAS;
  }

  /** {@return what a step computes for each element} Asked once, when the optimizer is built. */
  protected abstract Update update();

  /**
   * Computes the scalars of a step. They depend on the step alone: nothing is remembered from one
   * step to the next, so that a loaded state goes on as if nothing had been between.
   *
   * @param learningRate how large this step is
   * @param iteration which step this is, from 1
   * @param scalars receives them, by the number of {@link dev.lanewise.kernel.Expr#param}
   */
  protected abstract void scalars(double learningRate, long iteration, double[] scalars);

  /** {@return how large the next step is} */
  public final double learningRate() {
    return rateOf(iterations);
  }

  /** {@return how large steps are} */
  public final Schedule schedule() {
    return learningRate;
  }

  /**
   * Changes how large steps are, from the next on.
   *
   * @param learningRate not negative
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public final void learningRate(double learningRate) {
    this.learningRate = constant(learningRate);
  }

  /**
   * Changes how large steps are, from the next on.
   *
   * @param learningRate is asked for the rate of each step, by the number of {@link #iterations}
   *     before it
   */
  public final void learningRate(Schedule learningRate) {
    this.learningRate = Objects.requireNonNull(learningRate, "learningRate");
  }

  /** {@return always the same rate} */
  static Schedule constant(double learningRate) {
    return Schedule.constant(Checks.notNegative("learningRate:", learningRate));
  }

  private double rateOf(long step) {
    double rate = learningRate.at(step);
    if (!(rate >= 0 && rate < Double.POSITIVE_INFINITY)) {
      throw new IllegalStateException(
          "%s: the schedule's rate at step %d must be a number of at least 0, not %s"
              .formatted(name(), step, rate));
    }
    return rate;
  }

  /** {@return how many steps were taken} */
  public final long iterations() {
    return iterations;
  }

  /** {@return the settings, to be changed} */
  final Settings settings(String setting) {
    if (slots != null) {
      throw new IllegalStateException(
          "%s: %s comes too late, as the optimizer is built; choose settings before build or fit"
              .formatted(name(), setting));
    }
    return settings;
  }

  final String name() {
    return getClass().getSimpleName();
  }

  /**
   * Makes the state of weights. A second call with the same weights changes nothing.
   *
   * @param weights what {@link #apply} will change; call this outside the scope of a step, so that
   *     the state lives on
   * @throws IllegalStateException if this optimizer has the state of other weights
   * @throws IllegalArgumentException if a group has no weights, or the norm of gradients is clipped
   *     and weights live on several backends
   * @throws dev.lanewise.array.DTypeException if the norm of gradients is clipped and weights are
   *     of several types
   */
  public final void build(List<Weight> weights) {
    if (slots != null) {
      List<Weight> known = Arrays.stream(slots).map(Slot::weight).toList();
      if (!known.equals(weights)) {
        throw new IllegalStateException(
            name()
                + (known.stream().anyMatch(weights::contains)
                    ? ": keeps the state of other weights than are trained now, as after"
                        + " trainable(...); compile again with a new optimizer"
                    : ": keeps the state of another model's weights; make one optimizer for each"
                        + " model"));
      }
      return;
    }
    Builder builder = new Builder(this, settings, update(), weights);
    norm = builder.norm();
    slots = builder.slots();
    updates = builder.updates();
    scalars = Arrays.stream(updates).map(FusedUpdate::scalars).toArray(double[][]::new);
  }

  /**
   * Makes the state of weights, as {@link #build} does: {@code new Adam().over(model.weights())}.
   *
   * @param weights those of a model or a layer; {@link #step} changes the trainable ones
   * @return this optimizer
   * @throws IllegalStateException if this optimizer has the state of other weights
   * @throws IllegalArgumentException as from {@link #build}, or if no weight is trainable
   * @throws dev.lanewise.array.DTypeException as from {@link #build}
   */
  public final Optimizer over(List<Weight> weights) {
    List<Weight> trainable = weights.stream().filter(Weight::isTrainable).toList();
    if (trainable.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: over: none of %d weights is trainable; a model has weights once it is built"
              .formatted(name(), weights.size()));
    }
    build(trainable);
    return this;
  }

  /**
   * Makes the state of tensors, as {@link #build} does: {@code new SGD(0.1).over(w, b)}. State and
   * groups know them as {@code w0}, {@code w1} and so on.
   *
   * @param weights what {@link #step} will change, at least one, each a leaf that requires a
   *     gradient; call this outside the scope of a step, so that the state lives on
   * @return this optimizer
   * @throws IllegalStateException if this optimizer has weights already
   * @throws dev.lanewise.autodiff.GradientException if a tensor requires no gradient, or was
   *     computed from others
   * @throws IllegalArgumentException as from {@link #build}, or if there is no tensor, or one twice
   * @throws dev.lanewise.array.DTypeException as from {@link #build}
   */
  public final Optimizer over(Tensor... weights) {
    return over(Leaves.of(name(), weights));
  }

  /**
   * Forgets the gradients of all weights: the next {@code backward} starts from nothing.
   *
   * @throws IllegalStateException if there are no weights yet, or averages are in their places
   */
  public final void zeroGrad() {
    requireWeights();
    for (Slot slot : slots) {
      slot.weight().value().zeroGrad();
    }
  }

  /**
   * Takes one step by the gradients that {@code backward} has left in {@link Tensor#grad()} of each
   * weight. A weight without one is left alone. The gradients stay until {@link #zeroGrad}.
   *
   * @throws IllegalStateException if there are no weights yet, a gradient died with its scope, the
   *     schedule gives no rate, or averages are in the weights' places
   */
  public final void step() {
    requireWeights();
    apply(Arrays.stream(slots).map(slot -> slot.weight().value().grad()).toArray(Tensor[]::new));
  }

  /**
   * Takes one step. All gradients are checked before anything changes.
   *
   * @param gradients one for each weight, in the order given to {@link #build}; {@code null} leaves
   *     the weight alone
   * @throws IllegalStateException if {@link #build} was not called, a gradient died with its scope,
   *     the schedule gives no rate, or averages are in the weights' places
   * @throws IllegalArgumentException if their number is not that of the weights, or one lives on
   *     another backend than its weight
   * @throws dev.lanewise.array.ShapeException if a gradient has another shape than its weight
   * @throws dev.lanewise.array.DTypeException if a gradient has another type than its weight
   */
  public final void apply(Tensor... gradients) {
    requireWeights();
    if (gradients.length != slots.length) {
      throw new IllegalArgumentException(
          "%s: %d gradients are given for %d weights"
              .formatted(name(), gradients.length, slots.length));
    }
    for (int i = 0; i < gradients.length; i++) {
      if (gradients[i] != null) {
        slots[i].check(gradients[i].data(), name());
      }
    }
    HostStep.run(name(), this::advance, scalars);
    if (norm != null) {
      norm.measure(gradients);
    }
    for (int i = 0; i < gradients.length; i++) {
      if (gradients[i] != null) {
        slots[i].step(gradients[i].data(), name());
      } else {
        slots[i].rest();
      }
    }
  }

  /** Counts a step, and computes its scalars. */
  private void advance() {
    double rate = rateOf(iterations);
    for (FusedUpdate update : updates) {
      update.prepare(rate, iterations + 1);
    }
    iterations++;
  }

  /** Throws if there are no weights, or averages are in their places. */
  private void requireWeights() {
    if (slots == null) {
      throw new IllegalStateException(
          name() + ": has no weights to change yet; call build(weights) or over(weights) first");
    }
    if (swapped) {
      throw new IllegalStateException(
          name() + ": averages are in the weights' places; call swapAverages() once more first");
    }
  }

  /**
   * Exchanges each weight and its average, in place. Evaluate or save a model with averages, and
   * call this again to go on with the weights. Until then there are no further steps.
   *
   * @throws IllegalStateException if no averages are kept ({@link OptimizerSettings#ema}), or no
   *     step was taken yet
   */
  public final void swapAverages() {
    if (!settings.averages() || iterations == 0) {
      throw new IllegalStateException(
          settings.averages()
              ? name() + ": there are no averages before the first step"
              : name() + ": keeps no averages; choose ema(momentum) before build or fit");
    }
    for (Slot slot : slots) {
      slot.swap(name());
    }
    swapped = !swapped;
  }

  /**
   * {@return copies of all that steps remember} Weight by weight, the arrays of its state, called
   * {@code weight/state}, for example {@code dense/kernel/m}; and {@code iterations}, an i64 of
   * rank 0. The weights themselves are not part of it, nor are settings, the learning rate among
   * them.
   *
   * @throws IllegalStateException if {@link #build} was not called, averages are in the weights'
   *     places, or two weights have one name
   */
  public final Map<String, Tensor> state() {
    requireWeights();
    return new OptimizerState(name(), slots).save(iterations);
  }

  /**
   * Goes on from a saved state: with the weights of that time and the same settings, the next steps
   * are those that came then, bit by bit. All is checked before anything changes.
   *
   * @param state what {@link #state} gave, of an optimizer of this kind for weights of the same
   *     names, shapes and types
   * @throws IllegalStateException if {@link #build} was not called, averages are in the weights'
   *     places, or two weights have one name
   * @throws IllegalArgumentException if a name is missing or unknown, or {@code iterations} is
   *     negative
   * @throws dev.lanewise.array.ShapeException if an array has another shape
   * @throws dev.lanewise.array.DTypeException if an array has another type
   */
  public final void loadState(Map<String, Tensor> state) {
    requireWeights();
    iterations = new OptimizerState(name(), slots).load(state);
  }

  /** {@return whether averages are in the weights' places, by {@link #swapAverages}} */
  public final boolean isSwapped() {
    return swapped;
  }

  /** {@return the weights that steps change; none before it is built} */
  public final List<Weight> weights() {
    return slots == null ? List.of() : Arrays.stream(slots).map(Slot::weight).toList();
  }

  /**
   * {@return the settings by which the optimizer can be made again, without its state} Of groups of
   * weights the names of the weights are told.
   *
   * @throws UnsupportedOperationException if the optimizer or its schedule is of a class of one's
   *     own, or it has groups and is not built
   */
  public final Config config() {
    Config config = Config.of(name()).with("learningRate", learningRate.config());
    describe(config);
    OptimizerTypes.describe(settings, weights(), config);
    return config;
  }

  /** Adds the settings of its own. */
  void describe(Config config) {
    throw new UnsupportedOperationException(
        "the optimizer is of a class of one's own, %s, which no file can tell"
            .formatted(getClass().getName()));
  }

  /**
   * {@return an optimizer, made again}
   *
   * @param config what {@link #config} gave
   * @throws IllegalArgumentException if the type is not known, or a setting is missing or wrong
   */
  public static Optimizer of(Config config) {
    return OptimizerTypes.make(config);
  }

  /**
   * {@return the optimizer of a name, with Keras's usual settings: {@code "adadelta"}, {@code
   * "adagrad"}, {@code "adam"}, {@code "adamax"}, {@code "adamw"}, {@code "lion"}, {@code "nadam"},
   * {@code "radam"}, {@code "rmsprop"} or {@code "sgd"}}
   *
   * @param name the name; case does not matter
   * @throws IllegalArgumentException if there is none of this name
   */
  public static Optimizer named(String name) {
    Supplier<Optimizer> maker = NAMED.get(name.toLowerCase(Locale.ROOT));
    if (maker == null) {
      throw new IllegalArgumentException(
          "optimizer: there is no '" + name + "'; names are " + String.join(", ", NAMED.keySet()));
    }
    return maker.get();
  }
}
