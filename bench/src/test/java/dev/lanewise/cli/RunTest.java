package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunTest {
  @TempDir private Path folder;

  private String write(String body) throws IOException {
    Path file = folder.resolve("Program.java");
    return Files.writeString(
            file,
            """
            import dev.lanewise.autodiff.Tensor;
            import java.util.List;

            void main(String[] args) {
              %s
            }
            """
                .formatted(body))
        .toString();
  }

  @Test
  void aProgramSeesLanewiseAndItsArguments() throws Exception {
    String file =
        write(
            "IO.println(List.of(args) + \" \" + Tensor.of(new float[] {1, 2}).sum().item());"
                + " System.exit(3);");
    // In a JVM of its own, as the program writes to this one's output.
    ChildJvm child = ChildJvm.run("run " + file + " --help -x 1");
    assertEquals(3, child.status(), child.output());
    assertTrue(child.output().contains("[--help, -x, 1] 3.0"), child.output());
  }

  @Test
  void aProgramReadsCsv() throws Exception {
    String file =
        write(
            "try (var in = new java.io.ByteArrayInputStream(\"x\\n7\\n\".getBytes())) {"
                + " IO.println(dev.lanewise.nn.data.CsvFile.read(in, \"sevens\","
                + " dev.lanewise.nn.data.CsvOptions.defaults()).column(\"x\").item()); }"
                + " catch (java.io.IOException e) { throw new java.io.UncheckedIOException(e); }");
    ChildJvm child = ChildJvm.run("run " + file);
    assertEquals(0, child.status(), child.output());
    assertTrue(child.output().contains("7.0"), child.output());
  }

  @Test
  void aMissingProgramIsNamed() {
    String line = Cli.run("run no/such/Program.java").assertComplaint(1);
    assertTrue(line.contains("no/such/Program.java: there is no such file"), line);
  }

  @Test
  void otherFilesAreRefused() {
    assertTrue(Cli.run("run pom.xml").assertComplaint(2).contains("ends in .java"));
  }

  @Test
  void aProgramIsNeeded() {
    String line = Cli.run("run").assertComplaint(2);
    assertTrue(line.contains("FILE.java"), line);
  }

  @Test
  void unknownOptionsBeforeTheProgramAreRefused() {
    String line =
        Cli.runWith(List.of("run", "--fast", "x.java").toArray(String[]::new)).assertComplaint(2);
    assertTrue(line.contains("--fast"), line);
  }
}
