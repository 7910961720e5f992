package dev.lanewise.nn.plot;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * The part of an axis that is shown.
 *
 * @param from its lower end
 * @param to its upper end, above {@code from}
 */
record Span(double from, double to) {
  /** Beyond it a difference of two numbers may be infinite; what lies there is a gap. */
  private static final double FAR = 1e300;

  /** Below this share of the values, ticks would differ in no digit that is shown. */
  private static final double FINE = 1e-7;

  /** Smaller numbers have not all of their digits. */
  private static final double TINY = 1e-300;

  private static final double MARGIN = 0.04;

  /** {@return whether a number has a place on an axis} */
  static boolean shows(double value) {
    return Math.abs(value) <= FAR;
  }

  /** {@return a span of all numbers that can be shown, with a margin; 0 to 1 if there are none} */
  static Span of(Collection<double[]> values) {
    double[] shown =
        values.stream().flatMapToDouble(Arrays::stream).filter(Span::shows).sorted().toArray();
    if (shown.length == 0) {
      return new Span(0, 1);
    }
    double from = shown[0];
    double to = shown[shown.length - 1];
    double largest = Math.max(Math.abs(from), Math.abs(to));
    double least = FINE * largest;
    if (to - from <= TINY) {
      double half = largest <= TINY ? 1 : largest / 2;
      return new Span(from - half, to + half);
    }
    double margin = Math.max(MARGIN * (to - from), least);
    return new Span(from - margin, to + margin);
  }

  /** {@return the same for one array} */
  static Span of(double[] values) {
    return of(List.of(values));
  }

  /** {@return from 0 to a little above a count} */
  static Span ofCounts(double most) {
    return new Span(0, most == 0 ? 1.1 : most * (1 + MARGIN) + 0.001);
  }

  /** {@return numbers from end to end in equal steps} */
  double[] steps(int count) {
    double[] all = new double[count];
    for (int i = 0; i < count; i++) {
      double share = (double) i / (count - 1);
      all[i] = from * (1 - share) + to * share;
    }
    return all;
  }
}
