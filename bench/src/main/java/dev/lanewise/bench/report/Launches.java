package dev.lanewise.bench.report;

import dev.lanewise.bench.measure.Result;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The same cases in several JVMs, one after the other. What the JIT makes of a kernel can differ
 * from launch to launch: here the slowest launch counts.
 *
 * @param rows one for each case
 */
public record Launches(List<Row> rows) {
  /** What the JIT fails at costs a factor of 4 to 100, and a busy neighbour seldom one of 2. */
  private static final double SLOW = 0.5;

  /** Some vectors as objects, in bytes; less may be what the JVM itself leaves in a call. */
  private static final long OBJECTS = 4_096;

  /**
   * One case in all launches. Launches are compared by their shares of the roof, which each
   * measures for itself: that takes out most of what a machine's speed changes between them.
   *
   * @param id kernel and shape
   * @param unit of the rates
   * @param worst the rate of the launch with the smallest share of its roof
   * @param median the rate of the middle launch
   * @param best the rate of the launch with the largest share
   * @param share the smallest share of the roof by the median share
   * @param allocated the most bytes of the heap that a call took in one of them
   * @param slow the launches, counted from 1, that were slow, allocated like boxed vectors, or more
   *     than others
   */
  public record Row(
      String id,
      String unit,
      double worst,
      double median,
      double best,
      double share,
      long allocated,
      List<Integer> slow) {
    static Row of(List<Result> results) {
      Result[] sorted = results.toArray(Result[]::new);
      Arrays.sort(sorted, (a, b) -> Double.compare(a.shareOfRoof(), b.shareOfRoof()));
      Result median = sorted[sorted.length / 2];
      long least = results.stream().mapToLong(Result::allocated).min().orElse(0);
      List<Integer> slow = new ArrayList<>();
      long allocated = 0;
      for (int i = 0; i < results.size(); i++) {
        Result result = results.get(i);
        allocated = Math.max(allocated, result.allocated());
        if (result.shareOfRoof() < SLOW * median.shareOfRoof()
            || result.allocated() > least + OBJECTS
            || Jit.isBoxed(result)) {
          slow.add(i + 1);
        }
      }
      return new Row(
          median.id(),
          median.work().unit(),
          sorted[0].rate(),
          median.rate(),
          sorted[sorted.length - 1].rate(),
          sorted[0].shareOfRoof() / median.shareOfRoof(),
          allocated,
          List.copyOf(slow));
    }
  }

  /**
   * {@return what launches have in common}
   *
   * @param reports one of each launch, all of the same cases; wrong answers are left out
   */
  public static Launches of(List<Report> reports) {
    Map<String, List<Result>> cases = new TreeMap<>(); // each launch had another order
    for (Report report : reports) {
      for (Result result : report.results()) {
        if (result.isRight()) {
          cases.computeIfAbsent(result.id(), _ -> new ArrayList<>()).add(result);
        }
      }
    }
    return new Launches(cases.values().stream().map(Row::of).toList());
  }

  /** {@return whether no launch was slow in any case} */
  public boolean areAllFast() {
    return rows.stream().allMatch(row -> row.slow().isEmpty());
  }

  /** {@return a table, its header first} */
  public List<String> lines() {
    int width = rows.stream().mapToInt(row -> row.id().length()).max().orElse(0);
    String format = "%-" + width + "s %8s %8s %8s %-7s %13s %8s  %s";
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            format,
            "case",
            "worst",
            "median",
            "best",
            "unit",
            "worst/median",
            "B/call",
            "slow launches"));
    for (Row row : rows) {
      lines.add(
          String.format(
              Locale.ROOT,
              format,
              row.id(),
              Table.rate(row.worst()),
              Table.rate(row.median()),
              Table.rate(row.best()),
              row.unit(),
              String.format(Locale.ROOT, "%.2f", row.share()),
              row.allocated(),
              row.slow().isEmpty() ? "-" : row.slow().toString()));
    }
    return lines;
  }
}
