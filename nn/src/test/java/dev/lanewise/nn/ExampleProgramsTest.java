package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Runs the programs of {@code examples} as a newcomer does: from source, on the module path. */
class ExampleProgramsTest {
  @Test
  void firstNetwork() throws Exception {
    String output = run("FirstNetwork.java");
    Matcher accuracy =
        Pattern.compile("never seen: loss: [0-9.]+ - accuracy: ([0-9.]+)").matcher(output);
    assertTrue(accuracy.find(), output);
    assertTrue(Double.parseDouble(accuracy.group(1)) >= 0.95, output);
    assertTrue(output.contains("Epoch 20/20"), output);
    assertTrue(output.contains("Total params: 4,810"), output);
  }

  private static String run(String example) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--module-path",
                ModulePath.get(),
                "--add-modules",
                "dev.lanewise.nn",
                "--enable-native-access=dev.lanewise.kernels",
                Path.of("examples", example).toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }
}
