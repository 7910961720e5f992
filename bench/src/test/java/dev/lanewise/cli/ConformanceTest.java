package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConformanceTest {
  /** Computed by PyTorch in float64. */
  private static final String SAMPLE = "src/test/resources/golden";

  @TempDir private Path folder;

  @Test
  void allOfTheSamplePasses() {
    Cli run = Cli.run("conformance " + SAMPLE);
    assertEquals("679 passed, 0 failed\n", run.out());
    run.assertFine();
  }

  @Test
  void aFilterPicksCases() {
    assertEquals(
        List.of("9 passed, 0 failed"),
        Cli.run("conformance " + SAMPLE + " --filter loss_mse").assertFine().outLines());
    String line = Cli.run("conformance " + SAMPLE + " --filter nothing").assertComplaint(2);
    assertTrue(line.contains("nothing"), line);
  }

  @Test
  void theReferencePassesToo() {
    assertEquals(
        List.of("104 passed, 0 failed"),
        Cli.run("conformance " + SAMPLE + " --backend reference --filter _(reduce)_")
            .assertFine()
            .outLines());
  }

  /** Copies the list of the sample, changed, and its arrays. */
  private String changed(String from, String to) throws IOException {
    String index = Files.readString(Path.of(SAMPLE, "index.json"));
    assertTrue(index.contains(from), from);
    Files.writeString(folder.resolve("index.json"), index.replace(from, to));
    try (InputStream arrays = Files.newInputStream(Path.of(SAMPLE, "arrays.npz"))) {
      Files.copy(arrays, folder.resolve("arrays.npz"));
    }
    return folder.toString();
  }

  @Test
  void whatDiffersIsNamed() throws IOException {
    // Halves are no squares: all five cases of sqrt fail, each with a line.
    Cli run =
        Cli.run(
            "conformance " + changed("\"op\": \"sqrt\"", "\"op\": \"rsqrt\"") + " --filter _sqrt");
    assertEquals(1, run.status());
    assertTrue(run.out().contains("0 passed, 4 failed"), run.out());
    assertTrue(run.outLines().getFirst().contains("unary_sqrt: out: "), run.out());
    assertTrue(run.outLines().getFirst().contains("times the tolerance"), run.out());
  }

  @Test
  void unknownOperationsFail() throws IOException {
    Cli run =
        Cli.run("conformance " + changed("\"op\": \"erf\"", "\"op\": \"fre\"") + " --filter _erf");
    assertEquals(1, run.status());
    assertTrue(run.out().contains("there is no operation 'fre' of the group 'unary'"), run.out());
  }

  @Test
  void foldersWithoutAListAreRefused() {
    String line = Cli.run("conformance " + folder).assertComplaint(1);
    assertTrue(line.contains("index.json"), line);
  }

  @Test
  void listsThatAreNoneAreRefused() throws IOException {
    for (String text :
        List.of(
            "",
            "[]",
            "{",
            "{\"format\": 7}",
            "{\"format\": 1, \"cases\": [1]}",
            "{\"format\": 1, \"cases\": [{\"id\": \"a\"}]}")) {
      Files.writeString(folder.resolve("index.json"), text);
      String line = Cli.run("conformance " + folder).assertComplaint(1);
      assertTrue(line.contains("index.json"), line);
    }
  }

  @Test
  void arraysOutsideOfTheFolderAreNotRead() throws IOException {
    String entry =
        "{\"name\": \"x\", \"file\": \"../x.npy\", \"dtype\": \"float32\", \"shape\": []}";
    Files.writeString(
        folder.resolve("index.json"),
        "{\"format\": 1, \"cases\": [{\"id\": \"a\", \"group\": \"unary\", \"op\": \"neg\","
            + " \"inputs\": ["
            + entry
            + "], \"outputs\": []}]}");
    String line = Cli.run("conformance " + folder).assertComplaint(1);
    assertTrue(line.contains("inside of the folder"), line);
  }
}
