package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.bench.WrongAnswerException;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.BackendUnavailableException;
import dev.lanewise.kernel.Backends;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class FailuresTest {
  private final StringWriter err = new StringWriter();
  private final CommandLine command =
      new CommandLine(new Main(System.out)).setErr(new PrintWriter(err, true));

  private void assertLine(String expected, Exception failure) throws Exception {
    assertLine(1, expected, failure);
  }

  private void assertLine(int status, String expected, Exception failure) throws Exception {
    assertEquals(status, Failures.failed(failure, command, null));
    assertEquals("lanewise: " + expected + System.lineSeparator(), err.toString());
    err.getBuffer().setLength(0);
  }

  @Test
  void whatAUserCanMendIsOneLine() throws Exception {
    assertLine("disk full", new IOException("disk full"));
    assertLine("disk full", new UncheckedIOException("no", new IOException("disk full")));
    assertLine("/a/b: cannot be read", new UncheckedIOException(new NoSuchFileException("/a/b")));
    assertLine("/a/b: reading it is not permitted", new AccessDeniedException("/a/b"));
    assertLine("/a/b: cannot be read", new NoSuchFileException("/a/b"));
    assertLine("/a/b: gone; get it", new NoSuchFileException("/a/b", null, "gone; get it"));
    assertLine("gemm: wrong", new WrongAnswerException("gemm: wrong"));
    assertLine(2, "no backend", new BackendUnavailableException("no backend"));
    assertLine("lanewise.threads: no", new IllegalArgumentException("lanewise.threads: no"));
  }

  @Test
  void aFailureWithoutAMessageIsNamed() throws Exception {
    assertLine("EOFException", new EOFException());
    assertLine("EOFException", new UncheckedIOException(new EOFException()));
    assertLine("IllegalArgumentException", new IllegalArgumentException());
  }

  private void assertLack(String expected, OutOfMemoryError lack) {
    assertEquals(1, Failures.outOfMemory(lack, command));
    assertEquals(
        "lanewise: not enough memory: " + expected + System.lineSeparator(), err.toString());
    err.getBuffer().setLength(0);
  }

  @Test
  void aLackOfHeapNamesTheVariableThatHelps() {
    String cure =
        "; give the heap more with LANEWISE_JAVA_OPTS=\"-Xmx8g\", or use a smaller --batch";
    assertLack("Java heap space" + cure, new OutOfMemoryError("Java heap space"));
    assertLack("OutOfMemoryError" + cure, new OutOfMemoryError());
  }

  @Test
  void aLackOfArrayMemoryIsNotCuredByALargerHeap() {
    Backend backend = Backends.named("reference");
    Shape tooLarge = Shape.of(1 << 30, 1 << 20); // no address space is as large
    var lack =
        assertThrows(OutOfMemoryError.class, () -> backend.uninitialized(DType.F32, tooLarge));
    assertLack(lack.getMessage() + "; use a smaller --batch, or close other programs", lack);
  }

  @Test
  void aFaultOfLanewiseKeepsItsTrace() {
    for (Exception fault :
        List.of(
            new ArrayStoreException("oops"),
            new ShapeException("oops"),
            new DTypeException("oops"))) {
      assertSame(fault, assertThrows(Exception.class, () -> Failures.failed(fault, command, null)));
      assertEquals("", err.toString());
    }
  }
}
