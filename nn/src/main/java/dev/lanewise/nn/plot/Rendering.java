package dev.lanewise.nn.plot;

import dev.lanewise.nn.internal.PngFile;
import java.awt.AWTError;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/** Draws plots. Who loads this class has made sure that XChart is there. */
final class Rendering {
  private static final int EDGE = 12;
  private static final int TITLE = 30;

  private Rendering() {}

  /**
   * The JDK tells by errors of many kinds, some of them bare, that a machine lacks what it needs.
   */
  static void requireAwt() {
    try {
      new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics().dispose();
    } catch (AWTError | NoClassDefFoundError e) {
      throw new IllegalStateException(
          "Plots: Java takes this machine for one with a display, but cannot reach it ("
              + e.getMessage()
              + "); start Java with -Djava.awt.headless=true",
          e);
    }
    try {
      Pen.width("a", Pen.LABEL);
    } catch (RuntimeException | Error e) {
      throw new IllegalStateException(
          "Plots: Java finds no font to write with ("
              + e.getMessage()
              + "); install fontconfig and a font, such as Debian's packages fontconfig and"
              + " fonts-dejavu-core",
          e);
    }
  }

  static byte[] png(Plot plot) {
    requireAwt();
    BufferedImage image =
        new BufferedImage(plot.width(), plot.height(), BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    paint(g, plot);
    g.dispose();
    return PngFile.of("Plots", image);
  }

  /** Draws a plot to pixels or to whatever else takes shapes. */
  static void paint(Graphics2D g, Plot plot) {
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, plot.width(), plot.height());
    Rectangle area = new Rectangle(EDGE, EDGE, plot.width() - 2 * EDGE, plot.height() - 2 * EDGE);
    if (!plot.title().isEmpty()) {
      String title = Pen.fit(plot.title(), Pen.TITLE, area.width);
      new Pen(g).center(title, Pen.TITLE, Palette.INK, plot.width() / 2.0, EDGE + 16.0);
      area.y += TITLE;
      area.height -= TITLE;
    }
    switch (plot.figure()) {
      case Figure.Charts charts -> {
        Legend legend = new Legend(charts.panels(), area.width, area.height / 60);
        legend.paint(g, area.x, area.y + area.height - legend.height());
        area.height -= legend.height();
        new ChartsPainter(charts).paint(g, area);
      }
      case Figure.Matrix matrix -> new MatrixPainter(g, matrix).paint(area);
      case Figure.Tiles tiles -> TilesPainter.paint(g, tiles, area);
    }
  }
}
