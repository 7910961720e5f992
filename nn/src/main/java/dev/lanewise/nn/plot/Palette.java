package dev.lanewise.nn.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/**
 * Colours that differ for colour-blind eyes too, and the shapes and strokes that go with them.
 *
 * <p>The hues are those of M. Okabe and K. Ito, "Color Universal Design", 2008, without yellow,
 * which is too pale on white. After seven come the same, darker and with another marker, then
 * lighter ones: 21 in all, before they repeat.
 */
final class Palette {
  /** The place of no hue. */
  static final int GREY = 6;

  static final Color INK = new Color(0x26, 0x26, 0x26);
  static final Color SOFT_INK = new Color(0x59, 0x59, 0x59);
  static final Color FRAME = new Color(0x8C, 0x8C, 0x8C);
  static final Color GRID = new Color(0xE6, 0xE6, 0xE6);
  static final Color WRONG = new Color(0xB8, 0x4C, 0x00);

  private static final int[] HUES = {
    0x0072B2, 0xE69F00, 0x009E73, 0xD55E00, 0xCC79A7, 0x56B4E9, 0x595959
  };

  private Palette() {}

  /** {@return the colour of a place} */
  static Color color(int place) {
    Color hue = new Color(HUES[place % HUES.length]);
    return switch (place / HUES.length % 3) {
      case 1 -> mixed(hue, Color.BLACK, 0.45);
      case 2 -> mixed(hue, Color.WHITE, 0.5);
      default -> hue;
    };
  }

  /** {@return the colour of a place, so pale that what lies on it stays readable} */
  static Color pale(int place, double white) {
    return mixed(color(place), Color.WHITE, white);
  }

  /** {@return a colour from white, for 0, to a dark blue, for 1} */
  static Color heat(double share) {
    return mixed(Color.WHITE, new Color(0x08, 0x45, 0x94), share);
  }

  private static Color mixed(Color one, Color other, double share) {
    return new Color(
        mixed(one.getRed(), other.getRed(), share),
        mixed(one.getGreen(), other.getGreen(), share),
        mixed(one.getBlue(), other.getBlue(), share));
  }

  private static int mixed(int one, int other, double share) {
    return (int) Math.round(one + (other - one) * share);
  }

  /** {@return the marker of a place around a point} */
  static Shape marker(int place, double x, double y, double size) {
    double half = size / 2;
    return switch (place / HUES.length % 3) {
      case 1 -> new Rectangle2D.Double(x - half, y - half, size, size);
      case 2 -> {
        Path2D diamond = new Path2D.Double();
        double reach = half * 1.3;
        diamond.moveTo(x, y - reach);
        diamond.lineTo(x + reach, y);
        diamond.lineTo(x, y + reach);
        diamond.lineTo(x - reach, y);
        diamond.closePath();
        yield diamond;
      }
      default -> new Ellipse2D.Double(x - half, y - half, size, size);
    };
  }

  /** {@return a stroke with round ends, for lines that are drawn piece by piece} */
  static BasicStroke round(float width) {
    return new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
  }

  /** {@return a dashed stroke} */
  static BasicStroke dashed() {
    return new BasicStroke(
        1.4f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {5, 4}, 0);
  }
}
