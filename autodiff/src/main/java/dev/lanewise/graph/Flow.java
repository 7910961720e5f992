package dev.lanewise.graph;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Subgraph;
import dev.lanewise.autodiff.Subgraph.Source;
import dev.lanewise.autodiff.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Control flow that depends on numbers: a choice of functions, a loop as long as a condition holds,
 * and a loop over the parts of a tensor. In a function that is being traced they are calls of the
 * graph, which decides in each run; anywhere else they compute at once, with the same results and
 * gradients to the last bit.
 *
 * {@snippet :
 * Tensor y = Flow.cond(x.sum().gt(0), v -> v.sqrt(), v -> v.neg(), x);
 *
 * Tensor power = Flow.loop(v -> v.sum().lt(100), v -> v.mul(2), x);     // no gradient in a graph
 *
 * Flow.Step run =                                                       // a recurrent layer
 *     Flow.scan(
 *         (h, in) -> {
 *           Tensor next = in.getFirst().matmul(w).add(h.getFirst().matmul(u)).tanh();
 *           return new Flow.Step(List.of(next), List.of(next));
 *         },
 *         List.of(h0), List.of(steps));                                 // steps: [time, batch, n]
 * Tensor last = run.carry().getFirst(), all = run.ys().getFirst();
 * }
 *
 * <p>Functions may use any other tensors, to which gradients flow too, and write into them, such as
 * running statistics, which happens in the calls that are made; they must not write into what they
 * are given. In a trace each function is called once, so that it must do the same every time; where
 * a gradient is asked for, once more. A branch that is not taken gives gradients of zeros in a
 * graph. Results are new tensors in a graph, but may share memory with what a function was given
 * outside of one: {@code copy()} what is written into.
 *
 * @see <a href="https://docs.jax.dev/en/latest/control-flow.html">cond, while_loop and scan of
 *     JAX</a>
 */
public final class Flow {
  private Flow() {}

  /**
   * {@return the result of one of two functions}
   *
   * @param predicate one number, which is read in each run: not 0 means true
   * @param ifTrue called if it is not 0
   * @param ifFalse called if it is 0; gives the same type and shape
   * @throws ShapeException if the predicate has more than one element; in a trace, if the shapes of
   *     the results differ
   * @throws DTypeException in a trace, if their types differ
   */
  public static Tensor cond(Tensor predicate, Supplier<Tensor> ifTrue, Supplier<Tensor> ifFalse) {
    return cond(null, predicate, () -> List.of(ifTrue.get()), () -> List.of(ifFalse.get()))
        .getFirst();
  }

  /**
   * {@return what one of two functions makes of a tensor}
   *
   * @param predicate one number, which is read in each run: not 0 means true
   * @param ifTrue called if it is not 0
   * @param ifFalse called if it is 0; gives the same type and shape
   * @param x what the function is given
   * @throws ShapeException if the predicate has more than one element; in a trace, if the shapes of
   *     the results differ
   * @throws DTypeException in a trace, if their types differ
   */
  public static Tensor cond(
      Tensor predicate, UnaryOperator<Tensor> ifTrue, UnaryOperator<Tensor> ifFalse, Tensor x) {
    return cond(predicate, () -> ifTrue.apply(x), () -> ifFalse.apply(x));
  }

  /**
   * {@return the results of one of two functions}
   *
   * @param predicate one number, which is read in each run: not 0 means true
   * @param ifTrue called if it is not 0
   * @param ifFalse called if it is 0; gives as many results, of the same types and shapes
   * @throws ShapeException if the predicate has more than one element; in a trace, if the number or
   *     the shapes of the results differ
   * @throws DTypeException in a trace, if their types differ
   */
  public static List<Tensor> condAll(
      Tensor predicate, Supplier<List<Tensor>> ifTrue, Supplier<List<Tensor>> ifFalse) {
    return cond(null, predicate, ifTrue, ifFalse);
  }

  private static List<Tensor> cond(
      FlowTrace first,
      Tensor predicate,
      Supplier<List<Tensor>> ifTrue,
      Supplier<List<Tensor>> ifFalse) {
    requireOne("cond", predicate);
    if (!FlowTrace.records(predicate)) {
      Subgraph taken = Subgraph.of("cond", isTrue(predicate) ? ifTrue : ifFalse);
      List<Source> sources = taken.sources();
      return Subgraph.join(
          "cond", plain(taken.results()), sources, ups -> plain(taken.gradients(sources, ups)));
    }
    FlowTrace flow = new FlowTrace(Trace.current(), first, 1);
    Branch yes = new Branch(flow, "if true", ifTrue);
    Branch no = new Branch(flow, "if false", ifFalse);
    requireAlike("cond: the two branches give", yes.results, no.results);
    Set<Source> all = new LinkedHashSet<>(yes.graph.sources());
    all.addAll(no.graph.sources());
    List<Source> sources = List.copyOf(all);
    List<Tensor> results =
        flow.call(new FlowOp.Cond(flow.part(0), flow.part(1)), yes.results, List.of(predicate));
    return Subgraph.join(
        "cond",
        results,
        sources,
        ups -> {
          flow.requireRepeatable();
          return cond(
              flow, predicate, () -> yes.gradients(sources, ups), () -> no.gradients(sources, ups));
        });
  }

  /** One of the functions of a choice, recorded. */
  private static final class Branch {
    private final Supplier<List<Tensor>> function;
    private final List<Tensor> results;
    private Subgraph graph;

    Branch(FlowTrace flow, String label, Supplier<List<Tensor>> function) {
      this.function = function;
      this.results =
          flow.record(
              label,
              List.of(),
              _ -> {
                graph = Subgraph.of("cond", function);
                return graph.results();
              });
    }

    List<Tensor> gradients(List<Source> sources, List<Tensor> ups) {
      List<Tensor> some = graph.again(function).gradients(sources, ups);
      List<Tensor> all = new ArrayList<>();
      for (int i = 0; i < some.size(); i++) {
        Tensor gradient = some.get(i);
        all.add(gradient == null ? sources.get(i).zeros(Trace.current().backend()) : gradient);
      }
      return all;
    }
  }

  /**
   * {@return the last state of a loop}
   *
   * @param condition gives one number: as long as it is not 0, the loop goes on
   * @param body makes the next state, of the same type and shape
   * @param state the first state
   * @throws ShapeException if a condition has more than one element, or the shape changes
   * @throws DTypeException if the type changes
   */
  public static Tensor loop(
      UnaryOperator<Tensor> condition, UnaryOperator<Tensor> body, Tensor state) {
    return loopAll(
            states -> condition.apply(states.getFirst()),
            states -> List.of(body.apply(states.getFirst())),
            List.of(state))
        .getFirst();
  }

  /**
   * {@return the last state of a loop} Outside of a trace gradients flow through it as through any
   * loop of Java. In one there are none, as nobody knows how many states a gradient would need: a
   * {@link #scan} of the largest number of steps has one.
   *
   * @param condition gives one number: as long as it is not 0, the loop goes on
   * @param body makes the next state, of the same number of tensors, types and shapes
   * @param state the first state
   * @throws ShapeException if a condition has more than one element, or a number or shape changes
   * @throws DTypeException if a type changes
   */
  public static List<Tensor> loopAll(
      Function<List<Tensor>, Tensor> condition,
      UnaryOperator<List<Tensor>> body,
      List<Tensor> state) {
    if (state.isEmpty()) {
      throw new IllegalArgumentException("loop: the state must have at least one tensor");
    }
    UnaryOperator<List<Tensor>> next =
        before -> {
          List<Tensor> after = body.apply(before);
          requireAlike("loop: the state before a step and after it are", before, after);
          return after;
        };
    Function<List<Tensor>, Tensor> test =
        now -> {
          Tensor predicate = condition.apply(now);
          requireOne("loop", predicate);
          return predicate;
        };
    if (!FlowTrace.records(state.getFirst())) {
      List<Tensor> now = plain(state);
      while (isTrue(test.apply(now))) {
        now = plain(next.apply(now));
      }
      return now;
    }
    FlowTrace flow = new FlowTrace(Trace.current(), null, state.size());
    flow.record("while", state, now -> List.of(test.apply(now)));
    Set<Source> sources = new LinkedHashSet<>(sources(state));
    flow.record(
        "do",
        state,
        now -> {
          Subgraph graph = Subgraph.of("loop", () -> next.apply(now));
          sources.addAll(graph.sources());
          return graph.results();
        });
    List<Tensor> results =
        flow.call(new FlowOp.Loop(state.size(), flow.part(0), flow.part(1)), state, state);
    return Subgraph.join(
        "loop",
        results,
        List.copyOf(sources),
        _ -> {
          throw new GraphException(
              "gradient: a loop in a graph has none, as its states are not kept; use Flow.scan, or"
                  + " detach() the result");
        });
  }

  /**
   * What a step of a scan gives, and what a whole scan does.
   *
   * @param carry goes to the next step; of the scan, the last
   * @param ys what is stacked along a new first axis; of the scan, the stacks
   */
  public record Step(List<Tensor> carry, List<Tensor> ys) {
    /** Keeps copies of the lists. */
    public Step {
      carry = List.copyOf(carry);
      ys = List.copyOf(ys);
    }
  }

  /** A step of a scan. */
  @FunctionalInterface
  public interface Body {
    /**
     * {@return the next carry, and what is stacked}
     *
     * @param carry what the step before has given
     * @param xs the part of each tensor for this step, without the first axis
     */
    Step step(List<Tensor> carry, List<Tensor> xs);
  }

  /**
   * {@return the last carry and the stacked results of steps along the first axis}
   *
   * @param body a step; the carry keeps its number of tensors, types and shapes
   * @param carry what the first step is given; may be empty
   * @param xs what is cut into parts: {@code [steps, …]}, at least one tensor and one step
   * @throws ShapeException if there are no steps, the tensors' first axes differ, or a number or
   *     shape of the carry or the results changes from step to step
   * @throws DTypeException if a type does
   */
  public static Step scan(Body body, List<Tensor> carry, List<Tensor> xs) {
    return scan(body, carry, xs, false);
  }

  /**
   * {@return the last carry and the stacked results of steps along the first axis}
   *
   * @param body a step; the carry keeps its number of tensors, types and shapes
   * @param carry what the first step is given; may be empty
   * @param xs what is cut into parts: {@code [steps, …]}, at least one tensor and one step
   * @param reverse whether the last part comes first; results stay in the places of their parts
   * @throws ShapeException if there are no steps, the tensors' first axes differ, or a number or
   *     shape of the carry or the results changes from step to step
   * @throws DTypeException if a type does
   */
  public static Step scan(Body body, List<Tensor> carry, List<Tensor> xs, boolean reverse) {
    return new Scan(body, carry, xs, reverse).run();
  }

  // ---- What the three share ----

  private static void requireOne(String operation, Tensor predicate) {
    if (predicate.size() != 1) {
      throw new ShapeException(
          operation
              + ": the predicate must be one number, not "
              + predicate.shape()
              + "; reduce it first, for example with max(), or choose for each element with"
              + " Tensor.where");
    }
  }

  /** {@return whether a number is not 0} */
  private static boolean isTrue(Tensor predicate) {
    return predicate.item() != 0;
  }

  /** Refuses lists of which one could not take the place of the other. */
  static void requireAlike(String what, List<Tensor> some, List<Tensor> others) {
    if (some.size() != others.size()) {
      throw new ShapeException(
          what + " " + some.size() + " and " + others.size() + " tensors; both must be alike");
    }
    for (int i = 0; i < some.size(); i++) {
      Tensor one = some.get(i);
      Tensor other = others.get(i);
      if (!one.shape().equals(other.shape())) {
        throw new ShapeException(pair(what, one, other, i));
      }
      if (one.dtype() != other.dtype()) {
        throw new DTypeException(pair(what, one, other, i));
      }
    }
  }

  private static String pair(String what, Tensor one, Tensor other, int number) {
    return "%s %s %s and %s %s as tensor %d; both must be alike"
        .formatted(what, one.dtype(), one.shape(), other.dtype(), other.shape(), number);
  }

  /** {@return tensors that lie without gaps, as in a graph, so that kernels add up in one order} */
  static List<Tensor> plain(List<Tensor> tensors) {
    List<Tensor> plain = new ArrayList<>();
    for (Tensor x : tensors) {
      plain.add(x == null || x.data().layout().isContiguous() ? x : x.copy());
    }
    return plain;
  }

  /** {@return the places of those tensors that gradients flow to} */
  static List<Source> sources(List<Tensor> tensors) {
    return tensors.stream().filter(Tensor::requiresGrad).map(Subgraph::source).toList();
  }
}
