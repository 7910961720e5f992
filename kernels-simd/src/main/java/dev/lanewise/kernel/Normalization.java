package dev.lanewise.kernel;

import dev.lanewise.array.NdArray;

/**
 * Layer, root mean square, group, instance and batch normalization, as a {@link NormSpec} says.
 *
 * <p>Each operation has a default made of other operations of the contract; a backend overrides
 * those that it can do in one go over the memory. A variance is that of a population, divided by
 * the number of elements. Weight and bias may be null: no factor, nothing added.
 *
 * <p>With ε the distance from 1 to the next number, n the number of elements that a mean is taken
 * over and c = min(n, 4√n) / 2 + 4, a mean is off by at most ε · c · mean|x|; a variance by ε · 4c
 * times itself and the square of that; and a normalized element, before weight and bias, by ε · c ·
 * (4 · |itself| + 2 · mean|x| / √(variance + eps)).
 */
public sealed interface Normalization permits Backend {

  /**
   * Computes means and variances.
   *
   * @param spec what they are taken over
   * @param x the numbers
   * @param mean of {@link NormSpec#moments}; zeros if the spec takes no mean off
   * @param variance of {@link NormSpec#moments}
   */
  default void moments(NormSpec spec, NdArray x, NdArray mean, NdArray variance) {
    spec.checkMoments(x, mean, variance);
    ComposedNorms.moments((Backend) this, spec, x, mean, variance);
  }

  /**
   * Normalizes by given moments: {@code out = (x − mean) / √(variance + eps) · weight + bias}. What
   * batch normalization does outside of training, and, after {@link #moments}, inside.
   *
   * @param spec what is normalized
   * @param x of {@link NormSpec#shape}
   * @param mean of {@link NormSpec#moments}
   * @param variance of {@link NormSpec#moments}
   * @param weight of {@link NormSpec#weights}, or null
   * @param bias of {@link NormSpec#weights}, or null
   * @param out of {@link NormSpec#shape}; may be {@code x} itself
   */
  default void normalizeBy(
      NormSpec spec,
      NdArray x,
      NdArray mean,
      NdArray variance,
      NdArray weight,
      NdArray bias,
      NdArray out) {
    spec.checkForward("normalizeBy", x, weight, bias, out, mean, variance);
    ComposedNorms.normalizeBy((Backend) this, spec, x, mean, variance, weight, bias, out);
  }

  /**
   * Normalizes by the moments of {@code x} itself.
   *
   * @param spec what is normalized
   * @param x of {@link NormSpec#shape}
   * @param weight of {@link NormSpec#weights}, or null
   * @param bias of {@link NormSpec#weights}, or null
   * @param out of {@link NormSpec#shape}; may be {@code x} itself
   */
  default void normalize(NormSpec spec, NdArray x, NdArray weight, NdArray bias, NdArray out) {
    spec.checkForward("normalize", x, weight, bias, out);
    ComposedNorms.normalize((Backend) this, spec, x, weight, bias, out);
  }

  /**
   * Computes the gradients of {@link #normalize}. With {@code y} the normalized numbers before
   * weight and bias and {@code g = outGrad · weight}, {@code xGrad = (g − mean g − y · mean(g · y))
   * / √(variance + eps)}, the first mean only if the spec takes a mean off; {@code weightGrad = Σ
   * outGrad · y} and {@code biasGrad = Σ outGrad}.
   *
   * @param spec what was normalized
   * @param x the input of the forward call
   * @param weight of {@link NormSpec#weights}, or null
   * @param outGrad the gradient by the output
   * @param xGrad receives the gradient by the input
   * @param weightGrad receives the gradient by the weight; null if it is not asked for
   * @param biasGrad receives the gradient by the bias; null if it is not asked for
   */
  default void normalizeBackward(
      NormSpec spec,
      NdArray x,
      NdArray weight,
      NdArray outGrad,
      NdArray xGrad,
      NdArray weightGrad,
      NdArray biasGrad) {
    spec.checkBackward(x, weight, outGrad, xGrad, weightGrad, biasGrad);
    ComposedNorms.normalizeBackward(
        (Backend) this, spec, x, weight, outGrad, xGrad, weightGrad, biasGrad);
  }
}
