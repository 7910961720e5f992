package dev.lanewise.bindings.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs a main class of the tests in a JVM of its own, with its own flags. */
final class ChildJvm {

  private ChildJvm() {}

  /** {@return what the main class printed, on both streams; an exit status other than 0 throws} */
  static String run(Class<?> main, String... flags) throws IOException, InterruptedException {
    return run(Map.of(), main, flags);
  }

  /** {@return the same, of a JVM that finds some environment variables besides} */
  static String run(Map<String, String> variables, Class<?> main, String... flags)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(flags));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(variables);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(command + " ended with " + process.exitValue() + ":\n" + output);
    }
    return output;
  }
}
