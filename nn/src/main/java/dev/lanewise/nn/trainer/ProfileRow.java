package dev.lanewise.nn.trainer;

/**
 * How long one kind of work took.
 *
 * @param action the work
 * @param calls how often it was done
 * @param seconds how long all calls took together
 */
public record ProfileRow(String action, long calls, double seconds) {

  /** {@return the mean time of a call, in seconds; 0 if there was none} */
  public double mean() {
    return calls == 0 ? 0 : seconds / calls;
  }
}
