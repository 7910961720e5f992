package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One call of the command inside this JVM: its exit status and what it printed. */
record Cli(int status, String out, String err) {
  /** Runs the command; the arguments are separated by blanks. */
  static Cli run(String line) {
    return runWith(line.isEmpty() ? new String[0] : line.split(" "));
  }

  static Cli runWith(String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    int status =
        Main.run(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            args);
    return new Cli(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  List<String> outLines() {
    return out.lines().toList();
  }

  /** Asserts that all went well and nothing was complained about. */
  Cli assertFine() {
    assertEquals("", err);
    assertEquals(0, status);
    return this;
  }

  /** Asserts one line of complaint, for people and not for programmers, and returns it. */
  String assertComplaint(int expectedStatus) {
    assertEquals(expectedStatus, status, err);
    List<String> lines = err.lines().toList();
    assertEquals(1, lines.size(), err);
    String line = lines.getFirst();
    assertTrue(line.startsWith("lanewise: "), line);
    assertFalse(line.contains("Exception") || line.contains("at dev."), line);
    return line;
  }
}
