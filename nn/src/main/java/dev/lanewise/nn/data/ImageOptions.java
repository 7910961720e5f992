package dev.lanewise.nn.data;

import java.util.Objects;
import java.util.Optional;

/**
 * How images are read from files. Immutable: each method gives changed options.
 *
 * {@snippet :
 * import dev.lanewise.nn.data.ImageFolder;
 * import dev.lanewise.nn.data.ImageOptions;
 * import java.nio.file.Path;
 *
 * void main(String[] args) throws Exception {
 *   var options = ImageOptions.defaults().withSize(64, 64).withGrayscale();
 *   IO.println(ImageFolder.load(Path.of(args[0]), options)); // [n, 1, 64, 64], …
 * }
 * }
 *
 * @param size to what images are resized; nothing if they are taken as they are
 * @param grayscale whether they get one channel instead of three
 * @param maxPixels how many pixels a file may have; a larger one is an error before it is decoded
 */
public record ImageOptions(Optional<Size> size, boolean grayscale, long maxPixels) {

  /**
   * The extents of an image.
   *
   * @param height how many rows of pixels, at least 1
   * @param width how many columns, at least 1
   */
  public record Size(int height, int width) {

    /**
     * Joins the extents.
     *
     * @throws IllegalArgumentException if one is less than 1, or one channel exceeds one array
     */
    public Size {
      if (height < 1 || width < 1 || (long) height * width > Integer.MAX_VALUE - 8) {
        throw new IllegalArgumentException(
            "ImageOptions: height and width must be at least 1, in one Java array, not %d and %d"
                .formatted(height, width));
      }
    }

    /** {@return height and width, such as {@code 28 x 28 pixels}} */
    @Override
    public String toString() {
      return height + " x " + width + " pixels";
    }
  }

  /**
   * Makes options.
   *
   * @throws IllegalArgumentException if no pixel is allowed
   */
  public ImageOptions {
    Objects.requireNonNull(size, "size");
    if (maxPixels < 1) {
      throw new IllegalArgumentException(
          "ImageOptions: at least 1 pixel must be allowed, not " + maxPixels);
    }
  }

  /** {@return colour images as they are, of up to 2²⁶ pixels, which is 8192 x 8192} */
  public static ImageOptions defaults() {
    return new ImageOptions(Optional.empty(), false, 1 << 26);
  }

  /**
   * {@return these options with images resized: stretched to the new extents, by bilinear
   * interpolation that takes all pixels into account where an image becomes smaller}
   *
   * @param height how many rows of pixels, at least 1
   * @param width how many columns, at least 1
   * @throws IllegalArgumentException if one is less than 1
   */
  public ImageOptions withSize(int height, int width) {
    return new ImageOptions(Optional.of(new Size(height, width)), grayscale, maxPixels);
  }

  /**
   * {@return these options with one channel, the brightness: 0.299 red + 0.587 green + 0.114 blue,
   * by ITU-R BT.601}
   */
  public ImageOptions withGrayscale() {
    return new ImageOptions(size, true, maxPixels);
  }

  /**
   * {@return these options with another limit on the size of a file's image}
   *
   * @param maxPixels how many pixels, at least 1; reading one takes up to 24 bytes for each
   * @throws IllegalArgumentException if none is allowed
   */
  public ImageOptions withMaxPixels(long maxPixels) {
    return new ImageOptions(size, grayscale, maxPixels);
  }
}
