package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.metric.SparseCategoricalAccuracy;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private long now;

  private Progress progress(int verbose, boolean terminal) {
    return new Progress(verbose, terminal, out, () -> now);
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }

  private static Tally tally() {
    Tally tally =
        new Tally(
            List.of("output"), List.of(Head.of("mse").metrics(new SparseCategoricalAccuracy())));
    Tensor scores = Tensor.of(new float[] {1, 0, 0, 1}, 2, 2);
    tally.add(0.0004, new double[1], List.of(scores), List.of(Tensor.of(new int[] {0, 0})));
    return tally;
  }

  /** Ten steps of 40 ms; the line is drawn at once and then every 100 ms. */
  private void train(Progress progress) {
    progress.epochBegin(2, 5, 10);
    Tally tally = tally();
    for (int step = 1; step <= 10; step++) {
      now += 40_000_000;
      progress.step(step, tally);
    }
    now += 600_000_000;
    Map<String, Double> all = new LinkedHashMap<>(tally.scores().asMap());
    all.put("val_loss", 1.25);
    assertEquals(1.0, progress.epochEnd(new Scores(all), 10));
  }

  @Test
  void aTerminalShowsALineThatIsDrawnAgain() {
    train(progress(1, true));
    String scores = "loss: 4.0000e-04 - accuracy: 0.5000";
    assertEquals(
        "Epoch 2/5\n"
            + ("\r 1/10 [===>..........................] - 0s 40ms/step - " + scores)
            + ("\r 4/10 [============>.................] - 0s 40ms/step - " + scores)
            + ("\r 7/10 [=====================>........] - 0s 40ms/step - " + scores)
            + ("\r10/10 [==============================] - 0s 40ms/step - " + scores)
            + ("\r10/10 [==============================] - 1s 100ms/step - " + scores)
            + " - val_loss: 1.2500\n",
        printed());
  }

  @Test
  void elsewhereALineAnEpochIsPrinted() {
    String line =
        "Epoch 2/5 - 1s 100ms/step - loss: 4.0000e-04 - accuracy: 0.5000 - val_loss: 1.2500\n";
    train(progress(1, false));
    assertEquals(line, printed());
    train(progress(2, true));
    assertEquals(line + line, printed());
  }

  @Test
  void verboseZeroIsSilent() {
    train(progress(0, true));
    assertEquals("", printed());
  }

  @Test
  void aShorterLineLeavesNothingOfALongerOne() {
    Progress progress = progress(1, true);
    progress.epochBegin(1, 1, 1);
    now += 999_000_000;
    progress.step(1, tally());
    now += 1_000_000;
    progress.epochEnd(new Scores(Map.of("loss", 0.5)), 1);
    String[] lines = printed().split("[\r\n]+");
    assertEquals(
        "1/1 [==============================] - 1s 1s/step - loss: 0.5000", lines[2].strip());
    assertEquals(lines[1].length(), lines[2].length());
  }

  @Test
  void fitPrintsWhereItIsTold() {
    Sequential model = Sequential.of(new Dense(2)).seed(1);
    model.compile("sgd", "mse");
    model.fit(Tensor.ones(4, 2), Tensor.zeros(4, 2), FitOptions.epochs(3).out(out));
    assertEquals(3, printed().lines().filter(l -> l.matches("Epoch ./3 - .* - loss: .*")).count());
  }

  @Test
  void nobodyKnowsTheStepsOrTheyAreMoreThanTold() {
    Progress unknown = progress(1, true);
    unknown.epochBegin(1, 1, 0);
    now += 420_000_000;
    unknown.step(12, tally());
    assertTrue(
        printed().contains("\r     12/Unknown [>.............................] - 0s 35ms/step - "),
        printed());
    unknown.epochEnd(new Scores(Map.of("loss", 0.5)), 13);
    assertTrue(printed().contains("\r13/13 [==============================] - "), printed());
    Progress more = progress(1, true);
    more.epochBegin(1, 1, 3);
    now += 500_000_000;
    more.step(4, tally());
    assertTrue(printed().contains("\r4/3 [==============================] - "), printed());
  }

  @Test
  void theLastWordsAreWhyItStoppedAndAdvice() {
    History history = new History();
    history.add(6, new Scores(Map.of("loss", Double.NaN)), 1);
    history.stop("enough");
    progress(0, true).trainEnd(history, 7, true);
    assertEquals("", printed());
    progress(2, true).trainEnd(history, 7, false);
    assertEquals("Stopped in epoch 7: enough\n", printed());
    progress(1, true).trainEnd(history, 7, true);
    assertTrue(
        printed().endsWith("Stopped in epoch 7: enough\n" + history.advice() + "\n"), printed());
  }
}
