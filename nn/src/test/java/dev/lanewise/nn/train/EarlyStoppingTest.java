package dev.lanewise.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.nn.FitOptions;
import dev.lanewise.nn.History;
import dev.lanewise.nn.Model;
import dev.lanewise.nn.OneWeight;
import dev.lanewise.nn.TrainingCallback;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class EarlyStoppingTest {
  /** {@return how many epochs there were, when these numbers came one after the other} */
  private static int epochs(EarlyStopping stopping, double... numbers) {
    return epochs("error", stopping, numbers);
  }

  private static int epochs(String name, EarlyStopping stopping, double... numbers) {
    TrainingCallback log = OneWeight.log(name, numbers);
    FitOptions options = OneWeight.silent(numbers.length, log, stopping);
    return OneWeight.model().fit(OneWeight.EXAMPLES, options).epochs();
  }

  private static EarlyStopping stopping() {
    return new EarlyStopping("error");
  }

  @Test
  void itWaitsForSoManyEpochs() {
    assertEquals(4, epochs(stopping(), 3, 2, 1, 1, 0, 0));
    assertEquals(4, epochs(stopping().patience(1), 3, 2, 1, 1, 0, 0));
    assertEquals(7, epochs(stopping().patience(3), 5, 4, 4, 3, 3, 4, 3, 1, 1));
    assertEquals(4, epochs(stopping().patience(2), 4, 3, 2, 1));
  }

  @Test
  void whatIsBetter() {
    EarlyStopping small = stopping().minDelta(0.5);
    assertEquals(3, epochs(small, 4, 3, 2.5, 1, 0));
    assertEquals(OptionalInt.of(1), small.bestEpoch());
    assertEquals(OptionalDouble.of(3), small.best());
    assertEquals(OptionalInt.of(2), small.stoppedEpoch());
    assertEquals(3, epochs("accuracy", new EarlyStopping("accuracy"), 0.1, 0.2, 0.2, 0.3));
    assertEquals(2, epochs("size", new EarlyStopping("size").mode("max"), 2, 1, 3));
    assertEquals(3, epochs("size", new EarlyStopping("size").mode("min"), 2, 1, 3));
  }

  @Test
  void noNumberIsNotBetter() {
    assertEquals(3, epochs(stopping().patience(1), 1, 0.5, Double.NaN, 0));
    assertEquals(2, epochs(stopping().patience(2), Double.NaN, Double.NaN, 0));
    assertEquals(4, epochs(stopping().patience(2), Double.NaN, 7, 8, 9, 1));
  }

  @Test
  void theBaselineMustBeReached() {
    // It becomes better and better, but the epoch that does not finds too few below 1.
    assertEquals(4, epochs(stopping().patience(3).baseline(1), 5, 4, 3, 3, 0, 0));
    assertEquals(6, epochs(stopping().patience(3).baseline(4.5), 5, 4, 3, 3, 3, 3, 0));
  }

  @Test
  void itBeginsLater() {
    EarlyStopping later = stopping().patience(1).startFromEpoch(2);
    assertEquals(5, epochs(later, 0, 1, 5, 4, 4, 0));
    assertEquals(OptionalInt.of(3), later.bestEpoch());
  }

  @Test
  void theWeightsOfTheBestEpochComeBack() {
    double[] numbers = {3, 1, 2, 2};
    Model model = OneWeight.model();
    model.fit(
        OneWeight.EXAMPLES,
        OneWeight.silent(4, OneWeight.log("error", numbers), stopping().patience(2)));
    assertEquals(1 / 16f, OneWeight.weight(model));
    Model restored = OneWeight.model();
    EarlyStopping stopping = stopping().patience(2).restoreBestWeights(true);
    History history =
        restored.fit(
            OneWeight.EXAMPLES, OneWeight.silent(4, OneWeight.log("error", numbers), stopping));
    assertEquals(1 / 4f, OneWeight.weight(restored));
    assertEquals(
        Optional.of(
            "error has not become better than its best for 2 epochs; the best was 1.0 in"
                + " epoch 2"),
        history.stopped());
    // Also where all epochs are gone through, and if it fails; and one object serves again.
    Model whole = OneWeight.model();
    whole.fit(
        OneWeight.EXAMPLES,
        OneWeight.silent(4, OneWeight.log("error", 2, 1, 2, 2), stopping.patience(9)));
    assertEquals(1 / 4f, OneWeight.weight(whole));
    assertEquals(OptionalInt.empty(), stopping.stoppedEpoch());
    Model failed = OneWeight.model();
    FitOptions fails = OneWeight.silent(4, OneWeight.log("error", 1, 2), stopping);
    assertThrows(ArrayIndexOutOfBoundsException.class, () -> failed.fit(OneWeight.EXAMPLES, fails));
    assertEquals(1 / 2f, OneWeight.weight(failed));
  }

  @Test
  void epochsWithoutValidationDoNotCount() {
    FitOptions options =
        OneWeight.silent(9, new EarlyStopping().patience(2).minDelta(10))
            .validationData(OneWeight.EXAMPLES)
            .validationFrequency(2);
    // Validated after epochs 2, 4 and 6: the second wait is over then.
    assertEquals(6, OneWeight.model().fit(OneWeight.EXAMPLES, options).epochs());
  }

  @Test
  void namesThatNobodyReports() {
    Model model = OneWeight.model();
    FitOptions noValidation = OneWeight.silent(3, new EarlyStopping());
    assertEquals(
        "EarlyStopping: there is no 'val_loss' without validation; give validationData or a"
            + " validationSplit",
        assertThrows(
                IllegalArgumentException.class, () -> model.fit(OneWeight.EXAMPLES, noValidation))
            .getMessage());
    FitOptions misspelt = OneWeight.silent(3, new EarlyStopping("los"));
    assertEquals(
        "EarlyStopping: there is no 'los'; names are [loss]; what a callback logs needs"
            + " mode(\"min\") or (\"max\")",
        assertThrows(IllegalArgumentException.class, () -> model.fit(OneWeight.EXAMPLES, misspelt))
            .getMessage());
    assertEquals(1, OneWeight.weight(model));
    FitOptions unknown = OneWeight.silent(3, new EarlyStopping("accuracy"));
    assertEquals(
        "EarlyStopping: there is no 'accuracy'; names are [loss]",
        assertThrows(IllegalArgumentException.class, () -> model.fit(OneWeight.EXAMPLES, unknown))
            .getMessage());
  }

  @Test
  void settingsAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> stopping().patience(-1));
    assertThrows(IllegalArgumentException.class, () -> stopping().minDelta(-0.1));
    assertThrows(IllegalArgumentException.class, () -> stopping().minDelta(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> stopping().startFromEpoch(-1));
    assertThrows(IllegalArgumentException.class, () -> stopping().mode("least"));
  }
}
