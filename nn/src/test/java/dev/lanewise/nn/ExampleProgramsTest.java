package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChart;

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

  @Test
  void tensors() throws Exception {
    String output = run("Tensors.java");
    for (String part :
        List.of(
            "Tensor([[1. 2.]\n        [3. 4.]], f32 [2, 2])",
            "a · a, the product of matrices\nTensor([[ 30.  36.  42.]",
            "where each row is largest\nTensor([2 2], i64 [2])",
            "a row with the sum 26.0",
            "summed in place\nTensor([5. 7. 9.], f32 [3])",
            "Tensor([False False False  True  True], bool [5])")) {
      assertTrue(output.contains(part), part + " is not in " + output);
    }
  }

  /** The losses are those that NumPy's numbers give in f32, to the digit. */
  @Test
  void gradients() throws Exception {
    String output = run("Gradients.java");
    assertTrue(output.contains("step 0: [0.6, -0.4]"), output);
    double[] byBatches = {
      94.5247, 9.3428, 1.4166, 0.5224, 0.3807, 0.3495, 0.3413, 0.3390, 0.3384, 0.3382
    };
    double[] byAll = {
      173.4585, 13.8459, 4.5407, 3.7364, 3.4334, 3.1790, 2.9458, 2.7311, 2.5332, 2.3508
    };
    for (int epoch = 0; epoch < 10; epoch++) {
      String last = "epoch %d: last batch loss = %.4f\n".formatted(epoch, byBatches[epoch]);
      assertTrue(output.contains(last), last + " is not in " + output);
      String loss = "epoch %d: loss = %.4f\n".formatted(epoch, byAll[epoch]);
      assertTrue(output.contains(loss), loss + " is not in " + output);
    }
    assertTrue(output.contains("found y = 1.861678 x +1.071096"), output);
    assertTrue(output.contains("so far y = 3.38348"), output);
    Matcher right = Pattern.compile("never seen: (\\d+) %").matcher(output);
    assertTrue(right.find() && Integer.parseInt(right.group(1)) >= 90, output);
    // Fifteen steps of gradient descent are 1 − 0.8¹⁵ of the way.
    Matcher end = Pattern.compile("step 14: \\[(\\S+), (\\S+)]").matcher(output);
    assertTrue(end.find(), output);
    assertEquals(3 * (1 - Math.pow(0.8, 15)), Double.parseDouble(end.group(1)), 1e-6);
    assertEquals(-2 * (1 - Math.pow(0.8, 15)), Double.parseDouble(end.group(2)), 1e-6);
  }

  @Test
  void saveAndLoad() throws Exception {
    String output = run("SaveAndLoad.java");
    Matcher scores = Pattern.compile("(?m)^(?:after 5 epochs|loaded): +(.*)$").matcher(output);
    assertTrue(scores.find(), output);
    String before = scores.group(1);
    assertTrue(scores.find(), output);
    assertEquals(before, scores.group(1));
    assertTrue(output.contains("the two differ by 0.0\n"), output);
    assertTrue(output.contains("[dense/kernel, dense/bias, dense_1/kernel, dense_1/bias]"), output);
    assertTrue(output.contains("not f32 [64, 16]"), output);
  }

  /** The program itself throws if it does not learn. */
  @Test
  void lightningIntro() throws Exception {
    String output = run("LightningIntro.java").replace("\r\n", "\n");
    String table =
        """
          | Name   | Type  | Params
        ---------------------------
        0 | hidden | Dense | 30
        1 | output | Dense | 11
        ---------------------------
        41        Trainable params
        """;
    assertTrue(output.contains(table), output);
    assertTrue(output.contains("Epoch 30/30"), output);
    assertTrue(output.contains("Trainer.fit stopped: maxEpochs=30 reached"), output);
  }

  // The programs that follow throw by themselves if a network does not learn what it should.

  @Test
  void graphIntro(@TempDir Path folder) throws Exception {
    String output = run("GraphIntro.java", folder.toString());
    assertTrue(output.contains("what the passes did"), output);
    assertTrue(Files.readString(folder.resolve("step.dot")).contains("crossEntropyWithGradient"));
    assertTrue(Files.size(folder.resolve("steps.png")) > 1000);
  }

  @Test
  void kerasIntro(@TempDir Path folder) throws Exception {
    String output = run("KerasIntro.java", folder.toString());
    assertTrue(output.contains("Total params: 3 (12.00 B)"), output);
    assertTrue(output.contains("concatenate[0][0]"), output);
    assertPictures(
        folder,
        "one-neuron-boundary.png",
        "one-neuron.png",
        "two-layers-boundary.png",
        "two-layers.png");
  }

  @Test
  void overfitting(@TempDir Path folder) throws Exception {
    String output = run("Overfitting.java", folder.toString());
    assertTrue(output.contains("Overfitting: val_loss was best in epoch "), output);
    for (String cure : List.of("more data", "smaller model", "L2", "dropout", "early stopping")) {
      assertTrue(output.contains("\n" + cure + " "), cure + " is not in " + output);
    }
    assertPictures(
        folder,
        "1-five-points.png",
        "2-too-large-boundary.png",
        "2-too-large.png",
        "3-cures.png",
        "4-bias-and-variance.png");
  }

  @Test
  void irisLab(@TempDir Path folder) throws Exception {
    String output = run("IrisLab.java", folder.toString());
    assertTrue(output.contains("the network of 3 layers: Overfitting: "), output);
    assertPictures(folder, "confusion.png", "five-networks.png", "pairs.png");
  }

  /** On the bundled digits: Fashion-MNIST is not part of the project. */
  @Test
  void fashionMnistLab(@TempDir Path folder) throws Exception {
    String output = run("FashionMnistLab.java", "digits", folder.toString());
    assertTrue(output.contains("accuracy on pictures that were not learned from"), output);
    assertTrue(output.contains("right \\ predicted"), output);
    assertPictures(folder, "networks.png", "predictions.png", "samples.png");
  }

  private static void assertPictures(Path folder, String... names) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(
          List.of(names), files.map(file -> file.getFileName().toString()).sorted().toList());
    }
    for (String name : names) {
      BufferedImage picture = ImageIO.read(folder.resolve(name).toFile());
      assertTrue(picture.getWidth() >= 400 && picture.getHeight() >= 300, name);
    }
  }

  private static String run(String example, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--module-path",
                ModulePath.with(XYChart.class),
                "--add-modules",
                "dev.lanewise.nn,xchart",
                "--enable-native-access=dev.lanewise.kernels",
                Path.of("examples", example).toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }
}
