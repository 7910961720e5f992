package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.graph.Graph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private static String printed(Object... arguments) {
    String[] all = new String[arguments.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = arguments[i].toString();
    }
    return Cli.runWith(all).assertFine().out();
  }

  @Test
  void callsReportAndPicture() {
    assertEquals(graph.program().toString(), printed("graph", file));
    assertEquals(graph.toDot(), printed("graph", "--dot", file));
    assertTrue(printed("graph", file, "--report").contains("fusion"));
  }

  @Test
  void wrongFilesAndArgumentsAreOneLine() throws IOException {
    Path other = Files.writeString(folder.resolve("other.txt"), "no graph");
    assertFailed(1, other.toString(), "graph", other);
    assertFailed(1, "cannot be read", "graph", folder.resolve("none"));
    assertFailed(2, "FILE", "graph");
    assertFailed(2, "exclusive", "graph", "--dot", "--report", file);
  }

  private static void assertFailed(int status, String part, Object... arguments) {
    String[] all = new String[arguments.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = arguments[i].toString();
    }
    Cli cli = Cli.runWith(all);
    assertEquals(status, cli.status(), cli.err());
    assertTrue(cli.err().contains(part), cli.err());
    assertEquals(1, cli.err().lines().count(), cli.err());
  }
}
