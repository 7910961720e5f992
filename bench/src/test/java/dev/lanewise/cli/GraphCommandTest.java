package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.graph.Graph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraphCommandTest {
  @TempDir private Path folder;
  private Path file;
  private Graph graph;

  @BeforeEach
  void save() throws IOException {
    file = folder.resolve("graph.safetensors");
    Tensor w = Tensor.linspace(-1, 1, 6).reshape(3, 2);
    graph = Graph.trace(x -> x.matmul(w).add(1).tanh(), Tensor.ones(4, 3));
    graph.save(file);
  }

  private static Cli cli(Object... arguments) {
    return Cli.runWith(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
  }

  @Test
  void callsReportAndPicture() {
    assertEquals(graph.program().toString(), cli("graph", file).assertFine().out());
    assertEquals(graph.toDot(), cli("graph", "--dot", file).assertFine().out());
    String report = cli("graph", file, "--report").assertFine().out();
    assertTrue(report.contains("kernels"), report);
  }

  @Test
  void wrongFilesAndArgumentsAreOneLine() throws IOException {
    Path other = Files.writeString(folder.resolve("other.txt"), "no graph");
    assertTrue(cli("graph", other).assertComplaint(1).contains(other.toString()));
    String none = cli("graph", folder.resolve("none")).assertComplaint(1);
    assertTrue(none.contains("no such file"), none);
    assertTrue(cli("graph").assertComplaint(2).contains("FILE"));
    String both = cli("graph", "--dot", "--report", file).assertComplaint(2);
    assertTrue(both.contains("mutually exclusive"), both);
  }
}
