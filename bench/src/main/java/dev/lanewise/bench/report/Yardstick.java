package dev.lanewise.bench.report;

import dev.lanewise.bench.cases.Elementwise;
import dev.lanewise.bench.cases.Lengths;
import dev.lanewise.bench.measure.Peaks;
import dev.lanewise.bench.measure.Result;
import dev.lanewise.bench.measure.Suite;

/**
 * What speeds are compared with so that two runs, or two machines of a kind, can be: arithmetic
 * with the machine's own FMA peak; what moves memory with {@code add} on as much memory, in cache
 * or out of it; and {@code add} with the bandwidth of triad.
 *
 * @param peaks of this run
 * @param addInCache GB/s
 * @param addInMemory GB/s
 */
public record Yardstick(Peaks peaks, double addInCache, double addInMemory) {
  /** {@return the yardstick of this run, after a second or two} */
  public static Yardstick measure(Suite suite) {
    return new Yardstick(
        suite.peaks(), add(suite, Lengths.IN_CACHE), add(suite, Lengths.IN_MEMORY));
  }

  private static double add(Suite suite, int length) {
    return suite.withoutPeers().measure(new Elementwise(Elementwise.Op.ADD, length)).rate();
  }

  /** {@return the speed of a result by what it is compared with} */
  double ratio(Result result) {
    if (result.work().isArithmetic()) {
      return result.rate() / peaks.arithmetic(result.work().dtype());
    }
    if (result.kernel().equals("add")) {
      return result.rate() / peaks.bandwidth(result.work());
    }
    return result.rate() / (result.work().fitsCache() ? addInCache : addInMemory);
  }

  /** {@return what a result is compared with, in words} */
  static String of(Result result) {
    if (result.work().isArithmetic()) {
      return "the FMA peak";
    }
    return result.kernel().equals("add") ? "triad" : "add";
  }
}
