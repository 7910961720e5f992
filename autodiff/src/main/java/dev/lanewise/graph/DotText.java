package dev.lanewise.graph;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A program in the language of Graphviz: calls are boxes, what they read and write the arrows. */
final class DotText {
  private final StringBuilder text = new StringBuilder();

  /** Which nodes have written each buffer: the last that wrote all of it, and those since. */
  private final Map<Buffer, Set<String>> sources = new HashMap<>();

  /** Begins the names of nodes; empty but in functions that calls are given. */
  private final String prefix;

  private DotText(String prefix) {
    this.prefix = prefix;
  }

  static String of(Program program) {
    DotText dot = new DotText("");
    dot.text.append("digraph graph {\n  rankdir=TB;\n  node [fontname=\"Helvetica\"];\n");
    dot.program(program);
    return dot.text.append("}\n").toString();
  }

  private void program(Program program) {
    List<KernelCall> calls = program.instructions();
    for (int i = 0; i < calls.size(); i++) {
      call(prefix + "k" + i, calls.get(i));
    }
    for (int i = 0; i < program.outputs().size(); i++) {
      String name = prefix + "out" + i;
      node(name, "result " + i, "shape=ellipse, style=bold");
      arrow(program.outputs().get(i), name);
    }
  }

  /** A function that a call is given: a box of its own. */
  private void part(String call, int number, Part part) {
    DotText inner = new DotText(call + "_" + number + "_");
    inner.program(part.program());
    text.append("  subgraph cluster_%s_%d {\n".formatted(call, number))
        .append("  label=\"%s of %s\";\n".formatted(part.label(), call))
        .append(inner.text)
        .append("  }\n");
  }

  private void call(String name, KernelCall call) {
    node(name, label(call.op()), "shape=box, style=rounded");
    call.reads().forEach(view -> arrow(view, name));
    call.writes().forEach(view -> wrote(name, view));
    if (call.op() instanceof FlowOp flow) {
      for (int i = 0; i < flow.parts().size(); i++) {
        part(name, i, flow.parts().get(i));
      }
    }
  }

  /** {@return the method, and the expressions if they are short enough to be read} */
  private static String label(Op op) {
    String whole = op.toString();
    return whole.length() <= 60 ? whole : op.name() + "\\n" + whole.substring(0, 57) + "...";
  }

  private void wrote(String name, View view) {
    Set<String> writers = sources.computeIfAbsent(view.buffer(), _ -> new LinkedHashSet<>());
    if (view.isWhole()) {
      writers.clear();
    }
    writers.add(name);
  }

  private void arrow(View view, String to) {
    Buffer buffer = view.buffer();
    if (!sources.containsKey(buffer)) {
      String from = prefix + buffer;
      node(from, buffer + " " + view.dtype() + " " + view.shape(), shape(buffer));
      sources.put(buffer, new LinkedHashSet<>(Set.of(from)));
    }
    for (String from : sources.get(buffer)) {
      text.append("  %s -> %s [label=\"%s\"];\n".formatted(from, to, view.shape()));
    }
  }

  private static String shape(Buffer buffer) {
    return switch (buffer.role()) {
      case INPUT -> "shape=ellipse";
      case CAPTURED -> "shape=cylinder";
      case CONSTANT -> "shape=note";
      case TEMPORARY -> "shape=plain";
    };
  }

  private void node(String name, String label, String style) {
    String escaped = label.replace("\"", "\\\"");
    text.append("  %s [label=\"%s\", %s];\n".formatted(name, escaped, style));
  }
}
