package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.NdArray;
import dev.lanewise.bench.WrongAnswerException;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.BackendProvider;
import dev.lanewise.kernel.Backends;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DoctorTest {
  private static final Duration SHORT = Duration.ofMillis(100);

  private static Cli doctor;

  @BeforeAll
  static void askOnce() {
    doctor = Cli.run("doctor");
  }

  @Test
  void everyBackendIsThereWithItsAvailability() {
    for (BackendProvider provider : Backends.providers()) {
      assertEquals(provider.availability().toString(), row(provider.name()));
    }
    assertEquals("simd", row("default"));
  }

  @Test
  void theVerdictIsMeasuredAndDecidesTheExitStatus() {
    assertEquals("", doctor.err());
    List<String> speeds =
        doctor.outLines().stream().filter(line -> line.startsWith("speed ")).toList();
    assertEquals(2, speeds.size());
    for (String speed : speeds) {
      assertTrue(speed.matches(".* [0-9.]+ G(B|FLOP)/s; a plain Java loop [0-9.]+; ratio [0-9.]+"));
    }
    String verdict = row("SIMD");
    if (doctor.status() == 0) {
      assertEquals("compiled to vector code", verdict);
    } else {
      // So slow a machine can be; the verdict must say so then.
      assertEquals(1, doctor.status());
      assertTrue(verdict.startsWith("NOT compiled: ") && verdict.contains("; cure: "), verdict);
    }
  }

  @Test
  void theMachineIsDescribed() {
    assertTrue(row("Java").startsWith(System.getProperty("java.runtime.version")));
    assertTrue(row("system").contains(System.getProperty("os.name")));
    assertTrue(!row("processor").isBlank());
    assertTrue(row("cores").matches("\\d+ given to this JVM"));
    assertTrue(row("vectors").matches("\\d+ bits preferred by this processor"));
    assertTrue(row("arrays").contains("outside the heap"));
  }

  private static String row(String label) {
    List<String> rows =
        doctor.outLines().stream().filter(line -> line.startsWith(label + " ")).toList();
    assertEquals(1, rows.size(), doctor.out());
    return rows.getFirst().substring(label.length()).strip();
  }

  @Test
  void scalarKernelsAreNotTakenForVectorCode() {
    // Long enough for medians of nine rounds, each of which takes 30 to 50 ms for the product.
    var check = new SpeedCheck(Backends.named("reference"), Duration.ofSeconds(3));
    List<SpeedCheck.Result> results = check.run();
    for (SpeedCheck.Result result : results) {
      assertTrue(!result.isVectorCode(), result.toString());
    }
    String verdict = SpeedCheck.verdict(results);
    assertTrue(verdict.startsWith("NOT compiled: exp of 16,384 floats and matmul, "), verdict);
  }

  @Test
  void theVerdictNamesWhatIsSlow() {
    var fast = new SpeedCheck.Result("a", "GB/s", 30, 10, 2);
    var slow = new SpeedCheck.Result("b", "GB/s", 19, 10, 2);
    assertEquals("compiled to vector code", SpeedCheck.verdict(List.of(fast, fast)));
    String verdict = SpeedCheck.verdict(List.of(fast, slow));
    assertTrue(verdict.startsWith("NOT compiled: b ran "), verdict);
  }

  @Test
  void aWrongAnswerIsNotTimed() {
    Backend reference = Backends.named("reference");
    Backend wrong =
        (Backend)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Backend.class},
                (_, method, args) -> {
                  Object result = method.invoke(reference, args);
                  if (method.getName().equals("elementwise")) {
                    NdArray out = (NdArray) args[1];
                    out.set(out.get(4321) * 1.00001, 4321);
                  }
                  return result;
                });
    var e = assertThrows(WrongAnswerException.class, () -> new SpeedCheck(wrong, SHORT).run());
    assertTrue(e.getMessage().startsWith("exp: element 4321 is "), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"lanewise.threads", "lanewise.simd.bits"})
  void aWrongSystemPropertyIsToldInItsRow(String property) throws Exception {
    ChildJvm child = ChildJvm.run("doctor", "-D" + property + "=7x");
    assertEquals(2, child.status(), child.output());
    assertTrue(child.output().lines().noneMatch(line -> line.contains("Exception")));
    for (String start :
        List.of("simd +wrongly configured: ", "default +none: ", "SIMD +NOT .*: ")) {
      String row = start + Pattern.quote(property) + ": .*'7x'";
      assertTrue(child.output().lines().anyMatch(line -> line.matches(row)), child.output());
    }
  }

  @Test
  void bytesAreWrittenInTheUnitThatReadsBest() {
    assertEquals("0 bytes", Machine.bytes(0));
    assertEquals("1023 bytes", Machine.bytes(1023));
    assertEquals("1.0 KiB", Machine.bytes(1024));
    assertEquals("1.5 MiB", Machine.bytes(3 << 19));
    assertEquals("8.0 EiB", Machine.bytes(Long.MAX_VALUE));
  }
}
