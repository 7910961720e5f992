package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.Window;

/** The check that layers on images share. */
final class Images {
  private Images() {}

  /**
   * Refuses samples that are not images.
   *
   * @param layer how errors name the layer
   * @param input the shape of one sample
   * @throws ShapeException if its rank is not 3
   */
  static void check(String layer, Shape input) {
    if (input.rank() != 3) {
      String cure =
          input.rank() == 2
              ? "; put new Reshape(1, %d, %d) before it".formatted(input.dim(0), input.dim(1))
              : "";
      throw new ShapeException(
          "%s: input must be images, [n, c, h, w], not %s%s"
              .formatted(layer, Layer.batchOf(input), cure));
    }
  }

  /**
   * Refuses images that are smaller than a window.
   *
   * @param layer how errors name the layer
   * @param input the shape of one sample, which is an image
   * @param window the window that slides over it
   * @throws ShapeException if the two do not fit
   */
  static void check(String layer, Shape input, Window window) {
    for (int i = 0; i < 2; i++) {
      if (input.dim(i + 1) + window.padLow(i) + window.padHigh(i) < window.kernel(i)) {
        throw new ShapeException(
            "%s: input must be at least as large as the window, %d x %d, not %d x %d (input %s)"
                .formatted(
                    layer,
                    window.kernel(0),
                    window.kernel(1),
                    input.dim(1),
                    input.dim(2),
                    Layer.batchOf(input)));
      }
    }
  }
}
