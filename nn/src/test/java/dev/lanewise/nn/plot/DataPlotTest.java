package dev.lanewise.nn.plot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.data.Digits;
import dev.lanewise.nn.data.Iris;
import dev.lanewise.nn.data.LabeledDataset;
import java.awt.Color;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DataPlotTest {
  /** A square, whose lower left corner is of the first class. */
  private static final LabeledDataset SQUARE =
      LabeledDataset.of(
          new float[] {0, 0, 1, 0, 0, 1, 1, 1},
          new int[] {2},
          new int[] {0, 1, 1, 1},
          List.of("nor", "or"));

  /** Probability 1 right of the middle. */
  private static Tensor right(Tensor x) {
    return x.at(":, 0").sub(0.5).mul(100).sigmoid();
  }

  @Test
  void samplesAreColouredByClass() throws Exception {
    Picture picture = Picture.of(Plots.scatter(SQUARE).axes("a", "b"));

    assertEquals(List.of("nor", "or", "a", "b"), picture.words());
    // With their legend's.
    assertEquals(2, picture.count("ellipse", Palette.color(0)));
    assertEquals(4, picture.count("ellipse", Palette.color(1)));
  }

  @Test
  void regionsAreThoseOfThePredictions() throws Exception {
    List<UnaryOperator<Tensor>> models =
        List.of(
            DataPlotTest::right,
            x -> right(x).reshape(-1, 1),
            x -> Tensor.stack(1, right(x).neg(), right(x).sub(1)),
            x -> right(x).round().cast(DType.I64));
    for (UnaryOperator<Tensor> model : models) {
      Picture picture = Picture.of(Plots.decisionBoundary(SQUARE, model).title("or"));

      assertEquals("or", picture.words().getFirst());
      assertEquals(Palette.pale(0, 0.66), picture.at(0.3, 0.5));
      assertEquals(Palette.pale(1, 0.66), picture.at(0.8, 0.5));
    }
  }

  @Test
  void unpredictedIsWhite() throws Exception {
    Plot plot = Plots.decisionBoundary(SQUARE, x -> right(x).mul(Double.NaN));

    assertEquals(Color.WHITE, Picture.of(plot).at(0.3, 0.5));
  }

  @Test
  void logitsAreNotTakenForProbabilities() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Plots.decisionBoundary(SQUARE, x -> x.at(":, 0").mul(10)));

    assertTrue(e.getMessage().contains("probabilities from 0 to 1"), e::getMessage);
    assertTrue(e.getMessage().contains("add a sigmoid"), e::getMessage);
  }

  @Test
  void wholeNumbersAreClasses() {
    LabeledDataset three = Digits.load().first(3);
    Plot plot = Plots.images(three, Tensor.of(new int[] {0, 9, 2}));

    List<Figure.Tile> tiles = ((Figure.Tiles) plot.figure()).tiles();
    assertEquals(List.of("0", "9", "2"), tiles.stream().map(Figure.Tile::title).toList());
    assertEquals(List.of(false, true, false), tiles.stream().map(Figure.Tile::wrong).toList());
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Plots.images(three, Tensor.of(new long[] {0, 10, 2})));
    assertEquals("images: predicted classes must be from 0 to 9, but one is 10", e.getMessage());
  }

  @Test
  void wrongShapesAreErrors() {
    assertThrows(ShapeException.class, () -> Plots.scatter(Iris.load()));
    assertThrows(
        ShapeException.class, () -> Plots.decisionBoundary(Iris.load(), DataPlotTest::right));
    assertThrows(ShapeException.class, () -> Plots.decisionBoundary(SQUARE, x -> Tensor.zeros(3)));
    ShapeException e =
        assertThrows(
            ShapeException.class, () -> Plots.decisionBoundary(SQUARE, x -> Tensor.zeros(9600, 3)));
    assertEquals(
        "decisionBoundary: predictions for 9600 samples of 2 classes must be [9600, 2] scores, or"
            + " [9600] or [9600, 1] probabilities, but are [9600, 3]",
        e.getMessage());
    assertThrows(ShapeException.class, () -> Plots.pairs(Digits.load()));
    assertThrows(IllegalArgumentException.class, () -> Plots.pairs(Iris.load(), "one"));
  }

  @Test
  void oneClassAndTwentyHaveTheirLegend() throws Exception {
    for (int classes : new int[] {1, 20}) {
      float[] features = new float[2 * classes];
      int[] labels = IntStream.range(0, classes).toArray();
      for (int i = 0; i < features.length; i++) {
        features[i] = i * i % 7;
      }
      List<String> names = IntStream.range(0, classes).mapToObj(i -> "class " + i).toList();
      Picture picture =
          Picture.of(Plots.scatter(LabeledDataset.of(features, new int[] {2}, labels, names)));

      assertEquals(names, picture.words().subList(0, classes));
      for (int i = 0; i < classes; i++) {
        assertTrue(picture.colors().contains(Palette.color(i)), "class " + i);
      }
    }
  }

  @Test
  void aLegendThatIsTooLongSaysSo() throws Exception {
    List<String> names = IntStream.range(0, 500).mapToObj(i -> "class " + i).toList();
    LabeledDataset data =
        LabeledDataset.of(new float[] {1, 2}, new int[] {2}, new int[] {0}, names);

    assertTrue(
        Picture.of(Plots.scatter(data)).words().stream().anyMatch(w -> w.matches("and \\d+ more")));
  }

  @Test
  void pairsHaveAllFeaturesOnBothSides() throws Exception {
    String[] features = {"sepal length", "sepal width", "petal length", "petal width"};
    Plot plot = Plots.pairs(Iris.load(), features);
    Picture picture = Picture.of(plot);

    assertEquals(Iris.load().classNames(), picture.words().subList(0, 3));
    for (String feature : features) {
      assertEquals(2, Collections.frequency(picture.words(), feature), feature);
    }
    // 50 flowers of a kind in 12 charts.
    assertEquals(600, picture.count("ellipse", Palette.color(0)));
    List<Panel> panels = ((Figure.Charts) plot.figure()).panels();
    assertEquals(16, panels.size());
    for (int i = 0; i < 4; i++) {
      double sum = Arrays.stream(panels.get(5 * i).series().get(1).y()).sum();
      assertEquals(50, sum, "histogram of feature " + i);
    }
  }

  @Test
  void cellsAreColouredByTheirShareOfTheRow() throws Exception {
    long[][] counts = {{20, 10}, {0, 0}};
    Picture picture = Picture.of(Plots.confusionMatrix(counts, List.of("cat", "dog")));
    counts[0][0] = 7;

    assertTrue(picture.words().containsAll(List.of("cat", "dog", "true", "predicted", "20", "10")));
    assertEquals(2, Collections.frequency(picture.words(), "0"));
    assertEquals(1, picture.count("rect", Palette.heat(2.0 / 3)));
    assertEquals(1, picture.count("rect", Palette.heat(1.0 / 3)));
  }

  @Test
  void wrongMatricesAreErrors() {
    List<String> two = List.of("a", "b");
    List<long[][]> wrong =
        List.of(
            new long[0][],
            new long[][] {{1}},
            new long[][] {{1, 2}, {3}},
            new long[][] {{1, 2}, {3, -1}});
    for (long[][] counts : wrong) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> Plots.confusionMatrix(counts, two));
      assertTrue(e.getMessage().startsWith("confusionMatrix: "), e::getMessage);
    }
  }

  @Test
  void imagesHaveTheirClassesAndMistakes() throws Exception {
    LabeledDataset digits = Digits.load().first(3);
    assertEquals(List.of("0", "1", "2"), Picture.of(Plots.images(digits)).words());

    Picture picture =
        Picture.of(
            Plots.images(
                digits,
                Tensor.of(
                    new float[] {
                      1, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                      0, 0, 0, 0, 0, 0, 0, 1, 0, 0,
                      0, 0, 1, 0, 0, 0, 0, 0, 0, 0
                    },
                    3,
                    10)));
    assertEquals(List.of("0", "7", "is 1", "2"), picture.words());
    assertEquals(1, picture.count("text", Palette.WRONG));
    assertEquals(2, picture.count("text", Palette.INK));
  }

  @Test
  void pixelsKeepTheirColours() {
    Tensor images =
        Tensor.of(new float[] {1, 0, 0, 0.5f, 0, 1, Float.NaN, 0, 0, 0, 0, 0}, 1, 3, 2, 2);
    Figure.Tile tile = ((Figure.Tiles) Plots.images(images, "a").figure()).tiles().getFirst();

    assertArrayEquals(new int[] {0xFF0000, 0x00FF00, 0xD55E00, 0x800000}, tile.rgb());
    Tensor grey = Tensor.of(new float[] {-1, 0, 3, 1}, 1, 2, 2);
    tile = ((Figure.Tiles) Plots.images(grey).figure()).tiles().getFirst();
    assertArrayEquals(new int[] {0x000000, 0x404040, 0xFFFFFF, 0x808080}, tile.rgb());
  }

  @Test
  void wrongImagesAreErrors() {
    assertThrows(ShapeException.class, () -> Plots.images(Tensor.zeros(4, 4)));
    assertThrows(ShapeException.class, () -> Plots.images(Tensor.zeros(4, 2, 4, 4)));
    assertThrows(ShapeException.class, () -> Plots.images(Tensor.zeros(0, 4, 4)));
    assertThrows(ShapeException.class, () -> Plots.images(Tensor.of(new float[] {1}).reshape()));
    assertThrows(ShapeException.class, () -> Plots.images(Iris.load()));
    assertThrows(ShapeException.class, () -> Plots.images(Digits.load(), Tensor.zeros(3, 10)));
    assertThrows(IllegalArgumentException.class, () -> Plots.images(Digits.load()));
    assertThrows(IllegalArgumentException.class, () -> Plots.images(Tensor.zeros(2, 4, 4), "one"));
  }

  @Test
  void histogramsCountAllThatIsFinite() throws Exception {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    weights.put("dense/kernel", Tensor.of(new float[] {-1, 0, 0, 1}, 2, 2));
    weights.put("dense/bias", Tensor.of(new float[] {1, Float.NaN}));
    weights.put("none", Tensor.zeros(0));
    Plot plot = Plots.histograms(weights).title("Weights");

    assertEquals(
        List.of("Weights", "dense/kernel", "dense/bias (1 of 2 not finite)", "none"),
        Picture.of(plot).words());
    List<Panel> panels = ((Figure.Charts) plot.figure()).panels();
    assertEquals(4, Arrays.stream(panels.getFirst().series().getFirst().y()).sum());
    assertEquals(1, Arrays.stream(panels.get(1).series().getFirst().y()).sum());
    assertThrows(IllegalArgumentException.class, () -> Plots.histograms(Map.of()));
  }
}
