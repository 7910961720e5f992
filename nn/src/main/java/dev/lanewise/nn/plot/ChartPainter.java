package dev.lanewise.nn.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Draws one chart by XChart: axes, ticks, series. Words around it are written here, as text, where
 * XChart would draw outlines.
 */
final class ChartPainter {
  /** The pixels around the area of the series. */
  record Margins(double left, double top, double right, double bottom) {}

  private static final int TITLE = 22;
  private static final int LABEL = 20;
  private static final int TICKS_APART_X = 56;
  private static final int TICKS_APART_Y = 46;
  private static final int LEAST_AREA = 40;
  private static final Color CLEAR = new Color(255, 255, 255, 0);

  private final Panel panel;
  private final Scale x;
  private final Scale y;
  private final XYChart chart;
  private final Corners corners;

  ChartPainter(Panel panel) {
    this.panel = panel;
    this.x = Scale.of(panel.x());
    this.y = Scale.of(panel.y());
    this.chart = new XYChart(1, 1);
    this.corners = new Corners(panel.regions());
    style(chart.getStyler());
    addCorners();
    for (int i = 0; i < panel.series().size(); i++) {
      add("series " + i, panel.series().get(i));
    }
  }

  private void style(XYStyler styler) {
    styler.setChartTitleVisible(false).setLegendVisible(false).setChartPadding(1);
    styler.setChartBackgroundColor(CLEAR);
    styler.setPlotBackgroundColor(Color.WHITE).setPlotBorderColor(Palette.FRAME);
    styler.setPlotContentSize(1).setLocale(Locale.ROOT);
    styler.setPlotMargin(0).setAxisTitlesVisible(false);
    styler.setPlotGridLinesColor(Palette.GRID).setPlotGridLinesStroke(new BasicStroke(1));
    styler.setPlotTicksMarksVisible(false).setAxisTicksLineVisible(false);
    styler.setAxisTickMarksColor(Palette.FRAME).setAxisTickMarksStroke(new BasicStroke(1));
    styler.setAxisTickMarkLength(4).setAxisTickPadding(4);
    styler.setAxisTickLabelsFont(new Font(Font.DIALOG, Font.PLAIN, 11));
    styler.setAxisTickLabelsColor(Palette.SOFT_INK);
    styler.setXAxisTicksVisible(panel.x().ticks() != Axis.Ticks.NONE);
    styler.setYAxisTicksVisible(panel.y().ticks() != Axis.Ticks.NONE);
    styler.setXAxisTickLabelsFormattingFunction(x::label);
    styler.setYAxisTickLabelsFormattingFunction(y::label);
    styler.setYAxisLabelAlignment(AxesChartStyler.TextAlignment.Right);
    styler.setXAxisMin(x.from()).setXAxisMax(x.to()).setYAxisMin(y.from()).setYAxisMax(y.to());
  }

  /**
   * XChart tells where its axes lie to the markers of a series alone. The third point keeps it from
   * taking the ends for all the numbers there are, and ticking no other.
   */
  private void addCorners() {
    double[] xs = {x.from(), x.to(), x.from() + 0.37 * (x.to() - x.from())};
    XYSeries series = chart.addSeries("corners", xs, new double[] {y.from(), y.to(), Double.NaN});
    series.setMarker(corners).setLineStyle(SeriesLines.NONE);
  }

  private void add(String id, Series series) {
    if (series.x().length == 0) {
      return;
    }
    double[] xs = x.scaled(series.x());
    double[] ys = y.scaled(series.y());
    for (int i = 0; i < xs.length; i++) {
      if (Double.isNaN(xs[i])) {
        // Only a y makes a gap.
        xs[i] = x.from();
        ys[i] = Double.NaN;
      }
    }
    XYSeries drawn = chart.addSeries(id, xs, ys);
    drawn.setMarker(SeriesMarkers.NONE).setMarkerColor(Palette.color(series.color()));
    drawn.setLineColor(Palette.color(series.color())).setLineStyle(Palette.round(2.2f));
    switch (series.mark()) {
      case POINTS ->
          drawn.setMarker(new Dots(series.color(), size(series))).setLineStyle(SeriesLines.NONE);
      case LINE -> addLonely(id, xs, ys, new Dots(series.color(), 6), drawn.getLineColor());
      case PALE_LINE -> {
        drawn.setLineColor(Palette.pale(series.color(), 0.5)).setLineStyle(Palette.round(1.4f));
        addLonely(id, xs, ys, new Dots(series.color(), 4), drawn.getLineColor());
      }
      case RULE -> drawn.setLineColor(Palette.FRAME).setLineStyle(Palette.dashed());
      case RINGS -> drawn.setMarker(new Rings()).setLineStyle(SeriesLines.NONE);
      case BARS -> addBars(drawn, series);
    }
  }

  private static void addBars(XYSeries drawn, Series series) {
    Color color = Palette.color(series.color());
    drawn.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.StepArea);
    drawn.setFillColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), 110));
    drawn.setLineStyle(Palette.round(1));
  }

  /** Adds the points that have no neighbour, so that no line would show them. */
  private void addLonely(String id, double[] xs, double[] ys, Marker marker, Color color) {
    double[] lonely = new double[ys.length];
    for (int i = 0; i < ys.length; i++) {
      boolean before = i > 0 && !Double.isNaN(ys[i - 1]);
      boolean after = i + 1 < ys.length && !Double.isNaN(ys[i + 1]);
      lonely[i] = before || after ? Double.NaN : ys[i];
    }
    XYSeries dots = chart.addSeries(id + " lonely", xs, lonely);
    dots.setMarker(marker).setMarkerColor(color).setLineStyle(SeriesLines.NONE);
  }

  private static int size(Series series) {
    return series.x().length > 2000 ? 3 : series.x().length > 300 ? 5 : 7;
  }

  /** {@return the pixels that axes and words take, if the area of the series is so large} */
  Margins margins(int width, int height) {
    // Axes depend on their lengths, and these on the axes.
    Margins axes = new Margins(40, 4, 4, 24);
    axes = axes(axes, width, height);
    axes = axes(axes, width, height);
    return new Margins(
        axes.left + (panel.y().label().isEmpty() ? 0 : LABEL) + 4,
        axes.top + (panel.title().isEmpty() ? 0 : TITLE) + 4,
        axes.right + 6,
        axes.bottom + (panel.x().label().isEmpty() ? 0 : LABEL) + 4);
  }

  private Margins axes(Margins guess, int width, int height) {
    Graphics2D nowhere = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    int w = (int) Math.round(width + guess.left + guess.right);
    int h = (int) Math.round(height + guess.top + guess.bottom);
    paintChart(nowhere, w, h, width, height);
    nowhere.dispose();
    return new Margins(corners.left, corners.top, w - corners.right, h - corners.bottom);
  }

  private void paintChart(Graphics2D g, int width, int height, int areaWidth, int areaHeight) {
    XYStyler styler = chart.getStyler();
    styler.setXAxisTickMarkSpacingHint(apart(x, TICKS_APART_X, areaWidth));
    styler.setYAxisTickMarkSpacingHint(apart(y, TICKS_APART_Y, areaHeight));
    corners.forget();
    chart.paint(g, width, height);
    if (!corners.complete()) {
      throw tooSmall();
    }
  }

  private static int apart(Scale scale, int least, int length) {
    if (scale.axis().ticks() != Axis.Ticks.COUNTS) {
      return least;
    }
    // No tick between two whole numbers: XChart rounds 0.75 to 1.5 of a unit to one.
    double unit = length / (scale.to() - scale.from());
    return Math.max(least, (int) Math.ceil(0.8 * unit));
  }

  static IllegalArgumentException tooSmall() {
    return new IllegalArgumentException(
        "size: it is too small for what the plot shows; choose a larger one by size(width,"
            + " height)");
  }

  /** Draws the chart so that the area of its series is where it shall be. */
  void paint(Graphics2D g, int left, int top, int width, int height) {
    if (width < LEAST_AREA || height < LEAST_AREA) {
      throw tooSmall();
    }
    Margins axes = axes(new Margins(40, 4, 4, 24), width, height);
    axes = axes(axes, width, height);
    AffineTransform before = g.getTransform();
    g.translate(left - axes.left, top - axes.top);
    int w = (int) Math.round(width + axes.left + axes.right);
    int h = (int) Math.round(height + axes.top + axes.bottom);
    paintChart(g, w, h, width, height);
    g.setTransform(before);
    Pen pen = new Pen(g);
    double middle = left + width / 2.0;
    String title = Pen.fit(panel.title(), Pen.HEADING, width + axes.left);
    pen.center(title, Pen.HEADING, Palette.INK, middle, top - 9.0);
    pen.center(
        Pen.fit(panel.x().label(), Pen.LABEL, width),
        Pen.LABEL,
        Palette.INK,
        middle,
        top + height + axes.bottom + 13);
    pen.upwards(
        Pen.fit(panel.y().label(), Pen.LABEL, height),
        Pen.LABEL,
        Palette.INK,
        left - axes.left - 8,
        top + height / 2.0);
  }

  /** Learns where the ends of the axes are, and draws what lies behind all other series. */
  private static final class Corners extends Marker {
    private final Regions regions;
    private int seen;
    private double left;
    private double top;
    private double right;
    private double bottom;

    Corners(Regions regions) {
      this.regions = regions;
    }

    void forget() {
      seen = 0;
    }

    boolean complete() {
      return seen == 2;
    }

    @Override
    public void paint(Graphics2D g, double x, double y, int size) {
      if (seen++ == 0) {
        left = x;
        bottom = y;
        return;
      }
      right = x;
      top = y;
      if (regions.columns() > 0) {
        int width = (int) Math.round(right - left);
        int height = (int) Math.round(bottom - top);
        g.drawImage(image(), (int) Math.round(left), (int) Math.round(top), width, height, null);
        // It has covered the frame.
        g.setColor(Palette.FRAME);
        g.setStroke(new BasicStroke(1));
        g.draw(new Rectangle2D.Double(left, top, right - left, bottom - top));
      }
    }

    private BufferedImage image() {
      BufferedImage image =
          new BufferedImage(regions.columns(), regions.rows(), BufferedImage.TYPE_INT_RGB);
      for (int i = 0; i < regions.classes().length; i++) {
        int label = regions.classes()[i];
        Color color = label == PredictedClasses.NONE ? Color.WHITE : Palette.pale(label, 0.66);
        image.setRGB(i % regions.columns(), i / regions.columns(), color.getRGB());
      }
      return image;
    }
  }

  /** Markers with a thin white edge, which parts them where they overlap. */
  private static final class Dots extends Marker {
    private final int place;
    private final int size;

    Dots(int place, int size) {
      this.place = place;
      this.size = size;
    }

    @Override
    public void paint(Graphics2D g, double x, double y, int ignored) {
      Color color = g.getColor();
      g.fill(Palette.marker(place, x, y, size));
      if (size > 4) {
        g.setColor(Color.WHITE);
        g.setStroke(new BasicStroke(0.7f));
        g.draw(Palette.marker(place, x, y, size));
        g.setColor(color);
      }
    }
  }

  /** Rings around points. */
  private static final class Rings extends Marker {
    @Override
    public void paint(Graphics2D g, double x, double y, int ignored) {
      Color color = g.getColor();
      Ellipse2D ring = new Ellipse2D.Double(x - 5, y - 5, 10, 10);
      g.setColor(Color.WHITE);
      g.fill(ring);
      g.setColor(color);
      g.setStroke(new BasicStroke(2));
      g.draw(ring);
    }
  }
}
