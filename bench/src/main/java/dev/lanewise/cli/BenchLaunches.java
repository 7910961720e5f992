package dev.lanewise.cli;

import dev.lanewise.bench.measure.Result;
import dev.lanewise.bench.report.Launches;
import dev.lanewise.bench.report.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The same measurement in several JVMs, started one after the other: in the i-th, cases run in the
 * order that the seed i draws.
 */
final class BenchLaunches {
  private final PrintWriter out;
  private final List<String> arguments;

  /**
   * Makes a run.
   *
   * @param out where to print
   * @param arguments of {@code lanewise} in each JVM
   */
  BenchLaunches(PrintWriter out, List<String> arguments) {
    this.out = out;
    this.arguments = List.copyOf(arguments);
  }

  /**
   * {@return whether every launch was fast in every case, after a table was printed}
   *
   * @param count how many launches
   * @throws IOException if a JVM does not start, or ends without a result
   */
  boolean run(int count) throws IOException {
    List<Report> reports = new ArrayList<>();
    boolean right = true;
    Path file = Files.createTempFile("lanewise-launch", ".json");
    try {
      for (int i = 1; i <= count; i++) {
        long begin = System.nanoTime();
        Report report = launch(file, i);
        reports.add(report);
        right &= report.results().stream().allMatch(Result::isRight);
        out.println(
            String.format(
                Locale.ROOT,
                "launch %d of %d: %.0f s, FMA f32 %.0f GFLOP/s, triad %.1f GB/s",
                i,
                count,
                1e-9 * (System.nanoTime() - begin),
                report.used().f32(),
                report.used().triad()));
        out.flush();
      }
    } finally {
      Files.deleteIfExists(file);
    }
    Launches launches = Launches.of(reports);
    out.println();
    launches.lines().forEach(out::println);
    return right && launches.areAllFast();
  }

  private Report launch(Path file, int seed) throws IOException {
    Files.write(file, new byte[0]); // a launch that fails must not leave the last one's report
    List<String> command = new ArrayList<>(java());
    command.addAll(arguments);
    command.add("--shuffle=" + seed);
    command.add("--json=" + file);
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectInput(nothing()).start();
    String printed;
    int status;
    try {
      printed = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());
      status = process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a launch was measured", e);
    } finally {
      process.destroyForcibly();
    }
    // 1 is the status of a wrong answer, which the report names.
    if (status != 0 && status != 1 || Files.size(file) == 0) {
      throw new IOException(
          "a launch of bench ended with status " + status + " and no result:\n" + printed);
    }
    return Report.fromJson(Files.readString(file));
  }

  private static ProcessBuilder.Redirect nothing() {
    boolean windows = System.getProperty("os.name").startsWith("Windows");
    return ProcessBuilder.Redirect.from(Path.of(windows ? "NUL" : "/dev/null").toFile());
  }

  /** {@return the beginning of the command line by which this JVM was started} */
  private static List<String> java() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    String module = System.getProperty("jdk.module.main");
    if (Main.class.getModule().isNamed() && module != null) {
      command.addAll(List.of("--module-path", System.getProperty("jdk.module.path"), "-m"));
      command.add(module + "/" + Main.class.getName());
    } else {
      command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    }
    return command;
  }
}
