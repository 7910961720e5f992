package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.NdArray;
import dev.lanewise.io.Npy;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
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
  void allOfTheSamplePassesAsGraphs() {
    Cli run = Cli.run("conformance " + SAMPLE + " --traced");
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
    // All cases of sqrt fail, each with a line.
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

  /** A folder of one case, whose arrays are files of their own. */
  private String oneCase(String extra, float[] out, float[] grad) throws IOException {
    Path arrays = Files.createDirectories(folder.resolve("d"));
    Backend backend = Backends.best();
    Npy.write(arrays.resolve("x.npy"), NdArray.of(backend, new float[] {1, 2}));
    Npy.write(arrays.resolve("out.npy"), NdArray.of(backend, out));
    Npy.write(arrays.resolve("up.npy"), NdArray.of(backend, new float[] {1, 10}));
    Npy.write(arrays.resolve("grad.npy"), NdArray.of(backend, grad));
    String fields =
        "\"inputs\": [%s], \"outputs\": [%s], \"up\": [%s], \"grads\": [%s]"
            .formatted(
                entry("x", "x"), entry("out", "out"), entry("out", "up"), entry("x", "grad"));
    Files.writeString(
        folder.resolve("index.json"),
        "{\"format\": 1, \"cases\": [{\"id\": \"a\", \"group\": \"unary\", \"op\": \"square\", "
            + fields
            + extra
            + "}]}");
    return folder.toString();
  }

  private static String entry(String name, String file) {
    return "{\"name\": \"%s\", \"file\": \"d/%s.npy\", \"dtype\": \"float32\", \"shape\": [2]}"
        .formatted(name, file);
  }

  private String verdict(String extra, float[] out, float[] grad) throws IOException {
    return Cli.run("conformance " + oneCase(extra, out, grad)).out();
  }

  @Test
  void resultsAndGradientsAreBothCompared() throws IOException {
    float[] squares = {1, 4};
    float[] slopes = {2, 40};
    assertEquals("1 passed, 0 failed\n", verdict("", squares, slopes));
    assertTrue(verdict("", new float[] {1, 5}, slopes).contains("out: 4.0 at [1], not 5.0"));
    assertTrue(
        verdict("", squares, new float[] {2, 41}).contains("gradient by x: 40.0 at [1], not 41.0"));
    assertTrue(verdict("", new float[] {1, Float.NaN}, slopes).contains("0 passed, 1 failed"));
    assertTrue(verdict("", new float[] {1, 4, 9}, slopes).contains("FileFormatException"));
    // Wide tolerances are the case's own affair.
    assertEquals("1 passed, 0 failed\n", verdict(", \"atol\": 1", squares, new float[] {2, 41}));
  }

  @Test
  void aMissingArrayFailsItsCaseAlone() throws IOException {
    String path = oneCase("", new float[] {1, 4}, new float[] {2, 40});
    Files.delete(folder.resolve("d/grad.npy"));
    Cli run = Cli.run("conformance " + path);
    assertEquals(1, run.status());
    assertTrue(run.out().contains("a: NoSuchFileException: "), run.out());
    assertTrue(run.out().contains("0 passed, 1 failed"), run.out());
  }

  @Test
  void casesThatProveNothingAreRefused() throws IOException {
    String path = oneCase(", \"rtol\": 1e-4", new float[] {1, 4}, new float[] {2, 40});
    Path index = folder.resolve("index.json");
    String right = Files.readString(index);
    for (String[] change :
        new String[][] {
          {"\"up\":", "\"down\":"},
          {"\"grads\":", "\"slopes\":"},
          {"\"outputs\":", "\"results\":"},
          {"1e-4", "-1"},
          {"1e-4", "\"wide\""}
        }) {
      assertTrue(right.contains(change[0]), change[0]);
      Files.writeString(index, right.replace(change[0], change[1]));
      String line = Cli.run("conformance " + path).assertComplaint(1);
      assertTrue(line.contains("index.json"), line);
    }
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
            + "], \"outputs\": ["
            + entry
            + "]}]}");
    String out = Cli.run("conformance " + folder).out();
    assertTrue(out.contains("inside of the folder"), out);
  }
}
