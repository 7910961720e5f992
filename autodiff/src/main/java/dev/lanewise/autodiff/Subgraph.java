package dev.lanewise.autodiff;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Backend;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * What a stretch of work has recorded, apart from what was there before: its results, the {@link
 * Source}s outside that they were computed from, and the gradients by these. Operations that call
 * functions, and decide themselves when and how often, are made of it: {@link #join} makes such an
 * operation one step of the graph around it.
 *
 * {@snippet :
 * Subgraph part = Subgraph.of("part", () -> List.of(f.apply(x)));
 * List<Source> from = part.sources();
 * List<Tensor> y = Subgraph.join("part", part.results(), from, ups -> part.gradients(from, ups));
 * }
 */
public final class Subgraph {
  private final String operation;
  private final List<Tensor> results;
  private final List<Source> sources;
  private final Draws draws;

  private Subgraph(String operation, List<Tensor> results, List<Source> sources, Draws draws) {
    this.operation = operation;
    this.results = results;
    this.sources = sources;
    this.draws = draws;
  }

  /** A tensor outside of a subgraph, of which only its place in the graph is known. */
  public static final class Source {
    private final Node node;

    private Source(Node node) {
      this.node = node;
    }

    /** {@return the shape of the tensor, and of its gradient} */
    public Shape shape() {
      return node.shape;
    }

    /** {@return the type of the tensor, and of its gradient} */
    public DType dtype() {
      return node.dtype;
    }

    /**
     * {@return a gradient for a source that nothing depends on}
     *
     * @param backend who computes on it
     */
    public Tensor zeros(Backend backend) {
      return Tensor.zeros(backend, dtype(), shape());
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Source source && source.node == node;
    }

    @Override
    public int hashCode() {
      return node.hashCode();
    }

    @Override
    public String toString() {
      return "Source(" + dtype() + " " + shape() + ")";
    }
  }

  /**
   * {@return what work records} If recording is off, there are results without sources.
   *
   * @param operation what errors call it
   * @param work computes the results
   */
  public static Subgraph of(String operation, Supplier<List<Tensor>> work) {
    Grad.Mode mode = Grad.mode();
    Draws outer = mode.draws;
    Draws draws = new Draws(outer);
    mode.draws = draws;
    try {
      return recorded(operation, work, draws);
    } finally {
      mode.draws = outer;
      draws.end();
    }
  }

  /**
   * {@return what the work records when it is done again, with the random numbers of the first
   * time} It is recorded also where recording is off. Whoever calls this knows that what the work
   * needs has not changed.
   *
   * @param work what was done before
   */
  public Subgraph again(Supplier<List<Tensor>> work) {
    Grad.Mode mode = Grad.mode();
    Draws outer = mode.draws;
    mode.draws = draws.again();
    long until = mode.readerUntil;
    mode.readerUntil = Long.MIN_VALUE;
    try (Grad _ = Grad.on()) {
      return recorded(operation, work, draws);
    } finally {
      mode.draws = outer;
      mode.readerUntil = until;
    }
  }

  private static Subgraph recorded(String operation, Supplier<List<Tensor>> work, Draws draws) {
    long start = Change.mark();
    List<Tensor> results = List.copyOf(work.get());
    List<Source> sources = new ArrayList<>();
    if (Grad.isOn()) {
      for (Node end : ends(start, results)) {
        sources.add(new Source(end));
      }
    }
    return new Subgraph(operation, results, List.copyOf(sources), draws);
  }

  /** {@return the places below results that were there before a mark, or are leaves} */
  static Node[] ends(long mark, List<Tensor> results) {
    Set<Node> ends = new LinkedHashSet<>();
    Set<Node> seen = new HashSet<>();
    Deque<Node> open = new ArrayDeque<>();
    results.forEach(result -> push(open, result.node));
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (!(node instanceof Node.Op op) || op.stamp < mark || op.isFreed()) {
        ends.add(node);
      } else if (seen.add(op)) {
        for (Node input : op.inputs) {
          push(open, input);
        }
      }
    }
    return ends.toArray(Node[]::new);
  }

  private static void push(Deque<Node> open, Node node) {
    if (node != null) {
      open.push(node);
    }
  }

  /** {@return what the work has computed, recorded as far as the sources} */
  public List<Tensor> results() {
    return results;
  }

  /** {@return where the gradients of the results flow to} */
  public List<Source> sources() {
    return sources;
  }

  /**
   * {@return the place of a tensor; {@code null} if no gradient flows to it}
   *
   * @param x the tensor
   */
  public static Source source(Tensor x) {
    return x.node == null ? null : new Source(x.node);
  }

  /**
   * {@return the gradients by some sources, in their order; {@code null} by one that no result
   * depends on} What was recorded is kept. The gradients are themselves recorded if recording is
   * on.
   *
   * @param by the sources
   * @param ups the gradient by each result; {@code null} by one that has none
   */
  public List<Tensor> gradients(List<Source> by, List<Tensor> ups) {
    Node[] ends = by.stream().map(source -> source.node).toArray(Node[]::new);
    return Arrays.asList(Engine.partials(operation, results, ups, ends, true, Grad.isOn()));
  }

  /**
   * {@return tensors with the numbers of some, as the results of one operation on the sources}
   *
   * @param operation what errors and {@link Tensor#gradFn} call it
   * @param numbers what the operation has computed
   * @param sources what it depends on; if there are none, nothing is recorded
   * @param gradient gives the gradients by the sources, {@code null} by one that has none, from
   *     those by the results, {@code null} by one that has none
   */
  public static List<Tensor> join(
      String operation,
      List<Tensor> numbers,
      List<Source> sources,
      UnaryOperator<List<Tensor>> gradient) {
    List<Tensor> joined = numbers.stream().map(x -> new Tensor(x.data)).toList();
    if (sources.isEmpty() || !Grad.isOn()) {
      return joined;
    }
    Node[] ends = sources.stream().map(source -> source.node).toArray(Node[]::new);
    Joint joint = new Joint(joined.size(), gradient);
    // The gradients by the results meet in one node. What is handed to it says that they are in.
    Tensor meeting = Tensor.scalar(joined.getFirst().backend(), DType.F32, 0);
    Node.attach(meeting, new Node.Op(operation, meeting.data, ends, joint));
    for (int i = 0; i < joined.size(); i++) {
      if (joined.get(i).dtype().isFloating()) {
        int number = i;
        Gradient part =
            (_, _, up) -> {
              joint.ups[number] = up;
              return Tensor.scalar(up.backend(), DType.F32, 0);
            };
        Node.record(operation, joined.get(i), part, meeting);
      }
    }
    return joined;
  }

  /** The chain rule of a joined operation. */
  private static final class Joint extends JointGradient {
    private final UnaryOperator<List<Tensor>> gradient;
    private Tensor[] ups;

    Joint(int results, UnaryOperator<List<Tensor>> gradient) {
      this.ups = new Tensor[results];
      this.gradient = gradient;
    }

    @Override
    Tensor[] byAll(Tensor up) {
      assert Arrays.stream(ups).anyMatch(Objects::nonNull);
      return gradient.apply(Arrays.asList(ups)).toArray(Tensor[]::new);
    }

    /** Two sources may get the same gradient. */
    @Override
    public boolean isNew() {
      return false;
    }

    @Override
    public void forget() {
      super.forget();
      ups = new Tensor[ups.length];
    }
  }
}
