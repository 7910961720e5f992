package dev.lanewise.bench.report;

import dev.lanewise.bench.measure.Result;
import java.util.List;
import java.util.Locale;

/** The picture of the ratios to one peer: a bar for each case, from the line at 1. */
final class RatioBars {
  private static final int WIDTH = 1100;
  private static final int LEFT = 330;
  private static final int RIGHT = 60;
  private static final int TOP = 26;
  private static final int ROW = 18;

  private static final LogScale X = new LogScale(0.25, 8, LEFT, WIDTH - RIGHT);

  private RatioBars() {}

  static String of(String peer, List<Result> results) {
    List<Result> rows =
        results.stream().filter(result -> !Double.isNaN(result.ratioTo(peer))).toList();
    int height = TOP + ROW * rows.size() + 8;
    Markup svg = new Markup();
    svg.raw("<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"ratios\">", WIDTH, height);
    for (double tick : new double[] {0.25, 0.5, 1, 2, 4, 8}) {
      svg.raw(
          "<line class=\"%s\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>",
          tick == 1 ? "one" : "grid", X.at(tick), TOP - 4, X.at(tick), height - 4);
      svg.raw("<text class=\"faint\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">", X.at(tick), 14);
      svg.raw("%s</text>", tick < 1 ? tick : (Object) (long) tick);
    }
    for (int i = 0; i < rows.size(); i++) {
      bar(svg, rows.get(i), peer, TOP + i * ROW);
    }
    return svg.raw("</svg>").toString();
  }

  private static void bar(Markup svg, Result result, String peer, int top) {
    double ratio = result.ratioTo(peer);
    double one = X.at(1);
    double end = X.at(ratio);
    svg.raw("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">", LEFT - 12, top + 13);
    svg.text(result.id()).raw("</text>");
    svg.raw(
        "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\">",
        ratio >= 1 ? "win" : "lose",
        Math.min(one, end),
        top + 3,
        Math.max(1, Math.abs(end - one)),
        ROW - 6);
    svg.element(
        "title",
        "",
        String.format(
            Locale.ROOT,
            "%s: %s against %s of %s",
            result.id(),
            Table.duration(result.ours().quartile()),
            Table.duration(result.peers().get(peer).quartile()),
            peer));
    svg.raw("</rect>");
    boolean right = ratio >= 1;
    svg.raw(
        "<text class=\"faint\" x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%.2f</text>",
        right ? end + 5 : end - 5, top + 13, right ? "start" : "end", ratio);
  }
}
