package dev.lanewise.nn.plot;

import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;

/**
 * Points, lines and curves over one pair of axes. Immutable: each method gives a plot with more in
 * it. A value that is NaN or infinite is a gap.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() throws IOException {
 *   Plots.xy()
 *       .curve("absolute", Math::abs, -2, 2)
 *       .curve("squared", error -> error * error, -2, 2)
 *       .axes("error", "loss")
 *       .title("Two losses")
 *       .save(Files.createTempFile("losses", ".svg"));
 * }
 * }
 */
public final class XYPlot extends Plot {
  private static final int STEPS = 400;

  private final Panel panel;

  /** Whether the spans of the axes are those that were given. */
  private final boolean fixed;

  private XYPlot(Panel panel, boolean fixed, String title, int width, int height) {
    super(new Figure.Charts(List.of(panel), 1), title, width, height);
    this.panel = panel;
    this.fixed = fixed;
  }

  /** {@return a plot whose axes show all of its series} */
  static XYPlot of(List<Series> series) {
    Axis none = Axis.of("", new Span(0, 1));
    return new XYPlot(Panel.of("", none, none, List.of()), false, "", 720, 480).with(series);
  }

  /** {@return a plot whose axes stay as they are} */
  static XYPlot over(Panel panel) {
    return new XYPlot(panel, true, "", 720, 560);
  }

  /**
   * {@return this plot with points}
   *
   * @param name their name in the legend; empty for no entry
   * @param x where they are to the right
   * @param y how high they are
   * @throws IllegalArgumentException if the lengths differ or are 0
   */
  public XYPlot points(String name, double[] x, double[] y) {
    return with("points", Mark.POINTS, name, x.clone(), y.clone());
  }

  /**
   * {@return this plot with points}
   *
   * @param name their name in the legend; empty for no entry
   * @param x where they are to the right, {@code [n]} or {@code [n, 1]}
   * @param y how high they are, {@code [n]} or {@code [n, 1]}
   * @throws ShapeException if the shapes are others
   * @throws IllegalArgumentException if the lengths differ or are 0
   */
  public XYPlot points(String name, Tensor x, Tensor y) {
    return with("points", Mark.POINTS, name, column("points", x), column("points", y));
  }

  /**
   * {@return this plot with a line from point to point}
   *
   * @param name its name in the legend; empty for no entry
   * @param x where its points are to the right
   * @param y how high they are
   * @throws IllegalArgumentException if the lengths differ or are 0
   */
  public XYPlot line(String name, double[] x, double[] y) {
    return with("line", Mark.LINE, name, x.clone(), y.clone());
  }

  /**
   * {@return this plot with a line from point to point}
   *
   * @param name its name in the legend; empty for no entry
   * @param x where its points are to the right, {@code [n]} or {@code [n, 1]}
   * @param y how high they are, {@code [n]} or {@code [n, 1]}
   * @throws ShapeException if the shapes are others
   * @throws IllegalArgumentException if the lengths differ or are 0
   */
  public XYPlot line(String name, Tensor x, Tensor y) {
    return with("line", Mark.LINE, name, column("line", x), column("line", y));
  }

  /**
   * {@return this plot with the curve of a function, as wide as what is there already}
   *
   * @param name its name in the legend; empty for no entry
   * @param f the function
   * @throws IllegalStateException if there is nothing yet
   */
  public XYPlot curve(String name, DoubleUnaryOperator f) {
    if (panel.series().isEmpty()) {
      throw new IllegalStateException(
          "curve: there are no points yet whose width it could take; give from and to");
    }
    return withCurve(name, f, fixed ? panel.x().span() : extent(panel.series()));
  }

  /**
   * {@return this plot with the curve of a function}
   *
   * @param name its name in the legend; empty for no entry
   * @param f the function
   * @param from where it begins
   * @param to where it ends, above {@code from}
   * @throws IllegalArgumentException if {@code to} is not above {@code from}, or one is not finite
   */
  public XYPlot curve(String name, DoubleUnaryOperator f, double from, double to) {
    if (!(from < to && Span.shows(from) && Span.shows(to))) {
      throw new IllegalArgumentException(
          "curve: it must go from a number to a larger one, but goes from %s to %s"
              .formatted(from, to));
    }
    return withCurve(name, f, new Span(from, to));
  }

  /**
   * {@return this plot with the straight line of least squares through all of its points} The
   * legend gives its equation.
   *
   * @throws IllegalStateException if there are no two points of different x
   */
  public XYPlot fittedLine() {
    double n = 0;
    double meanX = 0;
    double meanY = 0;
    double xx = 0;
    double xy = 0;
    for (Series s : panel.series()) {
      for (int i = 0; s.mark() == Mark.POINTS && i < s.x().length; i++) {
        if (Span.shows(s.x()[i]) && Span.shows(s.y()[i])) {
          // Welford's update: a mean far from 0 costs no digits.
          n++;
          double dx = s.x()[i] - meanX;
          meanX += dx / n;
          meanY += (s.y()[i] - meanY) / n;
          xx += dx * (s.x()[i] - meanX);
          xy += dx * (s.y()[i] - meanY);
        }
      }
    }
    if (!(xx > 0)) {
      throw new IllegalStateException(
          "fittedLine: it takes two points or more of different x; add points first");
    }
    double slope = xy / xx;
    double height = meanY - slope * meanX;
    String name =
        String.format(
            Locale.ROOT, "y = %.4g x %s %.4g", slope, height < 0 ? "-" : "+", Math.abs(height));
    return curve(name, x -> slope * x + height);
  }

  /**
   * {@return this plot with labels at its axes}
   *
   * @param x what is shown to the right; empty for no label
   * @param y what is shown upwards; empty for no label
   */
  public XYPlot axes(String x, String y) {
    Axis right = new Axis(x, panel.x().span(), panel.x().ticks());
    Axis up = new Axis(y, panel.y().span(), panel.y().ticks());
    Panel labeled = new Panel(panel.title(), right, up, panel.series(), panel.regions());
    return new XYPlot(labeled, fixed, title(), width(), height());
  }

  @Override
  public XYPlot title(String title) {
    return new XYPlot(panel, fixed, Objects.requireNonNull(title, "title"), width(), height());
  }

  @Override
  public XYPlot size(int width, int height) {
    checkSize(width, height);
    return new XYPlot(panel, fixed, title(), width, height);
  }

  private XYPlot withCurve(String name, DoubleUnaryOperator f, Span span) {
    double[] x = span.steps(STEPS);
    double[] y = new double[STEPS];
    for (int i = 0; i < STEPS; i++) {
      y[i] = f.applyAsDouble(x[i]);
    }
    return with("curve", Mark.LINE, name, x, y);
  }

  private XYPlot with(String who, Mark mark, String name, double[] x, double[] y) {
    if (x.length != y.length || x.length == 0) {
      throw new IllegalArgumentException(
          "%s: x and y of '%s' must have one length above 0, but have %d and %d"
              .formatted(who, name, x.length, y.length));
    }
    return with(List.of(new Series(name, mark, panel.series().size(), x, y)));
  }

  private XYPlot with(List<Series> more) {
    List<Series> all = new ArrayList<>(panel.series());
    all.addAll(more);
    Axis x = panel.x();
    Axis y = panel.y();
    if (!fixed) {
      x = new Axis(x.label(), width(all), x.ticks());
      y = new Axis(y.label(), Span.of(all.stream().map(Series::y).toList()), y.ticks());
    }
    Panel next = new Panel(panel.title(), x, y, List.copyOf(all), panel.regions());
    return new XYPlot(next, fixed, title(), width(), height());
  }

  private static Span width(List<Series> series) {
    return Span.of(series.stream().map(Series::x).toList());
  }

  /** {@return from the first to the last point, without a margin} */
  private static Span extent(List<Series> series) {
    DoubleSummaryStatistics x =
        series.stream()
            .flatMapToDouble(s -> Arrays.stream(s.x()))
            .filter(Span::shows)
            .summaryStatistics();
    return x.getMin() < x.getMax() ? new Span(x.getMin(), x.getMax()) : width(series);
  }

  private static double[] column(String who, Tensor values) {
    int[] dims = values.shape().dims();
    if (!(dims.length == 1 || (dims.length == 2 && dims[1] == 1))) {
      throw new ShapeException(
          "%s: x and y must be [n] or [n, 1], but one is %s; take a column, as by at(\":, 0\")"
              .formatted(who, values.shape()));
    }
    return values.toDoubleArray();
  }
}
