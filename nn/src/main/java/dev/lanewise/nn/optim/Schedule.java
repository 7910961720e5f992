package dev.lanewise.nn.optim;

import dev.lanewise.nn.config.Config;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A learning rate that depends on the step. Those made here are immutable values; equal ones are
 * equal. Any function of the step is a schedule too.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   Schedule rate = Schedule.cosine(0.1, 900, 0.001).withWarmup(100, 0);
 *   Optimizer sgd = new SGD(rate);
 *   Optimizer own = new Adam(step -> 0.01 / Math.sqrt(step + 1));
 *   IO.println(rate.at(50)); // 0.05
 * }
 * }
 *
 * <p>Steps are those of the optimizer. PyTorch's schedules usually advance once an epoch: {@link
 * #perEpoch} makes such a one of any.
 */
@FunctionalInterface
public interface Schedule {

  /**
   * {@return the learning rate of a step}
   *
   * @param step how many steps were taken before, from 0
   */
  double at(long step);

  /**
   * {@return always the same rate}
   *
   * @param rate the rate
   * @throws IllegalArgumentException if it is negative or not finite
   */
  static Schedule constant(double rate) {
    return new Schedules.Constant(Schedules.rate("constant", "rate", rate));
  }

  /**
   * {@return a rate that falls at once every so many steps: {@code rate · gamma^⌊step / steps⌋}} In
   * PyTorch {@code StepLR}, in Keras {@code ExponentialDecay} with {@code staircase}.
   *
   * @param rate the first rate
   * @param gamma what becomes of the rate each time, for example 0.1
   * @param steps how many steps have one rate, at least 1
   * @throws IllegalArgumentException if a number is out of range
   */
  static Schedule step(double rate, double gamma, long steps) {
    return new Schedules.Exponential(
        Schedules.rate("step", "rate", rate),
        Schedules.rate("step", "gamma", gamma),
        Schedules.steps("step", steps),
        true);
  }

  /**
   * {@return a rate that falls at once at some steps: {@code rate · gamma^k} from the {@code k}-th
   * milestone on} In PyTorch {@code MultiStepLR}.
   *
   * @param rate the first rate
   * @param gamma what becomes of the rate at each milestone
   * @param milestones the first step of each new rate, in ascending order
   * @throws IllegalArgumentException if a number is out of range, or milestones descend
   */
  static Schedule multiStep(double rate, double gamma, long... milestones) {
    Schedules.rate("multiStep", "rate", rate);
    Schedules.rate("multiStep", "gamma", gamma);
    Schedules.ascending("multiStep", "milestones", milestones);
    List<Double> rates = new ArrayList<>();
    for (int k = 0; k <= milestones.length; k++) {
      rates.add(rate * StrictMath.pow(gamma, k));
    }
    // A milestone is the first step of a rate, a boundary the last.
    List<Long> boundaries = Arrays.stream(milestones).mapToObj(m -> m - 1).toList();
    return new Schedules.Piecewise(boundaries, List.copyOf(rates));
  }

  /**
   * {@return a rate that falls by a factor each step: {@code rate · gamma^step}} In PyTorch {@code
   * ExponentialLR}.
   *
   * @param rate the first rate
   * @param gamma what becomes of the rate each step
   * @throws IllegalArgumentException if a number is out of range
   */
  static Schedule exponential(double rate, double gamma) {
    return exponential(rate, gamma, 1);
  }

  /**
   * {@return a rate that falls by a factor in so many steps: {@code rate · gamma^(step / steps)}}
   * In Keras {@code ExponentialDecay}; {@link #step} is its staircase.
   *
   * @param rate the first rate
   * @param gamma what becomes of the rate in so many steps
   * @param steps in how many, at least 1
   * @throws IllegalArgumentException if a number is out of range
   */
  static Schedule exponential(double rate, double gamma, long steps) {
    return new Schedules.Exponential(
        Schedules.rate("exponential", "rate", rate),
        Schedules.rate("exponential", "gamma", gamma),
        Schedules.steps("exponential", steps),
        false);
  }

  /**
   * {@return a rate that falls along half a cosine, and stays where that ends: {@code etaMin +
   * (rate − etaMin) · (1 + cos(π · step / steps)) / 2}} From I. Loshchilov and F. Hutter, "SGDR:
   * stochastic gradient descent with warm restarts", ICLR 2017, equation 5. In Keras {@code
   * CosineDecay}, whose {@code alpha} is {@code etaMin / rate}; {@link #withWarmup} puts a warm-up
   * before it.
   *
   * @param rate the first rate
   * @param steps after how many steps the last rate is reached, at least 1
   * @param etaMin the last rate
   * @throws IllegalArgumentException if a number is out of range
   */
  static Schedule cosine(double rate, long steps, double etaMin) {
    return new Schedules.Cosine(
        Schedules.rate("cosine", "rate", rate),
        Schedules.steps("cosine", steps),
        Schedules.rate("cosine", "etaMin", etaMin),
        false);
  }

  /**
   * {@return a rate that swings along a cosine: that of {@link #cosine}, but it rises again in the
   * next {@code steps} steps, and so on} In PyTorch {@code CosineAnnealingLR}, whose {@code T_max}
   * is {@code steps}.
   *
   * @param rate the first rate
   * @param steps after how many steps the least rate is reached first, at least 1
   * @param etaMin the least rate
   * @throws IllegalArgumentException if a number is out of range
   */
  static Schedule cosineAnnealing(double rate, long steps, double etaMin) {
    return new Schedules.Cosine(
        Schedules.rate("cosineAnnealing", "rate", rate),
        Schedules.steps("cosineAnnealing", steps),
        Schedules.rate("cosineAnnealing", "etaMin", etaMin),
        true);
  }

  /**
   * {@return a rate that rises in 30 % of the steps from {@code maxRate / 25} to {@code maxRate},
   * then falls to {@code maxRate / 250000}}
   *
   * @param maxRate the highest rate
   * @param steps how many steps there are, at least 2
   * @throws IllegalArgumentException if a number is out of range
   */
  static Schedule oneCycle(double maxRate, long steps) {
    return oneCycle(maxRate, steps, 0.3, 25, 1e4);
  }

  /**
   * {@return a rate that rises along half a cosine and then falls along another, far below where it
   * began; it stays there} From L. Smith and N. Topin, "Super-convergence", 2018. In PyTorch {@code
   * OneCycleLR} with its two phases: the highest rate is that of step {@code riseShare · steps −
   * 1}, which need not be a whole number, the lowest that of step {@code steps − 1}.
   *
   * @param maxRate the highest rate
   * @param steps how many steps there are, at least 2
   * @param riseShare the share of the steps in which the rate rises, from 0 and below 1
   * @param divFactor by what the highest rate is divided to give the first, above 0
   * @param finalDivFactor by what the first rate is divided to give the last, above 0
   * @throws IllegalArgumentException if a number is out of range
   */
  static Schedule oneCycle(
      double maxRate, long steps, double riseShare, double divFactor, double finalDivFactor) {
    Schedules.rate("oneCycle", "maxRate", maxRate);
    if (steps < 2 || !(riseShare >= 0 && riseShare < 1)) {
      throw new IllegalArgumentException(
          ("Schedule.oneCycle: steps must be at least 2, riseShare from 0 and below 1, not %d and"
                  + " %s")
              .formatted(steps, riseShare));
    }
    if (!(divFactor > 0 && finalDivFactor > 0)) {
      throw new IllegalArgumentException(
          "Schedule.oneCycle: divFactor and finalDivFactor must be above 0, not %s and %s"
              .formatted(divFactor, finalDivFactor));
    }
    double first = maxRate / divFactor;
    return new Schedules.OneCycle(first, maxRate, first / finalDivFactor, steps, riseShare);
  }

  /**
   * {@return a rate that changes evenly from {@code rate · startFactor} to {@code rate ·
   * endFactor}, and stays there} In PyTorch {@code LinearLR}.
   *
   * @param rate the rate that both factors belong to
   * @param startFactor its factor at step 0
   * @param endFactor its factor from step {@code steps} on
   * @param steps after how many steps the last rate is reached, at least 1
   * @throws IllegalArgumentException if a number is out of range
   */
  static Schedule linear(double rate, double startFactor, double endFactor, long steps) {
    Schedules.rate("linear", "rate", rate);
    Schedules.rate("linear", "startFactor", startFactor);
    Schedules.rate("linear", "endFactor", endFactor);
    return new Schedules.Polynomial(
        rate * startFactor, rate * endFactor, Schedules.steps("linear", steps), 1);
  }

  /**
   * {@return a rate that falls along a power, and stays where that ends: {@code endRate + (rate −
   * endRate) · (1 − step / steps)^power}} In Keras {@code PolynomialDecay}; in PyTorch {@code
   * PolynomialLR}, whose last rate is 0.
   *
   * @param rate the first rate
   * @param endRate the last rate
   * @param steps after how many steps the last rate is reached, at least 1
   * @param power 1 for a straight line
   * @throws IllegalArgumentException if a number is out of range
   */
  static Schedule polynomial(double rate, double endRate, long steps, double power) {
    return new Schedules.Polynomial(
        Schedules.rate("polynomial", "rate", rate),
        Schedules.rate("polynomial", "endRate", endRate),
        Schedules.steps("polynomial", steps),
        Schedules.rate("polynomial", "power", power));
  }

  /**
   * {@return rates that are constant between boundaries: {@code rates[0]} up to step {@code
   * boundaries[0]}, that included, and so on} In Keras {@code PiecewiseConstantDecay}.
   *
   * @param boundaries the last step of each rate but the last one, in ascending order
   * @param rates one more than boundaries
   * @throws IllegalArgumentException if a rate is out of range, boundaries descend, or there are
   *     not as many as it takes
   */
  static Schedule piecewise(long[] boundaries, double... rates) {
    Schedules.ascending("piecewise", "boundaries", boundaries);
    if (rates.length != boundaries.length + 1) {
      throw new IllegalArgumentException(
          "Schedule.piecewise: %d boundaries lie between %d rates, not %d"
              .formatted(boundaries.length, boundaries.length + 1, rates.length));
    }
    for (double rate : rates) {
      Schedules.rate("piecewise", "each rate", rate);
    }
    return new Schedules.Piecewise(
        Arrays.stream(boundaries).boxed().toList(), Arrays.stream(rates).boxed().toList());
  }

  /**
   * {@return a rate that falls as time's inverse: {@code rate / (1 + decay · step / steps)}} In
   * Keras {@code InverseTimeDecay}; with 1 for {@code steps}, what {@code lr_decay} is to PyTorch's
   * {@code Adagrad}.
   *
   * @param rate the first rate
   * @param decay how fast it falls; with 1, half of it is left after so many steps
   * @param steps in how many, at least 1
   * @throws IllegalArgumentException if a number is out of range
   */
  static Schedule inverseTime(double rate, double decay, long steps) {
    return new Schedules.InverseTime(
        Schedules.rate("inverseTime", "rate", rate),
        Schedules.rate("inverseTime", "decay", decay),
        Schedules.steps("inverseTime", steps));
  }

  /**
   * {@return a rate that rises evenly to the first rate of this, and then follows this from its
   * beginning}
   *
   * @param steps after how many steps this begins, at least 1
   * @param from the rate of step 0
   * @throws IllegalArgumentException if a number is out of range
   */
  default Schedule withWarmup(long steps, double from) {
    return new Schedules.Warmup(
        this, Schedules.steps("withWarmup", steps), Schedules.rate("withWarmup", "from", from));
  }

  /**
   * {@return a rate that follows this once an epoch: that of epoch {@code ⌊step / stepsPerEpoch⌋}}
   *
   * @param stepsPerEpoch how many steps the optimizer takes in one, at least 1
   * @throws IllegalArgumentException if it is less than 1
   */
  default Schedule perEpoch(long stepsPerEpoch) {
    return new Schedules.PerEpoch(this, Schedules.steps("perEpoch", stepsPerEpoch));
  }

  /**
   * {@return what {@link #of} makes the schedule of again}
   *
   * @throws UnsupportedOperationException if it is, or is made of, one that was not made here
   */
  default Config config() {
    return Schedules.TYPES.config(this);
  }

  /**
   * {@return a schedule that was made here, made again}
   *
   * @param config what {@link #config} gave
   * @throws IllegalArgumentException if the type is not known, or a setting is missing or wrong
   */
  static Schedule of(Config config) {
    return Schedules.TYPES.make(config);
  }
}
