package dev.lanewise.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Schedules at points that can be computed by hand. */
class ScheduleTest {

  private static void assertRates(Schedule schedule, long[] steps, double... expected) {
    assertArrayEquals(expected, LongStream.of(steps).mapToDouble(schedule::at).toArray(), 1e-12);
  }

  private static long[] steps(long... steps) {
    return steps;
  }

  @Test
  void constant() {
    assertRates(Schedule.constant(0.3), steps(0, 1, 1_000_000), 0.3, 0.3, 0.3);
  }

  @Test
  void step() {
    assertRates(Schedule.step(0.8, 0.5, 4), steps(0, 3, 4, 7, 8, 12), 0.8, 0.8, 0.4, 0.4, 0.2, 0.1);
  }

  @Test
  void multiStep() {
    assertRates(
        Schedule.multiStep(0.8, 0.5, 2, 5, 5),
        steps(0, 1, 2, 4, 5, 99),
        0.8,
        0.8,
        0.4,
        0.4,
        0.1,
        0.1);
    assertRates(Schedule.multiStep(0.8, 0.5), steps(0, 9), 0.8, 0.8);
    assertRates(Schedule.multiStep(0.8, 0.5, 0), steps(0, 9), 0.4, 0.4);
  }

  @Test
  void exponential() {
    assertRates(Schedule.exponential(0.8, 0.5), steps(0, 1, 3), 0.8, 0.4, 0.1);
    assertRates(Schedule.exponential(0.8, 0.25, 2), steps(0, 1, 2, 4), 0.8, 0.4, 0.2, 0.05);
  }

  @Test
  void cosineStaysAndCosineAnnealingSwings() {
    double slope = 0.1 + 0.8 * (1 + Math.sqrt(0.5)) / 2;
    long[] steps = steps(0, 1, 2, 3, 4, 5, 6, 8, 9);
    assertRates(
        Schedule.cosine(0.9, 4, 0.1), steps, 0.9, slope, 0.5, 1 - slope, 0.1, 0.1, 0.1, 0.1, 0.1);
    assertRates(
        Schedule.cosineAnnealing(0.9, 4, 0.1),
        steps,
        0.9,
        slope,
        0.5,
        1 - slope,
        0.1,
        1 - slope,
        0.5,
        0.9,
        slope);
  }

  @Test
  void aWarmupComesBefore() {
    Schedule schedule = Schedule.cosine(0.8, 4, 0).withWarmup(4, 0.4);
    assertRates(schedule, steps(0, 1, 3, 4, 6, 8, 100), 0.4, 0.5, 0.7, 0.8, 0.4, 0, 0);
  }

  @Test
  void oneCycle() {
    // The top is at step 0.5 · 11 − 1 = 4.5: 0.1 … 1 … 0.001.
    Schedule schedule = Schedule.oneCycle(1, 11, 0.5, 10, 100);
    double rise = 1 + (0.1 - 1) / 2 * (1 + Math.cos(Math.PI * 4 / 4.5));
    double fall = 0.001 + (1 - 0.001) / 2 * (1 + Math.cos(Math.PI * 0.5 / 5.5));
    assertRates(schedule, steps(0, 4, 5, 10, 11, 500), 0.1, rise, fall, 0.001, 0.001, 0.001);
    assertRates(Schedule.oneCycle(0.5, 20), steps(0, 5, 19), 0.02, 0.5, 2e-6);
    // Without a rise, the top lies before the first step.
    double first = 1e-5 + (1 - 1e-5) / 2 * (1 + Math.cos(Math.PI * 1 / 4.0));
    assertRates(Schedule.oneCycle(1, 4, 0, 10, 1e4), steps(0, 3), first, 1e-5);
    assertRates(Schedule.oneCycle(1, 2, 0.5, 10, 1e4), steps(0, 1), 1, 1e-5);
  }

  @Test
  void linearAndPolynomial() {
    assertRates(Schedule.linear(0.2, 0.5, 1, 4), steps(0, 1, 4, 9), 0.1, 0.125, 0.2, 0.2);
    assertRates(Schedule.polynomial(0.8, 0, 4, 2), steps(0, 1, 2, 4, 9), 0.8, 0.45, 0.2, 0, 0);
    assertRates(Schedule.polynomial(0.9, 0.1, 4, 1), steps(0, 1, 4, 9), 0.9, 0.7, 0.1, 0.1);
  }

  @Test
  void piecewise() {
    assertRates(
        Schedule.piecewise(new long[] {2, 5}, 1, 0.5, 0.1),
        steps(0, 2, 3, 5, 6, 99),
        1,
        1,
        0.5,
        0.5,
        0.1,
        0.1);
    assertRates(Schedule.piecewise(new long[0], 0.7), steps(0, 9), 0.7, 0.7);
  }

  @Test
  void inverseTime() {
    assertRates(Schedule.inverseTime(0.6, 0.5, 1), steps(0, 1, 2), 0.6, 0.4, 0.3);
    assertRates(Schedule.inverseTime(0.6, 1, 10), steps(0, 5, 10, 20), 0.6, 0.4, 0.3, 0.2);
  }

  @Test
  void perEpoch() {
    assertRates(
        Schedule.exponential(0.8, 0.5).perEpoch(3), steps(0, 2, 3, 5, 6), 0.8, 0.8, 0.4, 0.4, 0.2);
  }

  @Test
  void schedulesAreValues() {
    assertEquals(
        Schedule.cosine(0.1, 10, 0).withWarmup(2, 0), Schedule.cosine(0.1, 10, 0).withWarmup(2, 0));
    assertEquals(Schedule.multiStep(1, 0.1, 3), Schedule.multiStep(1, 0.1, 3));
    assertNotEquals(Schedule.cosine(0.1, 10, 0), Schedule.cosineAnnealing(0.1, 10, 0));
    long[] boundaries = {2};
    Schedule schedule = Schedule.piecewise(boundaries, 1, 2);
    boundaries[0] = 9;
    assertEquals(2, schedule.at(3));
  }

  @Test
  void argumentsAreChecked() {
    assertEquals(
        "Schedule.cosine: the number of steps must be at least 1, not 0",
        assertThrows(IllegalArgumentException.class, () -> Schedule.cosine(1, 0, 0)).getMessage());
    assertEquals(
        "Schedule.exponential: gamma must be a number of at least 0, not NaN",
        assertThrows(IllegalArgumentException.class, () -> Schedule.exponential(1, Double.NaN))
            .getMessage());
    assertEquals(
        "Schedule.piecewise: 1 boundaries lie between 2 rates, not 1",
        assertThrows(IllegalArgumentException.class, () -> Schedule.piecewise(new long[] {1}, 0.1))
            .getMessage());
    refused(() -> Schedule.constant(-1));
    refused(() -> Schedule.constant(Double.POSITIVE_INFINITY));
    refused(() -> Schedule.step(1, 0.5, 0));
    refused(() -> Schedule.multiStep(1, 0.5, 5, 2));
    refused(() -> Schedule.multiStep(1, 0.5, -1));
    refused(() -> Schedule.cosine(1, 4, -1));
    refused(() -> Schedule.cosineAnnealing(-1, 4, 0));
    refused(() -> Schedule.oneCycle(1, 1));
    refused(() -> Schedule.oneCycle(1, 10, 1, 25, 1e4));
    refused(() -> Schedule.oneCycle(1, 10, 0.3, 0, 1e4));
    refused(() -> Schedule.linear(1, -1, 1, 4));
    refused(() -> Schedule.polynomial(1, 0, 4, -1));
    refused(() -> Schedule.piecewise(new long[] {5, 1}, 1, 2, 3));
    refused(() -> Schedule.piecewise(new long[] {5}, 1, -2));
    refused(() -> Schedule.inverseTime(1, -1, 1));
    refused(() -> Schedule.constant(1).withWarmup(0, 0));
    refused(() -> Schedule.constant(1).perEpoch(0));
    assertEquals(
        "Schedule.at: steps count from 0, not from -1",
        assertThrows(IllegalArgumentException.class, () -> Schedule.constant(1).at(-1))
            .getMessage());
  }

  private static void refused(Executable schedule) {
    assertThrows(IllegalArgumentException.class, schedule);
  }
}
