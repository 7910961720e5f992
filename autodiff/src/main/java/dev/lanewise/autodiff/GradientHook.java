package dev.lanewise.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** A function that sees, and may replace, the gradient by a tensor: {@link Tensor#onGradient}. */
public final class GradientHook {
  private final Node node;
  private final UnaryOperator<Tensor> function;

  GradientHook(Node node, UnaryOperator<Tensor> function) {
    this.node = node;
    this.function = Objects.requireNonNull(function, "hook");
    if (node.hooks == null) {
      node.hooks = new ArrayList<>(1);
    }
    node.hooks.add(this);
  }

  /** Takes the function away: it is not called any more. A second call does nothing. */
  public void remove() {
    if (node.hooks != null) {
      node.hooks.remove(this);
    }
  }

  /** {@return what all functions of a node make of its gradient, each from the one before} */
  static Tensor applyAll(Node node, Tensor gradient) {
    Tensor up = gradient;
    for (GradientHook hook : List.copyOf(node.hooks)) { // one may take itself away
      Tensor other = hook.function.apply(up);
      if (other != null && other != up) {
        requireSame(up, other);
        up = other;
      }
    }
    return up;
  }

  private static void requireSame(Tensor up, Tensor other) {
    if (!other.shape().equals(up.shape()) || other.dtype() != up.dtype()) {
      throw new GradientException(
          "onGradient: a hook made "
              + other.dtype()
              + " "
              + other.shape()
              + " of the gradient "
              + up.dtype()
              + " "
              + up.shape()
              + "; type and shape must stay");
    }
    Checks.sameBackend("onGradient", up, other);
  }
}
