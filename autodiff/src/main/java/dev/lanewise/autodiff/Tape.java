package dev.lanewise.autodiff;

import java.util.ArrayList;
import java.util.List;

/**
 * Gradients in the manner of TensorFlow: by tensors that a tape watches while it is open. Tensors
 * that require a gradient need not be watched.
 *
 * {@snippet :
 * Tensor x = Tensor.scalar(3);
 * try (Tape tape = Tape.open()) {
 *   tape.watch(x);
 *   Tensor y = x.square();
 *   Tensor slope = tape.gradient(y, x);   // 6
 * }
 * }
 *
 * <p>A tape inside another is for second derivatives: while the outer is open, gradients that the
 * inner computes are recorded as all operations are. Tapes belong to the thread that opened them
 * and close in the reverse order of their opening.
 */
public final class Tape implements AutoCloseable {
  private static final ThreadLocal<Tape> INNERMOST = new ThreadLocal<>();

  private final Tape outer = INNERMOST.get();
  private final boolean persistent;
  private final List<Tensor> watched = new ArrayList<>();
  private boolean open = true;

  private Tape(boolean persistent) {
    this.persistent = persistent;
    INNERMOST.set(this);
  }

  /** {@return a tape for one call of {@link #gradient}, which frees what was recorded} */
  public static Tape open() {
    return new Tape(false);
  }

  /** {@return a tape for any number of calls of {@link #gradient}} */
  public static Tape openPersistent() {
    return new Tape(true);
  }

  /**
   * Records what is computed from a tensor from now on, until the tape closes.
   *
   * @param x a floating-point tensor
   * @throws IllegalStateException if the tape has closed
   * @throws dev.lanewise.array.DTypeException if {@code x} has integers
   */
  public void watch(Tensor x) {
    requireOpen("watch");
    Checks.floating("watch", x);
    if (x.node == null) {
      x.node = new Node.Leaf(x.data);
    }
    if (x.node instanceof Node.Leaf leaf) {
      leaf.watchers++;
      watched.add(x);
    }
  }

  /**
   * {@return the gradient of the sum of a tensor's elements by another, or {@code null} if it does
   * not depend on that}
   *
   * @param y what is differentiated
   * @param x by what
   * @throws GradientException if {@code y} depends on nothing that is watched or requires a
   *     gradient, or what it was made by was freed by an earlier call
   * @throws IllegalStateException if the tape has closed
   */
  public Tensor gradient(Tensor y, Tensor x) {
    return gradients(y, x)[0];
  }

  /**
   * {@return the gradients of the sum of a tensor's elements, one for each source, {@code null} for
   * one that it does not depend on} Results may share memory: read them only, or copy them.
   *
   * @param y what is differentiated
   * @param xs by what
   * @throws GradientException if {@code y} depends on nothing that is watched or requires a
   *     gradient, or what it was made by was freed by an earlier call
   * @throws IllegalStateException if the tape has closed
   */
  public Tensor[] gradients(Tensor y, Tensor... xs) {
    requireOpen("gradient");
    boolean nested = outer != null;
    Tensor seed = Tensor.onesLike(y);
    return Engine.gradients("gradient", y, seed, xs, persistent || nested, nested);
  }

  private void requireOpen(String operation) {
    if (!open) {
      throw new IllegalStateException(operation + ": the tape has closed");
    }
  }

  /**
   * Stops watching. Closing twice does nothing.
   *
   * @throws IllegalStateException if a tape inside this one is still open, or another thread calls
   */
  @Override
  public void close() {
    if (!open) {
      return;
    }
    if (INNERMOST.get() != this) {
      throw new IllegalStateException(
          "close: a tape opened inside this one must close first, and by the thread that opened"
              + " it");
    }
    open = false;
    if (outer == null) {
      INNERMOST.remove();
    } else {
      INNERMOST.set(outer);
    }
    for (Tensor x : watched) {
      // Not an Op: only leaves are added, and a leaf's place never changes but to null.
      Node.Leaf leaf = (Node.Leaf) x.node;
      if (leaf != null && --leaf.watchers == 0 && leaf.accumulates == null) {
        x.node = null;
      }
    }
  }
}
