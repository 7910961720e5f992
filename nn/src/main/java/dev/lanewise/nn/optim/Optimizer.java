package dev.lanewise.nn.optim;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
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
 *   Weight w = new Weight("w", Tensor.of(new float[] {3, 4}).requiresGrad(true));
 *   Optimizer sgd = new SGD(0.1);
 *   sgd.build(List.of(w));
 *   for (int step = 0; step < 100; step++) {
 *     try (Scope scope = Scope.open("step")) {
 *       Tensor loss = w.value().square().sum();
 *       sgd.apply(Gradients.of(loss, w.value()));
 *     }
 *   }
 *   IO.println(w); // near 0
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
    if (!isRate(learningRate)) {
      throw new IllegalArgumentException(
          "learningRate: must be a number of at least 0, not " + learningRate);
    }
    return Schedule.constant(learningRate);
  }

  private static boolean isRate(double rate) {
    return rate >= 0 && rate < Double.POSITIVE_INFINITY;
  }

  private double rateOf(long step) {
    double rate = learningRate.at(step);
    if (!isRate(rate)) {
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
   * @throws DTypeException if the norm of gradients is clipped and weights are of several types
   */
  public final void build(List<Weight> weights) {
    if (slots != null) {
      List<Weight> known = Arrays.stream(slots).map(Slot::weight).toList();
      if (!known.equals(weights)) {
        throw new IllegalStateException(
            name()
                + ": keeps the state of another model's weights; make one optimizer for each"
                + " model");
      }
      return;
    }
    Builder builder = new Builder(this, settings, update(), weights);
    norm = builder.norm();
    slots = builder.slots();
    updates = builder.updates();
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
   * @throws ShapeException if a gradient has another shape than its weight
   * @throws DTypeException if a gradient has another type than its weight
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
        check(slots[i].weight(), gradients[i].data());
      }
    }
    double rate = rateOf(iterations);
    for (FusedUpdate update : updates) {
      update.prepare(rate, iterations + 1);
    }
    iterations++;
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

  private void check(Weight weight, NdArray gradient) {
    NdArray data = weight.value().data();
    gradient.storage().requireAlive(name());
    if (!gradient.shape().equals(data.shape())) {
      throw new ShapeException(misfit(weight, gradient));
    }
    if (gradient.dtype() != data.dtype()) {
      throw new DTypeException(misfit(weight, gradient));
    }
    if (gradient.device() != data.device()) {
      throw new IllegalArgumentException(
          ("%s: the gradient of '%s' lives on backend '%s', the weight on '%s'; move one with"
                  + " to(backend)")
              .formatted(name(), weight.name(), gradient.device().name(), data.device().name()));
    }
  }

  private String misfit(Weight weight, NdArray gradient) {
    NdArray data = weight.value().data();
    return "%s: the gradient of '%s' must be %s %s, as the weight is, not %s %s"
        .formatted(
            name(), weight.name(), data.dtype(), data.shape(), gradient.dtype(), gradient.shape());
  }

  /** Throws if there are no weights, or averages are in their places. */
  private void requireWeights() {
    if (slots == null) {
      throw new IllegalStateException(
          name() + ": has no weights to change yet; call build(weights) first");
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
   * @throws ShapeException if an array has another shape
   * @throws DTypeException if an array has another type
   */
  public final void loadState(Map<String, Tensor> state) {
    requireWeights();
    iterations = new OptimizerState(name(), slots).load(state);
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
