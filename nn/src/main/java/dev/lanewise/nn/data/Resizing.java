package dev.lanewise.nn.data;

/**
 * Bilinear interpolation of one channel. Where the image becomes smaller, the triangle of weights
 * becomes as much wider, so that every pixel has its part; as Pillow and torchvision do.
 */
final class Resizing {
  private Resizing() {}

  /**
   * {@return the pixels of the image in its new size; the same array if that is the old one}
   *
   * @param pixels {@code [height * width]}
   * @param height the old height
   * @param width the old width
   * @param newHeight the new height
   * @param newWidth the new width
   */
  static float[] resize(float[] pixels, int height, int width, int newHeight, int newWidth) {
    // The way with the smaller image in between.
    if ((long) height * newWidth <= (long) newHeight * width) {
      return resizeColumns(
          resizeRows(pixels, height, width, newWidth), height, newWidth, newHeight);
    }
    return resizeRows(resizeColumns(pixels, height, width, newHeight), newHeight, width, newWidth);
  }

  private static float[] resizeColumns(float[] pixels, int height, int width, int newHeight) {
    if (height == newHeight) {
      return pixels;
    }
    float[] turned = transpose(pixels, height, width);
    return transpose(resizeRows(turned, width, height, newHeight), width, newHeight);
  }

  private static float[] resizeRows(float[] pixels, int rows, int width, int newWidth) {
    if (width == newWidth) {
      return pixels;
    }
    float[] resized = new float[Math.multiplyExact(rows, newWidth)];
    double scale = (double) width / newWidth;
    double reach = Math.max(scale, 1);
    double[] weights = new double[2 * (int) Math.ceil(reach) + 1];
    for (int x = 0; x < newWidth; x++) {
      double center = (x + 0.5) * scale;
      int from = Math.max(0, (int) (center - reach + 0.5));
      int to = Math.min(width, (int) (center + reach + 0.5));
      double total = 0;
      for (int i = from; i < to; i++) {
        weights[i - from] = Math.max(0, 1 - Math.abs(i + 0.5 - center) / reach);
        total += weights[i - from];
      }
      for (int y = 0; y < rows; y++) {
        double sum = 0;
        for (int i = from; i < to; i++) {
          sum += weights[i - from] * pixels[y * width + i];
        }
        resized[y * newWidth + x] = (float) (sum / total);
      }
    }
    return resized;
  }

  private static float[] transpose(float[] matrix, int rows, int columns) {
    float[] turned = new float[matrix.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        turned[j * rows + i] = matrix[i * columns + j];
      }
    }
    return turned;
  }
}
