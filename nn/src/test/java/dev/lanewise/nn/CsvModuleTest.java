package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The module with FastCSV and without: a library that it can use, and does without. */
class CsvModuleTest {
  private static final String PROGRAM =
      """
      import dev.lanewise.autodiff.Tensor;
      import dev.lanewise.nn.data.*;

      void main(String[] args) throws Exception {
        IO.println(Iris.load());
        Path file = Path.of(args[0], "numbers.csv");
        try {
          CsvFile.write(file, Tensor.of(new float[] {1, 2}, 1, 2), "a", "b");
          IO.println(Files.readString(file) + CsvFile.read(file).toTensor());
        } catch (IllegalStateException e) {
          IO.println(e.getMessage());
        }
      }
      """;

  @TempDir private Path folder;

  @Test
  void readsAndWritesWithFastCsv() throws Exception {
    String output = runModules(ModulePath.withFastCsv(), ",de.siegmar.fastcsv");

    assertTrue(output.contains("[150, 4], 3 classes\na,b\n1,2\nTensor([[1. 2.]], f32"), output);
  }

  @Test
  void saysWhatIsMissingWithoutIt() throws Exception {
    String missing =
        """
        [150, 4], 3 classes
        CsvFile: CSV files need the library FastCSV, which is not there; add its jar (in Maven \
        de.siegmar:fastcsv) to the module path, and start Java with --add-modules \
        de.siegmar.fastcsv
        """;

    assertEquals(missing, runModules(ModulePath.get(), ""));
    // There, and not resolved.
    assertEquals(missing, runModules(ModulePath.withFastCsv(), ""));
  }

  @Test
  void theClassPathIsAnotherCure() throws Exception {
    String output =
        run(
            "--class-path",
            ModulePath.get(),
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED");

    assertTrue(output.contains("de.siegmar:fastcsv) to the class path\n"), output);
  }

  private String runModules(String modulePath, String more) throws Exception {
    return run(
        "--module-path",
        modulePath,
        "--add-modules=dev.lanewise.nn" + more,
        "--enable-native-access=dev.lanewise.kernels");
  }

  private String run(String... options) throws IOException, InterruptedException {
    Path program = Files.writeString(folder.resolve("Numbers.java"), PROGRAM);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of(program.toString(), folder.toString()));
    Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }
}
