package dev.lanewise.graph;

import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Grad;
import dev.lanewise.autodiff.GradientException;
import dev.lanewise.autodiff.Subgraph;
import dev.lanewise.autodiff.Subgraph.Source;
import dev.lanewise.autodiff.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;

/**
 * One call of {@link Flow#scan} and its gradient, which is a scan in the other direction. The carry
 * of that are the gradients by the carry and the sums of the gradients by what steps have captured.
 * A step of it has what was recorded of the forward step: the record itself or, in a graph, one
 * made again from the carry that was saved.
 */
final class Scan {
  private final Flow.Body body;
  private final List<Tensor> carry;
  private final List<Tensor> xs;
  private final boolean reverse;

  /** What forward steps have recorded, in their order; in a graph, there is one. */
  private final List<Recorded> steps = new ArrayList<>();

  /** What gradients flow to beside the carry and what is cut. */
  private final Set<Source> captured = new LinkedHashSet<>();

  /** Whether gradients are wanted, as far as is known. */
  private boolean records = Grad.isOn();

  /** How many tensors a step stacks. */
  private int stacked;

  Scan(Flow.Body body, List<Tensor> carry, List<Tensor> xs, boolean reverse) {
    this.body = body;
    this.carry = List.copyOf(carry);
    this.xs = List.copyOf(xs);
    this.reverse = reverse;
    if (xs.isEmpty()) {
      throw new ShapeException(
          "scan: at least one tensor must be cut into steps; Tensor.arange(n) counts them");
    }
    for (Tensor x : xs) {
      if (x.shape().rank() == 0
          || x.shape().dim(0) == 0
          || x.shape().dim(0) != xs.getFirst().shape().dim(0)) {
        throw new ShapeException(
            "scan: the first axis of each tensor must have one extent, the number of steps, at"
                + " least 1; shapes are "
                + xs.stream().map(Tensor::shape).toList());
      }
    }
  }

  /**
   * What was recorded of a step.
   *
   * @param leaves what it was given: the carry, then the parts
   * @param graph what it has made of them: the next carry, then what is stacked
   */
  private record Recorded(List<Tensor> leaves, Subgraph graph) {
    List<Source> own() {
      return Flow.sources(leaves);
    }
  }

  private Recorded record(List<Tensor> given) {
    List<Tensor> leaves = leaves(given, records);
    return new Recorded(leaves, Subgraph.of("scan", () -> step(leaves)));
  }

  private static List<Tensor> leaves(List<Tensor> given, boolean records) {
    return given.stream()
        .map(x -> Tensor.of(x.data()).requiresGrad(records && x.dtype().isFloating()))
        .toList();
  }

  private List<Tensor> step(List<Tensor> given) {
    int carries = carry.size();
    List<Tensor> before = given.subList(0, carries);
    Flow.Step step = body.step(before, given.subList(carries, given.size()));
    Flow.requireAlike("scan: the carry before a step and after it is", before, step.carry());
    return join(step.carry(), step.ys());
  }

  private static List<Tensor> join(List<Tensor> some, List<Tensor> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }

  /** {@return the results, with their place in the graph} */
  Flow.Step run() {
    boolean traced = FlowTrace.records(xs.getFirst());
    FlowTrace flow = traced ? trace(null, carry.size() + xs.size()) : null;
    List<Tensor> all =
        loop(flow, null, carry, xs, reverse, (before, parts) -> forward(traced, before, parts));
    int visible = carry.size() + stacked;
    List<Tensor> saved = all.subList(visible, all.size());
    List<Tensor> results = all.subList(0, visible);
    if (records) {
      FlowOp.Draws draws = traced ? flow.draws(length()) : null;
      results =
          Subgraph.join("scan", results, sources(), ups -> gradients(ups, saved, flow, draws));
    }
    return new Flow.Step(results.subList(0, carry.size()), results.subList(carry.size(), visible));
  }

  private int length() {
    return xs.getFirst().shape().dim(0);
  }

  private static FlowTrace trace(FlowTrace first, int operands) {
    return new FlowTrace(Trace.current(), first, operands);
  }

  /** {@return the next carry, what is stacked and, if a graph's gradient needs it, the carry} */
  private List<Tensor> forward(boolean traced, List<Tensor> before, List<Tensor> parts) {
    Recorded step = record(join(before, parts));
    stacked = step.graph.results().size() - carry.size();
    if (records) {
      captured.addAll(step.graph.sources());
      captured.removeAll(step.own());
      records = !sources().isEmpty();
    }
    if (records) {
      steps.add(step);
    }
    return traced && records ? join(step.graph.results(), before) : step.graph.results();
  }

  /** {@return what gradients flow to: carry, what is cut, and what was captured} */
  private List<Source> sources() {
    return join(carry, xs).stream().anyMatch(Tensor::requiresGrad) || !captured.isEmpty()
        ? Stream.concat(Flow.sources(join(carry, xs)).stream(), captured.stream()).toList()
        : List.of();
  }

  // ---- The gradient ----

  private List<Tensor> gradients(
      List<Tensor> ups, List<Tensor> saved, FlowTrace flow, FlowOp.Draws draws) {
    if (Grad.isOn()) {
      throw new GradientException(
          "gradient: that of a scan can not be recorded, to be differentiated again; write the"
              + " steps as a loop of Java");
    }
    if (flow != null) {
      flow.requireRepeatable();
    }
    List<Source> through = List.copyOf(captured);
    List<Tensor> start = new ArrayList<>();
    for (int i = 0; i < carry.size(); i++) {
      if (carry.get(i).dtype().isFloating()) {
        start.add(ups.get(i) == null ? Tensor.zerosLike(carry.get(i)) : ups.get(i));
      }
    }
    int carries = start.size();
    through.forEach(source -> start.add(source.zeros(xs.getFirst().backend())));
    List<Tensor> cut = flow == null ? new ArrayList<>() : new ArrayList<>(join(saved, xs));
    int given = cut.size();
    ups.subList(carry.size(), ups.size()).stream().filter(up -> up != null).forEach(cut::add);
    int[] next = {steps.size()};
    BinaryOperator<List<Tensor>> step =
        (sums, parts) -> {
          Recorded one = flow == null ? steps.get(--next[0]) : again(parts.subList(0, given));
          return backward(one, ups, sums, parts.subList(given, parts.size()), carries, through);
        };
    FlowTrace back = flow == null ? null : trace(flow, start.size() + cut.size());
    List<Tensor> all = loop(back, draws, start, cut, !reverse, step);
    return inOrder(all, carries, through.size());
  }

  private Recorded again(List<Tensor> given) {
    List<Tensor> leaves = leaves(given, true);
    return new Recorded(leaves, steps.getFirst().graph.again(() -> step(leaves)));
  }

  /**
   * {@return the gradients by a step's carry, the sums by what was captured, and the gradients by
   * the parts}
   */
  private List<Tensor> backward(
      Recorded step,
      List<Tensor> ups,
      List<Tensor> sums,
      List<Tensor> partUps,
      int carries,
      List<Source> through) {
    List<Tensor> seeds = new ArrayList<>();
    int floating = 0;
    for (Tensor x : carry) {
      seeds.add(x.dtype().isFloating() ? sums.get(floating++) : null);
    }
    int part = 0;
    for (Tensor up : ups.subList(carry.size(), ups.size())) {
      seeds.add(up == null ? null : partUps.get(part++));
    }
    List<Source> own = step.own();
    List<Source> by = Stream.concat(own.stream(), through.stream()).toList();
    List<Tensor> gradients = step.graph.gradients(by, seeds);
    List<Tensor> results = new ArrayList<>();
    for (int i = 0; i < carries; i++) {
      Tensor gradient = gradients.get(i);
      results.add(gradient == null ? Tensor.zerosLike(sums.get(i)) : gradient);
    }
    for (int i = 0; i < through.size(); i++) {
      Tensor gradient = gradients.get(own.size() + i);
      Tensor sum = sums.get(carries + i);
      results.add(gradient == null ? sum : sum.add(gradient));
    }
    int place = carries;
    for (int i = 0; i < xs.size(); i++) {
      if (xs.get(i).dtype().isFloating()) {
        Tensor gradient = gradients.get(place++);
        if (xs.get(i).requiresGrad()) {
          Tensor leaf = step.leaves.get(carry.size() + i);
          results.add(gradient == null ? Tensor.zerosLike(leaf) : gradient);
        }
      }
    }
    return results;
  }

  /** {@return the gradients in the order of {@link #sources}} */
  private List<Tensor> inOrder(List<Tensor> all, int carries, int sums) {
    List<Tensor> ordered = new ArrayList<>();
    int floating = 0;
    for (Tensor x : carry) {
      if (x.dtype().isFloating()) {
        if (x.requiresGrad()) {
          ordered.add(all.get(floating));
        }
        floating++;
      }
    }
    ordered.addAll(all.subList(carries + sums, all.size()));
    ordered.addAll(all.subList(carries, carries + sums));
    return ordered;
  }

  // ---- Steps, one after the other ----

  /**
   * {@return the last carry, and the stacks}
   *
   * @param flow records the steps; {@code null} if they are computed
   * @param again the random numbers that steps take again; {@code null} if there are none
   */
  private List<Tensor> loop(
      FlowTrace flow,
      FlowOp.Draws again,
      List<Tensor> start,
      List<Tensor> cut,
      boolean backwards,
      BinaryOperator<List<Tensor>> step) {
    return flow == null
        ? computed(start, cut, backwards, step)
        : recorded(flow, again, start, cut, backwards, step);
  }

  private List<Tensor> computed(
      List<Tensor> start, List<Tensor> cut, boolean backwards, BinaryOperator<List<Tensor>> step) {
    int length = length();
    List<Tensor> now = detached(start);
    List<List<Tensor>> stacks = new ArrayList<>();
    for (int k = 0; k < length; k++) {
      int at = backwards ? length - 1 - k : k;
      List<Tensor> parts = detached(cut.stream().map(x -> part(x, at)).toList());
      List<Tensor> results = detached(step.apply(now, parts));
      now = results.subList(0, start.size());
      List<Tensor> ys = results.subList(start.size(), results.size());
      requireAlike(stacks, ys);
      stacks.add(ys);
    }
    List<Tensor> all = new ArrayList<>(now);
    List<List<Tensor>> ordered = backwards ? stacks.reversed() : stacks;
    for (int i = 0; i < ordered.getFirst().size(); i++) {
      int number = i;
      all.add(Tensor.stack(0, ordered.stream().map(ys -> ys.get(number)).toArray(Tensor[]::new)));
    }
    return all;
  }

  private static void requireAlike(List<List<Tensor>> before, List<Tensor> ys) {
    if (!before.isEmpty()) {
      Flow.requireAlike("scan: the results of two steps are", before.getFirst(), ys);
    }
  }

  private static Tensor part(Tensor x, int at) {
    return Tensor.of(x.data()).at(at);
  }

  private static List<Tensor> detached(List<Tensor> tensors) {
    return Flow.plain(tensors.stream().map(x -> Tensor.of(x.data())).toList());
  }

  private List<Tensor> recorded(
      FlowTrace flow,
      FlowOp.Draws again,
      List<Tensor> start,
      List<Tensor> cut,
      boolean backwards,
      BinaryOperator<List<Tensor>> step) {
    int carries = start.size();
    List<Tensor> parts = cut.stream().map(x -> part(x, 0)).toList();
    List<Tensor> like =
        flow.record(
            "step",
            join(start, parts),
            given -> step.apply(given.subList(0, carries), given.subList(carries, given.size())));
    FlowOp.Scan op =
        new FlowOp.Scan(
            carries, cut.size(), length(), backwards, flow.part(0), flow.draws(length()), again);
    return flow.call(
        op, like.subList(0, carries), like.subList(carries, like.size()), join(start, cut));
  }
}
