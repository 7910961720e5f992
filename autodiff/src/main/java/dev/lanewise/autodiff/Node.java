package dev.lanewise.autodiff;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import java.util.List;

/**
 * The place of a tensor in the graph. Nodes point to the nodes of their inputs, not to the tensors,
 * so that only what a gradient needs again stays in memory.
 */
abstract sealed class Node {
  final Shape shape;
  final DType dtype;

  /** More than the depth of every input: descending depths are a topological order. */
  final int depth;

  /** Whose {@code grad} accumulates; {@code null} if only tapes watch, or nobody asked for it. */
  Tensor accumulates;

  /** Who sees the gradient when it is complete; {@code null} if nobody does. */
  List<GradientHook> hooks;

  private Node(NdArray array, int depth) {
    this.shape = array.shape();
    this.dtype = array.dtype();
    this.depth = depth;
  }

  /** A tensor that gradients flow to and that was not computed from others. */
  static final class Leaf extends Node {
    /** How many open tapes watch. */
    int watchers;

    Leaf(NdArray array) {
      super(array, 0);
    }
  }

  /** A recorded operation. */
  static final class Op extends Node {
    final String name;

    /** The inputs' nodes, {@code null} where none is needed; {@code null} once freed. */
    Node[] inputs;

    /** The chain rule; {@code null} once freed. */
    Gradient gradient;

    /** The latest change of any memory when this was recorded: later ones it does not know. */
    final long stamp = Change.now();

    /** Where this was recorded; {@code null} unless anomalies were looked for. */
    final Throwable place;

    /** Whether the result shares the memory of a leaf. */
    boolean showsLeaf;

    Op(String name, NdArray result, Node[] inputs, Gradient gradient) {
      super(result, 1 + deepest(inputs));
      this.name = name;
      this.inputs = inputs;
      this.gradient = gradient;
      this.place = Grad.mode().detects ? Anomaly.place(name, "was recorded") : null;
    }

    private static int deepest(Node[] inputs) {
      int depth = 0;
      for (Node input : inputs) {
        if (input != null && input.depth > depth) {
          depth = input.depth;
        }
      }
      return depth;
    }

    boolean isFreed() {
      return gradient == null;
    }

    /** Drops what the gradient keeps, and the way to the inputs. */
    void free() {
      inputs = null;
      gradient = null;
    }
  }

  private static boolean showsLeaf(Tensor out, Tensor x) {
    boolean shown = x.node instanceof Leaf || x.node instanceof Op op && op.showsLeaf;
    return shown && out.storage() == x.storage();
  }

  /** Gives a result its place in the graph. */
  static Tensor attach(Tensor out, Op op) {
    out.node = op;
    if (op.place != null && Grad.mode().detectsInResults) {
      Anomaly.requireResult(op, out);
    }
    return out;
  }

  /** {@return {@code out}, remembering that it was made from {@code x} if that needs gradients} */
  static Tensor record(String name, Tensor out, Gradient gradient, Tensor x) {
    if (x.node != null && Grad.isOn()) {
      Op op = new Op(name, out.data, new Node[] {x.node}, gradient);
      op.showsLeaf = showsLeaf(out, x);
      attach(out, op);
    }
    return out;
  }

  /** {@return {@code out}, remembering its inputs if one of them needs gradients} */
  static Tensor record(String name, Tensor out, Gradient gradient, Tensor x, Tensor y) {
    if ((x.node != null || y.node != null) && Grad.isOn()) {
      attach(out, new Op(name, out.data, new Node[] {x.node, y.node}, gradient));
    }
    return out;
  }

  /** {@return {@code out}, remembering its inputs if one of them needs gradients} */
  static Tensor record(String name, Tensor out, Gradient gradient, Tensor[] xs) {
    if (Grad.records(xs)) {
      Node[] inputs = new Node[xs.length];
      boolean shows = false;
      for (int i = 0; i < xs.length; i++) {
        inputs[i] = xs[i].node;
        shows |= showsLeaf(out, xs[i]);
      }
      Op op = new Op(name, out.data, inputs, gradient);
      op.showsLeaf = shows;
      attach(out, op);
    }
    return out;
  }
}
