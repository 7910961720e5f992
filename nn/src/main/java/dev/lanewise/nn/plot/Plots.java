package dev.lanewise.nn.plot;

import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.History;
import dev.lanewise.nn.data.LabeledDataset;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Pictures of data, training and predictions.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() throws IOException {
 *   var iris = Iris.load().stratifiedSplit(0.7, 42);
 *   var model = Sequential.of(new Dense(16, "relu"), new Dense(3, "softmax"));
 *   model.compile("adam", "sparse_categorical_crossentropy", "accuracy");
 *   var history =
 *       model.fit(iris.train(), FitOptions.epochs(10).validationData(iris.test()).verbose(0));
 *   Path file = Files.createTempFile("iris", ".png"); // or ".svg"
 *   Plots.history(history).title("Three species of iris").save(file);
 * }
 * }
 */
public final class Plots {
  private static final int MOST_CLASSES = 200;

  private Plots() {}

  /**
   * {@return the curves of a training: loss and metrics by epoch, a chart for each, training and
   * validation together} The epoch of the lowest {@code val_loss} is marked: there early stopping
   * would have stopped.
   *
   * @param history what {@code fit} returned
   * @throws IllegalArgumentException if it has no epoch
   */
  public static Plot history(History history) {
    return charts(HistoryCharts.one(history), 480, 360);
  }

  /**
   * {@return the curves of several trainings, a chart for each quantity} Each has its colour:
   * validation strong, training pale, the lowest {@code val_loss} ringed.
   *
   * @param histories what {@code fit} returned, by a name for the legend, in the map's order
   * @throws IllegalArgumentException if there is none, or one has no epoch
   */
  public static Plot histories(Map<String, History> histories) {
    return charts(HistoryCharts.several(histories), 480, 360);
  }

  /** {@return a plot with nothing in it yet, for points, lines and curves} */
  public static XYPlot xy() {
    return XYPlot.of(List.of());
  }

  /**
   * {@return a plot of points; {@link XYPlot#curve} and {@link XYPlot#fittedLine} add to it}
   *
   * @param x where they are to the right, {@code [n]} or {@code [n, 1]}
   * @param y how high they are, {@code [n]} or {@code [n, 1]}
   * @throws ShapeException if the shapes are others
   * @throws IllegalArgumentException if the lengths differ or are 0
   */
  public static XYPlot scatter(Tensor x, Tensor y) {
    return xy().points("", x, y);
  }

  /**
   * {@return a plot of samples with two features, coloured by class}
   *
   * @param data the samples, {@code [n, 2]}
   * @throws ShapeException if they have another shape
   */
  public static XYPlot scatter(LabeledDataset data) {
    DataCharts.checkTwoFeatures("scatter", data);
    return XYPlot.of(DataCharts.points(data, 0, 1)).axes("x0", "x1");
  }

  /**
   * {@return a plot of samples with two features over the regions that a model gives to the
   * classes}
   *
   * @param data the samples, {@code [n, 2]}
   * @param model gives the predictions for samples {@code [m, 2]}: {@code [m]} or {@code [m, 1]},
   *     probabilities of class 1; {@code [m, classes]}, scores of which the highest wins; or whole
   *     numbers {@code [m]}, classes. Where they are NaN there is no colour. It is called now
   * @throws ShapeException if samples or predictions have other shapes
   * @throws IllegalArgumentException if a probability is not from 0 to 1
   */
  public static XYPlot decisionBoundary(LabeledDataset data, UnaryOperator<Tensor> model) {
    DataCharts.checkTwoFeatures("decisionBoundary", data);
    Span x = Span.of(DataCharts.column(data, 0, PredictedClasses.NONE));
    Span y = Span.of(DataCharts.column(data, 1, PredictedClasses.NONE));
    Regions regions = DataCharts.regions(x, y, data.classes(), model);
    List<Series> points = DataCharts.points(data, 0, 1);
    return XYPlot.over(new Panel("", Axis.of("x0", x), Axis.of("x1", y), points, regions));
  }

  /**
   * {@return a plot of each feature against each other, coloured by class, with histograms on the
   * diagonal}
   *
   * @param data the samples, {@code [n, features]}, of 12 features at most
   * @param featureNames the names of the features, or none for {@code x0}, {@code x1}, ...
   * @throws ShapeException if the samples have another shape
   * @throws IllegalArgumentException if there are names, but not one for each feature
   */
  public static Plot pairs(LabeledDataset data, String... featureNames) {
    return charts(DataCharts.pairs(data, featureNames), 210, 200);
  }

  /**
   * {@return a confusion matrix: true classes below each other, predicted ones side by side, each
   * cell coloured by its share of the row}
   *
   * @param counts how many samples have a class (first index) and are taken for one (second)
   * @param classNames the names of the classes
   * @throws IllegalArgumentException if there is not one row, column and name for each class, from
   *     1 to 200, or if a count is negative
   */
  public static Plot confusionMatrix(long[][] counts, List<String> classNames) {
    int n = counts.length;
    if (n == 0 || n > MOST_CLASSES || classNames.size() != n) {
      throw new IllegalArgumentException(
          "confusionMatrix: there must be from 1 to %d rows and a name for each, but are %d and %d"
              .formatted(MOST_CLASSES, n, classNames.size()));
    }
    long[][] copy = new long[n][];
    for (int row = 0; row < n; row++) {
      copy[row] = counts[row].clone();
      if (copy[row].length != n) {
        throw new IllegalArgumentException(
            "confusionMatrix: row %d of %d has %d counts; it must have one for each class"
                .formatted(row, n, copy[row].length));
      }
      for (long count : copy[row]) {
        if (count < 0) {
          throw new IllegalArgumentException(
              "confusionMatrix: counts must be 0 or more, but row %d has %d".formatted(row, count));
        }
      }
    }
    int longest = classNames.stream().mapToInt(String::length).max().orElse(0);
    int words = Math.min(7 * longest, 160);
    int cell = Math.clamp(900 / n, 5, 64);
    int below = words > cell ? words : 0;
    Figure matrix = new Figure.Matrix(copy, List.copyOf(classNames));
    return new Plot(matrix, "", 140 + words + n * cell, 110 + below * 3 / 4 + n * cell);
  }

  /**
   * {@return a grid of images, each with its class}
   *
   * @param data the images, {@code [n, h, w]}, {@code [n, 1, h, w]} or {@code [n, 3, h, w]}, 400 at
   *     most; the lowest value of all, or 0, is black and the highest white
   * @throws ShapeException if they have another shape
   * @throws IllegalArgumentException if there are too many
   */
  public static Plot images(LabeledDataset data) {
    return tiles(ImageTiles.of(data));
  }

  /**
   * {@return a grid of images, each with the class that was predicted; where that is wrong, in
   * orange, with the right one below}
   *
   * @param data the images, as in {@link #images(LabeledDataset)}
   * @param predictions what a model says of them, as in {@link #decisionBoundary}
   * @throws ShapeException if images or predictions have other shapes
   * @throws IllegalArgumentException if there are too many, or a probability is not from 0 to 1
   */
  public static Plot images(LabeledDataset data, Tensor predictions) {
    return tiles(ImageTiles.of(data, predictions));
  }

  /**
   * {@return a grid of images}
   *
   * @param images the images, {@code [n, h, w]}, {@code [n, 1, h, w]} or {@code [n, 3, h, w]}, 400
   *     at most; the lowest value of all, or 0, is black and the highest white
   * @param titles a title for each, or none
   * @throws ShapeException if they have another shape
   * @throws IllegalArgumentException if there are too many, or titles but not one for each
   */
  public static Plot images(Tensor images, String... titles) {
    return tiles(ImageTiles.of(images, titles));
  }

  /**
   * {@return a histogram of each tensor's values, such as the weights of a model}
   *
   * @param tensors the tensors by name, in the map's order; values that are not finite are counted
   *     in the title
   * @throws IllegalArgumentException if there is none
   */
  public static Plot histograms(Map<String, Tensor> tensors) {
    return charts(WeightCharts.of(tensors), 320, 240);
  }

  private static Plot charts(Figure.Charts charts, int width, int height) {
    int columns = charts.columns();
    int rows = (charts.panels().size() + columns - 1) / columns;
    int wide = Math.min(60 + columns * width, 4000);
    return new Plot(charts, "", wide, Math.min(90 + rows * height, 4000));
  }

  private static Plot tiles(Figure.Tiles tiles) {
    int columns = tiles.columns();
    int rows = (tiles.tiles().size() + columns - 1) / columns;
    int wide = columns > 12 ? 64 : 104;
    Figure.Tile first = tiles.tiles().getFirst();
    int high = Math.clamp((long) wide * first.height() / first.width(), 20, 300);
    int height = Math.min(60 + rows * (high + 26), 4000);
    return new Plot(tiles, "", Math.max(30 + columns * wide, 200), height);
  }
}
