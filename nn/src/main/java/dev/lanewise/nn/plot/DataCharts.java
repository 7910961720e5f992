package dev.lanewise.nn.plot;

import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Grad;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.data.LabeledDataset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Charts of samples with classes. */
final class DataCharts {
  private static final int BINS = 20;

  /** Cells of a decision boundary in each direction: two or three pixels each at most sizes. */
  private static final int CELLS = 240;

  /** Rows of cells that are predicted at a time: 9,600 samples. */
  private static final int ROWS = 40;

  private static final int MOST_FEATURES = 12;

  private DataCharts() {}

  /** {@return the points of each class, which has an entry in the legend even if it has none} */
  static List<Series> points(LabeledDataset data, int first, int second) {
    List<Series> all = new ArrayList<>();
    for (int c = 0; c < data.classes(); c++) {
      double[] x = column(data, first, c);
      double[] y = column(data, second, c);
      all.add(new Series(data.classNames().get(c), Mark.POINTS, c, x, y));
    }
    return all;
  }

  static void checkTwoFeatures(String who, LabeledDataset data) {
    int[] sample = data.sampleShape();
    if (sample.length != 1 || sample[0] != 2) {
      throw new ShapeException(
          "%s: samples must have 2 features, but the data are %s; plot pairs of more by pairs(data)"
              .formatted(who, data));
    }
  }

  /** {@return the class of each cell of a grid over two spans, as a model predicts it} */
  static Regions regions(Span x, Span y, int classes, UnaryOperator<Tensor> model) {
    int[] all = new int[CELLS * CELLS];
    for (int from = 0; from < CELLS; from += ROWS) {
      int n = ROWS * CELLS;
      float[] samples = new float[2 * n];
      for (int i = 0; i < n; i++) {
        samples[2 * i] = middle(x, i % CELLS);
        samples[2 * i + 1] = middle(y, CELLS - 1 - (from + i / CELLS));
      }
      try (Grad _ = Grad.off()) {
        Tensor predictions = model.apply(Tensor.of(samples, n, 2));
        int[] predicted = PredictedClasses.of("decisionBoundary", predictions, n, classes);
        System.arraycopy(predicted, 0, all, from * CELLS, n);
      }
    }
    return new Regions(all, CELLS);
  }

  private static float middle(Span span, int cell) {
    return (float) (span.from() + (span.to() - span.from()) * (cell + 0.5) / CELLS);
  }

  static Figure.Charts pairs(LabeledDataset data, String... featureNames) {
    int[] sample = data.sampleShape();
    if (sample.length != 1 || sample[0] > MOST_FEATURES) {
      throw new ShapeException(
          "pairs: samples must have from 1 to %d features in one row, but the data are %s"
              .formatted(MOST_FEATURES, data));
    }
    int features = sample[0];
    if (featureNames.length != 0 && featureNames.length != features) {
      throw new IllegalArgumentException(
          "pairs: %d names for %d features; give one for each, or none"
              .formatted(featureNames.length, features));
    }
    List<Span> spans = new ArrayList<>();
    for (int f = 0; f < features; f++) {
      spans.add(Span.of(column(data, f, PredictedClasses.NONE)));
    }
    List<Panel> panels = new ArrayList<>();
    for (int row = 0; row < features; row++) {
      for (int column = 0; column < features; column++) {
        boolean below = row == features - 1;
        boolean left = column == 0;
        Axis x = new Axis(below ? name(featureNames, column) : "", spans.get(column), ticks(below));
        String label = left ? name(featureNames, row) : "";
        if (row == column) {
          List<Series> bars = histograms(data, row, spans.get(row));
          double most = bars.stream().flatMapToDouble(s -> Arrays.stream(s.y())).max().orElse(0);
          Axis counts = new Axis(label, Span.ofCounts(most), Axis.Ticks.NONE);
          panels.add(Panel.of("", x, counts, bars));
        } else {
          Axis y = new Axis(label, spans.get(row), ticks(left));
          List<Series> points = new ArrayList<>();
          for (Series s : points(data, column, row)) {
            // The bars are what the legend shows.
            points.add(new Series("", s.mark(), s.color(), s.x(), s.y()));
          }
          panels.add(Panel.of("", x, y, points));
        }
      }
    }
    return new Figure.Charts(panels, features);
  }

  private static Axis.Ticks ticks(boolean shown) {
    return shown ? Axis.Ticks.NUMBERS : Axis.Ticks.NONE;
  }

  private static String name(String[] names, int feature) {
    return names.length == 0 ? "x" + feature : names[feature];
  }

  private static List<Series> histograms(LabeledDataset data, int feature, Span span) {
    List<Series> all = new ArrayList<>();
    for (int c = 0; c < data.classes(); c++) {
      all.add(bars(data.classNames().get(c), c, column(data, feature, c), span, BINS));
    }
    return all;
  }

  /** {@return how many values lie in each of some equal parts of a span} */
  static Series bars(String name, int color, double[] values, Span span, int bins) {
    double[] counts = new double[bins + 1];
    for (double value : values) {
      if (value >= span.from() && value <= span.to()) {
        double share = (value - span.from()) / (span.to() - span.from());
        counts[Math.min((int) (share * bins), bins - 1)]++;
      }
    }
    return new Series(name, Mark.BARS, color, span.steps(bins + 1), counts);
  }

  /** {@return a feature of the samples of a class, or of all for {@code NONE}} */
  static double[] column(LabeledDataset data, int feature, int label) {
    int length = data.sampleLength();
    double[] all = new double[data.size()];
    int count = 0;
    for (int i = 0; i < data.size(); i++) {
      if (label == PredictedClasses.NONE || data.labels()[i] == label) {
        all[count++] = data.features()[i * length + feature];
      }
    }
    return Arrays.copyOf(all, count);
  }
}
