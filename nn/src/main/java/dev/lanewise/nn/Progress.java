package dev.lanewise.nn;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Tells how training goes, as Keras does: a line that is drawn again and again, or one an epoch.
 */
final class Progress {
  private static final int BAR = 30;
  private static final long REDRAW_NANOS = 100_000_000;

  private enum Style {
    SILENT,
    LINES,
    BAR
  }

  private final Style style;
  private final PrintStream out;
  private final LongSupplier clock;
  private int epoch;
  private int epochs;
  private long steps;
  private long start;
  private long drawn;
  private int width;

  Progress(int verbose, boolean terminal, PrintStream out, LongSupplier clock) {
    this.style = verbose == 0 ? Style.SILENT : verbose == 1 && terminal ? Style.BAR : Style.LINES;
    this.out = out;
    this.clock = clock;
  }

  static Progress of(FitOptions options) {
    Console console = System.console();
    // Any other stream goes elsewhere, to a file or a test.
    boolean standard = options.out() == System.out;
    boolean terminal = standard && console != null && console.isTerminal();
    return new Progress(options.verbose(), terminal, options.out(), System::nanoTime);
  }

  /**
   * Begins an epoch.
   *
   * @param steps how many it has; 0 if nobody knows
   */
  void epochBegin(int epoch, int epochs, long steps) {
    this.epoch = epoch;
    this.epochs = epochs;
    this.steps = steps;
    this.width = 0;
    start = clock.getAsLong();
    drawn = start - REDRAW_NANOS;
    if (style == Style.BAR) {
      out.println("Epoch " + epoch + "/" + epochs);
    }
  }

  /** Draws the line again, if the last time is long enough ago. */
  void step(long done, Tally tally) {
    if (style != Style.BAR) {
      return;
    }
    long now = clock.getAsLong();
    if (now - drawn >= REDRAW_NANOS) {
      drawn = now;
      draw(done, now, tally.scores());
      out.flush();
    }
  }

  /** Prints the last word on the epoch, and gives its seconds. */
  double epochEnd(Scores scores, long done) {
    steps = done;
    long now = clock.getAsLong();
    switch (style) {
      case SILENT -> {}
      case LINES ->
          out.println("Epoch " + epoch + "/" + epochs + " - " + times(steps, now) + " - " + scores);
      case BAR -> {
        draw(steps, now, scores);
        out.println();
      }
    }
    return (now - start) / 1e9;
  }

  /**
   * Tells how training ended, if that needs words.
   *
   * @param history what it has reported
   * @param epoch the last epoch, from 1
   * @param advice whether advice is wanted
   */
  void trainEnd(History history, int epoch, boolean advice) {
    if (style == Style.SILENT) {
      return;
    }
    history.stopped().ifPresent(reason -> out.println("Stopped in epoch " + epoch + ": " + reason));
    String words = advice ? history.advice() : "";
    if (!words.isEmpty()) {
      out.println(words);
    }
  }

  private void draw(long done, long now, Scores scores) {
    String total = steps == 0 ? "Unknown" : Long.toString(steps);
    String count = " ".repeat(Math.max(0, total.length() - Long.toString(done).length())) + done;
    String line = count + "/" + total + " " + bar(done) + " - " + times(done, now) + " - " + scores;
    // Blanks over what a longer line has left.
    out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
    width = line.length();
  }

  private String bar(long done) {
    // Batches may be more than they said.
    int filled = steps == 0 ? 0 : (int) Math.min(BAR, BAR * done / steps);
    String rest = filled == BAR ? "" : ">" + ".".repeat(BAR - filled - 1);
    return "[" + "=".repeat(filled) + rest + "]";
  }

  private String times(long done, long now) {
    double seconds = (now - start) / 1e9;
    double each = seconds / done;
    String step =
        each >= 1
            ? String.format(Locale.ROOT, "%.0fs", each)
            : each >= 1e-3
                ? String.format(Locale.ROOT, "%.0fms", each * 1e3)
                : String.format(Locale.ROOT, "%.0fus", each * 1e6);
    return String.format(Locale.ROOT, "%.0fs", seconds) + " " + step + "/step";
  }
}
