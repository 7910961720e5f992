package dev.lanewise.autodiff;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Storage;
import dev.lanewise.kernel.BinaryOp;
import dev.lanewise.kernel.Expr;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The walk from a result back to what it was computed from: iterative, in descending depth, so that
 * every contribution to a tensor's gradient is in before it is handed on.
 */
final class Engine {
  private static final Expr SUM = Expr.binary(BinaryOp.ADD, Expr.arg(0), Expr.arg(1));

  private final String operation;
  private final boolean retainGraph;
  private final boolean createGraph;
  private final Ends ends;
  private final Grad.Mode mode = Grad.mode();
  private final Map<Node, Visit> visits = new IdentityHashMap<>();

  private Engine(String operation, boolean retainGraph, boolean createGraph, Ends ends) {
    this.operation = operation;
    this.retainGraph = retainGraph;
    this.createGraph = createGraph;
    this.ends = ends;
  }

  /** Where gradients are wanted. */
  private enum Ends {
    /** In what accumulates them. */
    GRADS,
    /** In sources, and through them in others. */
    SOURCES,
    /** In sources, at which the walk ends: what lies below is another's. */
    CUT
  }

  /** A node that the walk has reached. */
  private static final class Visit implements Comparable<Visit> {
    private final Node node;

    /** The gradient so far, or {@code null}. */
    private Tensor up;

    /** Whether nobody else sees the memory of {@code up}, so that it may be added to. */
    private boolean owned;

    /** Whether a source lies at or below this node. */
    private boolean wanted;

    /** Whether it is a source itself. */
    private boolean source;

    /** Whether the walk leads here; sources are entered before that is known. */
    private boolean reached;

    Visit(Node node) {
      this.node = node;
    }

    @Override
    public int compareTo(Visit other) {
      return Integer.compare(other.node.depth, node.depth);
    }
  }

  /** {@return the gradient of a scalar by itself} */
  static Tensor seed(String operation, Tensor y) {
    if (y.size() != 1) {
      throw new GradientException(
          operation
              + ": the tensor has shape "
              + y.shape()
              + " but only one of a single element has a gradient; reduce it first, for example"
              + " with sum(), or give the gradient by it");
    }
    requireRecorded(operation, y);
    return Tensor.onesLike(y);
  }

  /** {@return {@code v}, which must fit as the gradient by {@code y}} */
  static Tensor checkedSeed(String operation, Tensor y, Tensor v) {
    if (!v.shape().equals(y.shape()) || v.dtype() != y.dtype()) {
      throw new GradientException(
          operation
              + ": the gradient by a tensor of "
              + y.dtype()
              + " "
              + y.shape()
              + " must be the same, not "
              + v.dtype()
              + " "
              + v.shape());
    }
    Checks.sameBackend(operation, y, v);
    return v;
  }

  private static void requireRecorded(String operation, Tensor y) {
    if (y.node == null) {
      throw new GradientException(
          operation
              + ": nothing that this tensor was computed from requires a gradient; call"
              + " requiresGrad(true), or watch(x) of a tape, before computing, and outside"
              + " Grad.off()");
    }
    Change.requireKnown(y);
  }

  /** Adds the gradients of {@code (y · seed).sum()} to the tensors that accumulate them. */
  static void backward(Tensor y, Tensor seed, boolean retainGraph) {
    requireRecorded("backward", y);
    Engine engine = new Engine("backward", retainGraph, false, Ends.GRADS);
    Map<Node, Tensor> roots = Map.of(y.node, seed);
    List<Visit> order = engine.reach(roots.keySet());
    for (Visit visit : order) {
      visit.wanted = true;
      requireAlive(visit.node);
    }
    engine.walk(order, roots);
    for (Visit visit : order) {
      if (visit.node.accumulates != null && visit.up != null) {
        accumulate(visit.node.accumulates, visit);
      }
    }
  }

  /** Refuses a tensor whose gradient can not be added to, before anything is freed or added. */
  private static void requireAlive(Node node) {
    Tensor x = node.accumulates;
    if (x != null && x.grad != null && !x.grad.storage().isAlive()) {
      throw new GradientException(
          "backward: the gradient to add to died with its scope; call zeroGrad() at the start of"
              + " each step, or scope.keep(x.grad()) at its end");
    }
  }

  /** {@return the gradients of {@code (y · seed).sum()}} */
  static Tensor[] gradients(
      String operation,
      Tensor y,
      Tensor seed,
      Tensor[] xs,
      boolean retainGraph,
      boolean createGraph) {
    requireRecorded(operation, y);
    Node[] sources = new Node[xs.length];
    for (int i = 0; i < xs.length; i++) {
      sources[i] = xs[i].node;
    }
    return new Engine(operation, retainGraph, createGraph, Ends.SOURCES)
        .by(Map.of(y.node, seed), sources);
  }

  /**
   * {@return the gradients of the sum of all {@code (y · seed).sum()} by places of the graph, each
   * on the ways that do not lead through another of them} Results that nothing was recorded of, or
   * whose seed is {@code null}, are left out.
   */
  static Tensor[] partials(
      String operation,
      List<Tensor> ys,
      List<Tensor> seeds,
      Node[] ends,
      boolean retainGraph,
      boolean createGraph) {
    Map<Node, Tensor> roots = new LinkedHashMap<>();
    for (int i = 0; i < ys.size(); i++) {
      Tensor y = ys.get(i);
      if (y.node != null && seeds.get(i) != null) {
        Change.requireKnown(y);
        roots.merge(y.node, seeds.get(i), Tensor::add);
      }
    }
    return new Engine(operation, retainGraph, createGraph, Ends.CUT).by(roots, ends);
  }

  private Tensor[] by(Map<Node, Tensor> roots, Node... sources) {
    for (Node source : sources) {
      if (source != null) {
        visits.computeIfAbsent(source, Visit::new).source = true;
      }
    }
    List<Visit> order = reach(roots.keySet());
    markWanted(order);
    walk(order, roots);
    Tensor[] gradients = new Tensor[sources.length];
    for (int i = 0; i < sources.length; i++) {
      gradients[i] = sources[i] == null ? null : visits.get(sources[i]).up;
    }
    return gradients;
  }

  /** {@return whether the walk goes on from a node to its inputs} */
  private boolean goesOn(Visit visit) {
    return visit.node instanceof Node.Op && !(visit.source && ends == Ends.CUT);
  }

  /** {@return everything that nodes were computed from, in the order of the walk} */
  private List<Visit> reach(Set<Node> roots) {
    List<Visit> order = new ArrayList<>();
    roots.forEach(root -> reach(root, order));
    for (int i = 0; i < order.size(); i++) {
      Visit visit = order.get(i);
      if (goesOn(visit) && visit.node instanceof Node.Op op && !(op.isFreed() && visit.source)) {
        requireKept(op);
        for (Node input : op.inputs) {
          if (input != null) {
            reach(input, order);
          }
        }
      }
    }
    Collections.sort(order);
    return order;
  }

  private void reach(Node node, List<Visit> order) {
    Visit visit = visits.computeIfAbsent(node, Visit::new);
    if (!visit.reached) {
      visit.reached = true;
      order.add(visit);
    }
  }

  private void requireKept(Node.Op op) {
    if (op.isFreed()) {
      throw new GradientException(
          operation
              + ": what '"
              + op.name
              + "' had kept was freed by an earlier call; pass"
              + " retainGraph = true to that call, open the tape with Tape.openPersistent(), or"
              + " compute the result again");
    }
  }

  /** Marks the nodes from which a source is reached: gradients flow nowhere else. */
  private void markWanted(List<Visit> order) {
    for (int i = order.size() - 1; i >= 0; i--) {
      Visit visit = order.get(i);
      visit.wanted = visit.source;
      if (goesOn(visit) && visit.node instanceof Node.Op op && !op.isFreed()) {
        for (Node input : op.inputs) {
          visit.wanted |= input != null && visits.get(input).wanted;
        }
      }
    }
  }

  private void walk(List<Visit> order, Map<Node, Tensor> roots) {
    roots.forEach(
        (root, seed) -> {
          if (mode.detects) {
            Anomaly.requireSeed(operation, seed);
          }
          visits.get(root).up = seed;
        });
    Node.Op outerReader = mode.reader;
    Storage outerUp = mode.readerUp;
    long outerUntil = mode.readerUntil;
    mode.reader = null;
    Change.mark(); // what is made from here on is younger than all that was kept
    boolean done = false;
    try (Grad _ = Grad.recording(createGraph)) {
      for (Visit visit : order) {
        if (visit.wanted) {
          pass(visit);
        }
      }
      done = true;
    } finally {
      mode.reader = outerReader;
      mode.readerUp = outerUp;
      mode.readerUntil = outerUntil;
      for (int i = 0; !done && i < order.size(); i++) {
        if (order.get(i).node instanceof Node.Op op && !op.isFreed()) {
          op.gradient.forget();
        }
      }
    }
  }

  /** Passes a node: its gradient is complete. */
  private void pass(Visit visit) {
    if (visit.up != null && visit.node.hooks != null && !(visit.source && ends == Ends.CUT)) {
      visit.up = GradientHook.applyAll(visit.node, visit.up);
      visit.owned = false; // a hook may have kept it
    }
    if (goesOn(visit) && visit.node instanceof Node.Op op && !op.isFreed()) {
      boolean used = hand(op, visit.up);
      op.gradient.forget();
      if (used && !retainGraph) {
        op.free();
      }
      if (!visit.source && !(ends == Ends.GRADS && op.accumulates != null)) {
        visit.up = null;
      }
    }
  }

  /**
   * Hands a gradient on to the inputs of an operation.
   *
   * @param up the gradient by its result; {@code null} if none has come in
   * @return whether a source lies below the operation
   */
  private boolean hand(Node.Op op, Tensor up) {
    boolean used = false;
    for (int i = 0; i < op.inputs.length; i++) {
      Node input = op.inputs[i];
      Visit to = input == null ? null : visits.get(input);
      if (to == null || !to.wanted) {
        continue;
      }
      used = true;
      Tensor gradient = up == null ? null : gradient(op, i, up);
      if (gradient != null) {
        assert gradient.shape().equals(input.shape) : op.name + ": " + gradient + input.shape;
        add(to, gradient, op.gradient.isNew() && gradient.storage() != up.storage());
      }
    }
    return used;
  }

  /** {@return the gradient by an input, computed while it is watched what is read for it} */
  private Tensor gradient(Node.Op op, int input, Tensor up) {
    mode.readerUp = up.storage();
    mode.readerUntil = Long.MAX_VALUE;
    mode.reader = op;
    Tensor gradient;
    try {
      gradient = op.gradient.by(input, op.inputs[input].shape, up);
    } finally {
      mode.reader = null;
    }
    if (mode.detects && gradient != null) {
      Anomaly.requireGradient(operation, op, input, gradient);
    }
    return gradient;
  }

  private void add(Visit to, Tensor gradient, boolean fresh) {
    if (to.up == null) {
      to.up = gradient;
      // A new number stretched by strides of 0 can not be added to either.
      to.owned = fresh && gradient.data().layout().isContiguous();
    } else if (to.owned && !createGraph) {
      addInto(to.up, gradient);
    } else {
      to.up = to.up.add(gradient);
      to.owned = true;
    }
  }

  private static void addInto(Tensor sum, Tensor x) {
    NdArray out = sum.data();
    sum.backend().elementwise(SUM, out, Elementwise.NO_PARAMS, out, x.data());
  }

  private static void accumulate(Tensor leaf, Visit visit) {
    if (leaf.grad == null) {
      leaf.grad = visit.owned ? visit.up : new Tensor(Views.copy(visit.up));
    } else {
      addInto(leaf.grad, visit.up);
      Change.tell(leaf.grad, "backward", false);
    }
  }
}
