package dev.lanewise.nn.data;

import dev.lanewise.io.FileFormatException;
import dev.lanewise.nn.data.ImageOptions.Size;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** An image file, which Java's own decoders read. Only who has {@code java.desktop} loads this. */
final class ImageFile implements AutoCloseable {
  /** What reads something of a file. */
  private interface Reading<T> {
    T read() throws IOException;
  }

  private final Path file;
  private final InputStream bytes;
  private final ImageReader reader;

  /** Whether the decoder has only noted that a file ends too early, and filled it up. */
  private boolean truncated;

  private ImageFile(Path file, InputStream bytes, ImageReader reader) {
    this.file = file;
    this.bytes = bytes;
    this.reader = reader;
  }

  /**
   * {@return an open file, of a format that its first bytes tell}
   *
   * @param file which
   * @throws FileFormatException if no decoder knows the format
   * @throws IOException if it cannot be read
   */
  static ImageFile open(Path file) throws IOException {
    InputStream bytes = Files.newInputStream(file);
    ImageInputStream in = new MemoryCacheImageInputStream(bytes);
    Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
    if (!readers.hasNext()) {
      bytes.close();
      throw new FileFormatException(
          file.toString(), 0, "an image in PNG, JPEG, BMP or GIF", "bytes of another kind");
    }
    ImageFile image = new ImageFile(file, bytes, readers.next());
    image.reader.setInput(in, true, true);
    image.reader.addIIOReadWarningListener((IIOReadWarningListener) image::warned);
    return image;
  }

  private void warned(ImageReader source, String warning) {
    // libjpeg, in Java's decoder, fills up what is missing and says so in these words.
    truncated |= warning.toLowerCase(Locale.ROOT).contains("premature end");
  }

  /**
   * {@return the extents that the header tells}
   *
   * @param maxPixels how many pixels there may be
   * @throws FileFormatException if there are more, or none, or if the header is damaged
   */
  Size size(long maxPixels) throws FileFormatException {
    int height = attempt("its header", () -> reader.getHeight(0));
    int width = attempt("its header", () -> reader.getWidth(0));
    long pixels = (long) height * width;
    if (height < 1 || width < 1 || pixels > Math.min(maxPixels, Integer.MAX_VALUE - 8)) {
      throw new FileFormatException(
          file.toString(),
          "its header",
          "an image of 1 to %d pixels (see withMaxPixels)".formatted(maxPixels),
          "height %d and width %d".formatted(height, width));
    }
    return new Size(height, width);
  }

  /**
   * {@return the pixels {@code [h * w]} of each channel, from 0 to 1}
   *
   * @param grayscale whether there shall be one channel, else three
   * @throws FileFormatException if they cannot be decoded
   */
  float[][] channels(boolean grayscale) throws FileFormatException {
    BufferedImage image = attempt("its pixels", () -> reader.read(0));
    if (truncated) {
      throw new FileFormatException(
          file.toString(), "its pixels", "all of them", "the end of the file");
    }
    if (!(image.getColorModel() instanceof IndexColorModel)
        && image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY) {
      float[] gray = gray(image.getRaster());
      return grayscale ? new float[][] {gray} : new float[][] {gray, gray, gray};
    }
    return colors(image, grayscale);
  }

  /**
   * {@return the numbers as they are in the file} By getRGB they would be taken for linear light,
   * and come out brighter than every other program has them.
   */
  private static float[] gray(Raster raster) {
    int width = raster.getWidth();
    float[] gray = new float[width * raster.getHeight()];
    int[] row = new int[width];
    float white = (1 << raster.getSampleModel().getSampleSize(0)) - 1;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(0, y, width, 1, 0, row);
      for (int x = 0; x < width; x++) {
        gray[y * width + x] = row[x] / white;
      }
    }
    return gray;
  }

  private static float[][] colors(BufferedImage image, boolean grayscale) {
    int width = image.getWidth();
    int size = width * image.getHeight();
    float[][] channels = new float[grayscale ? 1 : 3][size];
    int[] row = new int[width];
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int x = 0; x < width; x++) {
        int red = row[x] >> 16 & 0xff;
        int green = row[x] >> 8 & 0xff;
        int blue = row[x] & 0xff;
        int at = y * width + x;
        if (grayscale) {
          channels[0][at] = (float) ((0.299 * red + 0.587 * green + 0.114 * blue) / 255);
        } else {
          channels[0][at] = red / 255f;
          channels[1][at] = green / 255f;
          channels[2][at] = blue / 255f;
        }
      }
    }
    return channels;
  }

  /** Reads something; what a damaged file makes the decoder throw becomes one kind of error. */
  private <T> T attempt(String place, Reading<T> reading) throws FileFormatException {
    try {
      return reading.read();
    } catch (IOException | RuntimeException e) {
      // Java's decoders meet damaged files with unchecked exceptions of many kinds as well.
      boolean ended = e instanceof EOFException || e.getCause() instanceof EOFException;
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new FileFormatException(
          file.toString(),
          place,
          "an image that Java can decode",
          ended ? "the end of the file" : "a damaged or unusual one (" + reason + ")",
          e);
    }
  }

  @Override
  public void close() throws IOException {
    reader.dispose();
    bytes.close();
  }
}
