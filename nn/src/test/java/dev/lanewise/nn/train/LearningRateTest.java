package dev.lanewise.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.FitOptions;
import dev.lanewise.nn.History;
import dev.lanewise.nn.OneWeight;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.loss.MeanSquaredError;
import dev.lanewise.nn.optim.SGD;
import dev.lanewise.nn.optim.Schedule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The callbacks that change the learning rate, and the one that stops at a rate too high. */
class LearningRateTest {
  private static List<Double> rates(ReduceLROnPlateau reduce, double... numbers) {
    FitOptions options = OneWeight.silent(numbers.length, OneWeight.log("error", numbers), reduce);
    return OneWeight.model().fit(OneWeight.EXAMPLES, options).get("learning_rate");
  }

  private static ReduceLROnPlateau reduce() {
    return new ReduceLROnPlateau("error").factor(0.5);
  }

  @Test
  void eachEpochHasARate() {
    Sequential model = OneWeight.model();
    History history =
        model.fit(
            OneWeight.EXAMPLES,
            OneWeight.silent(
                3, new LearningRateScheduler((epoch, rate) -> epoch == 0 ? 0.5 : rate / 4)));
    assertEquals(List.of(0.5, 0.125, 0.03125), history.get("learning_rate"));
    // A step of 1/2 ends at 0 at once; the history shows it.
    assertEquals(List.of(1.0, 0.0, 0.0), history.get("loss"));
    Sequential other = OneWeight.model();
    History halves =
        other.fit(
            OneWeight.EXAMPLES,
            OneWeight.silent(4, new LearningRateScheduler(Schedule.step(0.25, 0.5, 2))));
    assertEquals(List.of(0.25, 0.25, 0.125, 0.125), halves.get("learning_rate"));
    assertEquals(List.of(1.0, 0.25, 0.0625, 0.0625 * 0.75 * 0.75), halves.get("loss"));
    FitOptions wrong = OneWeight.silent(1, new LearningRateScheduler((_, _) -> -1));
    assertThrows(IllegalArgumentException.class, () -> other.fit(OneWeight.EXAMPLES, wrong));
  }

  @Test
  void aPlateauReducesTheRate() {
    assertEquals(
        List.of(0.25, 0.25, 0.25, 0.25, 0.125, 0.125),
        rates(reduce().patience(2), 3, 2, 2, 2, 1, 1));
    // 10 % of nothing: a step of 1e-4 does not count.
    assertEquals(List.of(0.25, 0.25, 0.125), rates(reduce().patience(1), 1, 0.99995, 0.5));
    assertEquals(
        List.of(0.25, 0.25, 0.25), rates(reduce().patience(1).minDelta(0), 1, 0.99995, 0.5));
    assertEquals(List.of(0.25, 0.25, 0.125), rates(reduce().patience(1).mode("max"), 1, 0.5, 2));
  }

  @Test
  void itRestsAfterAReduction() {
    assertEquals(
        List.of(0.25, 0.25, 0.125, 0.125, 0.0625),
        rates(reduce().patience(1).cooldown(2), 1, 1, 1, 1, 1));
    assertEquals(
        List.of(0.25, 0.25, 0.125, 0.1, 0.1),
        rates(reduce().patience(1).minRate(0.1), 1, 1, 1, 1, 1));
  }

  @Test
  void aScheduleIsReducedAsAWhole() {
    Sequential model = OneWeight.model();
    SGD sgd = new SGD(Schedule.polynomial(0.25, 0, 8, 1));
    model.compile(sgd, new MeanSquaredError());
    History history =
        model.fit(
            OneWeight.EXAMPLES,
            OneWeight.silent(4, OneWeight.log("error", 1, 1, 1, 0), reduce().patience(2)));
    // The rate of the step after each epoch: 7/8, 6/8, 5/8 of 1/4, then half of 4/8.
    assertEquals(
        List.of(0.25 * 7 / 8, 0.25 * 6 / 8, 0.25 * 5 / 8, 0.125 * 4 / 8),
        history.get("learning_rate"));
  }

  @Test
  void settingsAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> reduce().factor(1));
    assertThrows(IllegalArgumentException.class, () -> reduce().factor(0));
    assertThrows(IllegalArgumentException.class, () -> reduce().patience(-1));
    assertThrows(IllegalArgumentException.class, () -> reduce().cooldown(-1));
    assertThrows(IllegalArgumentException.class, () -> reduce().minRate(-1));
    FitOptions unknown = OneWeight.silent(1, new ReduceLROnPlateau());
    assertThrows(
        IllegalArgumentException.class, () -> OneWeight.model().fit(OneWeight.EXAMPLES, unknown));
  }

  @Test
  void aLossThatIsNoNumberStopsTraining() {
    Sequential model = OneWeight.model();
    model.compile(new SGD(1e12), new MeanSquaredError());
    History history =
        model.fit(OneWeight.EXAMPLES, OneWeight.silent(9, new TerminateOnNaN()).stepsPerEpoch(4));
    // 1, −2e12, 4e24, and the square of that is beyond f32.
    assertEquals(1, history.epochs());
    assertEquals("the loss of step 3 is Infinity", history.stopped().orElseThrow());
    assertTrue(history.advice().startsWith("The loss is Infinity in epoch 1"), history.advice());
    Sequential good = OneWeight.model();
    assertEquals(
        3, good.fit(OneWeight.EXAMPLES, OneWeight.silent(3, new TerminateOnNaN())).epochs());
  }
}
