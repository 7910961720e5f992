package dev.lanewise.nn.optim;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.layer.Weight;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

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
 * <p>A subclass says what is computed for each element: argument 0 is the gradient, 1 the weight
 * and 2 on the state.
 */
public abstract class Optimizer {
  private final List<Expr> update;
  private double learningRate;
  private long iterations;
  private Slot[] slots;

  /** The arrays of one weight: what the update reads, the gradient first, and what it writes. */
  private record Slot(Weight weight, NdArray[] ins, NdArray[] outs) {}

  /**
   * Makes an optimizer.
   *
   * @param learningRate how large steps are
   * @param update the new value of the weight, and of each array of its state
   * @throws IllegalArgumentException if the rate is negative or not finite
   */
  protected Optimizer(double learningRate, List<Expr> update) {
    this.update = List.copyOf(update);
    learningRate(learningRate);
  }

  /**
   * {@return the scalars of the update, by the number of {@link Expr#param}}
   *
   * @param learningRate how large this step is
   * @param iteration which step this is, from 1
   */
  protected abstract double[] scalars(double learningRate, long iteration);

  /** {@return how large steps are} */
  public final double learningRate() {
    return learningRate;
  }

  /**
   * Changes how large steps are, from the next on.
   *
   * @param learningRate not negative
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public final void learningRate(double learningRate) {
    if (!(learningRate >= 0 && learningRate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "learningRate: must be a number of at least 0, not " + learningRate);
    }
    this.learningRate = learningRate;
  }

  /** {@return how many steps were taken} */
  public final long iterations() {
    return iterations;
  }

  /**
   * Makes the state of weights, all 0. A second call with the same weights changes nothing.
   *
   * @param weights what {@link #apply} will change; call this outside the scope of a step, so that
   *     the state lives on
   * @throws IllegalStateException if this optimizer has the state of other weights
   */
  public final void build(List<Weight> weights) {
    if (slots != null) {
      List<Weight> known = Arrays.stream(slots).map(Slot::weight).toList();
      if (!known.equals(weights)) {
        throw new IllegalStateException(
            getClass().getSimpleName()
                + ": keeps the state of another model's weights; make one optimizer for each"
                + " model");
      }
      return;
    }
    slots = weights.stream().map(this::slot).toArray(Slot[]::new);
  }

  private Slot slot(Weight weight) {
    NdArray data = weight.value().data();
    NdArray[] ins = new NdArray[update.size() + 1];
    ins[1] = data;
    for (int i = 2; i < ins.length; i++) {
      ins[i] = NdArray.zeros(data.device(), data.dtype(), data.shape());
    }
    return new Slot(weight, ins, Arrays.copyOfRange(ins, 1, ins.length));
  }

  /**
   * Takes one step. All gradients are checked before anything changes.
   *
   * @param gradients one for each weight, in the order given to {@link #build}; {@code null} leaves
   *     the weight alone
   * @throws IllegalStateException if {@link #build} was not called
   * @throws IllegalArgumentException if their number is not that of the weights, or one lives on
   *     another backend than its weight
   * @throws ShapeException if a gradient has another shape than its weight
   * @throws DTypeException if a gradient has another type than its weight
   */
  public final void apply(Tensor... gradients) {
    if (slots == null) {
      throw new IllegalStateException(
          getClass().getSimpleName() + ": has no weights to change yet; call build(weights) first");
    }
    if (gradients.length != slots.length) {
      throw new IllegalArgumentException(
          "%s: %d gradients are given for %d weights"
              .formatted(getClass().getSimpleName(), gradients.length, slots.length));
    }
    for (int i = 0; i < gradients.length; i++) {
      if (gradients[i] != null) {
        check(slots[i].weight, gradients[i].data());
      }
    }
    iterations++;
    double[] scalars = scalars(learningRate, iterations);
    for (int i = 0; i < gradients.length; i++) {
      if (gradients[i] != null) {
        step(slots[i], gradients[i].data(), scalars);
      }
    }
  }

  private void check(Weight weight, NdArray gradient) {
    NdArray data = weight.value().data();
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
              .formatted(
                  getClass().getSimpleName(),
                  weight.name(),
                  gradient.device().name(),
                  data.device().name()));
    }
  }

  private String misfit(Weight weight, NdArray gradient) {
    NdArray data = weight.value().data();
    return "%s: the gradient of '%s' must be %s %s, as the weight is, not %s %s"
        .formatted(
            getClass().getSimpleName(),
            weight.name(),
            data.dtype(),
            data.shape(),
            gradient.dtype(),
            gradient.shape());
  }

  private void step(Slot slot, NdArray gradient, double[] scalars) {
    slot.ins[0] = gradient;
    Backends.of(slot.ins[1]).elementwise(update, slot.outs, scalars, slot.ins);
    slot.ins[0] = null;
    slot.weight.value().changed(getClass().getSimpleName());
  }

  /**
   * {@return the optimizer of a name, with its usual settings: {@code "sgd"} or {@code "adam"}}
   *
   * @param name the name; case does not matter
   * @throws IllegalArgumentException if there is none of this name
   */
  public static Optimizer named(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "sgd" -> new SGD();
      case "adam" -> new Adam();
      default ->
          throw new IllegalArgumentException(
              "optimizer: there is no '" + name + "'; names are sgd, adam");
    };
  }
}
