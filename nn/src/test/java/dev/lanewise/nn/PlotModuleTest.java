package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChart;

/** The module with the libraries that draw and without: it can use them, and does without. */
class PlotModuleTest {
  private static final String PROGRAM =
      """
      import dev.lanewise.nn.plot.*;

      void main() {
        var plot = Plots.xy().curve("squared", x -> x * x, -1, 1);
        IO.println(bytes(plot::png) + "; " + bytes(plot::svg));
      }

      String bytes(java.util.function.Supplier<byte[]> picture) {
        try {
          return picture.get().length > 1000 ? "drawn" : "empty";
        } catch (IllegalStateException e) {
          return e.getMessage();
        }
      }
      """;

  @TempDir private Path folder;

  @Test
  void drawsWithTheLibraries() throws Exception {
    String path = with(with(ModulePath.get(), XYChart.class), VectorGraphics2D.class);

    assertEquals("drawn; drawn\n", run(path, ",xchart,VectorGraphics2D"));
  }

  @Test
  void svgAloneNeedsVectorGraphics() throws Exception {
    String missing =
        """
        drawn; Plots: SVG files need the library VectorGraphics2D, which is not there; add its jar \
        (in Maven de.erichseifert.vectorgraphics2d:VectorGraphics2D) to the module path, and start \
        Java with --add-modules VectorGraphics2D
        """;

    assertEquals(missing, run(with(ModulePath.get(), XYChart.class), ",xchart"));
  }

  @Test
  void saysWhatIsMissing() throws Exception {
    String missing =
        "Plots: pictures need the library XChart, which is not there; add its jar (in Maven"
            + " org.knowm.xchart:xchart) to the module path, and start Java with --add-modules"
            + " xchart";

    assertEquals(missing + "; " + missing + "\n", run(ModulePath.get(), ""));
  }

  private static String with(String modulePath, Class<?> type) throws Exception {
    Path jar = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    return modulePath + File.pathSeparator + jar;
  }

  private String run(String modulePath, String more) throws IOException, InterruptedException {
    Path program = Files.writeString(folder.resolve("Picture.java"), PROGRAM);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.awt.headless=true",
                "--module-path",
                modulePath,
                "--add-modules=dev.lanewise.nn" + more,
                "--enable-native-access=dev.lanewise.kernels",
                program.toString())
            .redirectError(Redirect.INHERIT)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }
}
