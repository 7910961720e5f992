package dev.lanewise.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Places boxes in rows, each below those that it takes something from, after K. Sugiyama et al.,
 * "Methods for visual understanding of hierarchical system structures", 1981: an edge that passes
 * rows has a place of its own in each, so that no box lies on it; rows are ordered so that few
 * edges cross; and then all move sideways to where their neighbours are.
 */
final class GraphLayout {
  private static final int SWEEPS = 12;
  private static final int SPACE = 24;
  private static final int PASSING = 8;

  /** Boxes, then the places of edges that pass rows. */
  private final List<Integer> rowOf = new ArrayList<>();

  private final List<Integer> widths = new ArrayList<>();
  private final List<List<Integer>> above = new ArrayList<>();
  private final List<List<Integer>> below = new ArrayList<>();
  private final List<List<Integer>> paths = new ArrayList<>();
  private final List<ModelGraph.Edge> edges;
  private final int boxes;
  private List<List<Integer>> rows = new ArrayList<>();
  private double[] x;

  private GraphLayout(int[] boxWidths, List<ModelGraph.Edge> edges) {
    this.edges = edges;
    boxes = boxWidths.length;
    int[] depth = depths(boxes, edges);
    for (int i = 0; i < boxes; i++) {
      add(depth[i], boxWidths[i]);
    }
    for (ModelGraph.Edge edge : edges) {
      List<Integer> path = new ArrayList<>(List.of(edge.from()));
      for (int row = depth[edge.from()] + 1; row < depth[edge.to()]; row++) {
        path.add(add(row, PASSING));
      }
      path.add(edge.to());
      for (int i = 1; i < path.size(); i++) {
        below.get(path.get(i - 1)).add(path.get(i));
        above.get(path.get(i)).add(path.get(i - 1));
      }
      paths.add(path);
    }
  }

  /**
   * {@return where boxes are}
   *
   * @param widths their widths
   * @param edges lead from boxes to later ones
   */
  static GraphLayout of(int[] widths, List<ModelGraph.Edge> edges) {
    GraphLayout layout = new GraphLayout(widths, edges);
    layout.order();
    layout.place();
    return layout;
  }

  /** {@return the rows: each below all that it needs; what needs nothing, just above its use} */
  private static int[] depths(int boxes, List<ModelGraph.Edge> edges) {
    int[] depth = new int[boxes];
    boolean[] needs = new boolean[boxes];
    // Edges come in the order of the boxes that they lead to.
    for (ModelGraph.Edge edge : edges) {
      depth[edge.to()] = Math.max(depth[edge.to()], depth[edge.from()] + 1);
      needs[edge.to()] = true;
    }
    int[] use = new int[boxes];
    Arrays.fill(use, Integer.MAX_VALUE);
    edges.forEach(e -> use[e.from()] = Math.min(use[e.from()], depth[e.to()]));
    for (int i = 0; i < boxes; i++) {
      if (!needs[i] && use[i] != Integer.MAX_VALUE) {
        depth[i] = use[i] - 1;
      }
    }
    return depth;
  }

  private int add(int row, int width) {
    int item = rowOf.size();
    rowOf.add(row);
    widths.add(width);
    above.add(new ArrayList<>());
    below.add(new ArrayList<>());
    while (rows.size() <= row) {
      rows.add(new ArrayList<>());
    }
    rows.get(row).add(item);
    return item;
  }

  /** Sorts each row by the mean place of the neighbours, down and up, and keeps the best. */
  private void order() {
    int[] places = new int[rowOf.size()];
    rows.forEach(row -> number(row, places));
    List<List<Integer>> best = copy(rows);
    int least = crossings(places);
    for (int sweep = 0; sweep < SWEEPS && least > 0; sweep++) {
      boolean down = sweep % 2 == 0;
      for (int i = 0; i < rows.size(); i++) {
        List<Integer> row = rows.get(down ? i : rows.size() - 1 - i);
        List<List<Integer>> neighbours = down ? above : below;
        row.sort(
            Comparator.comparingDouble(
                item -> mean(neighbours.get(item), n -> places[n], places[item])));
        number(row, places);
      }
      int crossings = crossings(places);
      if (crossings < least) {
        least = crossings;
        best = copy(rows);
      }
    }
    rows = best;
  }

  private static void number(List<Integer> row, int[] places) {
    for (int i = 0; i < row.size(); i++) {
      places[row.get(i)] = i;
    }
  }

  private static List<List<Integer>> copy(List<List<Integer>> rows) {
    List<List<Integer>> copies = new ArrayList<>();
    rows.forEach(row -> copies.add(new ArrayList<>(row)));
    return copies;
  }

  private static double mean(List<Integer> items, IntUnaryOperator value, double otherwise) {
    return items.stream().mapToInt(value::applyAsInt).average().orElse(otherwise);
  }

  private int crossings(int[] places) {
    int count = 0;
    for (List<Integer> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        for (int j = i + 1; j < row.size(); j++) {
          int left = places[row.get(i)] < places[row.get(j)] ? row.get(i) : row.get(j);
          int right = left == row.get(i) ? row.get(j) : row.get(i);
          for (int a : below.get(left)) {
            for (int b : below.get(right)) {
              count += places[a] > places[b] ? 1 : 0;
            }
          }
        }
      }
    }
    return count;
  }

  /** Moves each row to where the neighbours are, as far as its order and its widths allow. */
  private void place() {
    x = new double[rowOf.size()];
    for (List<Integer> row : rows) {
      settle(row, new double[row.size()]);
    }
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      boolean down = sweep % 2 == 0;
      for (int i = 0; i < rows.size(); i++) {
        List<Integer> row = rows.get(down ? i : rows.size() - 1 - i);
        double[] wished = new double[row.size()];
        for (int k = 0; k < wished.length; k++) {
          int item = row.get(k);
          List<Integer> near = (down ? above : below).get(item);
          wished[k] = near.stream().mapToDouble(n -> x[n]).average().orElse(x[item]);
        }
        settle(row, wished);
      }
    }
    double left = Double.POSITIVE_INFINITY;
    for (int i = 0; i < x.length; i++) {
      left = Math.min(left, x[i] - widths.get(i) / 2.0);
    }
    for (int i = 0; i < x.length; i++) {
      x[i] -= left;
    }
  }

  /**
   * Places a row with the least sum of squared distances from what is wished: what must move
   * together moves to its mean (pool adjacent violators).
   */
  private void settle(List<Integer> row, double[] wished) {
    int n = row.size();
    double[] offset = new double[n];
    for (int i = 1; i < n; i++) {
      int both = widths.get(row.get(i - 1)) + widths.get(row.get(i));
      offset[i] = offset[i - 1] + both / 2.0 + SPACE;
    }
    double[] means = new double[n];
    int[] sizes = new int[n];
    int blocks = 0;
    for (int i = 0; i < n; i++) {
      means[blocks] = wished[i] - offset[i];
      sizes[blocks++] = 1;
      while (blocks > 1 && means[blocks - 2] > means[blocks - 1]) {
        int all = sizes[blocks - 2] + sizes[blocks - 1];
        means[blocks - 2] =
            (means[blocks - 2] * sizes[blocks - 2] + means[blocks - 1] * sizes[blocks - 1]) / all;
        sizes[blocks-- - 2] = all;
      }
    }
    for (int block = 0, i = 0; block < blocks; block++) {
      for (int k = 0; k < sizes[block]; k++, i++) {
        x[row.get(i)] = means[block] + offset[i];
      }
    }
  }

  /** {@return how many rows there are} */
  int rows() {
    return rows.size();
  }

  /** {@return the row of a box, from 0} */
  int row(int box) {
    return rowOf.get(box);
  }

  /** {@return the middle of a box, or of the place of an edge} */
  double x(int item) {
    return x[item];
  }

  /** {@return what an edge leads through, from box to box} */
  List<Integer> path(int edge) {
    return paths.get(edge);
  }

  /** {@return the edges that leave a box, from left to right} */
  List<Integer> outgoing(int box) {
    return edgesOf(box, true);
  }

  /** {@return the edges that come to a box, from left to right} */
  List<Integer> incoming(int box) {
    return edgesOf(box, false);
  }

  private List<Integer> edgesOf(int box, boolean leave) {
    List<Integer> found = new ArrayList<>();
    for (int e = 0; e < edges.size(); e++) {
      if (box == (leave ? edges.get(e).from() : edges.get(e).to())) {
        found.add(e);
      }
    }
    found.sort(
        Comparator.comparingDouble(
            e -> {
              List<Integer> path = paths.get(e);
              return x[leave ? path.get(1) : path.get(path.size() - 2)];
            }));
    return found;
  }

  /** {@return the width of all} */
  double width() {
    double right = 0;
    for (int i = 0; i < x.length; i++) {
      right = Math.max(right, x[i] + widths.get(i) / 2.0);
    }
    return right;
  }
}
