package dev.lanewise.nn.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import java.util.List;

/** Draws a confusion matrix. */
final class MatrixPainter {
  private static final int AXIS = 24;
  private static final int GAP = 6;
  private static final int BAR = 14;
  private static final int BAR_WORDS = 44;
  private static final int BAR_STEPS = 50;
  private static final int LEAST_CELL = 4;
  private static final float LEAST_FONT = 7;

  private final Graphics2D g;
  private final Pen pen;
  private final long[][] counts;
  private final List<String> names;

  MatrixPainter(Graphics2D g, Figure.Matrix matrix) {
    this.g = g;
    this.pen = new Pen(g);
    this.counts = matrix.counts();
    this.names = matrix.names();
  }

  void paint(Rectangle area) {
    int n = counts.length;
    double widest = names.stream().mapToDouble(s -> Pen.width(s, Pen.LABEL)).max().orElse(0);
    double words = Math.min(widest, Math.min(160, area.width / 4.0));
    double rest = area.width - AXIS - words - GAP - 2.0 * GAP - BAR - BAR_WORDS;
    boolean slanted = widest > rest / n - GAP;
    double below = slanted ? words * Math.sqrt(0.5) + 14 : 18;
    double side = Math.floor(Math.min(rest, area.height - AXIS - below - GAP) / n);
    if (side < LEAST_CELL) {
      throw ChartPainter.tooSmall();
    }
    // In the middle, if height is what limits it.
    double left = area.x + AXIS + words + GAP + Math.floor((rest - side * n) / 2);
    double top = area.y + GAP;
    double size = side * n;
    for (int row = 0; row < n; row++) {
      double sum = Arrays.stream(counts[row]).asDoubleStream().sum();
      for (int column = 0; column < n; column++) {
        double share = sum == 0 ? 0 : counts[row][column] / sum;
        cell(left + column * side, top + row * side, side, share, counts[row][column]);
      }
    }
    g.setColor(Palette.FRAME);
    g.setStroke(new BasicStroke(1));
    g.draw(new Rectangle2D.Double(left, top, size, size));
    for (int i = 0; i < n; i++) {
      double middle = (i + 0.5) * side;
      // Where names would overlap, every second or third.
      if (i % (int) Math.ceil(14 / side) == 0) {
        String name = Pen.fit(names.get(i), Pen.LABEL, words);
        pen.right(name, Pen.LABEL, Palette.INK, left - GAP, top + middle + 4);
        if (slanted) {
          pen.slanted(name, Pen.LABEL, Palette.INK, left + middle + 4, top + size + 13);
        } else {
          pen.center(name, Pen.LABEL, Palette.INK, left + middle, top + size + 15);
        }
      }
    }
    double label = top + size + below + 16;
    pen.center("predicted", Pen.HEADING, Palette.INK, left + size / 2, label);
    double beside = left - GAP - words - 12;
    pen.upwards("true", Pen.HEADING, Palette.INK, beside, top + size / 2);
    bar(left + size + 2 * GAP, top, size);
  }

  private void cell(double x, double y, double side, double share, long count) {
    g.setColor(Palette.heat(share));
    g.fill(new Rectangle2D.Double(x, y, side, side));
    if (side >= 12) {
      g.setColor(Palette.GRID);
      g.setStroke(new BasicStroke(1));
      g.draw(new Rectangle2D.Double(x, y, side, side));
    }
    String words = Long.toString(count);
    float fit = (float) (14 * 0.86 * side / Math.max(Pen.width(words, font(14)), 14));
    if (fit >= LEAST_FONT) {
      Font font = font(Math.min(fit, 14));
      Color color = share > 0.5 ? Color.WHITE : Palette.INK;
      pen.center(words, font, color, x + side / 2, y + side / 2 + font.getSize2D() * 0.36);
    }
  }

  private static Font font(float size) {
    return Pen.LABEL.deriveFont(size);
  }

  /** Draws what the colours mean. */
  private void bar(double x, double y, double height) {
    double step = height / BAR_STEPS;
    for (int i = 0; i < BAR_STEPS; i++) {
      g.setColor(Palette.heat(1 - (i + 0.5) / BAR_STEPS));
      // A little over the next, or a seam would show.
      g.fill(new Rectangle2D.Double(x, y + i * step, BAR, Math.min(step + 1, height - i * step)));
    }
    g.setColor(Palette.FRAME);
    g.setStroke(new BasicStroke(1));
    g.draw(new Rectangle2D.Double(x, y, BAR, height));
    double words = x + BAR + 5;
    pen.left("100 %", Pen.SMALL, Palette.SOFT_INK, words, y + 9);
    pen.left("of row", Pen.SMALL, Palette.SOFT_INK, words, y + 23);
    pen.left("0 %", Pen.SMALL, Palette.SOFT_INK, words, y + height);
  }
}
