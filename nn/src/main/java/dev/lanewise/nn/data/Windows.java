package dev.lanewise.nn.data;

import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Tensor;

/** Parts of images at random places. */
final class Windows {
  private Windows() {}

  /**
   * {@return a part of each image, {@code [n, c, height, width]}}
   *
   * @param x the images {@code [n, c, h, w]}
   * @param height how many rows, at most {@code h + 2 * padding}
   * @param width how many columns, at most {@code w + 2 * padding}
   * @param padding how many pixels of 0 are around the image
   * @param random where the parts begin: one draw for the row and one for the column
   */
  static Tensor random(Tensor x, int height, int width, int padding, Generator random) {
    int images = x.shape().dim(0);
    int rows = x.shape().dim(2);
    int columns = x.shape().dim(3);
    double[] draws = Augmentation.uniform(random, 2 * images);
    int[] places = new int[Math.multiplyExact(images, Math.multiplyExact(height, width))];
    int at = 0;
    for (int n = 0; n < images; n++) {
      long top = (long) (draws[2 * n] * (rows + 2L * padding - height + 1)) - padding;
      long left = (long) (draws[2 * n + 1] * (columns + 2L * padding - width + 1)) - padding;
      for (long i = top; i < top + height; i++) {
        for (long j = left; j < left + width; j++) {
          boolean inside = i >= 0 && i < rows && j >= 0 && j < columns;
          places[at++] = inside ? (int) (i * columns + j) : rows * columns;
        }
      }
    }
    return pick(x, places, height, width);
  }

  /**
   * {@return the pixels of some places, {@code [n, c, height, width]}}
   *
   * @param x the images {@code [n, c, h, w]}
   * @param places for each image, and each pixel of the result, the place {@code i * w + j}; {@code
   *     h * w} stands for 0
   * @param height how many rows the result has
   * @param width how many columns it has
   */
  static Tensor pick(Tensor x, int[] places, int height, int width) {
    int images = x.shape().dim(0);
    int channels = x.shape().dim(1);
    int size = x.shape().dim(2) * x.shape().dim(3);
    Tensor withZero = x.reshape(images, channels, size).pad(2, 0, 1, 0);
    Tensor indices =
        Tensor.of(x.backend(), places, images, 1, height * width)
            .broadcastTo(images, channels, height * width);
    return withZero.gather(2, indices).reshape(images, channels, height, width);
  }
}
