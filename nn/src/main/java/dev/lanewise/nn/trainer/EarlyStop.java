package dev.lanewise.nn.trainer;

import dev.lanewise.nn.internal.Checks;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Stops a {@link Trainer} when a number that epochs report gets no better, or is no number any
 * more. Epochs without validation do not count.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var stop = EarlyStop.whenStopsFalling("val_loss", 3).minDelta(0.001);
 *   IO.println(TrainerOptions.maxEpochs(100).callbacks(stop)); // up to 100 epochs
 * }
 * }
 */
public final class EarlyStop implements TrainerCallback {
  private final String name;
  private final int patience;
  private final int sign;
  private double minDelta;
  private double best = Double.NEGATIVE_INFINITY;
  private int waited;

  private EarlyStop(String name, int patience, int sign) {
    if (patience < 1) {
      throw new IllegalArgumentException("EarlyStop: patience must be at least 1, not " + patience);
    }
    this.name = name;
    this.patience = patience;
    this.sign = sign;
  }

  /**
   * {@return what stops when so many epochs in a row have not made a number smaller than ever
   * before}
   *
   * @param name the number's name, for example {@code "val_loss"}
   * @param patience how many epochs, at least 1; Lightning's is 3
   * @throws IllegalArgumentException if the patience is less than 1
   */
  public static EarlyStop whenStopsFalling(String name, int patience) {
    return new EarlyStop(name, patience, -1);
  }

  /**
   * {@return what stops when so many epochs in a row have not made a number larger than ever
   * before}
   *
   * @param name the number's name, for example {@code "val_accuracy"}
   * @param patience how many epochs, at least 1
   * @throws IllegalArgumentException if the patience is less than 1
   */
  public static EarlyStop whenStopsRising(String name, int patience) {
    return new EarlyStop(name, patience, 1);
  }

  /**
   * Chooses by how much a number must be better to count; by anything if nobody does.
   *
   * @param minDelta at least 0
   * @return this callback
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public EarlyStop minDelta(double minDelta) {
    this.minDelta = Checks.notNegative("EarlyStop: minDelta", minDelta);
    return this;
  }

  /** Forgets an earlier run; one that goes on has been given its state. */
  @Override
  public void onTrainStart(TrainerRun run) {
    if (run.step() == 0) {
      best = Double.NEGATIVE_INFINITY;
      waited = 0;
    }
  }

  @Override
  public void onTrainEpochEnd(TrainerRun run) {
    OptionalDouble found = run.monitored(name);
    if (found.isEmpty()) {
      return;
    }
    double value = found.getAsDouble();
    if (!Double.isFinite(value)) {
      run.stop("%s is %s".formatted(name, value));
      return;
    }
    if (sign * value - minDelta > best) {
      best = sign * value;
      waited = 0;
      return;
    }
    waited++;
    if (waited >= patience) {
      run.stop("%s got no better than %s in %d epochs".formatted(name, sign * best, waited));
    }
  }

  @Override
  public Map<String, String> state() {
    return Map.of("best", Double.toString(best), "waited", Integer.toString(waited));
  }

  @Override
  public void loadState(Map<String, String> state) {
    best = Double.parseDouble(state.get("best"));
    waited = Integer.parseInt(state.get("waited"));
  }
}
