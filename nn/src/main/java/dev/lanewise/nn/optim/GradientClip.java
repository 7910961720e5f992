package dev.lanewise.nn.optim;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.GradientException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.internal.Checks;

/**
 * Bounds gradients in place, in a training loop of one's own. An optimizer does so by itself, in
 * the kernel of its update: {@link OptimizerSettings#globalClipNorm} and {@link
 * OptimizerSettings#clipValue}.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   Tensor w = Tensor.of(new float[] {3, 4}).requiresGrad(true);
 *   w.square().sum().backward();
 *   Tensor norm = GradientClip.byNorm(1, w.grad());
 *   IO.println(norm);     // 10
 *   IO.println(w.grad()); // 0.6 and 0.8
 * }
 * }
 *
 * <p>What {@link Tensor#grad()} gives has memory of its own. What {@link
 * dev.lanewise.autodiff.Gradients#of} gives may share memory with the gradient by {@code y} that it
 * was given, which then changes too.
 */
public final class GradientClip {
  private static final Expr X = Expr.arg(0);
  private static final Expr SCALED = X.mul(Expr.arg(1));
  private static final Expr CLIPPED = FusedUpdate.clipped(X, Expr.param(0));
  private static final double[] NO_SCALARS = {};

  private GradientClip() {}

  /**
   * Scales gradients so that all together, as one long vector, they are no longer than a bound; up
   * to it they keep their bits. From R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of
   * training recurrent neural networks", ICML 2013, section 3.2.
   *
   * <p>A norm that is infinite or NaN makes every element NaN, so that an overflow does not pass
   * for a step. It is infinite already if the sum of the squares is beyond the type's range: in f32
   * from a norm of 1.8e19 on.
   *
   * @param maxNorm the largest length, above 0
   * @param gradients at least one that is not {@code null}; all others count as 0
   * @return the length that they had, of rank 0
   * @throws IllegalArgumentException if the bound is not above 0 and finite, there is no gradient,
   *     they live on several backends, or one shares a part of another's memory
   * @throws DTypeException if they are not all f32 or all f64
   * @throws ShapeException if one is a broadcast view, whose elements share memory
   * @throws GradientException if one is part of a recorded computation
   */
  public static Tensor byNorm(double maxNorm, Tensor... gradients) {
    requireLimit("GradientClip.byNorm", maxNorm);
    NdArray first = check("GradientClip.byNorm", gradients);
    Backend backend = Backends.of(first);
    GlobalNorm norm = new GlobalNorm(backend, first.dtype(), gradients.length, maxNorm);
    norm.measure(gradients);
    for (int i = 0; i < gradients.length; i++) {
      if (isFirst(gradients, i)) {
        NdArray data = gradients[i].data();
        backend.elementwise(SCALED, data, NO_SCALARS, data, norm.factor());
        gradients[i].changed("GradientClip.byNorm");
      }
    }
    return Tensor.of(norm.norm());
  }

  /**
   * Moves elements that lie further from 0 than a bound to the bound. NaN stays NaN.
   *
   * @param limit the largest size of an element, above 0
   * @param gradients at least one that is not {@code null}; nothing happens to that
   * @throws IllegalArgumentException if the bound is not above 0 and finite, there is no gradient,
   *     they live on several backends, or one shares a part of another's memory
   * @throws DTypeException if they are not all f32 or all f64
   * @throws ShapeException if one is a broadcast view, whose elements share memory
   * @throws GradientException if one is part of a recorded computation
   */
  public static void byValue(double limit, Tensor... gradients) {
    requireLimit("GradientClip.byValue", limit);
    Backend backend = Backends.of(check("GradientClip.byValue", gradients));
    double[] limits = {limit};
    for (Tensor gradient : gradients) {
      if (gradient != null) {
        backend.elementwise(CLIPPED, gradient.data(), limits, gradient.data());
        gradient.changed("GradientClip.byValue");
      }
    }
  }

  static double requireLimit(String what, double limit) {
    return Checks.positive(what + ": the bound", limit);
  }

  /** {@return the first gradient} All can be written if this returns. */
  private static NdArray check(String operation, Tensor... gradients) {
    NdArray first = null;
    for (int i = 0; i < gradients.length; i++) {
      if (gradients[i] != null) {
        NdArray data = gradients[i].data();
        first = first == null ? data : first;
        checkOne(operation, i, gradients[i], first);
        for (int j = 0; j < i; j++) {
          if (gradients[j] != null && meet(data, gradients[j].data())) {
            throw new IllegalArgumentException(
                "%s: gradients %d and %d share a part of their memory; copy one"
                    .formatted(operation, j, i));
          }
        }
      }
    }
    if (first == null) {
      throw new IllegalArgumentException(operation + ": there is no gradient to clip");
    }
    return first;
  }

  private static void checkOne(String operation, int i, Tensor gradient, NdArray first) {
    NdArray data = gradient.data();
    data.storage().requireAlive(operation);
    if (!data.dtype().isCompute() || data.dtype() != first.dtype()) {
      throw new DTypeException(
          "%s: gradients must be all f32 or all f64; gradient %d is %s, the first %s"
              .formatted(operation, i, data.dtype(), first.dtype()));
    }
    if (data.device() != first.device()) {
      throw new IllegalArgumentException(
          "%s: gradient %d lives on backend '%s', the first on '%s'; move one with to(backend)"
              .formatted(operation, i, data.device().name(), first.device().name()));
    }
    if (data.layout().repeats()) {
      throw new ShapeException(
          "%s: gradient %d is a broadcast view (%s), whose elements can not change alone; copy it"
              .formatted(operation, i, data.layout()));
    }
    if (gradient.requiresGrad()) {
      throw new GradientException(
          "%s: gradient %d is recorded, and what is computed from it would be wrong; detach it and"
                  .formatted(operation, i)
              + " copy it");
    }
  }

  /** {@return whether two arrays share memory, but are not one and the same} */
  private static boolean meet(NdArray a, NdArray b) {
    return a.storage() == b.storage() && !isSame(a, b) && a.layout().meets(b.layout());
  }

  private static boolean isSame(NdArray a, NdArray b) {
    return a.storage() == b.storage() && a.layout().equals(b.layout());
  }

  /** {@return whether there is a gradient here that is not one of those before it once more} */
  private static boolean isFirst(Tensor[] gradients, int index) {
    boolean isFirst = gradients[index] != null;
    for (int j = 0; isFirst && j < index; j++) {
      isFirst = gradients[j] == null || !isSame(gradients[j].data(), gradients[index].data());
    }
    return isFirst;
  }
}
