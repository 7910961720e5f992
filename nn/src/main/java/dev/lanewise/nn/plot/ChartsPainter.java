package dev.lanewise.nn.plot;

import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.util.List;

/** Draws charts in a grid, so that the areas of their series are equally large and aligned. */
final class ChartsPainter {
  private final List<ChartPainter> painters;
  private final int columns;
  private final int rows;

  /** What axes and words need left of each column, above each row, and so on. */
  private final double[] left;

  private final double[] right;
  private final double[] top;
  private final double[] bottom;

  ChartsPainter(Figure.Charts charts) {
    painters = charts.panels().stream().map(ChartPainter::new).toList();
    columns = charts.columns();
    rows = (painters.size() + columns - 1) / columns;
    left = new double[columns];
    right = new double[columns];
    top = new double[rows];
    bottom = new double[rows];
  }

  void paint(Graphics2D g, Rectangle area) {
    // Axes depend on their lengths: the second time these are nearly right.
    int width = area.width / columns * 4 / 5;
    int height = area.height / rows * 4 / 5;
    for (int round = 0; round < 2; round++) {
      measure(Math.max(width, 40), Math.max(height, 40));
      width = (int) (area.width - sum(left) - sum(right)) / columns;
      height = (int) (area.height - sum(top) - sum(bottom)) / rows;
      if (width < 40 || height < 40) {
        throw ChartPainter.tooSmall();
      }
    }
    double y = area.y;
    for (int row = 0; row < rows; row++) {
      double x = area.x;
      y += top[row];
      for (int column = 0; column < columns; column++) {
        x += left[column];
        int index = row * columns + column;
        if (index < painters.size()) {
          painters.get(index).paint(g, (int) x, (int) y, width, height);
        }
        x += width + right[column];
      }
      y += height + bottom[row];
    }
  }

  private void measure(int width, int height) {
    for (int i = 0; i < painters.size(); i++) {
      ChartPainter.Margins margins = painters.get(i).margins(width, height);
      int column = i % columns;
      int row = i / columns;
      left[column] = Math.max(left[column], margins.left());
      right[column] = Math.max(right[column], margins.right());
      top[row] = Math.max(top[row], margins.top());
      bottom[row] = Math.max(bottom[row], margins.bottom());
    }
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }
}
