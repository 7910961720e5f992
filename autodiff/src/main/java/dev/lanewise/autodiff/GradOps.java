package dev.lanewise.autodiff;

import dev.lanewise.array.DTypeException;
import java.util.function.UnaryOperator;

/** Gradients in the manner of PyTorch. */
public sealed interface GradOps permits Tensor {

  /**
   * {@return whether gradients flow to this tensor: it was asked for, is watched by a {@link Tape},
   * or was computed from one of these}
   */
  default boolean requiresGrad() {
    return ((Tensor) this).node != null;
  }

  /**
   * Says whether {@link #backward()} shall accumulate a gradient here.
   *
   * @param required whether it shall
   * @return this tensor
   * @throws GradientException if this was computed from tensors that require a gradient
   * @throws DTypeException if this is required of integers
   */
  default Tensor requiresGrad(boolean required) {
    Tensor x = (Tensor) this;
    if (x.node instanceof Node.Op op) {
      throw new GradientException(
          "requiresGrad: the tensor was computed by '"
              + op.name
              + "'; only one that was not computed can be changed; call detach() first");
    }
    if (required) {
      Checks.floating("requiresGrad", x);
    }
    Node.Leaf leaf = (Node.Leaf) x.node;
    if (required) {
      if (leaf == null) {
        leaf = new Node.Leaf(x.data);
        x.node = leaf;
      }
      leaf.accumulates = x;
    } else if (leaf != null) {
      leaf.accumulates = null;
      x.node = leaf.watchers > 0 ? leaf : null;
    }
    return x;
  }

  /**
   * Computes the gradient of this scalar by every leaf that requires one, and adds it to the leaf's
   * {@link #grad()}. What was recorded is freed.
   *
   * @throws GradientException if this has more than one element, needs no gradient, or what it was
   *     made by was freed by an earlier call
   */
  default void backward() {
    backward(false);
  }

  /**
   * Computes gradients as {@link #backward()} does.
   *
   * @param retainGraph whether what was recorded is kept, so that a further call is possible
   * @throws GradientException if this has more than one element, needs no gradient, or what it was
   *     made by was freed by an earlier call
   */
  default void backward(boolean retainGraph) {
    Tensor y = (Tensor) this;
    Engine.backward(y, Engine.seed("backward", y), retainGraph);
  }

  /**
   * Computes the gradient of {@code (this · v).sum()} as {@link #backward()} does.
   *
   * @param v the gradient by this tensor, of its shape and type
   * @throws GradientException if this needs no gradient, {@code v} does not fit, or what this was
   *     made by was freed by an earlier call
   */
  default void backward(Tensor v) {
    backward(v, false);
  }

  /**
   * Computes the gradient of {@code (this · v).sum()} as {@link #backward()} does.
   *
   * @param v the gradient by this tensor, of its shape and type
   * @param retainGraph whether what was recorded is kept, so that a further call is possible
   * @throws GradientException if this needs no gradient, {@code v} does not fit, or what this was
   *     made by was freed by an earlier call
   */
  default void backward(Tensor v, boolean retainGraph) {
    Tensor y = (Tensor) this;
    Engine.backward(y, Engine.checkedSeed("backward", y, v), retainGraph);
  }

  /**
   * {@return what {@link #backward()} has accumulated here, or {@code null}} Only leaves that
   * require a gradient have one, and tensors that were told to {@link #retainGrad}. A further
   * {@code backward} adds to the same tensor.
   */
  default Tensor grad() {
    return ((Tensor) this).grad;
  }

  /** Forgets the gradient: {@link #grad()} is {@code null} until the next {@link #backward()}. */
  default void zeroGrad() {
    ((Tensor) this).grad = null;
  }

  /**
   * Lets {@link #backward()} accumulate a gradient here too, though this was computed. A leaf that
   * requires a gradient does so anyway.
   *
   * @return this tensor
   * @throws GradientException if no gradient flows to this tensor
   */
  default Tensor retainGrad() {
    Tensor x = (Tensor) this;
    if (x.node == null) {
      throw noGradient("retainGrad", x);
    }
    if (x.node instanceof Node.Op) {
      x.node.accumulates = x;
    }
    return x;
  }

  /**
   * Lets a function see the gradient by this tensor each time that one has been computed: when all
   * contributions are in, before it is handed on or added to {@link #grad()}. Functions are called
   * in the order in which they came. What the tensor becomes by a later operation in place they do
   * not see: theirs is the gradient by the numbers of now.
   *
   * {@snippet :
   * GradientHook hook = hidden.onGradient(g -> g.clamp(-1, 1));
   * loss.backward();
   * hook.remove();
   * }
   *
   * @param hook gives the gradient that shall go on instead, of the same type and shape; the same
   *     or {@code null} changes nothing. What it is given it only reads, or keeps
   * @return what takes the function away again
   * @throws GradientException if no gradient flows to this tensor; later, from {@code backward}, if
   *     the function gives another type or shape
   */
  default GradientHook onGradient(UnaryOperator<Tensor> hook) {
    Tensor x = (Tensor) this;
    if (x.node == null) {
      throw noGradient("onGradient", x);
    }
    return new GradientHook(x.node, hook);
  }

  private static GradientException noGradient(String operation, Tensor x) {
    return new GradientException(
        operation
            + ": no gradient flows to the tensor of shape "
            + x.shape()
            + "; call requiresGrad(true) on it, or on what it is computed from before that");
  }

  /** {@return the name of the operation that made this, or {@code null} if none was recorded} */
  default String gradFn() {
    return ((Tensor) this).node instanceof Node.Op op ? op.name : null;
  }

  /** {@return the same numbers, in the same memory, to which no gradient flows} */
  default Tensor detach() {
    return new Tensor(((Tensor) this).data);
  }
}
