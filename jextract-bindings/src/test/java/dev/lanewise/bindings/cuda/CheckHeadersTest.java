package dev.lanewise.bindings.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * {@code check-headers.sh}, which compares the headers with those of an installed toolkit by asking
 * the C compiler.
 */
class CheckHeadersTest {

  /** Each header of the project and the one of the toolkit that it is compared with. */
  static final Map<String, String> HEADERS =
      Map.of(
          "cudart.h", "cuda_runtime_api.h",
          "cuda_driver.h", "cuda.h",
          "cublas.h", "cublas_v2.h",
          "cublaslt.h", "cublasLt.h",
          "cudnn.h", "cudnn.h",
          "nvrtc.h", "nvrtc.h");

  static final List<String> NAMES = HEADERS.keySet().stream().sorted().toList();

  private record Answer(int status, String text) {
    /** {@return the line about a header, or nothing} */
    String about(String header) {
      return text.lines().filter(line -> line.startsWith(header + " ")).findFirst().orElse("");
    }
  }

  /** What is said of the installed toolkit; empty if there is none. */
  private static Optional<Answer> installed;

  @BeforeAll
  static void checkOnce() throws Exception {
    String compiler = Optional.ofNullable(System.getenv("CC")).orElse("cc");
    for (String tool : List.of("bash", compiler, "perl")) {
      if (!runs(tool)) {
        leaveOut("the headers are not checked: that takes " + tool + ", which is not here");
      }
    }
    installed = checkInstalled();
  }

  /** Ends a test with a reason in the build's output, where one of an assumption does not show. */
  private static void leaveOut(String reason) {
    System.out.println(reason);
    abort(reason);
  }

  private static boolean runs(String tool) throws InterruptedException {
    try {
      return run(tool, "--version").status() == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  private static Answer run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Answer(process.waitFor(), text);
  }

  private static Answer check(String cuda, String cudnn) throws IOException, InterruptedException {
    return run("bash", "check-headers.sh", cuda, cudnn);
  }

  private static Optional<Answer> checkInstalled() throws IOException, InterruptedException {
    Optional<Path> toolkit =
        Stream.of(System.getenv("CUDA_PATH"), System.getenv("CUDA_HOME"), "/usr/local/cuda")
            .filter(Objects::nonNull)
            .map(root -> Path.of(root, "include"))
            .filter(Files::isDirectory)
            .findFirst();
    if (toolkit.isEmpty()) {
      return Optional.empty();
    }
    String cuda = toolkit.get().toString();
    String cudnn =
        Stream.of(
                cuda,
                "/usr/include",
                "/usr/include/x86_64-linux-gnu",
                "/usr/include/aarch64-linux-gnu")
            .filter(CheckHeadersTest::hasCudnn9)
            .findFirst()
            .orElse("-");
    return Optional.of(check(cuda, cudnn));
  }

  private static boolean hasCudnn9(String folder) {
    try {
      String version = Files.readString(Path.of(folder, "cudnn_version.h"));
      return Pattern.compile("#define\\s+CUDNN_MAJOR\\s+9\\b").matcher(version).find();
    } catch (IOException absent) {
      return false;
    }
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void aHeaderAgreesWithTheInstalledToolkit(String header) {
    if (installed.isEmpty()) {
      leaveOut(
          header
              + " is not checked: no toolkit's headers are where CUDA_PATH or CUDA_HOME says, or in"
              + " /usr/local/cuda");
    }
    Answer answer = installed.orElseThrow();
    String line = answer.about(header);
    if (line.isEmpty() && header.equals("cudnn.h")) {
      leaveOut(header + " is not checked: cuDNN 9 is neither with the toolkit nor in /usr/include");
    }
    if (line.contains(" not checked: no ")) {
      leaveOut(line);
    }
    assertTrue(line.contains(" agrees with "), answer::text);
  }

  /** Puts the project's headers where the toolkit's are looked for. */
  private static void pretend(Path folder, String header, String replaced, String replacement)
      throws IOException {
    String text = Files.readString(Path.of("src", "main", "headers", header));
    assertTrue(text.contains(replaced), replaced);
    Files.writeString(folder.resolve(HEADERS.get(header)), text.replace(replaced, replacement));
  }

  @Test
  void equalHeadersAgree(@TempDir Path folder) throws Exception {
    for (String header : NAMES) {
      pretend(folder, header, "", "");
    }
    Answer answer = check(folder.toString(), folder.toString());
    assertEquals(0, answer.status(), answer::text);
    for (String header : NAMES) {
      assertTrue(answer.about(header).contains(" agrees with "), answer::text);
    }
  }

  @Test
  void anotherValueAnotherParameterAndAMissingFunctionAreFound(@TempDir Path folder)
      throws Exception {
    pretend(folder, "cudart.h", "cudaErrorNoDevice = 100", "cudaErrorNoDevice = 101");
    pretend(folder, "nvrtc.h", "nvrtcVersion(int *major", "nvrtcVersion(long *major");
    pretend(folder, "cuda_driver.h", "cuInit(", "cuInitialize(");
    pretend(folder, "cublaslt.h", "float wavesCount;", "double wavesCount;");
    Answer answer = check(folder.toString(), folder.toString());
    assertEquals(1, answer.status(), answer::text);
    for (String header : List.of("cudart.h", "nvrtc.h", "cuda_driver.h", "cublaslt.h")) {
      assertTrue(answer.about(header).contains(" DIFFERS from "), answer::text);
    }
    assertTrue(answer.text().contains("cudaErrorNoDevice"), answer::text);
    assertTrue(answer.about("cublas.h").contains(" not checked: no "), answer::text);
  }

  @Test
  void nothingToCompareWithIsNoAgreement(@TempDir Path folder) throws Exception {
    Answer answer = check(folder.toString(), folder.toString());
    assertEquals(2, answer.status(), answer::text);
  }
}
