package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.cases.KernelCases;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BenchTest {
  private static final String THREADS = "lanewise.threads";

  private String threadsBefore;

  @BeforeEach
  void rememberThreads() {
    threadsBefore = System.getProperty(THREADS);
  }

  @AfterEach
  void restoreThreads() {
    if (threadsBefore == null) {
      System.clearProperty(THREADS);
    } else {
      System.setProperty(THREADS, threadsBefore);
    }
  }

  @Test
  void theListNamesWhatAFilterChooses() {
    assertEquals(KernelCases.all().size(), Cli.run("bench --list").assertFine().outLines().size());
    assertEquals(
        List.of("softmax 64x10", "softmax 256x64"),
        Cli.run("bench --list --quick --filter ^softmax.*x\\d\\d$").assertFine().outLines());
  }

  @Test
  void aCaseIsMeasuredBelowThePeaks() {
    Cli cli = Cli.run("bench --quick --filter ^gemm.f32.NN.32x32x32$").assertFine();
    List<String> lines = cli.outLines();
    assertTrue(lines.get(2).matches("peak +1 thread: FMA f32 \\d+, f64 \\d+ GFLOP/s; triad .*"));
    String row = lines.getLast();
    assertTrue(row.matches("gemm f32 NN +32x32x32 +[0-9.]+ us .* GFLOP/s +\\d+% .*"), cli.out());
  }
}
