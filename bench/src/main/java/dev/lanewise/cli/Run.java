package dev.lanewise.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lanewise run}: runs a program of one source file, with Lanewise's modules in place. */
@Command(
    name = "run",
    usageHelpAutoWidth = true,
    header = "Runs a Java program of one source file, with Lanewise's modules in place.",
    synopsisHeading = "%nUsage: ",
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExample:%n",
    footer = {
      "  lanewise run nn/examples/FirstNetwork.java",
      "",
      "The program may begin with 'import module dev.lanewise.nn;', which sees everything.",
      "LANEWISE_JAVA_OPTS has more options for its JVM. The exit status is the program's."
    })
final class Run implements Callable<Integer> {
  private static final String JVM_OPTIONS = "LANEWISE_JAVA_OPTS";

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FILE.java", description = "The program.")
  private Path file;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "ARGUMENT",
      description = "What the program is given, options too.")
  private List<String> arguments = new ArrayList<>();

  /** Makes the command; picocli calls this. */
  Run() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!file.toString().endsWith(".java")) {
      throw new ParameterException(
          spec.commandLine(),
          "a program is a file that ends in .java, which '" + file + "' does not");
    }
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(file.toString(), null, "there is no such file");
    }
    Process process = new ProcessBuilder(command()).inheritIO().start();
    // Who stops this command stops the program, and sees the last that it writes.
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  process.destroy();
                  process.onExit().join();
                },
                "lanewise-run-stop"));
    return process.waitFor();
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    String modulePath = System.getProperty("jdk.module.path", "");
    if (modulePath.isEmpty()) {
      // Lanewise itself runs on the class path.
      command.addAll(List.of("--class-path", System.getProperty("java.class.path")));
      command.addAll(
          List.of("--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"));
    } else {
      command.addAll(List.of("--module-path", modulePath));
      // What nn requires as static is not resolved for it.
      command.add(
          "--add-modules=dev.lanewise.nn,VectorGraphics2D,com.google.protobuf,de.siegmar.fastcsv,"
              + "io.jhdf,xchart");
      command.add("--enable-native-access=dev.lanewise.kernels,dev.lanewise.bindings");
    }
    String more = System.getenv().getOrDefault(JVM_OPTIONS, "").strip();
    if (!more.isEmpty()) {
      command.addAll(List.of(more.split("\\s+")));
    }
    command.add(file.toString());
    command.addAll(arguments);
    return command;
  }
}
