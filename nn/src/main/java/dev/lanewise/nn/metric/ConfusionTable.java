package dev.lanewise.nn.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes a confusion matrix as a table. */
final class ConfusionTable {
  private ConfusionTable() {}

  static String of(ConfusionMatrix matrix, List<String> names) {
    int n = matrix.classes();
    long[][] counts = matrix.counts();
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("right \\ predicted"));
    for (int j = 0; j < n; j++) {
      head.add(name(names, j));
    }
    head.add("recall");
    rows.add(head);
    List<String> foot = new ArrayList<>(List.of("precision"));
    for (int i = 0; i < n; i++) {
      List<String> row = new ArrayList<>(List.of(name(names, i)));
      for (int j = 0; j < n; j++) {
        row.add(Long.toString(counts[i][j]));
      }
      row.add(share(matrix.recall(i)));
      rows.add(row);
      foot.add(share(matrix.precision(i)));
    }
    foot.add(share(matrix.accuracy()));
    rows.add(foot);
    return lines(rows);
  }

  private static String name(List<String> names, int label) {
    return names.isEmpty() ? Integer.toString(label) : names.get(label);
  }

  private static String share(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static String lines(List<List<String>> rows) {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String pad = " ".repeat(widths[i] - row.get(i).length());
        line.append(i == 0 ? row.get(i) + pad : "  " + pad + row.get(i));
      }
      lines.add(line.toString());
    }
    return String.join("\n", lines);
  }
}
