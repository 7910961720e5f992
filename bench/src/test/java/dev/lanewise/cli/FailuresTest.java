package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.kernel.BackendUnavailableException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class FailuresTest {
  private final StringWriter err = new StringWriter();
  private final CommandLine command =
      new CommandLine(new Main(System.out)).setErr(new PrintWriter(err, true));

  private void assertLine(String expected, Exception failure) throws Exception {
    assertEquals(1, Failures.failed(failure, command, null));
    assertEquals("lanewise: " + expected + System.lineSeparator(), err.toString());
    err.getBuffer().setLength(0);
  }

  @Test
  void whatAUserCanMendIsOneLine() throws Exception {
    assertLine("disk full", new IOException("disk full"));
    assertLine("disk full", new UncheckedIOException("no", new IOException("disk full")));
    assertLine("/a/b: reading it is not permitted", new AccessDeniedException("/a/b"));
    assertLine("/a/b: cannot be read", new NoSuchFileException("/a/b"));
    assertLine("/a/b: gone; get it", new NoSuchFileException("/a/b", null, "gone; get it"));
    assertLine("no backend", new BackendUnavailableException("no backend"));
    assertLine("lanewise.threads: no", new IllegalArgumentException("lanewise.threads: no"));
  }

  @Test
  void aLackOfMemoryNamesTheOptionThatHelps() {
    assertEquals(1, Failures.outOfMemory(new OutOfMemoryError("Java heap space"), command));
    assertEquals(
        "lanewise: not enough memory: Java heap space; use a smaller --batch, or give the heap more"
            + " with -Xmx"
            + System.lineSeparator(),
        err.toString());
  }

  @Test
  void aFaultOfLanewiseKeepsItsTrace() {
    var fault = new ArrayStoreException("oops");
    assertSame(fault, assertThrows(Exception.class, () -> Failures.failed(fault, command, null)));
    assertEquals("", err.toString());
  }
}
