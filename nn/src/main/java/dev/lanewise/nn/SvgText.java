package dev.lanewise.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A graph as a picture of boxes in rows. */
final class SvgText {
  private static final int MARGIN = 16;
  private static final int LINE = 18;
  private static final int FONT = 13;
  private static final int PADDING = 10;
  private static final int GAP = 44;

  /** Beside each other, arrows may meet a box this far apart. */
  private static final int PORT = 18;

  private final ModelGraph graph;
  private final GraphLayout layout;
  private final List<List<String>> lines = new ArrayList<>();
  private final int[] widths;
  private final int height;
  private final StringBuilder text = new StringBuilder();

  private SvgText(ModelGraph graph) {
    this.graph = graph;
    int most = 0;
    widths = new int[graph.boxes().size()];
    for (int i = 0; i < widths.length; i++) {
      List<String> box = lines(graph.boxes().get(i));
      lines.add(box);
      most = Math.max(most, box.size());
      widths[i] = 2 * PADDING + box.stream().mapToInt(SvgText::width).max().orElse(0);
    }
    height = 2 * PADDING + most * LINE;
    layout = GraphLayout.of(widths, graph.edges());
  }

  static String of(ModelGraph graph) {
    return new SvgText(graph).draw();
  }

  private static List<String> lines(ModelGraph.Box box) {
    List<String> lines = new ArrayList<>(List.of(box.name(), box.type()));
    if (!box.inputs().isEmpty()) {
      lines.add("in " + Summary.batches(box.inputs()));
    }
    lines.add("out " + Summary.batches(box.outputs()));
    return lines;
  }

  /** {@return the pixels of a line in a font whose letters are 0.6 em wide, and others' 1 em} */
  private static int width(String line) {
    return (int) Math.ceil(FONT * line.codePoints().mapToDouble(c -> c < 0x2E80 ? 0.62 : 1).sum());
  }

  private String draw() {
    int width = (int) Math.ceil(layout.width()) + 2 * MARGIN;
    int rows = layout.rows();
    int all = 2 * MARGIN + Math.max(0, rows * (height + GAP) - GAP);
    text.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %1$d %2$d">
        <title>%s</title>
        <defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8"\
         markerHeight="8" orient="auto"><path d="M0 0L10 5L0 10z" fill="#555"/></marker></defs>
        <rect width="100%%" height="100%%" fill="#fff"/>
        """
            .formatted(width, all, ModelPicture.escaped(graph.name())));
    drawEdges();
    for (int i = 0; i < widths.length; i++) {
      drawBox(i);
    }
    return text.append("</svg>\n").toString();
  }

  private double top(int row) {
    return MARGIN + row * (double) (height + GAP);
  }

  private void drawBox(int i) {
    double center = MARGIN + layout.x(i);
    double top = top(layout.row(i));
    text.append(
        format(
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%d\" height=\"%d\" rx=\"6\" fill=\"%s\""
                + " stroke=\"#446\"/>\n",
            center - widths[i] / 2.0,
            top,
            widths[i],
            height,
            graph.boxes().get(i).inputs().isEmpty() ? "#e8f5e9" : "#eef3fb"));
    List<String> box = lines.get(i);
    // In the middle of the box, where it has fewer lines than others.
    double first = top + (height - box.size() * LINE) / 2.0 + 0.75 * LINE;
    for (int line = 0; line < box.size(); line++) {
      text.append(
          format(
              "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" font-family=\"monospace\""
                  + " font-size=\"%d\" fill=\"%s\"%s>%s</text>\n",
              center,
              first + line * LINE,
              FONT,
              line == 1 ? "#666" : "#111",
              line == 0 ? " font-weight=\"bold\"" : "",
              ModelPicture.escaped(box.get(line))));
    }
  }

  private void drawEdges() {
    List<ModelGraph.Edge> edges = graph.edges();
    for (int e = 0; e < edges.size(); e++) {
      if (edges.get(e).isDrawn()) {
        drawEdge(e, edges.get(e));
      }
    }
  }

  /** Bends in the gaps between rows, and goes straight down where it passes one. */
  private void drawEdge(int e, ModelGraph.Edge edge) {
    List<Integer> items = layout.path(e);
    double x = MARGIN + layout.x(edge.from()) + port(edge.from(), layout.outgoing(edge.from()), e);
    double y = top(layout.row(edge.from())) + height;
    StringBuilder path = new StringBuilder(format("M%.1f %.1f", x, y));
    for (int i = 1; i < items.size(); i++) {
      boolean ends = i == items.size() - 1;
      double nextX =
          MARGIN
              + layout.x(items.get(i))
              + (ends ? port(edge.to(), layout.incoming(edge.to()), e) : 0);
      double nextY = y + GAP;
      double middle = y + GAP / 2.0;
      path.append(format("C%.1f %.1f %.1f %.1f %.1f %.1f", x, middle, nextX, middle, nextX, nextY));
      x = nextX;
      y = nextY;
      if (!ends) {
        y += height;
        path.append(format("V%.1f", y));
      }
    }
    text.append(
        "<path d=\"%s\" fill=\"none\" stroke=\"#555\" marker-end=\"url(#arrow)\"/>\n"
            .formatted(path));
  }

  /** {@return how far from the middle of a box an edge meets it} */
  private double port(int box, List<Integer> edges, int e) {
    double apart = Math.min(PORT, widths[box] / (edges.size() + 1.0));
    return (edges.indexOf(e) - (edges.size() - 1) / 2.0) * apart;
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
