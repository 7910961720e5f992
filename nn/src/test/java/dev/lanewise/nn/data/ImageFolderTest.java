package dev.lanewise.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.io.FileFormatException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFolderTest {
  private static final int RED = 0xff0000;
  private static final int WHITE = 0xffffff;

  @TempDir private Path dir;
  private Path root;

  @BeforeEach
  void makeRoot() throws IOException {
    root = Files.createDirectory(dir.resolve("pets"));
  }

  @Test
  void classesAreFoldersAndSamplesFilesByName() throws IOException {
    write("dog/b.PNG", image(0x102030, 0x405060));
    write("dog/a.bmp", image(RED, WHITE));
    write("cat/more/c.gif", image(0, 0));
    Files.writeString(root.resolve("cat/notes.txt"), "no image");
    Files.writeString(root.resolve("cat/.hidden.png"), "no image");
    Files.writeString(root.resolve("readme.png"), "no image, and beside the classes");
    Files.createDirectory(root.resolve(".git"));

    LabeledDataset pets = ImageFolder.load(root);

    assertEquals(List.of("cat", "dog"), pets.classNames());
    assertArrayEquals(new int[] {3, 3, 1, 2}, pets.shape());
    assertArrayEquals(new int[] {0, 1, 1}, pets.labels());
    float[] expected = {
      0,
      0,
      0,
      0,
      0,
      0, //
      1,
      1,
      0,
      1,
      0,
      1, //
      0x10 / 255f,
      0x40 / 255f,
      0x20 / 255f,
      0x50 / 255f,
      0x30 / 255f,
      0x60 / 255f
    };
    assertArrayEquals(expected, pets.features());
  }

  @Test
  void coloursBecomeGrey() throws IOException {
    write("a/1.png", image(RED, 0x00ff00));
    write("a/2.png", image(0x0000ff, WHITE));

    LabeledDataset data = ImageFolder.load(root, ImageOptions.defaults().withGrayscale());

    assertArrayEquals(new int[] {2, 1, 1, 2}, data.shape());
    assertArrayEquals(new float[] {0.299f, 0.587f, 0.114f, 1}, data.features(), 1e-7f);
  }

  @ParameterizedTest
  @CsvSource({
    BufferedImage.TYPE_BYTE_GRAY + ", png, 255",
    BufferedImage.TYPE_USHORT_GRAY + ", png, 65535",
    BufferedImage.TYPE_BYTE_GRAY + ", bmp, 255",
    BufferedImage.TYPE_BYTE_GRAY + ", gif, 255"
  })
  void greyIsWhatTheFileSays(int type, String format, int white) throws IOException {
    BufferedImage gray = new BufferedImage(3, 1, type);
    gray.getRaster().setPixels(0, 0, 3, 1, new int[] {0, 100, white});
    write("a/1." + format, gray);

    LabeledDataset one = ImageFolder.load(root, ImageOptions.defaults().withGrayscale());
    LabeledDataset three = ImageFolder.load(root);

    float[] expected = {0, 100f / white, 1};
    assertArrayEquals(expected, one.features(), 1e-7f);
    assertArrayEquals(new int[] {1, 3, 1, 3}, three.shape());
    assertArrayEquals(expected, Arrays.copyOfRange(three.features(), 3, 6), 1e-7f);
  }

  @Test
  void transparencyIsPassedOver() throws IOException {
    BufferedImage clear = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
    clear.setRGB(0, 0, 0x01ff0000);
    write("a/1.png", clear);

    assertArrayEquals(new float[] {1, 0, 0}, ImageFolder.load(root).features());
  }

  @Test
  void jpegIsReadNearly() throws IOException {
    BufferedImage red = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 256; i++) {
      red.setRGB(i % 16, i / 16, RED);
    }
    write("a/1.jpg", red);

    float[] features = ImageFolder.load(root).features();

    assertEquals(1, features[0], 0.02);
    assertEquals(0, features[256], 0.02);
  }

  @Test
  void imagesAreResized() throws IOException {
    write("a/1.png", image(0, WHITE, 0, WHITE));
    write("a/2.png", image(RED));

    LabeledDataset data =
        ImageFolder.load(root, ImageOptions.defaults().withSize(2, 2).withGrayscale());

    assertArrayEquals(new int[] {2, 1, 2, 2}, data.shape());
    // Weights 3, 3, 1 of the triangle around the middle of the first two pixels, and so on.
    float[] expected = {3 / 7f, 4 / 7f, 3 / 7f, 4 / 7f, 0.299f, 0.299f, 0.299f, 0.299f};
    assertArrayEquals(expected, data.features(), 1e-6f);
  }

  @Test
  void differentSizesAreNamed() throws IOException {
    write("a/1.png", image(0, WHITE));
    write("b/2.png", image(RED));

    assertFormat(
        root.resolve("b/2.png")
            + ": at its header: expected 1 x 2 pixels as in "
            + root.resolve("a/1.png")
            + " (or images resized by withSize), found 1 x 1 pixels");
  }

  @Test
  void foldersWithoutImagesAreNamed() throws IOException {
    assertFormat(
        root + ": at its folders: expected one for each class, with its images, found none");
    write("a/1.png", image(RED));
    Files.createDirectories(root.resolve("b/deep"));
    assertFormat(
        root.resolve("b")
            + ": at its files: expected at least one image, named .png, .jpg, .jpeg, .bmp or .gif,"
            + " found none");
    Path file = root.resolve("a/1.png");
    var none = assertThrows(NoSuchFileException.class, () -> ImageFolder.load(root.resolve("x")));
    assertEquals(root.resolve("x") + ": no such folder; check the spelling", none.getMessage());
    var error = assertThrows(FileFormatException.class, () -> ImageFolder.load(file));
    assertTrue(error.getMessage().startsWith(file.toString()), error::getMessage);
  }

  @Test
  void filesThatAreNoImagesAreNamed() throws IOException {
    write("a/1.png", image(RED));
    Path file = Files.writeString(root.resolve("a/2.png"), "not an image");
    assertFormat(
        file
            + ": at byte 0: expected an image in PNG, JPEG, BMP or GIF, found bytes of another"
            + " kind");
    Files.write(file, new byte[0]);
    assertFormat(
        file
            + ": at byte 0: expected an image in PNG, JPEG, BMP or GIF, found bytes of another"
            + " kind");
  }

  /** Each prefix of a file is an error that names it: none is filled up in silence. */
  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "bmp", "gif"})
  void truncatedFilesAreNamed(String format) throws IOException {
    BufferedImage image = new BufferedImage(20, 20, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 400; i++) {
      image.setRGB(i % 20, i / 20, i * 7919 & WHITE);
    }
    Path file = write("a/1." + format, image);
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length * 0.9; length += 1 + length / 8) {
      Files.write(file, Arrays.copyOf(whole, length));
      var error =
          assertThrows(FileFormatException.class, () -> ImageFolder.load(root), "" + length);
      assertTrue(error.getMessage().startsWith(file + ": at "), error::getMessage);
    }
  }

  /** Whatever byte is damaged: an image of the right shape, or the one kind of error. */
  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "bmp", "gif"})
  void damagedFilesAreNamed(String format) throws IOException {
    Path file = write("a/1." + format, image(RED, WHITE, 0, 0x123456));
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= (byte) 0x95;
      Files.write(file, damaged);
      try {
        assertEquals(
            1, ImageFolder.load(root, ImageOptions.defaults().withMaxPixels(10_000)).size());
      } catch (FileFormatException e) {
        assertTrue(e.getMessage().startsWith(file.toString()), e::getMessage);
      }
    }
  }

  @Test
  void hugeImagesAreRefusedBeforeTheyAreDecoded() throws IOException {
    Path file = write("a/1.png", image(RED, WHITE));
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    // A PNG's width and height, in its first chunk, which a checksum follows.
    bytes.putInt(16, 60_000).putInt(20, 60_000);
    CRC32 sum = new CRC32();
    sum.update(bytes.array(), 12, 17);
    bytes.putInt(29, (int) sum.getValue());
    Files.write(file, bytes.array());
    assertFormat(
        file
            + ": at its header: expected an image of 1 to 67108864 pixels (see withMaxPixels),"
            + " found height 60000 and width 60000");
    write("a/1.png", image(RED, WHITE));
    ImageOptions small = ImageOptions.defaults().withMaxPixels(1);
    assertThrows(FileFormatException.class, () -> ImageFolder.load(root, small));
    assertEquals(1, ImageFolder.load(root, small.withMaxPixels(2)).size());
  }

  @Test
  void moreThanOneArrayHoldsIsRefused() throws IOException {
    write("a/1.png", image(RED));
    ImageOptions huge = ImageOptions.defaults().withSize(30_000, 30_000);
    SyntheticPointsTest.assertIllegal(
        "ImageFolder: 1 images of 3 channels of 30000 x 30000 pixels exceed one array; resize them"
            + " by withSize",
        () -> loadUnchecked(huge));
  }

  private void loadUnchecked(ImageOptions options) {
    try {
      assertNotNull(ImageFolder.load(root, options));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void linksStayInTheFolder() throws IOException {
    Path inside = write("a/1.png", image(RED));
    Path outside = Files.copy(inside, dir.resolve("secret.png"));
    Files.createSymbolicLink(root.resolve("a/2.png"), inside);
    assertEquals(2, ImageFolder.load(root).size());

    // The folder itself may be reached by a link.
    Path entrance = Files.createSymbolicLink(dir.resolve("entrance"), root);
    assertEquals(2, ImageFolder.load(entrance).size());

    Path link = Files.createSymbolicLink(root.resolve("a/3.png"), outside);
    assertFormat(link, "found a symbolic link out of it, to " + outside.toRealPath());
    Files.delete(link);
    Files.createSymbolicLink(link, dir.resolve("nothing"));
    assertFormat(link, "found a symbolic link to nothing");
    Files.delete(link);
    Path circle = Files.createSymbolicLink(root.resolve("a/circle"), root);
    assertFormat(circle, "found a symbolic link to a folder");
    Files.delete(circle);
    Path foreign = Files.createSymbolicLink(root.resolve("b"), dir);
    assertFormat(foreign, "found a symbolic link out of it, to " + dir.toRealPath());
  }

  @Test
  void wrongOptionsAreNamed() {
    ImageOptions options = ImageOptions.defaults();
    SyntheticPointsTest.assertIllegal(
        "ImageOptions: height and width must be at least 1, in one Java array, not 0 and 5",
        () -> options.withSize(0, 5));
    SyntheticPointsTest.assertIllegal(
        "ImageOptions: at least 1 pixel must be allowed, not 0", () -> options.withMaxPixels(0));
  }

  private void assertFormat(String message) {
    assertEquals(
        message,
        assertThrows(FileFormatException.class, () -> ImageFolder.load(root)).getMessage());
  }

  private void assertFormat(Path file, String end) {
    var error = assertThrows(FileFormatException.class, () -> ImageFolder.load(root));
    assertTrue(error.getMessage().startsWith(file + ": at its name"), error::getMessage);
    assertTrue(error.getMessage().endsWith(end), error::getMessage);
  }

  /** {@return an image of one row} */
  private static BufferedImage image(int... colours) {
    BufferedImage image = new BufferedImage(colours.length, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, colours.length, 1, colours, 0, colours.length);
    return image;
  }

  private Path write(String name, BufferedImage image) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.deleteIfExists(file);
    String format = name.substring(name.lastIndexOf('.') + 1);
    assertTrue(ImageIO.write(image, format, file.toFile()), name);
    return file;
  }
}
