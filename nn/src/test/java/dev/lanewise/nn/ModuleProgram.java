package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a program of one source file in a JVM of its own, with the libraries that a test chooses.
 */
final class ModuleProgram {
  private ModuleProgram() {}

  /**
   * {@return what it prints}
   *
   * @param folder where it is put, and its argument
   * @param program its source
   * @param modulePath this module, what it needs, and perhaps more
   * @param more modules to resolve, each after a comma
   * @param options other options of the JVM
   */
  static String run(Path folder, String program, String modulePath, String more, String... options)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(options));
    all.add("--module-path");
    all.add(modulePath);
    all.add("--add-modules=dev.lanewise.nn" + more);
    all.add("--enable-native-access=dev.lanewise.kernels");
    return start(folder, program, all);
  }

  /** {@return what it prints where this module is no module} */
  static String runOnClassPath(Path folder, String program, String classPath)
      throws IOException, InterruptedException {
    return start(
        folder,
        program,
        List.of(
            "--class-path",
            classPath,
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED"));
  }

  private static String start(Path folder, String program, List<String> options)
      throws IOException, InterruptedException {
    Path source = Files.writeString(folder.resolve("Program.java"), program);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of(source.toString(), folder.toString()));
    Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }
}
