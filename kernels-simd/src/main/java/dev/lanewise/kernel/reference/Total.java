package dev.lanewise.kernel.reference;

/**
 * One sum in double. What each addition rounds off is summed apart (A. Neumaier,
 * "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", 1974), as a plain sum
 * of a thousand doubles can be further off than the fast kernel that it is to judge.
 */
final class Total {
  private double sum;
  private double roundedOff;

  Total(double start) {
    this.sum = start;
  }

  void add(double value) {
    double next = sum + value;
    boolean sumIsLarger = Math.abs(sum) >= Math.abs(value);
    roundedOff += sumIsLarger ? sum - next + value : value - next + sum;
    sum = next;
  }

  double value() {
    // Of an infinite sum, what was rounded off is no number; adding 0 would lose the sign of −0.
    return roundedOff == 0 || !Double.isFinite(sum) ? sum : sum + roundedOff;
  }
}
