package dev.lanewise.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What the JVM and the system say of themselves, as lines for people. */
final class Machine {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  private Machine() {}

  /** {@return version and maker of the Java runtime, and what its compilers may do} */
  static String java() {
    return "%s, %s, %s"
        .formatted(
            System.getProperty("java.runtime.version"),
            System.getProperty("java.vendor"),
            System.getProperty("java.vm.info"));
  }

  /** {@return name, version and architecture of the operating system} */
  static String system() {
    return "%s %s, %s"
        .formatted(
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("os.arch"));
  }

  /** {@return the processor's model, or its architecture where nobody names the model} */
  static String processor() {
    return fromLinux()
        .or(Machine::fromMacOs)
        .or(() -> Optional.ofNullable(System.getenv("PROCESSOR_IDENTIFIER")))
        .orElseGet(() -> System.getProperty("os.arch"));
  }

  /**
   * {@return maker and family of the processor, on which the choice of a baseline depends; where
   * nobody tells them, its model}
   */
  static String family() {
    Optional<String> maker = cpuInfo("vendor_id");
    Optional<String> family = cpuInfo("cpu family");
    return maker.isPresent() && family.isPresent()
        ? maker.get() + " family " + family.get()
        : processor();
  }

  /** {@return the model; ARM kernels name none} */
  private static Optional<String> fromLinux() {
    return cpuInfo("model name");
  }

  /** {@return the value of the first line that begins with a name, as in "model name : ..."} */
  private static Optional<String> cpuInfo(String name) {
    if (!Files.isReadable(CPU_INFO)) {
      return Optional.empty();
    }
    try {
      return Files.readAllLines(CPU_INFO, StandardCharsets.ISO_8859_1).stream()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> fromMacOs() {
    if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac")) {
      return Optional.empty();
    }
    try {
      Process sysctl =
          new ProcessBuilder("sysctl", "-n", "machdep.cpu.brand_string")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String name =
          new String(sysctl.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return sysctl.waitFor(1, TimeUnit.SECONDS) && !name.isEmpty()
          ? Optional.of(name)
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** {@return a number of bytes in the unit that reads best, for example {@code "1.5 MiB"}} */
  static String bytes(long bytes) {
    int step = bytes < 1024 ? 0 : (63 - Long.numberOfLeadingZeros(bytes)) / 10;
    return step == 0
        ? bytes + " bytes"
        : String.format(
            Locale.ROOT,
            "%.1f %ciB",
            Math.scalb((double) bytes, -10 * step),
            "KMGTPE".charAt(step - 1));
  }
}
