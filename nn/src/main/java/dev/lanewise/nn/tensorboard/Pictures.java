package dev.lanewise.nn.tensorboard;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.internal.Optionals;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Pictures of one size, as PNG files.
 *
 * @param width of each, in pixels
 * @param height of each, in pixels
 * @param pngs the files
 */
record Pictures(int width, int height, List<byte[]> pngs) {
  private static final byte[] PNG_START = {
    (byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R'
  };
  private static final int SIZE_END = PNG_START.length + 2 * Integer.BYTES;

  /**
   * {@return a picture that is a PNG file already}
   *
   * @param png the file
   * @throws IllegalArgumentException if it does not start as one
   */
  static Pictures of(byte[] png) {
    if (png.length < SIZE_END || !Arrays.equals(PNG_START, Arrays.copyOf(png, PNG_START.length))) {
      throw new IllegalArgumentException(
          "EventWriter.image: the %d bytes must be those of a PNG file, which start with 89 50 4e 47"
              .formatted(png.length));
    }
    ByteBuffer header = ByteBuffer.wrap(png, PNG_START.length, 2 * Integer.BYTES);
    return new Pictures(header.getInt(), header.getInt(), List.of(png.clone()));
  }

  /**
   * {@return what a tensor shows}
   *
   * @param image {@code [h, w]}, {@code [c, h, w]} or {@code [n, c, h, w]}
   * @throws ShapeException if it is none of them
   * @throws IllegalStateException if the module java.desktop is not there
   */
  static Pictures of(Tensor image) {
    Shape shape = image.shape();
    int rank = shape.rank();
    int channels = rank > 2 ? shape.dim(rank - 3) : 1;
    if (rank < 2
        || rank > 4
        || shape.size() == 0
        || channels != 1 && channels != 3 && channels != 4) {
      throw new ShapeException(
          "EventWriter.image: pictures are [h, w], [c, h, w] or [n, c, h, w], with pixels and with"
              + " 1 (gray), 3 (red, green, blue) or 4 channels (opacity too), not "
              + shape
              + "; permute moves the channels to the front");
    }
    if (!Optionals.canUse("javax.imageio.ImageIO")) {
      throw new IllegalStateException(
          "EventWriter.image: making pictures needs the module java.desktop, which is not there;"
              + " start Java with --add-modules java.desktop, or give the bytes of a PNG file");
    }
    int height = shape.dim(rank - 2);
    int width = shape.dim(rank - 1);
    int[] samples = samples(image);
    int count = samples.length / (channels * height * width);
    List<byte[]> pngs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      pngs.add(Png.encode(byPixel(samples, i, channels, height * width), channels, width, height));
    }
    return new Pictures(width, height, pngs);
  }

  /** {@return the elements as 0 to 255; what is outside is the nearer end, NaN is 0} */
  private static int[] samples(Tensor image) {
    double scale = image.dtype().isFloating() || image.dtype() == DType.BOOL ? 255 : 1;
    double[] values = image.toDoubleArray();
    int[] samples = new int[values.length];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = Math.clamp(Math.round(values[i] * scale), 0, 255);
    }
    return samples;
  }

  /** {@return picture {@code i} of planes, {@code [pixels, channels]}} */
  private static int[] byPixel(int[] samples, int i, int channels, int pixels) {
    int[] picture = new int[channels * pixels];
    for (int channel = 0; channel < channels; channel++) {
      int plane = (i * channels + channel) * pixels;
      for (int pixel = 0; pixel < pixels; pixel++) {
        picture[pixel * channels + channel] = samples[plane + pixel];
      }
    }
    return picture;
  }
}
