package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernel.Availability;
import dev.lanewise.kernel.BackendProvider;
import dev.lanewise.kernel.Backends;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trains for a few steps, on bundled data and on a folder of random images. */
class TrainTest {
  private static final String THREADS = "lanewise.threads";

  @TempDir private Path dir;

  private String threadsBefore;

  @BeforeEach
  void rememberThreads() {
    threadsBefore = System.getProperty(THREADS);
  }

  @AfterEach
  void restoreThreads() {
    if (threadsBefore == null) {
      System.clearProperty(THREADS);
    } else {
      System.setProperty(THREADS, threadsBefore);
    }
  }

  @Test
  void digitsAreLearned() {
    List<String> lines = Cli.run("train digits --epochs 2 --batch 32").assertFine().outLines();
    assertTrue(lines.getFirst().matches("simd: \\d+-bit vectors, \\d+ threads?"), lines.getFirst());
    assertTrue(lines.stream().anyMatch(line -> line.contains("Total params: 9,610")));
    assertTrue(lines.stream().anyMatch(line -> line.startsWith("Epoch 2/2")));
    int last = lines.size() - 1;
    assertTrue(number("test accuracy (0\\.\\d{4})", lines.get(last - 1)) > 0.8);
    assertTrue(number("time (\\d+\\.\\d\\d) s", lines.get(last)) > 0);
  }

  @Test
  @Tag("sweep")
  void digitsAreLearnedWellByDefault() {
    List<String> lines = Cli.run("train digits").assertFine().outLines();
    assertTrue(number("test accuracy (0\\.\\d{4})", lines.get(lines.size() - 2)) >= 0.96);
  }

  @Test
  void theSameSeedGivesTheSameResult() {
    String line = "train digits --epochs 1 --batch 128 --seed ";
    assertEquals(result(line + 7), result(line + 7));
    assertTrue(!result(line + 7).equals(result(line + 8)));
  }

  @Test
  void stepsAsGraphsGiveTheSameResult() {
    String line = "train digits --epochs 2 --batch 100 --seed 3";
    assertEquals(result(line), result(line + " --jit"));
  }

  /** The epoch's line without its times, and the accuracy. */
  private static List<String> result(String line) {
    return Cli.run(line)
        .assertFine()
        .out()
        .lines()
        .filter(text -> text.startsWith("Epoch") || text.startsWith("test accuracy"))
        .map(text -> text.replaceAll(" - .*?/step", ""))
        .toList();
  }

  /** One worker less than threads: the thread that calls computes too. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void theNumberOfThreadsIsHandedToTheBackend(int threads) throws Exception {
    String line = "train digits --epochs 1 --batch 1024 --threads " + threads;
    ChildJvm child = ChildJvm.run(line);
    assertEquals(0, child.status(), child.output());
    assertTrue(child.output().contains("-bit vectors, " + threads + " thread"), child.output());
    assertEquals(threads - 1, child.workers(), child.output());
  }

  @ParameterizedTest
  @ValueSource(strings = {"lanewise.threads", "lanewise.simd.bits"})
  void aWrongSystemPropertyIsAFailureThatNamesIt(String property) throws Exception {
    ChildJvm child = ChildJvm.run("train digits --epochs 1", "-D" + property + "=7x");
    assertEquals(2, child.status(), child.output());
    List<String> complaints =
        child.output().lines().filter(text -> !text.startsWith("WARNING: ")).toList();
    assertEquals(1, complaints.size(), child.output());
    String text = complaints.getFirst();
    assertTrue(text.startsWith("lanewise: " + property + ": ") && text.contains("'7x'"), text);
  }

  @Test
  void theReferenceBackendHasNoThreadsToChoose() {
    String line = "train digits --backend reference --threads 2";
    String text = Cli.run(line).assertComplaint(2);
    assertTrue(text.contains("'--threads' is not for 'reference', only for 'simd'"));
  }

  @Test
  void theBackendIsAskedForBeforeTheImagesAreRead() {
    String text = trainHere("--backend", "reference", "--threads", "2").assertComplaint(2);
    assertTrue(text.contains("'--threads'"), text);
  }

  @Test
  void theBackendIsTheOneAskedFor() {
    String out =
        Cli.run("train digits --epochs 1 --batch 2048 --backend reference").assertFine().out();
    assertTrue(out.startsWith("reference: plain Java loops"), out);
  }

  @Test
  void devicesHaveTheNamesThatUsersOfOtherSystemsKnow() {
    String line = "train digits --epochs 1 --batch 1024 --device ";
    String simd = Cli.run(line + "cpu").assertFine().outLines().getFirst();
    assertTrue(simd.startsWith("simd: "), simd);
    assertEquals(simd, Cli.run(line + "auto").assertFine().outLines().getFirst());
  }

  @Test
  void aNamedDefaultThatCannotRunIsToldWithoutATrace() throws Exception {
    if (Backends.providers().getLast().availability() instanceof Availability.Unavailable) {
      String name = Backends.providers().getLast().name();
      ChildJvm child = ChildJvm.run("train digits --epochs 1", "-Dlanewise.backend=" + name);
      assertEquals(2, child.status(), child.output());
      String text = child.output();
      assertTrue(text.contains("lanewise: backend '" + name + "' is unavailable, because "), text);
      assertTrue(!text.contains("\tat "), text);
    }
  }

  @Test
  void aWrongPropertyOfTheDeviceIsAWrongArgument() throws Exception {
    // In a JVM of its own: the answer for a device is kept.
    ChildJvm child = ChildJvm.run("train digits --device gpu", "-Dlanewise.cuda.device=x");
    assertEquals(2, child.status(), child.output());
    String text = child.output();
    assertTrue(text.contains("lanewise.cuda.device: 'x' is no device; give its number"), text);
    assertTrue(!text.contains("\tat "), text);
  }

  @Test
  void aNumberBehindADeviceIsToldHowToBeGiven() {
    for (String name : List.of("cuda:7", "cuda:0", "GPU:x", "gpu:")) {
      String text = Cli.run("train digits --device " + name).assertComplaint(2);
      assertTrue(text.contains("-Dlanewise.cuda.device=NUMBER"), text);
    }
    String other = Cli.run("train digits --device simd:0").assertComplaint(2);
    assertTrue(other.contains("backend 'simd:0' is not known; there are simd"), other);
  }

  @Test
  void withoutAGpuOnlyWhatCannotRunIsNamed() {
    if (Backends.providers().getLast().availability() instanceof Availability.Unavailable reason) {
      String text = Cli.run("train digits --device gpu").assertComplaint(2);
      String name = Backends.providers().getLast().name();
      String why = "no backend that computes in memory of its own can run here: ";
      assertTrue(text.contains(why + name + " is " + reason + "; or take \"auto\""), text);
      assertEquals(text, Cli.run("train digits --device GPU").assertComplaint(2));
    }
  }

  @Test
  void aBackendThatCannotRunIsAFailureWithItsCure() {
    for (BackendProvider provider : Backends.providers()) {
      if (provider.availability() instanceof Availability.Unavailable reason) {
        for (String option : List.of("--device ", "--backend ")) {
          String text = Cli.run("train digits " + option + provider.name()).assertComplaint(2);
          assertTrue(text.endsWith(reason.toString()), text);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "cnn"})
  void fashionMnistIsTrained(String model) throws IOException {
    writeImages(false);
    List<String> lines = trainHere("--model", model, "--epochs", "3").assertFine().outLines();
    assertTrue(lines.stream().anyMatch(line -> line.startsWith("Epoch 3/3")));
    int last = lines.size() - 1;
    assertTrue(number("epoch seconds (\\d+\\.\\d{3})", lines.get(last - 1)) >= 0);
    double accuracy = number("test accuracy (\\d\\.\\d{4})", lines.get(last));
    assertTrue(accuracy >= 0 && accuracy <= 1);
  }

  @Test
  void compressedFilesAreReadAndEpochsHaveADefault() throws IOException {
    writeImages(true);
    String out = trainHere().assertFine().out();
    assertTrue(out.contains("Epoch 5/5"), out);
  }

  @Test
  void theDefaultOfTheCnnIsOneEpoch() throws IOException {
    writeImages(true);
    String out = trainHere("--model", "cnn").assertFine().out();
    assertTrue(out.contains("Epoch 1/1") && out.contains("421,642"), out);
  }

  @Test
  void epochsAreTimedInTurnWithWhoeverTrains() throws IOException {
    writeImages(false);
    String args = "bench --train --filter ^fashion-mlp --epochs 2 --data-dir " + dir;
    List<String> lines = Cli.run(args).assertFine().outLines();
    assertTrue(lines.contains("fashion-mlp batch 64, 40 samples"), lines.toString());
    assertEquals(2, lines.stream().filter(line -> line.matches("[12] +\\d+\\.\\d{3} s")).count());
    String last = "Lanewise +upper quartile \\S+ s, median \\S+ s, best \\S+ s, loss \\d\\.\\d{4}";
    assertTrue(lines.getLast().matches(last), lines.getLast());
  }

  @Test
  void absentDataNamesPackageAndOption() {
    for (Cli cli : List.of(trainHere(), Cli.run("bench --train --data-dir " + dir))) {
      assertTrue(cli.assertComplaint(1).contains("dataset-fashion-mnist"), cli.err());
    }
    String text = trainHere().assertComplaint(1);
    assertTrue(text.contains("dataset-fashion-mnist") && text.contains("--data-dir"), text);
    assertTrue(text.contains(dir.resolve("train-images-idx3-ubyte").toString()), text);
  }

  @Test
  void aTruncatedFileIsNamed() throws IOException {
    writeImages(false);
    Path images = dir.resolve("t10k-images-idx3-ubyte");
    byte[] whole = Files.readAllBytes(images);
    Files.write(images, java.util.Arrays.copyOf(whole, whole.length - 100));
    String text = trainHere().assertComplaint(1);
    assertTrue(text.contains("t10k-images-idx3-ubyte"), text);
  }

  private Cli trainHere(String... more) {
    String[] args = {"train", "fashion-mnist", "--batch", "16", "--data-dir", dir.toString()};
    String[] all = java.util.Arrays.copyOf(args, args.length + more.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    return Cli.runWith(all);
  }

  private void writeImages(boolean compressed) throws IOException {
    writeSamples("train", 40, compressed);
    writeSamples("t10k", 20, compressed);
  }

  private void writeSamples(String name, int count, boolean compressed) throws IOException {
    var random = new Random(count);
    ByteBuffer images = ByteBuffer.allocate(16 + count * 784);
    images.putInt(0x803).putInt(count).putInt(28).putInt(28);
    ByteBuffer labels = ByteBuffer.allocate(8 + count);
    labels.putInt(0x801).putInt(count);
    for (int i = 0; i < count; i++) {
      byte[] pixels = new byte[784];
      random.nextBytes(pixels);
      images.put(pixels);
      labels.put((byte) (i % 10));
    }
    write(name + "-images-idx3-ubyte", images.array(), compressed);
    write(name + "-labels-idx1-ubyte", labels.array(), compressed);
  }

  private void write(String name, byte[] bytes, boolean compressed) throws IOException {
    if (!compressed) {
      Files.write(dir.resolve(name), bytes);
      return;
    }
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(dir.resolve(name + ".gz")))) {
      out.write(bytes);
    }
  }

  private static double number(String pattern, String line) {
    Matcher matcher = Pattern.compile(pattern).matcher(line);
    assertTrue(matcher.matches(), line);
    return Double.parseDouble(matcher.group(1));
  }

  @Test
  void theTypicalEpochIsTheMedianWithoutTheFirst() {
    assertEquals(9, new Training.Outcome(0, List.of(9.0)).typicalSeconds());
    assertEquals(4, new Training.Outcome(0, List.of(9.0, 4.0)).typicalSeconds());
    assertEquals(3, new Training.Outcome(0, List.of(9.0, 4.0, 2.0)).typicalSeconds());
    assertEquals(4, new Training.Outcome(0, List.of(9.0, 5.0, 2.0, 4.0)).typicalSeconds());
  }
}
