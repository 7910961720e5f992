package dev.lanewise.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.array.DType;
import dev.lanewise.bench.cases.Elementwise;
import dev.lanewise.bench.cases.Gemm;
import dev.lanewise.bench.cases.KernelCase;
import dev.lanewise.bench.cases.Work;
import dev.lanewise.bench.measure.Result;
import dev.lanewise.bench.measure.Timing;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTest {
  private static final Timing NONE = new Timing(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

  /** A result of a gigaflop. */
  static Result result(String kernel, String shape, Timing ours, Map<String, Timing> peers) {
    Work work = new Work(1e9, 1e7, DType.F32);
    return new Result(kernel, shape, work, 100, ours, peers, 0, false, "");
  }

  static Timing timing(double quartile) {
    return new Timing(0.9 * quartile, quartile, 1.25 * quartile, 0.07);
  }

  @Test
  void rowsAreAlignedBelowTheHeader() {
    List<KernelCase> cases =
        List.of(
            new Gemm(DType.F32, Gemm.Form.NN, 8, 8, 8),
            new Elementwise(Elementwise.Op.ADD, 1 << 20));
    Table table = new Table(cases, List.of("OpenBLAS", "MKL"));
    assertEquals(
        "kernel       shape      time     rate  median    best unit     roof noise  OpenBLAS"
            + "       MKL  B/call  jit",
        table.header());
    assertEquals(
        "gemm f32 NN  8x8x8  20.00 ms     50.0    40.0    55.6 GFLOP/s   50%    7%      1.50"
            + "         -       0  ok",
        table.row(
            result("gemm f32 NN", "8x8x8", timing(0.02), Map.of("OpenBLAS", timing(0.03))),
            Jit.OK));
    Result wrong =
        new Result(
            "add", "1 Mi", new Work(0, 12e6, DType.F32), 20, NONE, Map.of(), 0, false, "no sum");
    assertEquals("add          1 Mi   WRONG: no sum", table.row(wrong, Jit.OK));
  }

  @Test
  void meansAreGeometricAndNameTheWorst() {
    Table table = new Table(List.of(), List.of("A", "B"));
    List<Result> results =
        List.of(
            result("gemm", "1", timing(1), Map.of("A", timing(4))),
            result("gemm", "2", timing(1), Map.of("A", timing(1))),
            result("conv", "1", timing(1), Map.of("A", timing(2), "B", timing(0.5))),
            result("add", "1", timing(1), Map.of()));
    assertEquals(
        List.of("gemm  A 2.00 (worst 1.00)", "conv  A 2.00 (worst 2.00)  B 0.50 (worst 0.50)"),
        table.means(results));
  }

  @Test
  void timesAreInTheUnitThatReadsBest() {
    assertEquals("0.05 us", Table.duration(5e-8));
    assertEquals("123.4 us", Table.duration(1.234e-4));
    assertEquals("12.34 ms", Table.duration(1.234e-2));
    assertEquals("1.234 s", Table.duration(1.234));
  }

  @Test
  void whatIsTooSlowForVectorCodeIsMarked() {
    Result fast = result("gemm", "1", timing(0.02), Map.of());
    assertEquals(Jit.OK, Jit.of(fast, Double.NaN));
    assertEquals(Jit.OK, Jit.of(fast, 0.5));
    assertEquals(Jit.SLOW, Jit.of(fast, 0.3));
    Result slow = result("gemm", "1", timing(2), Map.of());
    assertEquals(Jit.SLOW, Jit.of(slow, Double.NaN));
    assertEquals(Jit.OK, Jit.of(slow, 1));
    Result rising = new Result("gemm", "1", fast.work(), 100, fast.ours(), Map.of(), 0, true, "");
    assertEquals(Jit.RISING, Jit.of(rising, 1));
    assertEquals("ok rising SLOW", Jit.OK + " " + Jit.RISING + " " + Jit.SLOW);
  }
}
