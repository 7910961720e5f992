package dev.lanewise.bench.report;

import dev.lanewise.array.DType;
import dev.lanewise.bench.measure.Peaks;
import dev.lanewise.bench.measure.Result;
import java.util.List;
import java.util.Locale;

/**
 * The roofline picture: speed over arithmetic intensity, both logarithmic, below what the machine
 * can do. Kernels that are counted by the memory they touch stand in a column of their own, at one
 * operation for each {@value #BYTES_OF_ONE} bytes.
 */
final class Roofline {
  private static final double BYTES_OF_ONE = 8;
  private static final int WIDTH = 1100;
  private static final int HEIGHT = 520;
  private static final int LEFT = 60;
  private static final int RIGHT = 20;
  private static final int TOP = 34;
  private static final int BOTTOM = 44;

  private final Peaks peaks;
  private final List<Result> results;
  private final LogScale x;
  private final LogScale y;
  private final Markup svg = new Markup();

  private Roofline(Peaks peaks, List<Result> results) {
    this.peaks = peaks;
    this.results = results.stream().filter(Result::isRight).toList();
    double dense = this.results.stream().mapToDouble(Roofline::intensity).max().orElse(1);
    double slowest = this.results.stream().mapToDouble(Roofline::speed).min().orElse(1);
    this.x = new LogScale(1.0 / 16, Math.max(64, 1.5 * dense), LEFT, WIDTH - RIGHT);
    this.y = new LogScale(Math.min(0.5, slowest / 1.5), 1.8 * peaks.f32(), HEIGHT - BOTTOM, TOP);
  }

  static String of(Peaks peaks, List<Result> results) {
    return new Roofline(peaks, results).draw();
  }

  private static double intensity(Result result) {
    return result.work().isArithmetic()
        ? result.work().flops() / result.work().bytes()
        : 1 / BYTES_OF_ONE;
  }

  private static double speed(Result result) {
    return result.work().isArithmetic() ? result.rate() : result.rate() / BYTES_OF_ONE;
  }

  /** {@return the group of kernels that a colour stands for} */
  static String group(Result result) {
    String kernel = result.kernel();
    if (kernel.startsWith("gemm") || kernel.startsWith("conv")) {
      return kernel.substring(0, 4);
    }
    if (kernel.startsWith("attention")) {
      return "attention";
    }
    return result.work().isArithmetic() ? "network" : "memory";
  }

  private String draw() {
    svg.raw("<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"roofline\">", WIDTH, HEIGHT);
    grid();
    roof("roof", peaks.triad(), peaks.f32(), "FMA f32, triad from memory");
    roof("dashed", peaks.triad(), peaks.f64(), "");
    roof("dashed", peaks.cacheTriad(), peaks.f32(), "");
    levelLabel(peaks.f32(), "FMA f32 %.0f GFLOP/s");
    levelLabel(peaks.f64(), "FMA f64 %.0f GFLOP/s");
    diagonalLabel(peaks.triad(), "triad %.0f GB/s");
    diagonalLabel(peaks.cacheTriad(), "triad in cache %.0f GB/s");
    results.forEach(this::point);
    legend();
    return svg.raw("</svg>").toString();
  }

  private void grid() {
    for (double value = 1.0 / 16; value <= x.high(); value *= 2) {
      svg.raw(
          "<line class=\"grid\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>",
          x.at(value), TOP, x.at(value), HEIGHT - BOTTOM);
      if (Math.getExponent(value) % 2 == 0) {
        label(
            x.at(value),
            HEIGHT - BOTTOM + 16,
            "middle",
            value < 1 ? "1/%.0f" : "%.0f",
            value < 1 ? 1 / value : value);
      }
    }
    for (double value = 1e-3; value <= y.high(); value *= 10) {
      for (double tick : new double[] {value, 2 * value, 5 * value}) {
        if (y.holds(tick)) {
          svg.raw(
              "<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>",
              LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick));
          label(LEFT - 6, y.at(tick) + 4, "end", "%s", tick < 1 ? tick : (Object) (long) tick);
        }
      }
    }
    label((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 8, "middle", "operations for each byte");
    label(LEFT, TOP - 12, "middle", "GFLOP/s");
  }

  /** Draws the diagonal of a bandwidth up to the level of a peak, and the level. */
  private void roof(String kind, double bandwidth, double peak, String title) {
    double ridge = peak / bandwidth;
    double low = Math.max(x.low(), y.low() / bandwidth);
    svg.raw(
        "<polyline class=\"%s\" points=\"%.1f,%.1f %.1f,%.1f %.1f,%.1f\">",
        kind,
        x.at(low),
        y.at(low * bandwidth),
        x.at(ridge),
        y.at(peak),
        x.at(x.high()),
        y.at(peak));
    svg.element("title", "", title).raw("</polyline>");
  }

  /** To the left of the ridge, where no kernel can be. */
  private void levelLabel(double peak, String format) {
    label(x.at(peak / peaks.triad()) - 8, y.at(peak) - 6, "end", format, peak);
  }

  private void diagonalLabel(double bandwidth, String format) {
    double from = 1.0 / 4;
    double slope =
        (y.at(bandwidth * 2 * from) - y.at(bandwidth * from)) / (x.at(2 * from) - x.at(from));
    svg.raw(
        "<text class=\"faint\" transform=\"translate(%.1f %.1f) rotate(%.1f)\">",
        x.at(from), y.at(bandwidth * from) - 6, Math.toDegrees(Math.atan(slope)));
    svg.raw(format, bandwidth).raw("</text>");
  }

  private void point(Result result) {
    svg.raw(
        "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"5\">",
        group(result), x.at(intensity(result)), y.at(speed(result)));
    svg.element(
        "title",
        "",
        String.format(
            Locale.ROOT,
            "%s: %.1f %s, %.0f %% of the roof%s",
            result.id(),
            result.rate(),
            result.work().unit(),
            100 * result.shareOfRoof(),
            result.work().dtype() == DType.F64 ? " of f64" : ""));
    svg.raw("</circle>");
  }

  private void legend() {
    int at = LEFT + 90;
    for (String group : List.of("gemm", "conv", "attention", "memory", "network")) {
      svg.raw("<circle class=\"%s\" cx=\"%d\" cy=\"%d\" r=\"5\"/>", group, at, TOP - 16);
      label(at + 10, TOP - 12, "start", group);
      at += 100;
    }
  }

  private void label(double atX, double atY, String anchor, String format, Object... values) {
    svg.raw("<text class=\"faint\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", atX, atY, anchor);
    svg.text(values.length == 0 ? format : String.format(Locale.ROOT, format, values));
    svg.raw("</text>");
  }
}
