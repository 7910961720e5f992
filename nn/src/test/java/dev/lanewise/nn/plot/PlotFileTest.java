package dev.lanewise.nn.plot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlotFileTest {
  private static final Plot PLOT =
      Plots.xy().line("y", new double[] {0, 1}, new double[] {1, 0}).title("a line").size(300, 200);

  @TempDir private Path folder;

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void theEndingChoosesTheFormat() throws IOException {
    PLOT.save(folder.resolve("a.PNG"));
    PLOT.save(folder.resolve("a.svg"));

    assertArrayEquals(PLOT.png(), Files.readAllBytes(folder.resolve("a.PNG")));
    assertArrayEquals(PLOT.svg(), Files.readAllBytes(folder.resolve("a.svg")));
    assertTrue(Files.readString(folder.resolve("a.svg")).contains(">a line</text>"));
  }

  @Test
  void anotherEndingIsAnErrorAndLeavesNothing() throws IOException {
    for (String name : List.of("a.jpg", "png", "a.png.txt", "svg")) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> PLOT.save(folder.resolve(name)));
      assertEquals(
          "save: a plot is written as .png or .svg, but the file is " + folder.resolve(name),
          e.getMessage());
    }
    assertTrue(names().isEmpty(), names()::toString);
  }

  @Test
  void aMissingFolderIsAnError() {
    Path file = folder.resolve("nowhere").resolve("a.png");

    assertThrows(NoSuchFileException.class, () -> PLOT.save(file));
  }

  @Test
  void aPathThatCannotBeWrittenKeepsWhatIsThere() throws IOException {
    Path taken = Files.createDirectories(folder.resolve("a.png").resolve("inside"));

    assertThrows(IOException.class, () -> PLOT.save(taken.getParent()));
    assertTrue(Files.isDirectory(taken));
    assertEquals(List.of("a.png"), names());
  }

  @Test
  void aFileIsReplaced() throws IOException {
    Path file = Files.writeString(folder.resolve("a.svg"), "old");
    PLOT.save(file);

    assertArrayEquals(PLOT.svg(), Files.readAllBytes(file));
    assertEquals(List.of("a.svg"), names());
  }

  @Test
  void whatCannotBeDrawnLeavesTheFile() throws IOException {
    Path file = Files.writeString(folder.resolve("a.png"), "old");
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> PLOT.size(50, 50).save(file));

    assertEquals(
        "size: it is too small for what the plot shows; choose a larger one by size(width, height)",
        e.getMessage());
    assertEquals("old", Files.readString(file));
  }

  @Test
  void sizesAreChecked() {
    for (int[] size : new int[][] {{49, 100}, {100, 0}, {100, -5}, {8193, 100}}) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> PLOT.size(size[0], size[1]));
      assertTrue(e.getMessage().startsWith("size: width and height must be from 50 to 8192"));
    }
  }

  @Test
  void wordsThatXmlCannotHoldAreBlanks() throws Exception {
    Picture picture = Picture.of(PLOT.title("a\u0000b\nc\ud800d\uffffe"));

    assertEquals("a b c d e", picture.words().getFirst());
  }

  @Test
  void theSamePlotGivesTheSameBytes() {
    Plot again =
        Plots.xy()
            .line("y", new double[] {0, 1}, new double[] {1, 0})
            .title("a line")
            .size(300, 200);

    assertArrayEquals(PLOT.png(), again.png());
    assertEquals(
        new String(PLOT.svg(), StandardCharsets.UTF_8),
        new String(again.svg(), StandardCharsets.UTF_8));
  }
}
