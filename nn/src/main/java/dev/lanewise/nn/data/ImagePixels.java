package dev.lanewise.nn.data;

import dev.lanewise.io.FileFormatException;
import dev.lanewise.nn.data.ImageOptions.Size;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The pixels of images of one size.
 *
 * @param values those of all images, row-major, {@code [n, c, h, w]}, from 0 to 1
 * @param sampleShape {@code [c, h, w]}
 */
record ImagePixels(float[] values, int[] sampleShape) {

  /**
   * {@return the pixels of some files}
   *
   * @param files at least one
   * @param options how they are read
   * @throws FileFormatException if a file is no whole image, or of a wrong size
   * @throws IOException if a file cannot be read
   */
  static ImagePixels read(List<Path> files, ImageOptions options) throws IOException {
    int channels = options.grayscale() ? 1 : 3;
    float[] values = {};
    Size size = null;
    int at = 0;
    for (Path file : files) {
      try (ImageFile image = ImageFile.open(file)) {
        Size own = image.size(options.maxPixels());
        if (size == null) {
          size = options.size().orElse(own);
          values = new float[length(files.size(), channels, size)];
        }
        if (options.size().isEmpty() && !own.equals(size)) {
          throw new FileFormatException(
              file.toString(),
              "its header",
              "%s as in %s (or images resized by withSize)".formatted(size, files.getFirst()),
              own.toString());
        }
        for (float[] channel : image.channels(options.grayscale())) {
          float[] resized =
              Resizing.resize(channel, own.height(), own.width(), size.height(), size.width());
          System.arraycopy(resized, 0, values, at, resized.length);
          at += resized.length;
        }
      }
    }
    return new ImagePixels(values, new int[] {channels, size.height(), size.width()});
  }

  private static int length(int images, int channels, Size size) {
    long pixels = (long) size.height() * size.width();
    if (pixels > (Integer.MAX_VALUE - 8L) / channels / images) {
      throw new IllegalArgumentException(
          "ImageFolder: %d images of %d channels of %s exceed one array; resize them by withSize"
              .formatted(images, channels, size));
    }
    return (int) (pixels * channels * images);
  }
}
