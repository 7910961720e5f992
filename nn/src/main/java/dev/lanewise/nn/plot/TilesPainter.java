package dev.lanewise.nn.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.util.List;

/** Draws images in a grid, pixels as squares. */
final class TilesPainter {
  private static final int GAP = 10;
  private static final int LINE = 14;
  private static final int LEAST = 8;

  /** Images are enlarged at least to this, so that no viewer blurs them. */
  private static final int SHARP = 96;

  private TilesPainter() {}

  static void paint(Graphics2D g, Figure.Tiles figure, Rectangle area) {
    List<Figure.Tile> tiles = figure.tiles();
    int columns = figure.columns();
    int rows = (tiles.size() + columns - 1) / columns;
    boolean titles = tiles.stream().anyMatch(t -> !t.title().isEmpty());
    boolean notes = tiles.stream().anyMatch(t -> !t.note().isEmpty());
    int words = titles ? LINE * (notes ? 2 : 1) + 4 : 0;
    int wide = area.width / columns - GAP;
    int high = area.height / rows - GAP - words;
    if (wide < LEAST || high < LEAST) {
      throw ChartPainter.tooSmall();
    }
    Pen pen = new Pen(g);
    for (int i = 0; i < tiles.size(); i++) {
      Figure.Tile tile = tiles.get(i);
      double scale = Math.min((double) wide / tile.width(), (double) high / tile.height());
      int width = (int) Math.max(1, Math.floor(scale * tile.width()));
      int height = (int) Math.max(1, Math.floor(scale * tile.height()));
      int left = area.x + i % columns * (area.width / columns) + GAP / 2;
      int top = area.y + i / columns * (area.height / rows) + words;
      int x = left + (wide - width) / 2;
      g.drawImage(image(tile), x, top, width, height, null);
      double middle = left + wide / 2.0;
      Color color = tile.wrong() ? Palette.WRONG : Palette.INK;
      double first = top - words + LINE - 2.0;
      String title = Pen.fit(tile.title(), Pen.LABEL, wide + GAP / 2.0);
      pen.center(title, Pen.LABEL, color, middle, first);
      String note = Pen.fit(tile.note(), Pen.SMALL, wide + GAP / 2.0);
      pen.center(note, Pen.SMALL, Palette.SOFT_INK, middle, first + LINE);
    }
  }

  private static BufferedImage image(Figure.Tile tile) {
    int times = Math.ceilDiv(SHARP, Math.min(tile.width(), tile.height()));
    BufferedImage image =
        new BufferedImage(tile.width() * times, tile.height() * times, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, tile.rgb()[y / times * tile.width() + x / times]);
      }
    }
    return image;
  }
}
