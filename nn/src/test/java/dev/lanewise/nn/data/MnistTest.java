package dev.lanewise.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.io.FileFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders laid out like MNIST: whole, incomplete and damaged ones, generated here. */
class MnistTest {
  private static final String TRAIN_IMAGES = "train-images-idx3-ubyte";
  private static final String TRAIN_LABELS = "train-labels-idx1-ubyte";
  private static final String TEST_IMAGES = "t10k-images-idx3-ubyte";
  private static final String TEST_LABELS = "t10k-labels-idx1-ubyte";
  private static final List<String> FILES =
      List.of(TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS);

  @TempDir private Path dir;

  private final byte[] trainPixels = new byte[30 * 784];
  private final byte[] testPixels = new byte[20 * 784];

  @BeforeEach
  void writeAWholeFolder() throws IOException {
    var random = new Random(3);
    random.nextBytes(trainPixels);
    random.nextBytes(testPixels);
    write(TRAIN_IMAGES, IdxBytes.of(0x08, new int[] {30, 28, 28}, trainPixels));
    write(TRAIN_LABELS, IdxBytes.of(0x08, new int[] {30}, labels(30)));
    write(TEST_IMAGES, IdxBytes.of(0x08, new int[] {20, 28, 28}, testPixels));
    write(TEST_LABELS, IdxBytes.of(0x08, new int[] {20}, labels(20)));
  }

  @Test
  void readsAWholeFolder() throws IOException {
    assertWhole(FashionMnist.load(dir));
    assertWhole(Mnist.load(dir));
  }

  @Test
  void readsCompressedFiles() throws IOException {
    for (String name : FILES) {
      Path plain = dir.resolve(name);
      write(name + ".gz", IdxBytes.gzip(Files.readAllBytes(plain)));
      Files.delete(plain);
      assertWhole(FashionMnist.load(dir));
    }
  }

  @Test
  void theTwoDifferInTheNamesOfTheirClasses() throws IOException {
    assertEquals(
        List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
        Mnist.load(dir).train().classNames());
    assertEquals(
        List.of(
            "T-shirt/top",
            "Trouser",
            "Pullover",
            "Dress",
            "Coat",
            "Sandal",
            "Shirt",
            "Sneaker",
            "Bag",
            "Ankle boot"),
        FashionMnist.load(dir).test().classNames());
  }

  @Test
  void aMissingFileNamesPackageAndOption() throws IOException {
    for (String name : FILES) {
      Path file = dir.resolve(name);
      byte[] content = Files.readAllBytes(file);
      Files.delete(file);

      var error = assertThrows(NoSuchFileException.class, () -> FashionMnist.load(dir));

      assertEquals(
          file
              + ": no such file, nor with .gz; install Debian's package dataset-fashion-mnist, or"
              + " name their folder: load(dir), --data-dir on the command line",
          error.getMessage());
      assertEquals(
          file
              + ": no such file, nor with .gz; get the four files of MNIST, or name their folder:"
              + " load(dir), --data-dir on the command line",
          assertThrows(NoSuchFileException.class, () -> Mnist.load(dir)).getMessage());
      Files.write(file, content);
    }
  }

  @Test
  void theInstalledFolderIsFoundOrTheErrorSaysHowToGetIt() throws IOException {
    Optional<Path> found = FashionMnist.find();

    if (found.isPresent()) {
      assertEquals(FashionMnist.DEFAULT_DIR, found.get());
      TrainTestSplit fashion = FashionMnist.load();
      int[] each = new int[10];
      Arrays.fill(each, 6000);
      assertArrayEquals(each, fashion.train().classCounts());
      Arrays.fill(each, 1000);
      assertArrayEquals(each, fashion.test().classCounts());
    } else {
      var error = assertThrows(NoSuchFileException.class, FashionMnist::load);
      assertTrue(error.getMessage().contains("dataset-fashion-mnist"));
    }
  }

  @Test
  void everyShortFileIsNamed() throws IOException {
    for (String name : FILES) {
      byte[] content = Files.readAllBytes(dir.resolve(name));
      write(name, Arrays.copyOf(content, content.length - 1));

      var error = assertThrows(FileFormatException.class, () -> FashionMnist.load(dir));

      assertEquals(dir.resolve(name).toString(), error.file());
      assertEquals(content.length - 1, error.offset());
      write(name, content);
    }
  }

  @Test
  void countsOfLabelsAndImagesMustAgree() throws IOException {
    write(TEST_LABELS, IdxBytes.of(0x08, new int[] {19}, labels(19)));

    assertError(
        TEST_LABELS, 4, "20 labels, one for each image of " + dir.resolve(TEST_IMAGES), "19");
  }

  @Test
  void labelsMustBeBelowTen() throws IOException {
    byte[] labels = labels(30);
    labels[17] = 10;
    labels[20] = (byte) 255;
    write(TRAIN_LABELS, IdxBytes.of(0x08, new int[] {30}, labels));
    assertError(TRAIN_LABELS, 8 + 17, "a label from 0 to 9", "10");

    labels[17] = 9;
    write(TRAIN_LABELS, IdxBytes.of(0x08, new int[] {30}, labels));
    assertError(TRAIN_LABELS, 8 + 20, "a label from 0 to 9", "255");
  }

  @Test
  void imagesMustBe28By28() throws IOException {
    write(TRAIN_IMAGES, IdxBytes.of(0x08, new int[] {30, 27, 28}, new byte[30 * 27 * 28]));
    assertError(TRAIN_IMAGES, 8, "images of 28 x 28", "27 x 28");

    write(TRAIN_IMAGES, IdxBytes.of(0x08, new int[] {30, 28, 32}, new byte[30 * 28 * 32]));
    assertError(TRAIN_IMAGES, 12, "images of 28 x 28", "28 x 32");
  }

  @Test
  void thereMustBeImages() throws IOException {
    write(TRAIN_IMAGES, IdxBytes.header(0x08, 0, 28, 28));
    write(TRAIN_LABELS, IdxBytes.header(0x08, 0));

    assertError(TRAIN_IMAGES, 4, "at least one image", "none");
  }

  @Test
  void filesMustHaveTheRightTypeAndRank() throws IOException {
    write(TEST_LABELS, IdxBytes.of(0x0C, new int[] {20}, new int[20]));
    assertError(TEST_LABELS, 2, "elements of type UBYTE", "INT");

    write(TEST_LABELS, IdxBytes.of(0x08, new int[] {20, 1}, labels(20)));
    assertError(TEST_LABELS, 3, "1 dimension", "2");

    write(TEST_LABELS, IdxBytes.of(0x08, new int[] {20}, labels(20)));
    write(TEST_IMAGES, IdxBytes.of(0x08, new int[] {20, 784}, testPixels));
    assertError(TEST_IMAGES, 3, "3 dimensions", "2");
  }

  private void assertWhole(TrainTestSplit data) {
    assertArrayEquals(new int[] {30, 28, 28}, data.train().shape());
    assertArrayEquals(new int[] {20, 28, 28}, data.test().shape());
    assertPart(trainPixels, data.train());
    assertPart(testPixels, data.test());
  }

  private static void assertPart(byte[] pixels, LabeledDataset part) {
    for (int i = 0; i < pixels.length; i++) {
      assertEquals(Byte.toUnsignedInt(pixels[i]) / 255f, part.features()[i]);
    }
    for (int i = 0; i < part.size(); i++) {
      assertEquals(i % 10, part.labels()[i]);
    }
  }

  private void assertError(String name, long offset, String expected, String found) {
    for (boolean fashion : new boolean[] {true, false}) {
      var error =
          assertThrows(
              FileFormatException.class,
              () -> {
                TrainTestSplit data = fashion ? FashionMnist.load(dir) : Mnist.load(dir);
                throw new AssertionError(data);
              });
      assertEquals(
          dir.resolve(name) + ": at byte " + offset + ": expected " + expected + ", found " + found,
          error.getMessage());
    }
  }

  private void write(String name, byte[] content) throws IOException {
    Files.write(dir.resolve(name), content);
  }

  private static byte[] labels(int count) {
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) (i % 10);
    }
    return labels;
  }
}
