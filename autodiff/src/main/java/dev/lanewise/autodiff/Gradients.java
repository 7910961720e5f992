package dev.lanewise.autodiff;

/**
 * Gradients as values, without touching any {@link Tensor#grad()}. With {@code createGraph} they
 * are recorded too, and can be differentiated again.
 *
 * <p>Results may share memory, with each other and with the seed: read them only, or copy them.
 *
 * {@snippet :
 * Tensor x = Tensor.scalar(2).requiresGrad(true);
 * Tensor y = x.square().mul(x);                                        // x³
 * Tensor first = Gradients.of(y, new Tensor[] {x}, true)[0];           // 3x² = 12
 * Tensor second = Gradients.of(first, x)[0];                           // 6x = 12
 * }
 */
public final class Gradients {
  private Gradients() {}

  /**
   * {@return the gradients of a scalar, one for each source, {@code null} for one that it does not
   * depend on} What was recorded is freed.
   *
   * @param y a tensor of one element
   * @param xs by what
   * @throws GradientException if {@code y} has more than one element, depends on nothing that
   *     requires a gradient, or what it was made by was freed by an earlier call
   */
  public static Tensor[] of(Tensor y, Tensor... xs) {
    return of(y, xs, false);
  }

  /**
   * {@return the gradients of a scalar, one for each source, {@code null} for one that it does not
   * depend on}
   *
   * @param y a tensor of one element
   * @param xs by what
   * @param createGraph whether the gradients are recorded, to be differentiated again; what was
   *     recorded of {@code y} is then kept
   * @throws GradientException if {@code y} has more than one element, depends on nothing that
   *     requires a gradient, or what it was made by was freed by an earlier call
   */
  public static Tensor[] of(Tensor y, Tensor[] xs, boolean createGraph) {
    Tensor seed = Engine.seed("gradients", y);
    return Engine.gradients("gradients", y, seed, xs, createGraph, createGraph);
  }

  /**
   * {@return the gradients of {@code (y · v).sum()}, one for each source, {@code null} for one that
   * it does not depend on}
   *
   * @param y any tensor
   * @param v the gradient by {@code y}, of its shape and type
   * @param xs by what
   * @param retainGraph whether what was recorded of {@code y} is kept
   * @param createGraph whether the gradients are recorded, to be differentiated again
   * @throws GradientException if {@code v} does not fit, {@code y} depends on nothing that requires
   *     a gradient, or what it was made by was freed by an earlier call
   */
  public static Tensor[] of(
      Tensor y, Tensor v, Tensor[] xs, boolean retainGraph, boolean createGraph) {
    Tensor seed = Engine.checkedSeed("gradients", y, v);
    return Engine.gradients("gradients", y, seed, xs, retainGraph, createGraph);
  }
}
