package dev.lanewise.nn.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The legend of one or more charts: rows of entries below them. */
final class Legend {
  private static final int ROW = 20;
  private static final int SAMPLE = 24;
  private static final int GAP = 6;
  private static final int APART = 18;
  private static final int WIDEST = 260;

  /** What an entry shows; two series that look and are called alike have one. */
  private record Key(String name, Mark mark, int color) {}

  /** An entry with its words as they fit. */
  private record Entry(Key key, String words, double width) {}

  private final List<List<Entry>> rows = new ArrayList<>();
  private final int width;

  /** Lays out the entries of all series that have a name, in so many rows at most. */
  Legend(List<Panel> panels, int width, int mostRows) {
    this.width = width;
    List<Key> keys = keys(panels);
    List<Entry> row = new ArrayList<>();
    double used = 0;
    for (int i = 0; i < keys.size(); i++) {
      Entry entry = entry(keys.get(i));
      if (!row.isEmpty() && used + APART + entry.width > width) {
        if (rows.size() + 1 == Math.max(mostRows, 1)) {
          sayMore(row, keys.size() - i);
          break;
        }
        rows.add(row);
        row = new ArrayList<>();
        used = 0;
      }
      used += entry.width + (row.isEmpty() ? 0 : APART);
      row.add(entry);
    }
    if (!row.isEmpty()) {
      rows.add(row);
    }
  }

  private static List<Key> keys(List<Panel> panels) {
    List<Key> keys = new ArrayList<>();
    Set<Key> seen = new HashSet<>();
    for (Panel panel : panels) {
      for (Series series : panel.series()) {
        Key key = new Key(series.name(), series.mark(), series.color());
        if (!series.name().isEmpty() && seen.add(key)) {
          keys.add(key);
        }
      }
    }
    return keys;
  }

  private Entry entry(Key key) {
    double most = Math.min(WIDEST, width - SAMPLE - GAP);
    String words = Pen.fit(key.name(), Pen.LABEL, most);
    return new Entry(key, words, SAMPLE + GAP + Pen.width(words, Pen.LABEL));
  }

  /** Ends the last row with how many more there are. */
  private void sayMore(List<Entry> row, int left) {
    int more = left;
    Entry last;
    do {
      row.removeLast();
      more++;
      String words = "and %d more".formatted(more);
      last =
          new Entry(new Key("", Mark.POINTS, 0), words, SAMPLE + GAP + Pen.width(words, Pen.LABEL));
    } while (!row.isEmpty() && length(row) + APART + last.width > width);
    row.add(last);
  }

  private static double length(List<Entry> row) {
    return row.stream().mapToDouble(Entry::width).sum() + APART * (row.size() - 1);
  }

  /** {@return the pixels it takes} */
  int height() {
    return rows.isEmpty() ? 0 : rows.size() * ROW + GAP;
  }

  void paint(Graphics2D g, int left, int top) {
    Pen pen = new Pen(g);
    double y = top + GAP + ROW / 2.0;
    for (List<Entry> row : rows) {
      double x = left + Math.max(0, (width - length(row)) / 2);
      for (Entry entry : row) {
        if (!entry.key.name.isEmpty()) {
          sample(g, entry.key, x, y);
        }
        pen.left(entry.words, Pen.LABEL, Palette.INK, x + SAMPLE + GAP, y + 4);
        x += entry.width + APART;
      }
      y += ROW;
    }
  }

  private static void sample(Graphics2D g, Key key, double x, double y) {
    double middle = x + SAMPLE / 2.0;
    Line2D line = new Line2D.Double(x + 2, y, x + SAMPLE - 2.0, y);
    Color color = Palette.color(key.color);
    g.setColor(color);
    switch (key.mark) {
      case POINTS -> g.fill(Palette.marker(key.color, middle, y, 9));
      case LINE -> {
        g.setStroke(Palette.round(2.2f));
        g.draw(line);
      }
      case PALE_LINE -> {
        g.setColor(Palette.pale(key.color, 0.5));
        g.setStroke(Palette.round(1.4f));
        g.draw(line);
      }
      case RULE -> {
        g.setColor(Palette.FRAME);
        g.setStroke(Palette.dashed());
        g.draw(line);
      }
      case RINGS -> {
        g.setStroke(new BasicStroke(2));
        g.draw(new Ellipse2D.Double(middle - 5, y - 5, 10, 10));
      }
      case BARS -> g.fill(new Rectangle2D.Double(middle - 6, y - 6, 12, 12));
    }
  }
}
