package dev.lanewise.nn.optim;

import dev.lanewise.nn.internal.Checks;
import dev.lanewise.nn.internal.Records;
import java.util.Arrays;
import java.util.List;

/** The schedules that {@link Schedule} makes, and the checks of what they are made of. */
final class Schedules {
  static final Records<Schedule> TYPES =
      Records.of(
          "schedule",
          Constant.class,
          Exponential.class,
          Cosine.class,
          OneCycle.class,
          Polynomial.class,
          Piecewise.class,
          InverseTime.class,
          Warmup.class,
          PerEpoch.class);

  private Schedules() {}

  /** {@return the number, which is at least 0 and finite} */
  static double rate(String schedule, String what, double value) {
    return Checks.notNegative("Schedule." + schedule + ": " + what, value);
  }

  /** {@return the number, which is at least 1} */
  static long steps(String schedule, long steps) {
    if (steps < 1) {
      throw new IllegalArgumentException(
          "Schedule.%s: the number of steps must be at least 1, not %d".formatted(schedule, steps));
    }
    return steps;
  }

  static void ascending(String schedule, String what, long... steps) {
    for (int i = 0; i < steps.length; i++) {
      if (steps[i] < 0 || i > 0 && steps[i] < steps[i - 1]) {
        throw new IllegalArgumentException(
            "Schedule.%s: %s must ascend from 0 on, not %s"
                .formatted(schedule, what, Arrays.toString(steps)));
      }
    }
  }

  private static long requireStep(long step) {
    if (step < 0) {
      throw new IllegalArgumentException("Schedule.at: steps count from 0, not from " + step);
    }
    return step;
  }

  private static double cosine(double from, double to, double share) {
    return to + (from - to) * (1 + StrictMath.cos(Math.PI * share)) / 2;
  }

  record Constant(double rate) implements Schedule {
    @Override
    public double at(long step) {
      requireStep(step);
      return rate;
    }
  }

  record Exponential(double rate, double gamma, long steps, boolean staircase) implements Schedule {
    @Override
    public double at(long step) {
      double past = (double) requireStep(step) / steps;
      return rate * StrictMath.pow(gamma, staircase ? Math.floor(past) : past);
    }
  }

  record Cosine(double rate, long steps, double etaMin, boolean swings) implements Schedule {
    @Override
    public double at(long step) {
      // A swing takes 2 · steps; a step of the first is exact where one far out would not be.
      long past = swings ? requireStep(step) % (2 * steps) : Math.min(requireStep(step), steps);
      return cosine(rate, etaMin, (double) past / steps);
    }
  }

  record OneCycle(double first, double highest, double last, long steps, double riseShare)
      implements Schedule {
    @Override
    public double at(long step) {
      double past = Math.min(requireStep(step), steps - 1);
      double top = riseShare * steps - 1;
      if (past < top) {
        return cosine(first, highest, past / top);
      }
      return cosine(highest, last, (past - top) / (steps - 1 - top));
    }
  }

  record Polynomial(double rate, double endRate, long steps, double power) implements Schedule {
    @Override
    public double at(long step) {
      double left = 1 - (double) Math.min(requireStep(step), steps) / steps;
      return endRate + (rate - endRate) * StrictMath.pow(left, power);
    }
  }

  record Piecewise(List<Long> boundaries, List<Double> rates) implements Schedule {
    @Override
    public double at(long step) {
      requireStep(step);
      int passed = 0;
      while (passed < boundaries.size() && boundaries.get(passed) < step) {
        passed++;
      }
      return rates.get(passed);
    }
  }

  record InverseTime(double rate, double decay, long steps) implements Schedule {
    @Override
    public double at(long step) {
      return rate / (1 + decay * requireStep(step) / steps);
    }
  }

  record Warmup(Schedule then, long steps, double from) implements Schedule {
    @Override
    public double at(long step) {
      if (requireStep(step) >= steps) {
        return then.at(step - steps);
      }
      return from + (then.at(0) - from) * step / steps;
    }
  }

  record PerEpoch(Schedule epochs, long stepsPerEpoch) implements Schedule {
    @Override
    public double at(long step) {
      return epochs.at(requireStep(step) / stepsPerEpoch);
    }
  }
}
