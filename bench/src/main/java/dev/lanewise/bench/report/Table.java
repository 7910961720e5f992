package dev.lanewise.bench.report;

import dev.lanewise.bench.cases.KernelCase;
import dev.lanewise.bench.measure.Result;
import dev.lanewise.bench.measure.Timing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Results as lines of text, one for each case, under a header. Speeds are upper quartiles of the
 * rounds, beside median and best; a ratio above 1 means that Lanewise is faster than the peer.
 */
public final class Table {
  private final int kernelWidth;
  private final int shapeWidth;
  private final List<String> peers;

  /**
   * Makes an empty table.
   *
   * @param cases what will be its rows
   * @param peers the names of the peers, one column each
   */
  public Table(List<KernelCase> cases, List<String> peers) {
    this.kernelWidth = cases.stream().mapToInt(c -> c.kernel().length()).max().orElse(0);
    this.shapeWidth = cases.stream().mapToInt(c -> c.shape().length()).max().orElse(0);
    this.peers = List.copyOf(peers);
  }

  /** {@return the names of the columns} */
  public String header() {
    StringBuilder line = new StringBuilder();
    line.append(pad("kernel", kernelWidth)).append("  ").append(pad("shape", shapeWidth));
    line.append("      time     rate  median    best unit     roof noise");
    for (String peer : peers) {
      line.append(String.format(Locale.ROOT, "  %8s", peer));
    }
    return line.append("  B/call  jit").toString();
  }

  /**
   * {@return the row of a result}
   *
   * @param result what came out
   * @param jit what is said about the JIT
   */
  public String row(Result result, Jit jit) {
    StringBuilder line = new StringBuilder();
    line.append(pad(result.kernel(), kernelWidth)).append("  ");
    line.append(pad(result.shape(), shapeWidth)).append("  ");
    if (!result.isRight()) {
      return line.append("WRONG: ").append(result.problem()).toString();
    }
    Timing ours = result.ours();
    double amount = result.work().amount();
    line.append(
        String.format(
            Locale.ROOT,
            "%8s %8s %7s %7s %-7s %4.0f%% %4.0f%%",
            duration(ours.quartile()),
            rate(result.rate()),
            rate(amount / ours.median()),
            rate(amount / ours.best()),
            result.work().unit(),
            100 * result.shareOfRoof(),
            100 * ours.noise()));
    for (String peer : peers) {
      line.append(String.format(Locale.ROOT, "  %8s", ratio(result.ratioTo(peer))));
    }
    return line.append(String.format(Locale.ROOT, "  %6d  %s", result.allocated(), jit)).toString();
  }

  /**
   * {@return a line for each kernel: the geometric mean of its ratios to each peer, and the worst}
   *
   * @param results what came out
   */
  public List<String> means(List<Result> results) {
    Map<String, List<Result>> kernels = new LinkedHashMap<>();
    for (Result result : results) {
      kernels.computeIfAbsent(result.kernel(), _ -> new ArrayList<>()).add(result);
    }
    List<String> lines = new ArrayList<>();
    kernels.forEach(
        (kernel, rows) -> {
          StringBuilder line = new StringBuilder(pad(kernel, kernelWidth));
          boolean any = false;
          for (String peer : peers) {
            Ratios ratios = Ratios.of(rows, peer);
            if (ratios.count() > 0) {
              any = true;
              line.append(
                  String.format(
                      Locale.ROOT, "  %s %.2f (worst %.2f)", peer, ratios.mean(), ratios.worst()));
            }
          }
          if (any) {
            lines.add(line.toString());
          }
        });
    return lines;
  }

  private static String ratio(double ratio) {
    return Double.isNaN(ratio) ? "-" : String.format(Locale.ROOT, "%.2f", ratio);
  }

  /** {@return a speed in three digits} */
  static String rate(double rate) {
    return String.format(Locale.ROOT, rate < 100 ? "%.1f" : "%.0f", rate);
  }

  /** {@return a time in the unit that reads best} */
  static String duration(double seconds) {
    if (seconds < 1e-3) {
      return String.format(Locale.ROOT, seconds < 1e-4 ? "%.2f us" : "%.1f us", 1e6 * seconds);
    }
    return seconds < 1
        ? String.format(Locale.ROOT, "%.2f ms", 1e3 * seconds)
        : String.format(Locale.ROOT, "%.3f s", seconds);
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
