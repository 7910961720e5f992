package dev.lanewise.bench.report;

import dev.lanewise.bench.measure.Peaks;
import dev.lanewise.bench.measure.Result;
import dev.lanewise.bench.measure.Timing;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A report as one page that needs nothing else: no network, no script. */
public final class Html {
  private static final String TEMPLATE = "report.html";

  private Html() {}

  /**
   * {@return the page}
   *
   * @param report what came out
   */
  public static String of(Report report) {
    List<String> peers = List.copyOf(report.peers().keySet());
    return template()
        .replace("{{machine}}", machine(report))
        .replace("{{roofline}}", roofline(report))
        .replace("{{ratios}}", ratios(report.results(), peers))
        .replace("{{results}}", results(report.results(), peers));
  }

  private static String template() {
    try (InputStream in = Html.class.getResourceAsStream(TEMPLATE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String machine(Report report) {
    Markup page = new Markup();
    page.element("p", "", report.date() + ", Lanewise " + report.lanewise());
    page.raw("<table class=\"facts\">");
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("processor", report.processor());
    facts.put("Java", report.java());
    facts.put("system", report.system());
    facts.put("Lanewise", report.simd());
    facts.putAll(report.peers());
    facts.forEach(
        (name, text) ->
            page.raw("<tr>")
                .element("th", "class=\"t\"", name)
                .element("td", "class=\"t\"", text)
                .raw("</tr>"));
    page.raw("</table>\n<h2>Peaks</h2>\n<table><tr>");
    for (String name :
        List.of("threads", "FMA f32", "FMA f64", "triad", "read", "copy", "in cache")) {
      page.element("th", "", name);
    }
    page.raw("</tr>");
    for (Peaks peaks : report.peaks()) {
      page.raw("<tr><td>%d</td>", peaks.threads());
      page.raw("<td>%.0f GFLOP/s</td><td>%.0f GFLOP/s</td>", peaks.f32(), peaks.f64());
      page.raw("<td>%.1f GB/s</td><td>%.1f GB/s</td>", peaks.triad(), peaks.read());
      page.raw("<td>%.1f GB/s</td><td>%.0f GB/s</td></tr>", peaks.copy(), peaks.cacheTriad());
    }
    return page.raw("</table>").toString();
  }

  private static String roofline(Report report) {
    return new Markup()
        .raw("<figure>%s</figure>", Roofline.of(report.used(), report.results()))
        .element(
            "p",
            "",
            "Each kernel is a point; its name appears where the pointer rests. Kernels that are"
                + " counted by the memory they touch stand at one operation for eight bytes. Those"
                + " with operands of at most half a MiB may exceed the roof of the main memory.")
        .toString();
  }

  private static String ratios(List<Result> results, List<String> peers) {
    Markup page = new Markup();
    for (String peer : peers) {
      if (Ratios.of(results, peer).count() > 0) {
        page.element("h2", "", "Ratio to " + peer);
        page.element("p", "", "Above 1, Lanewise is faster. " + means(results, peer));
        page.raw("<figure>").raw(RatioBars.of(peer, results)).raw("</figure>\n");
      }
    }
    return page.toString();
  }

  private static String means(List<Result> results, String peer) {
    Map<String, List<Result>> kernels = new LinkedHashMap<>();
    for (Result result : results) {
      kernels.computeIfAbsent(result.kernel(), _ -> new ArrayList<>()).add(result);
    }
    List<String> means = new ArrayList<>();
    kernels.forEach(
        (kernel, rows) -> {
          Ratios ratios = Ratios.of(rows, peer);
          if (ratios.count() > 1) {
            means.add(String.format(Locale.ROOT, "%s %.2f", kernel, ratios.mean()));
          }
        });
    return means.isEmpty() ? "" : "Geometric means: " + String.join(", ", means) + ".";
  }

  private static String results(List<Result> results, List<String> peers) {
    Markup page = new Markup();
    page.raw("<div class=\"wide\"><table><tr>");
    page.element("th", "class=\"t\"", "kernel").element("th", "class=\"t\"", "shape");
    List<String> columns = new ArrayList<>(List.of("time", "rate", "median", "best", "unit"));
    columns.addAll(List.of("roof", "noise"));
    columns.addAll(peers);
    columns.add("B/call");
    columns.forEach(column -> page.element("th", "", column));
    page.raw("</tr>\n");
    results.forEach(result -> row(page, result, peers));
    return page.raw("</table></div>").toString();
  }

  private static void row(Markup page, Result result, List<String> peers) {
    page.raw("<tr>").element("td", "class=\"t\"", result.kernel());
    page.element("td", "class=\"t\"", result.shape());
    if (!result.isRight()) {
      page.raw("<td class=\"t bad\" colspan=\"%d\">", 8 + peers.size());
      page.text("wrong: " + result.problem()).raw("</td></tr>\n");
      return;
    }
    Timing ours = result.ours();
    double amount = result.work().amount();
    page.element("td", "", Table.duration(ours.quartile()));
    page.raw(
        "<td>%.1f</td><td>%.1f</td><td>%.1f</td><td>%s</td><td>%.0f %%</td><td>%.0f %%</td>",
        result.rate(),
        amount / ours.median(),
        amount / ours.best(),
        result.work().unit(),
        100 * result.shareOfRoof(),
        100 * ours.noise());
    for (String peer : peers) {
      double ratio = result.ratioTo(peer);
      if (Double.isNaN(ratio)) {
        page.raw("<td></td>");
      } else {
        page.raw("<td class=\"%s\">%.2f</td>", ratio >= 1 ? "win" : "lose", ratio);
      }
    }
    page.raw("<td>%d</td></tr>\n", result.allocated());
  }
}
