package dev.lanewise.nn.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class XYPlotTest {
  private static final double[] XS = {0, 1, 2, 3};

  private static Series only(XYPlot plot, int index) {
    return ((Figure.Charts) plot.figure()).panels().getFirst().series().get(index);
  }

  private static Span spanX(XYPlot plot) {
    return ((Figure.Charts) plot.figure()).panels().getFirst().x().span();
  }

  @Test
  void scatterTakesColumns() throws Exception {
    Tensor x = Tensor.of(new float[] {0, 1, 2}, 3, 1);
    Tensor y = Tensor.of(new int[] {2, 1, 0});
    Picture picture = Picture.of(Plots.scatter(x, y).axes("size", "price").title("Houses"));

    assertEquals(List.of("Houses", "size", "price"), picture.words());
    assertEquals(3, picture.count("ellipse", Palette.color(0)));
  }

  @Test
  void theFittedLineIsThatOfLeastSquares() throws Exception {
    // By hand: means 1.5 and 4.25, sums of products 8.5 and of squares 5.
    XYPlot plot = Plots.xy().points("", XS, new double[] {1, 4, 6, 6}).fittedLine();

    assertEquals("y = 1.700 x + 1.700", only(plot, 1).name());
    assertEquals(0, only(plot, 1).x()[0]);
    assertEquals(3, only(plot, 1).x()[399], 1e-12);
    assertEquals(1.7, only(plot, 1).y()[0], 1e-12);
    assertEquals(6.8, only(plot, 1).y()[399], 1e-12);
    assertTrue(Picture.of(plot).words().contains("y = 1.700 x + 1.700"));
  }

  @Test
  void theFittedLineLeavesOutWhatIsNotFinite() {
    double[] y = {2, Double.NaN, -2, Double.NEGATIVE_INFINITY};

    assertEquals("y = -2.000 x + 2.000", only(Plots.xy().points("", XS, y).fittedLine(), 1).name());
    assertThrows(IllegalStateException.class, () -> Plots.xy().fittedLine());
    assertThrows(
        IllegalStateException.class,
        () -> Plots.xy().points("", new double[] {1, 1}, new double[] {1, 2}).fittedLine());
  }

  @Test
  void aCurveIsAsWideAsThePoints() {
    XYPlot plot = Plots.xy().points("", XS, XS).curve("f", x -> x).curve("g", x -> -x);

    for (int i = 1; i <= 2; i++) {
      assertEquals(0, only(plot, i).x()[0]);
      assertEquals(3, only(plot, i).x()[399], 1e-12);
    }
    // A margin of 4 % at each end.
    assertEquals(-0.12, spanX(plot).from(), 1e-12);
    assertEquals(3.12, spanX(plot).to(), 1e-12);
  }

  @Test
  void curvesHaveTheirNamesAndColours() throws Exception {
    Picture picture =
        Picture.of(
            Plots.xy()
                .curve("y = 1", p -> -Math.log(p), 0, 1)
                .curve("y = 0", p -> -Math.log(1 - p), 0, 1)
                .axes("p", "loss"));

    assertEquals(List.of("y = 1", "y = 0", "p", "loss"), picture.words());
    // 399 pieces less the one to infinity, and the legend.
    assertEquals(399, picture.count("line", Palette.color(0)));
    assertEquals(399, picture.count("line", Palette.color(1)));
  }

  @Test
  void plotsAreImmutable() {
    double[] y = {1, 2, 3, 4};
    XYPlot plot = Plots.xy().points("a", XS, y);
    plot.points("b", XS, y);
    y[0] = 100;

    assertEquals(1, ((Figure.Charts) plot.figure()).panels().getFirst().series().size());
    assertEquals(1, only(plot, 0).y()[0]);
  }

  @Test
  void numbersOfAnySizeHaveAxes() {
    double[][] hard = {
      {1e-12, 2e-12, 1.5e-12, 1e-12},
      {1e9, 1e9 + 1e-3, 1e9, 1e9},
      {-1e300, 1e300, 0, 1},
      {Double.MAX_VALUE, -Double.MAX_VALUE, 1, 2},
      {Double.MIN_VALUE, 0, 0, 0},
      {5, 5, 5, 5},
      {Double.NaN, Double.NaN, Double.NaN, Double.NaN}
    };
    for (double[] values : hard) {
      // XChart, left alone, seeks ticks for some of these for ever.
      assertTimeoutPreemptively(
          Duration.ofSeconds(20),
          () -> Picture.of(Plots.xy().line("y", XS, values).line("x", values, XS)));
    }
  }

  @Test
  void manyPlacesHaveDifferentLooks() {
    assertEquals(20, IntStream.range(0, 20).mapToObj(Palette::color).distinct().count());
  }

  @Test
  void nothingDrawnIsAnEmptyChart() throws Exception {
    assertEquals(List.of("x"), Picture.of(Plots.xy().axes("x", "")).words());
  }

  @Test
  void wrongArgumentsAreErrors() {
    XYPlot plot = Plots.xy();
    assertEquals(
        "points: x and y of 'a' must have one length above 0, but have 4 and 1",
        assertThrows(IllegalArgumentException.class, () -> plot.points("a", XS, new double[] {1}))
            .getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> plot.line("a", new double[0], new double[0]));
    assertThrows(
        ShapeException.class, () -> plot.points("a", Tensor.zeros(2, 2), Tensor.zeros(2, 2)));
    assertThrows(IllegalStateException.class, () -> plot.curve("f", x -> x));
    assertThrows(IllegalArgumentException.class, () -> plot.curve("f", x -> x, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> plot.curve("f", x -> x, 0, Double.NaN));
    assertThrows(
        IllegalArgumentException.class, () -> plot.curve("f", x -> x, 0, Double.MAX_VALUE));
  }
}
