package dev.lanewise.nn.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.Histories;
import dev.lanewise.nn.History;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HistoryPlotTest {
  private static History validated(double... valLosses) {
    Map<String, double[]> values = new LinkedHashMap<>();
    double[] falling = new double[valLosses.length];
    for (int i = 0; i < falling.length; i++) {
      falling[i] = 1.0 / (i + 1);
    }
    values.put("loss", falling);
    values.put("accuracy", falling);
    values.put("val_loss", valLosses);
    values.put("val_accuracy", falling);
    return Histories.of(values);
  }

  @Test
  void hasAChartForEachQuantityAndMarksTheBestEpoch() throws Exception {
    Plot plot = Plots.history(validated(0.9, 0.6, 0.5, 0.7)).title("Two <charts> & a legend");
    Picture picture = Picture.of(plot);

    for (String words : List.of("loss", "accuracy", "epoch", "training", "validation")) {
      assertTrue(picture.words().contains(words), words);
    }
    assertEquals("Two <charts> & a legend", picture.words().getFirst());
    assertTrue(
        picture.words().contains("best epoch: 3 (val_loss 0.5000)"), picture.words()::toString);
    // Three pieces for four epochs in each of two charts, and one in the legend.
    assertEquals(7, picture.count("line", Palette.color(0)));
    assertEquals(7, picture.count("line", Palette.color(1)));
    // The rings: in each chart, and in the legend.
    assertEquals(3, picture.count("ellipse", Palette.color(1)));
  }

  @Test
  void theFirstOfEqualLossesIsBestAndNaNNever() throws Exception {
    Picture picture = Picture.of(Plots.history(validated(Double.NaN, 0.5, 0.7, 0.5)));

    assertTrue(picture.words().contains("best epoch: 2 (val_loss 0.5000)"));
  }

  @Test
  void withoutValidationNothingIsBest() throws Exception {
    Picture picture = Picture.of(Plots.history(Histories.ofLosses(3, 2, 1)));

    assertEquals(List.of("training", "loss", "epoch"), picture.words());
    assertEquals(0, picture.count("line", "stroke-dasharray"));
    assertEquals(2, Picture.of(Plots.history(validated(1, 2))).count("line", "stroke-dasharray"));
  }

  @Test
  void aNaNIsAGapAndALonelyPointADot() throws Exception {
    Picture picture =
        Picture.of(
            Plots.history(Histories.ofLosses(3, Double.NaN, 2, 1, Double.POSITIVE_INFINITY)));

    // From epoch 3 to 4, and in the legend; epoch 1 is a dot.
    assertEquals(2, picture.count("line", Palette.color(0)));
    assertEquals(1, picture.count("ellipse", Palette.color(0)));
  }

  @Test
  void nothingButNaNIsAnEmptyChart() throws Exception {
    Picture picture = Picture.of(Plots.history(validated(Double.NaN, Double.NaN)));

    assertTrue(picture.words().contains("validation"));
    assertTrue(picture.words().stream().noneMatch(w -> w.startsWith("best")));
  }

  @Test
  void oneEpochIsADot() throws Exception {
    Picture picture = Picture.of(Plots.history(Histories.ofLosses(0.5)));

    assertEquals(1, picture.count("ellipse", Palette.color(0)));
    assertTrue(picture.colors().contains(Palette.color(0)));
  }

  @Test
  void severalAreComparedByName() throws Exception {
    Map<String, History> histories = new LinkedHashMap<>();
    histories.put("plain", validated(0.9, 0.6, 0.7));
    histories.put("L2", validated(0.8, 0.7));
    histories.put("dropout", Histories.ofLosses(1, 2));
    Picture picture = Picture.of(Plots.histories(histories));

    assertEquals(
        List.of("plain", "L2", "dropout", "validation", "training", "lowest val_loss"),
        picture.words().subList(0, 6));
    assertEquals(List.of("loss", "epoch", "accuracy", "epoch"), picture.words().subList(6, 10));
    // Two pieces in each chart and the legend; one piece in each and the legend.
    assertEquals(5, picture.count("line", Palette.color(0)));
    assertEquals(3, picture.count("line", Palette.color(1)));
    assertEquals(4, picture.count("line", Palette.pale(0, 0.5)));
  }

  @Test
  void anEmptyHistoryIsAnError() {
    History empty = Histories.of(Map.of());

    IllegalArgumentException one =
        assertThrows(IllegalArgumentException.class, () -> Plots.history(empty));
    assertEquals(
        "history: no epoch was trained, so there is nothing to draw; call fit first",
        one.getMessage());
    IllegalArgumentException named =
        assertThrows(IllegalArgumentException.class, () -> Plots.histories(Map.of("plain", empty)));
    assertTrue(named.getMessage().startsWith("histories: 'plain': no epoch"), named::getMessage);
    assertThrows(IllegalArgumentException.class, () -> Plots.histories(Map.of()));
  }

  @Test
  void longNamesAreCutOff() throws Exception {
    String name = "a name that goes on ".repeat(20);
    Picture picture = Picture.of(Plots.histories(Map.of(name, Histories.ofLosses(2, 1))));

    String words = picture.words().getFirst();
    assertTrue(words.endsWith("…"), words);
    assertTrue(name.startsWith(words.substring(0, words.length() - 1)), words);
    assertFalse(words.length() > 60, words);
  }
}
