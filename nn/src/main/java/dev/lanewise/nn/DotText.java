package dev.lanewise.nn;

import java.util.List;

/** A graph in Graphviz's language. */
final class DotText {
  private DotText() {}

  static String of(ModelGraph graph) {
    StringBuilder text = new StringBuilder();
    String name = graph.name().replace("\\", "\\\\").replace("\"", "\\\"");
    text.append("digraph \"").append(name).append("\" {\n");
    text.append("  node [shape=plain, fontname=\"Helvetica\"];\n");
    List<ModelGraph.Box> boxes = graph.boxes();
    for (int i = 0; i < boxes.size(); i++) {
      text.append("  n%d [label=<%s>];\n".formatted(i, table(boxes.get(i))));
    }
    for (ModelGraph.Edge edge : graph.edges()) {
      String style = edge.isDrawn() ? "" : " [style=invis]";
      text.append("  n%d -> n%d%s;\n".formatted(edge.from(), edge.to(), style));
    }
    return text.append("}\n").toString();
  }

  private static String table(ModelGraph.Box box) {
    String output = "<td>output: %s</td>".formatted(Summary.batches(box.outputs()));
    boolean begins = box.inputs().isEmpty();
    return ("<table border=\"0\" cellborder=\"1\" cellspacing=\"0\" cellpadding=\"4\">"
            + "<tr><td colspan=\"%d\"><b>%s</b> (%s)</td></tr><tr>%s%s</tr></table>")
        .formatted(
            begins ? 1 : 2,
            ModelPicture.escaped(box.name()),
            ModelPicture.escaped(box.type()),
            begins ? "" : "<td>input: %s</td>".formatted(Summary.batches(box.inputs())),
            output);
  }
}
