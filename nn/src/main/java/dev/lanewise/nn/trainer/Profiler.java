package dev.lanewise.nn.trainer;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/** Measures how long each kind of work takes. The kinds do not overlap. */
final class Profiler {
  /** A kind of work. */
  enum Action {
    BATCH("get batch"),
    TRAINING("training step"),
    BACKWARD("backward"),
    OPTIMIZER("optimizer step"),
    VALIDATION("validation step"),
    CALLBACKS("callbacks"),
    LOGGERS("loggers");

    private final String text;

    Action(String text) {
      this.text = text;
    }
  }

  /** A piece of work that goes on until it is closed. */
  final class Span implements AutoCloseable {
    private final Action action;
    private final long start = clock.getAsLong();

    private Span(Action action) {
      this.action = action;
    }

    @Override
    public void close() {
      long[] sums = all.computeIfAbsent(action, _ -> new long[2]);
      sums[0]++;
      sums[1] += clock.getAsLong() - start;
    }
  }

  private final LongSupplier clock;

  /** Calls and nanoseconds. */
  private final Map<Action, long[]> all = new EnumMap<>(Action.class);

  Profiler(LongSupplier clock) {
    this.clock = clock;
  }

  Span start(Action action) {
    return new Span(action);
  }

  List<ProfileRow> rows() {
    List<ProfileRow> rows = new ArrayList<>();
    all.forEach((action, sums) -> rows.add(new ProfileRow(action.text, sums[0], sums[1] / 1e9)));
    return rows;
  }

  /**
   * {@return the rows as a table}
   *
   * @param rows what took how long
   * @param seconds how long everything took
   */
  static String table(List<ProfileRow> rows, double seconds) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%-16s %10s %12s %12s %7s%n".formatted("Action", "Calls", "Total", "Mean", "Share"));
    for (ProfileRow row : rows) {
      line(text, row.action(), row.calls(), row.seconds(), row.mean(), seconds);
    }
    line(text, "all", 1, seconds, seconds, seconds);
    return text.toString();
  }

  private static void line(
      StringBuilder text, String action, long calls, double total, double mean, double all) {
    text.append(
        String.format(
            Locale.ROOT,
            "%-16s %10d %10.4f s %9.4f ms %5.1f %%%n",
            action,
            calls,
            total,
            mean * 1e3,
            all == 0 ? 0 : 100 * total / all));
  }
}
