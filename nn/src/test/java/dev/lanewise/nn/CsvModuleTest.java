package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
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
    String output =
        ModuleProgram.run(folder, PROGRAM, ModulePath.withFastCsv(), ",de.siegmar.fastcsv");

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

    assertEquals(missing, ModuleProgram.run(folder, PROGRAM, ModulePath.get(), ""));
    // There, and not resolved.
    assertEquals(missing, ModuleProgram.run(folder, PROGRAM, ModulePath.withFastCsv(), ""));
  }

  @Test
  void theClassPathIsAnotherCure() throws Exception {
    String output = ModuleProgram.runOnClassPath(folder, PROGRAM, ModulePath.get());

    assertTrue(output.contains("de.siegmar:fastcsv) to the class path\n"), output);
  }
}
