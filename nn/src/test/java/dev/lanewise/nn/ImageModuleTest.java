package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Java without its module for images: the rest of the library does not need it. */
class ImageModuleTest {
  private static final String PROGRAM =
      """
      import java.nio.file.Path;
      import dev.lanewise.nn.data.*;

      void main(String[] args) throws Exception {
        IO.println(Iris.load());
        try {
          IO.println(ImageFolder.load(Path.of(args[0])));
        } catch (IllegalStateException | java.io.IOException e) {
          IO.println(e.getMessage());
        }
      }
      """;

  @TempDir private Path folder;

  @Test
  void saysWhatIsMissing() throws Exception {
    assertEquals(
        """
        [150, 4], 3 classes
        ImageFolder: images need the module java.desktop, which is not there; start Java with \
        --add-modules java.desktop, on a Java that has it
        """,
        run("--limit-modules=dev.lanewise.nn,jdk.compiler", "--add-modules=dev.lanewise.nn"));
  }

  @Test
  void theOptionIsTheCure() throws Exception {
    assertEquals(
        """
        [150, 4], 3 classes
        %s: at its folders: expected one for each class, with its images, found none
        """
            .formatted(folder),
        run("--add-modules=dev.lanewise.nn,java.desktop"));
  }

  private String run(String... options) throws IOException, InterruptedException {
    Path program = Files.writeString(folder.resolve("Images.java"), PROGRAM);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--module-path", ModulePath.get()));
    command.addAll(List.of(options));
    command.add("--enable-native-access=dev.lanewise.kernels");
    command.addAll(List.of(program.toString(), folder.toString()));
    Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }
}
