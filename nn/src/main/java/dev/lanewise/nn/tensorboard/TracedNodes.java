package dev.lanewise.nn.tensorboard;

import dev.lanewise.array.Shape;
import dev.lanewise.graph.Buffer;
import dev.lanewise.graph.FlowOp;
import dev.lanewise.graph.HostStep;
import dev.lanewise.graph.KernelCall;
import dev.lanewise.graph.Op;
import dev.lanewise.graph.Part;
import dev.lanewise.graph.Program;
import dev.lanewise.graph.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The kernel calls of a program as nodes. */
final class TracedNodes {
  /** How much of the text of a call is shown. */
  private static final int LONGEST = 2000;

  private final List<GraphNode> nodes = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  private TracedNodes() {}

  static List<GraphNode> of(Program program) {
    TracedNodes all = new TracedNodes();
    all.program("", program, new HashMap<>());
    return List.copyOf(all.nodes);
  }

  /**
   * Adds a program.
   *
   * @param box begins the names of its nodes: empty, or with a slash at its end
   * @param sources where the numbers of each buffer come from; some may be known
   */
  private void program(String box, Program program, Map<Buffer, Set<String>> sources) {
    // Inputs first, also those that nothing reads.
    program.inputs().forEach(input -> sources(box, input, sources));
    for (HostStep step : program.steps()) {
      String name = unique(box + "host/step");
      nodes.add(GraphNode.of(name, "HostStep").withAttribute("does", shortened(step)));
    }
    for (KernelCall call : program.instructions()) {
      call(box, call, sources);
    }
    for (int i = 0; i < program.outputs().size(); i++) {
      View result = program.outputs().get(i);
      String[] from = sources(box, result, sources).toArray(String[]::new);
      nodes.add(shaped(GraphNode.of(unique(box + "results/result_" + i), "Result", from), result));
    }
  }

  private void call(String box, KernelCall call, Map<Buffer, Set<String>> sources) {
    Op op = call.op();
    List<View> outs = call.writes();
    Set<String> inputs = new LinkedHashSet<>();
    call.reads().forEach(view -> inputs.addAll(sources(box, view, sources)));
    String name = unique(box + op.name().replaceAll("[^A-Za-z0-9._-]", "_"));
    GraphNode node =
        GraphNode.of(name, op.name(), inputs.toArray(String[]::new))
            .withAttribute("does", shortened(op))
            .withAttribute("reads", texts(call.ins()))
            .withAttribute("writes", texts(call.outs()));
    nodes.add(outs.isEmpty() ? node : shaped(node, outs.getFirst()));
    if (op instanceof FlowOp flow) {
      for (Part part : flow.parts()) {
        part(name, part, call, sources);
      }
    }
    for (int i = 0; i < outs.size(); i++) {
      View out = outs.get(i);
      Set<String> writers = sources.computeIfAbsent(out.buffer(), _ -> new LinkedHashSet<>());
      if (out.isWhole()) {
        writers.clear(); // who writes a part leaves what others wrote beside it
      }
      writers.add(i == 0 ? name : name + ":" + i);
    }
  }

  /** A function that a call is given: a box in the call's. */
  private void part(String call, Part part, KernelCall around, Map<Buffer, Set<String>> sources) {
    String label = part.label().replaceAll("[^A-Za-z0-9._-]+", "_");
    Map<Buffer, Set<String>> known = new HashMap<>();
    List<View> inputs = part.program().inputs();
    int given = inputs.size() - part.places().size();
    for (int i = 0; i < part.places().size(); i++) {
      // Memory of the outside: its arrows come from there.
      View outside = around.ins().get(part.places().get(i));
      Set<String> from = new LinkedHashSet<>(sources.getOrDefault(outside.buffer(), Set.of(call)));
      known.put(inputs.get(given + i).buffer(), from);
    }
    program(call + "/" + label + "/", part.program(), known);
  }

  /** {@return the nodes that a view's numbers come from; one for the buffer if none is known} */
  private Set<String> sources(String box, View view, Map<Buffer, Set<String>> sources) {
    Set<String> known = sources.get(view.buffer());
    if (known == null) {
      Buffer buffer = view.buffer();
      String kind =
          switch (buffer.role()) {
            case INPUT -> "Input";
            case CAPTURED -> "Captured";
            case CONSTANT -> "Constant";
            case TEMPORARY -> "Memory";
          };
      String name = unique(box + kind.toLowerCase(Locale.ROOT) + "/" + buffer);
      nodes.add(shaped(GraphNode.of(name, kind), view));
      known = new LinkedHashSet<>(Set.of(name));
      sources.put(buffer, known);
    }
    return known;
  }

  private static GraphNode shaped(GraphNode node, View view) {
    Shape shape = view.shape();
    return node.withShape(shape.dims())
        .withAttribute("dtype", view.dtype().toString().toLowerCase(Locale.ROOT));
  }

  private static String texts(List<View> views) {
    return String.join(", ", views.stream().map(v -> v == null ? "-" : v.toString()).toList());
  }

  private static String shortened(Object what) {
    String text = what.toString();
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
  }

  /** {@return a name, with a number if it is taken} TensorBoard bundles names so numbered. */
  private String unique(String name) {
    String own = name;
    for (int n = 1; !names.add(own); n++) {
      own = name + "_" + n;
    }
    return own;
  }
}
