package dev.lanewise.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One call of the command in a JVM of its own, for what is decided once in a JVM.
 *
 * @param status the exit status
 * @param output what was printed, on both streams
 * @param workers how many threads of the SIMD backend there were at the end, or -1 if the JVM ended
 *     before they could be counted
 */
record ChildJvm(int status, String output, int workers) {
  private static final String COUNT = "threads counted: ";

  /** Runs the command, then counts threads. */
  static final class Counted {
    private Counted() {}

    public static void main(String[] args) {
      int status = Main.run(System.out, System.err, args);
      long workers =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().startsWith("lanewise-worker-"))
              .count();
      System.out.println(COUNT + workers);
      System.exit(status);
    }
  }

  /**
   * Runs the command.
   *
   * @param line the arguments, separated by blanks
   * @param flags for the JVM
   */
  static ChildJvm run(String line, String... flags) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of(flags));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Counted.class.getName()));
    command.addAll(List.of(line.split(" ")));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String all = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    int at = all.lastIndexOf(COUNT);
    return at < 0
        ? new ChildJvm(status, all, -1)
        : new ChildJvm(
            status,
            all.substring(0, at),
            Integer.parseInt(all.substring(at + COUNT.length()).strip()));
  }
}
