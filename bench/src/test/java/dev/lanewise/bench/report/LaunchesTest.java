package dev.lanewise.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.bench.cases.Work;
import dev.lanewise.bench.measure.Peaks;
import dev.lanewise.bench.measure.Result;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LaunchesTest {
  /** A launch on a machine with some roof, whose only case takes some seconds. */
  private static Report launch(double seconds, double roof, long allocated) {
    Result result =
        new Result(
            "gemm",
            "8x8x8",
            new Work(1e9, 1e7, DType.F32),
            roof,
            TableTest.timing(seconds),
            Map.of(),
            allocated,
            false,
            "");
    Peaks peaks = new Peaks(1, roof, roof, roof, roof, roof, roof);
    return new Report("", "", "", "", "", "", Map.of(), List.of(peaks), List.of(result));
  }

  @Test
  void theWorstLaunchIsNamed() {
    Launches launches =
        Launches.of(List.of(launch(0.01, 100, 0), launch(0.03, 100, 8), launch(0.01, 100, 0)));
    assertFalse(launches.areAllFast());
    assertEquals(
        List.of(
            "case          worst   median     best unit     worst/median   B/call  slow launches",
            "gemm 8x8x8     33.3      100      100 GFLOP/s          0.33        8  [2]"),
        launches.lines());
  }

  @Test
  void aSlowerMachineIsNoSlowLaunch() {
    Launches launches =
        Launches.of(List.of(launch(0.01, 100, 0), launch(0.03, 33, 0), launch(0.01, 100, 0)));
    assertTrue(launches.areAllFast());
    assertEquals(List.of(), launches.rows().getFirst().slow());
  }

  @Test
  void boxedVectorsAreSlowWhateverTheTime() {
    Launches launches = Launches.of(List.of(launch(0.01, 100, 0), launch(0.01, 100, 100_000_000)));
    assertEquals(List.of(2), launches.rows().getFirst().slow());
  }

  @Test
  void soAreSomeVectorsThatOtherLaunchesDoNotBox() {
    Launches launches =
        Launches.of(
            List.of(launch(0.01, 100, 0), launch(0.01, 100, 9_000), launch(0.01, 100, 4_000)));
    assertEquals(List.of(2), launches.rows().getFirst().slow());
  }
}
