package dev.lanewise.nn.optim;

import dev.lanewise.nn.internal.Checks;
import dev.lanewise.nn.layer.Weight;
import java.util.List;
import java.util.function.Predicate;

/**
 * The settings that all optimizers have. They are chosen before the optimizer sees its weights, and
 * cost no pass over memory of their own: all become part of the one kernel that updates a weight.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var adam = new AdamW(Schedule.cosine(0.001, 10_000, 0))
 *       .weightDecay(0.05)
 *       .group(w -> w.name().endsWith("bias"), 1, 0) // biases do not decay
 *       .globalClipNorm(1)
 *       .ema(0.999);
 * }
 * }
 *
 * @param <S> the optimizer's own type
 */
public interface OptimizerSettings<S extends Optimizer> {

  /**
   * Makes weights shrink; 0 if nobody does, but for {@link AdamW}. How is the choice of {@link
   * #decoupledWeightDecay}.
   *
   * @param weightDecay how much
   * @return this optimizer
   * @throws IllegalArgumentException if it is negative or not finite
   * @throws IllegalStateException if the optimizer is built
   */
  default S weightDecay(double weightDecay) {
    Settings settings = settings("weightDecay");
    settings.weightDecay = Checks.notNegative("weightDecay", weightDecay);
    return self();
  }

  /**
   * Chooses how weights decay: decoupled, all are multiplied by {@code 1 − rate · weightDecay}
   * before the step, from I. Loshchilov and F. Hutter, "Decoupled weight decay regularization",
   * ICLR 2019; or else {@code weightDecay · w} is added to the gradient, after it was clipped, as
   * the gradient of a loss of {@code weightDecay / 2 · ‖w‖²} would be. Optimizers that follow
   * Keras's convention decouple if nobody chooses, as those do; of those that follow PyTorch's,
   * only {@link AdamW} does.
   *
   * @param decoupled whether the decay leaves the gradient alone
   * @return this optimizer
   * @throws IllegalStateException if the optimizer is built
   */
  default S decoupledWeightDecay(boolean decoupled) {
    settings("decoupledWeightDecay").decoupledWeightDecay = decoupled;
    return self();
  }

  /**
   * Clips each element of the gradients, as {@link GradientClip#byValue} does, but leaves the
   * gradients as they are.
   *
   * @param limit the largest size of an element, above 0
   * @return this optimizer
   * @throws IllegalArgumentException if it is not above 0 and finite
   * @throws IllegalStateException if the optimizer is built, or clips by norm
   */
  default S clipValue(double limit) {
    Settings settings = settings("clipValue");
    requireOne("clipValue", !settings.clipsNorm());
    settings.clipValue = GradientClip.requireLimit("clipValue", limit);
    return self();
  }

  /**
   * Clips the length of all gradients together, as {@link GradientClip#byNorm} does, but leaves the
   * gradients as they are.
   *
   * @param maxNorm the largest length, above 0
   * @return this optimizer
   * @throws IllegalArgumentException if it is not above 0 and finite
   * @throws IllegalStateException if the optimizer is built, or clips by value
   */
  default S globalClipNorm(double maxNorm) {
    Settings settings = settings("globalClipNorm");
    requireOne("globalClipNorm", !settings.clipsValues());
    settings.globalClipNorm = GradientClip.requireLimit("globalClipNorm", maxNorm);
    return self();
  }

  /**
   * Keeps an average of each weight over the steps, which {@link Optimizer#swapAverages} puts into
   * its place: after the first step it is the weight, and then {@code average = momentum · average
   * + (1 − momentum) · w}. In Keras {@code use_ema}.
   *
   * @param momentum how slowly the average forgets, above 0 and below 1
   * @return this optimizer
   * @throws IllegalArgumentException if it is out of range
   * @throws IllegalStateException if the optimizer is built
   */
  default S ema(double momentum) {
    Settings settings = settings("ema");
    if (!(momentum > 0 && momentum < 1)) {
      throw new IllegalArgumentException(
          "ema: momentum must be above 0 and below 1, not " + momentum);
    }
    settings.emaMomentum = momentum;
    return self();
  }

  /**
   * Gives some weights a rate and a decay of their own. A weight belongs to the first group that
   * takes it; those that none takes have factor 1 and the optimizer's decay. A group that takes no
   * weight is an error when the optimizer is built.
   *
   * @param which decides about each weight
   * @param rateFactor by what the learning rate is multiplied; 0 leaves the weights alone
   * @param weightDecay how much they shrink
   * @return this optimizer
   * @throws IllegalArgumentException if a number is negative or not finite
   * @throws IllegalStateException if the optimizer is built
   */
  default S group(Predicate<Weight> which, double rateFactor, double weightDecay) {
    settings("group")
        .groups
        .add(
            new Settings.Group(
                which,
                Checks.notNegative("group: rateFactor", rateFactor),
                Checks.notNegative("group: weightDecay", weightDecay)));
    return self();
  }

  /**
   * Gives some weights a rate and a decay of their own, as {@link #group(Predicate, double,
   * double)} does.
   *
   * @param weights the weights
   * @param rateFactor by what the learning rate is multiplied; 0 leaves the weights alone
   * @param weightDecay how much they shrink
   * @return this optimizer
   * @throws IllegalArgumentException if a number is negative or not finite
   * @throws IllegalStateException if the optimizer is built
   */
  default S group(List<Weight> weights, double rateFactor, double weightDecay) {
    return group(List.copyOf(weights)::contains, rateFactor, weightDecay);
  }

  private Settings settings(String setting) {
    return ((Optimizer) this).settings(setting);
  }

  @SuppressWarnings("unchecked")
  private S self() {
    return (S) this;
  }

  private static void requireOne(String setting, boolean holds) {
    if (!holds) {
      throw new IllegalStateException(
          setting + ": choose one of clipValue and globalClipNorm, not both");
    }
  }
}
