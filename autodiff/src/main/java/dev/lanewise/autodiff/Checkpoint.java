package dev.lanewise.autodiff;

import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Less memory for more time: of a part of a computation nothing is kept but its result, and it is
 * computed again when its gradient is asked for. Results and gradients are the same, to the last
 * bit.
 *
 * {@snippet :
 * Tensor h = x;
 * for (UnaryOperator<Tensor> block : blocks) {
 *   h = Checkpoint.of(block, h);
 * }
 * h.mean().backward();   // one block's inner tensors at a time are in memory
 * }
 *
 * <p>Gradients flow to the inputs and to everything else that the function reads, such as the
 * parameters of a layer. The function runs in a {@link Scope} of its own, each time: what it makes
 * dies with it, but for its result. So it must not leave tensors behind, nor write into those that
 * it reads; what else it changes, such as a layer's running mean, is changed twice. Of each {@link
 * Generator} it takes the same streams the second time, so that dropout drops the same. While
 * gradients are themselves recorded, what is computed again is kept, as without a checkpoint.
 *
 * @see <a href="https://arxiv.org/abs/1604.06174">Chen et al., Training Deep Nets with Sublinear
 *     Memory Cost</a>
 */
public final class Checkpoint {
  private Checkpoint() {}

  /**
   * {@return what a function makes of a tensor}
   *
   * @param function what is computed, and computed again; makes the same of the same
   * @param x its input
   * @throws GradientException if it writes into its input
   */
  public static Tensor of(UnaryOperator<Tensor> function, Tensor x) {
    return ofAll(inputs -> function.apply(inputs[0]), x);
  }

  /**
   * {@return what a function makes of tensors}
   *
   * @param function what is computed, and computed again; makes the same of the same
   * @param inputs its inputs
   * @throws GradientException if it writes into an input
   */
  public static Tensor ofAll(Function<Tensor[], Tensor> function, Tensor... inputs) {
    Tensor[] kept = inputs.clone();
    Grad.Mode mode = Grad.mode();
    Draws draws = new Draws(mode.draws);
    Draws outer = mode.draws;
    long start = Change.mark();
    try (Scope scope = Scope.open("checkpoint")) {
      mode.draws = draws;
      // Recorded, as operations may compute otherwise if they are; the record is dropped at once.
      Tensor y = function.apply(inputs.clone());
      Tensor out = new Tensor(scope.keep(y).data);
      for (Tensor input : kept) {
        if (Change.since(start, input)) {
          throw new GradientException(
              "checkpoint: the function writes into its input of shape "
                  + input.shape()
                  + ", which it needs again; copy() it first");
        }
      }
      if (y.node != null && Grad.isOn()) {
        Node[] ends = Subgraph.ends(start, List.of(y));
        Gradient gradient = new Again(function, kept, draws, y.shape(), ends);
        Node.attach(out, new Node.Op("checkpoint", y.data, ends, gradient));
      }
      return out;
    } finally {
      mode.draws = outer;
      draws.end();
    }
  }

  /** The gradient: computes again, and walks back from there to where the first time came from. */
  private static final class Again extends JointGradient {
    private final Function<Tensor[], Tensor> function;
    private final Tensor[] inputs;
    private final Draws draws;
    private final Shape shape;
    private final Node[] ends;

    Again(
        Function<Tensor[], Tensor> function,
        Tensor[] inputs,
        Draws draws,
        Shape shape,
        Node... ends) {
      this.function = function;
      this.inputs = inputs;
      this.draws = draws;
      this.shape = shape;
      this.ends = ends;
    }

    @Override
    Tensor[] byAll(Tensor up) {
      if (Grad.isOn()) {
        return gradients(up, true);
      }
      try (Scope scope = Scope.open("checkpoint")) {
        Tensor[] gradients = gradients(up, false);
        for (Tensor gradient : gradients) {
          if (gradient != null) {
            scope.keep(gradient);
          }
        }
        return gradients;
      }
    }

    private Tensor[] gradients(Tensor up, boolean createGraph) {
      Tensor y = compute();
      if (!y.shape().equals(shape) || y.dtype() != up.dtype() || y.node == null) {
        throw new GradientException(
            "checkpoint: the function gave "
                + up.dtype()
                + " "
                + shape
                + " first and "
                + y.dtype()
                + " "
                + y.shape()
                + " when it was computed again; it must make the same of the same");
      }
      return Engine.partials("checkpoint", List.of(y), List.of(up), ends, createGraph, createGraph);
    }

    private Tensor compute() {
      Grad.Mode mode = Grad.mode();
      Draws outer = mode.draws;
      mode.draws = draws.again();
      // What the function itself writes, it may read.
      mode.readerUntil = Change.now();
      try (Grad _ = Grad.on()) {
        return function.apply(inputs.clone());
      } finally {
        mode.draws = outer;
      }
    }

    /** Two inputs may get the same gradient. */
    @Override
    public boolean isNew() {
      return false;
    }
  }
}
