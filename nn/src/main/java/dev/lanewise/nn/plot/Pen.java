package dev.lanewise.nn.plot;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;

/** Writes words into a picture. */
final class Pen {
  static final Font TITLE = new Font(Font.DIALOG, Font.BOLD, 16);
  static final Font HEADING = new Font(Font.DIALOG, Font.BOLD, 13);
  static final Font LABEL = new Font(Font.DIALOG, Font.PLAIN, 12);
  static final Font SMALL = new Font(Font.DIALOG, Font.PLAIN, 11);

  /** One for all: what is drawn to pixels and what becomes SVG has the same layout. */
  private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

  private static final String ELLIPSIS = "…";

  private final Graphics2D g;

  Pen(Graphics2D g) {
    this.g = g;
  }

  /** {@return the width of words in pixels} */
  static double width(String words, Font font) {
    return font.getStringBounds(clean(words), CONTEXT).getWidth();
  }

  /** {@return words, cut off with an ellipsis where they are wider than so many pixels} */
  static String fit(String words, Font font, double most) {
    String whole = clean(words);
    if (width(whole, font) <= most) {
      return whole;
    }
    int[] points = whole.codePoints().toArray();
    int count = points.length;
    while (count > 0 && width(new String(points, 0, count) + ELLIPSIS, font) > most) {
      count--;
    }
    return new String(points, 0, count) + ELLIPSIS;
  }

  /** Writes words from a point of their baseline to the right. */
  void left(String words, Font font, Color color, double x, double y) {
    String shown = clean(words);
    if (!shown.isBlank()) {
      g.setFont(font);
      g.setColor(color);
      g.drawString(shown, (float) x, (float) y);
    }
  }

  /** Writes words up to a point of their baseline. */
  void right(String words, Font font, Color color, double x, double y) {
    left(words, font, color, x - width(words, font), y);
  }

  /** Writes words around a point of their baseline. */
  void center(String words, Font font, Color color, double x, double y) {
    left(words, font, color, x - width(words, font) / 2, y);
  }

  /** Writes words upwards around a point of their baseline. */
  void upwards(String words, Font font, Color color, double x, double y) {
    AffineTransform before = g.getTransform();
    g.translate(x, y);
    g.rotate(-Math.PI / 2);
    center(words, font, color, 0, 0);
    g.setTransform(before);
  }

  /** Writes words slanting upwards, up to a point of their baseline. */
  void slanted(String words, Font font, Color color, double x, double y) {
    AffineTransform before = g.getTransform();
    g.translate(x, y);
    g.rotate(-Math.PI / 4);
    right(words, font, color, 0, 0);
    g.setTransform(before);
  }

  /** {@return words without what XML or a line of text cannot hold} */
  private static String clean(String words) {
    return words
        .codePoints()
        .map(c -> allowed(c) ? c : ' ')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static boolean allowed(int c) {
    boolean surrogate = c >= 0xD800 && c <= 0xDFFF;
    return !Character.isISOControl(c) && !surrogate && c != 0xFFFE && c != 0xFFFF;
  }
}
