package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.io.NewFile;
import dev.lanewise.kernel.SealedBackendProvider;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of models that outlive the process that wrote them, or that is killed while it writes. */
class ModelFileProcessTest {
  @TempDir private Path folder;

  private static Process start(String what, Path file) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--class-path",
            // The services of the tests name a backend of theirs.
            ModulePath.with(SavingProgram.class, SealedBackendProvider.class),
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            SavingProgram.class.getName(),
            what,
            file.toString())
        .redirectError(Redirect.INHERIT)
        .start();
  }

  @Test
  void anotherProcessGoesOnToTheBit() throws Exception {
    Path file = folder.resolve("model.lw");
    Sequential model = SavingProgram.model();
    model.fit(SavingProgram.examples(), SavingProgram.options());
    ModelFile.save(model, file);

    Process process = start("goOn", file);
    String there = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor());

    assertEquals(SavingProgram.goOn(model), there.strip());
  }

  @Test
  void whoIsKilledWhileSavingLeavesAWholeFile() throws Exception {
    Path file = folder.resolve("model.lw");
    for (int round = 0; round < 2; round++) {
      Process process = start("save", file);
      try (var lines = process.inputReader()) {
        assertEquals("saved", lines.readLine());
      }
      // Somewhere in the middle of the saves that it makes one after the other.
      Thread.sleep(83 + 59L * round);
      process.destroyForcibly();
      process.waitFor();

      float[] values = ModelFile.load(file).weights().getFirst().value().toFloatArray();
      float[] expected = new float[200 * 100];
      Arrays.fill(expected, values[0]);
      assertArrayEquals(expected, values);
    }
  }

  @Test
  void aFullDiskLeavesTheFileThatWas() throws Exception {
    Path file = folder.resolve("model.lw");
    Sequential model = SavingProgram.model();
    model.fit(SavingProgram.examples(), SavingProgram.options());
    ModelFile.save(model, file);
    byte[] before = Files.readAllBytes(file);
    for (int space : new int[] {0, 100, before.length / 2, before.length - 1}) {
      NewFile.Content content = ModelFile.content(model);
      IOException e =
          assertThrows(
              IOException.class,
              () -> NewFile.write(file, out -> content.writeTo(new FullDisk(out, space))));
      assertEquals("no space left", e.getMessage());
    }
    assertArrayEquals(before, Files.readAllBytes(file));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
    // The same model makes the same file.
    ModelFile.save(model, file);
    assertArrayEquals(before, Files.readAllBytes(file));
    assertTrue(before.length < 10_000);
  }

  /** Takes so many bytes. */
  private static final class FullDisk extends FilterOutputStream {
    private int space;

    FullDisk(OutputStream out, int space) {
      super(out);
      this.space = space;
    }

    @Override
    public void write(int b) throws IOException {
      if (space == 0) {
        throw new IOException("no space left");
      }
      space--;
      out.write(b);
    }
  }
}
