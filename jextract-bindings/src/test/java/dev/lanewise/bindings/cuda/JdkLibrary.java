package dev.lanewise.bindings.cuda;

import java.nio.file.Files;
import java.nio.file.Path;

/** A native library that every JDK brings, to stand where a library is opened for real. */
final class JdkLibrary {

  /** A function of it. */
  static final String FUNCTION = "VerifyClassForMajorVersion";

  private JdkLibrary() {}

  static Path path() {
    Path home = Path.of(System.getProperty("java.home"));
    String name = System.mapLibraryName("verify");
    Path windows = home.resolve("bin").resolve(name);
    return Files.exists(windows) ? windows : home.resolve("lib").resolve(name);
  }
}
