package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.cases.KernelCases;
import dev.lanewise.bench.report.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTest {
  private static final String THREADS = "lanewise.threads";

  @TempDir private Path dir;

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
  void aCaseIsMeasuredBelowThePeaks() throws Exception {
    Path json = dir.resolve("r.json");
    Path html = dir.resolve("r.html");
    Path baseline = dir.resolve("b.json");
    Cli cli =
        Cli.runWith(
                "bench",
                "--quick",
                "--filter=^gemm f32 NN 32x32x32$",
                "--json=" + json,
                "--html=" + html,
                "--write-baseline=" + baseline)
            .assertFine();
    List<String> lines = cli.outLines();
    assertTrue(lines.getFirst().matches("Lanewise .*, \\d+-bit vectors, 1 thread"), cli.out());
    assertTrue(lines.get(3).matches("peak +1 thread: FMA f32 \\d+, f64 \\d+ GFLOP/s; triad .*"));
    String row = "gemm f32 NN +32x32x32 +[0-9.]+ us .* GFLOP/s +\\d+% .*";
    assertEquals(1, lines.stream().filter(line -> line.matches(row)).count(), cli.out());
    assertTrue(lines.stream().anyMatch(line -> line.startsWith("baseline")), cli.out());
    Report report = Report.fromJson(Files.readString(json));
    assertEquals("gemm f32 NN 32x32x32", report.results().getFirst().id());
    assertTrue(Files.readString(html).contains("gemm f32 NN 32x32x32: "));
    assertTrue(Files.readString(baseline).contains("\"gemm f32 NN 32x32x32\" : "));
  }

  @Test
  void aSeedGivesAnOrder() {
    String cases = "bench --quick --filter ^(add|relu|exp).16.Ki$";
    List<String> order = new ArrayList<>(Cli.run(cases + " --list").assertFine().outLines());
    Collections.shuffle(order, new Random(1));
    List<String> measured =
        Cli.run(cases + " --shuffle 1").assertFine().outLines().stream()
            .filter(line -> line.contains(" GB/s "))
            .filter(line -> line.contains(" 16 Ki "))
            .map(line -> line.substring(0, line.indexOf(" 16 Ki ")).strip() + " 16 Ki")
            .toList();
    assertEquals(order, measured);
  }

  @Test
  void aLaunchIsAJvmOfItsOwn() {
    Cli cli = Cli.run("bench --launches 1 --quick --filter ^add.16.Ki$").assertFine();
    List<String> lines = cli.outLines();
    assertTrue(lines.getFirst().matches("launch 1 of 1: \\d+ s, FMA f32 .*"), cli.out());
    assertTrue(lines.getLast().matches("add 16 Ki +[0-9. ]+ GB/s +1[.]00 +\\d+  -"), cli.out());
  }

  @Test
  void missingPeersAreNamedWithTheirCure() {
    Cli cli = Cli.run("bench --quick --peers --filter ^add.16.Ki$").assertFine();
    for (String peer : List.of("OpenBLAS", "MKL", "libtorch", "ORT")) {
      assertTrue(
          cli.outLines().stream()
              .anyMatch(
                  line -> line.startsWith(peer + " ") && line.contains("cure: run './lanewise")),
          cli.out());
    }
  }
}
