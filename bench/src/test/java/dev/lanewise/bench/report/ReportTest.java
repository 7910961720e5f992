package dev.lanewise.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.bench.cases.KernelCases;
import dev.lanewise.bench.cases.Work;
import dev.lanewise.bench.measure.Peaks;
import dev.lanewise.bench.measure.Result;
import dev.lanewise.bench.measure.Timing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;

class ReportTest {
  private static final Peaks PEAKS = new Peaks(1, 200, 100, 40, 50, 40, 170);
  private static final Processor ZEN = new Processor("amd64", 512, "AuthenticAMD family 26");

  private static Result arithmetic(String id, double gigaflops, Map<String, Timing> peers) {
    return result(id, new Work(1e9, 1e7, DType.F32), 1 / gigaflops, peers);
  }

  private static Result memory(String id, double gigabytes) {
    return result(id, new Work(0, 2e5, DType.F32), 2e-4 / gigabytes, Map.of());
  }

  private static Result result(String id, Work work, double seconds, Map<String, Timing> peers) {
    int blank = id.lastIndexOf(' ');
    Timing ours = new Timing(0.9 * seconds, seconds, 1.1 * seconds, 0.05);
    return new Result(
        id.substring(0, blank),
        id.substring(blank + 1),
        work,
        PEAKS.roof(work),
        ours,
        peers,
        12,
        false,
        "");
  }

  private static Report report() {
    Timing peers = new Timing(0.009, 0.01, 0.011, 0.1);
    Work work = new Work(1e9, 1e7, DType.F64);
    Timing none = new Timing(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    return new Report(
        "1.0",
        "2026-01-02T03:04:05Z",
        "Some <fast> & \"new\" processor",
        "25",
        "Linux",
        "512-bit vectors, 1 thread",
        Map.of("OpenBLAS", "its settings"),
        List.of(PEAKS),
        List.of(
            arithmetic("gemm f32 8x8x8", 150, Map.of("OpenBLAS", peers)),
            arithmetic("conv forward 3x3", 50, Map.of("OpenBLAS", peers)),
            memory("add 16", 160),
            new Result("gemm f64", "1", work, 9, none, Map.of(), 0, false, "element 0 is < 1")));
  }

  @Test
  void aRunIsReadBackFromItsJson() throws IOException {
    Report report = report();
    assertEquals(report, Report.fromJson(report.toJson()));
    assertThrows(IOException.class, () -> Report.fromJson("{"));
  }

  @Test
  void thePageIsWellFormedAndNeedsNothingElse() throws Exception {
    String page = Html.of(report());
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(page.getBytes(StandardCharsets.UTF_8)));
    assertEquals(2, document.getElementsByTagName("svg").getLength());
    // Three right results and the legend's five.
    assertEquals(3 + 5, document.getElementsByTagName("circle").getLength());
    assertEquals(2, document.getElementsByTagName("rect").getLength());
    assertTrue(document.getDocumentElement().getTextContent().contains("Some <fast> & \"new\""));
    assertTrue(document.getDocumentElement().getTextContent().contains("wrong: element 0 is < 1"));
    assertFalse(page.contains("{{") || page.contains("http") || page.contains("<script"), page);
  }

  @Test
  void speedsAreComparedWithWhatBoundsThem() {
    Yardstick yardstick = new Yardstick(PEAKS, 160, 36);
    assertEquals(0.75, yardstick.ratio(arithmetic("gemm f32 8x8x8", 150, Map.of())), 1e-9);
    assertEquals(0.5, yardstick.ratio(memory("exp 16", 80)), 1e-9);
    assertEquals(1, yardstick.ratio(memory("add 16", 170)), 1e-9);
    Result large = result("exp 16", new Work(0, 1e7, DType.F32), 1e-2 / 18, Map.of());
    assertEquals(0.5, yardstick.ratio(large), 1e-9);
  }

  @Test
  void whatFellByMoreThanAFifthIsARegression() throws IOException {
    Yardstick yardstick = new Yardstick(PEAKS, 160, 36);
    List<Result> before =
        List.of(arithmetic("gemm f32 8x8x8", 150, Map.of()), memory("exp 16", 80));
    Baseline written = Baseline.fromJson("{}").with(ZEN, before, yardstick);
    Baseline.Entry entry = Baseline.fromJson(written.toJson()).entry(ZEN);
    assertEquals("amd64 512-bit, AuthenticAMD family 26", entry.processor());
    assertEquals(Map.of("gemm f32 8x8x8", 0.75, "exp 16", 0.5), entry.ratios());
    assertFalse(entry.isRegression(arithmetic("gemm f32 8x8x8", 121, Map.of()), yardstick));
    Result slow = arithmetic("gemm f32 8x8x8", 75, Map.of());
    assertTrue(entry.isRegression(slow, yardstick));
    assertEquals(
        "gemm f32 8x8x8 fell by 50 %: to 0.38 of the FMA peak, from 0.75",
        entry.describe(slow, yardstick));
    assertTrue(entry.isRegression(memory("exp 16", 60), yardstick));
    // A slower machine is no regression: add fell too.
    assertFalse(entry.isRegression(memory("exp 16", 60), new Yardstick(PEAKS, 120, 36)));
    assertFalse(entry.isRegression(memory("tanh 16", 1), yardstick));
    assertTrue(Double.isNaN(entry.share(memory("tanh 16", 1), yardstick)));
  }

  @Test
  void processorsOfTheSameWidthStandInForEachOther() throws IOException {
    Baseline baseline =
        Baseline.fromJson("{\"amd64 512-bit, Zen\": {\"a 1\": 0.5}, \"amd64 256-bit, Zen\": {}}");
    assertEquals("amd64 512-bit, Zen", baseline.entry(ZEN).processor());
    assertEquals("", baseline.entry(new Processor("amd64", 128, "Zen")).processor());
    assertEquals("", baseline.entry(new Processor("aarch64", 512, "Zen")).processor());
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "{", "{\"a\": 1}", "{\"a\": {\"b\": \"c\"}}", ""})
  void whatIsNoBaselineIsRefused(String json) {
    assertThrows(IOException.class, () -> Baseline.fromJson(json));
  }

  @Test
  void theBundledBaselineNamesCasesThatExist() {
    Baseline.Entry entry = Baseline.bundled().entry(ZEN);
    List<String> ids = KernelCases.all().stream().map(c -> c.id()).toList();
    assertTrue(ids.containsAll(entry.ratios().keySet()), entry.ratios().keySet().toString());
  }
}
