package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.Window;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What layers on images share, as do those on series, which have one spatial axis, and on volumes,
 * which have three.
 */
final class Images {
  /** What samples are called, by their spatial axes. */
  private static final String[] KINDS = {
    "series, [n, c, steps]", "images, [n, c, h, w]", "volumes, [n, c, d, h, w]"
  };

  private Images() {}

  /**
   * Refuses samples that are not images.
   *
   * @param layer how errors name the layer
   * @param input the shape of one sample
   * @throws ShapeException if its rank is not 3
   */
  static void check(String layer, Shape input) {
    check(layer, input, 2);
  }

  /**
   * Refuses samples that have not channels and so many spatial axes.
   *
   * @param layer how errors name the layer
   * @param input the shape of one sample
   * @param spatial 1 for series, 2 for images, 3 for volumes
   * @throws ShapeException if its rank is not {@code spatial + 1}
   */
  static void check(String layer, Shape input, int spatial) {
    if (input.rank() != spatial + 1) {
      String cure =
          input.rank() == spatial
              ? "; put new Reshape(1, %s) before it".formatted(joined(", ", input.dims()))
              : "";
      throw new ShapeException(
          "%s: input must be %s, not %s%s"
              .formatted(layer, KINDS[spatial - 1], Layer.batchOf(input), cure));
    }
  }

  /**
   * Refuses samples that are smaller than a window.
   *
   * @param layer how errors name the layer
   * @param input the shape of one sample, which has the window's spatial axes
   * @param window the window that slides over it
   * @throws ShapeException if the two do not fit
   */
  static void check(String layer, Shape input, Window window) {
    int[] extents = spatial(input);
    long[] reaches = IntStream.range(0, extents.length).mapToLong(i -> reach(window, i)).toArray();
    for (int i = 0; i < extents.length; i++) {
      if ((long) extents[i] + window.padLow(i) + window.padHigh(i) < reaches[i]) {
        throw new ShapeException(
            "%s: input must be at least as large as the window, %s, not %s (input %s)"
                .formatted(
                    layer,
                    Arrays.stream(reaches)
                        .mapToObj(Long::toString)
                        .collect(Collectors.joining(" x ")),
                    joined(" x ", extents),
                    Layer.batchOf(input)));
      }
    }
  }

  /**
   * Refuses samples without an element in a channel.
   *
   * @param layer how errors name the layer
   * @param input the shape of one sample: channels and spatial extents
   * @throws ShapeException if a spatial extent is 0
   */
  static void requirePixels(String layer, Shape input) {
    for (int extent : spatial(input)) {
      if (extent == 0) {
        throw new ShapeException(
            "%s: there is nothing to pool in %s".formatted(layer, Layer.batchOf(input)));
      }
    }
  }

  /**
   * {@return an extent of the output}
   *
   * @param layer how errors name the layer
   * @param input the shape of one sample
   * @param extent what it is to be
   * @throws ShapeException if no axis can be so long
   */
  static int extent(String layer, Shape input, long extent) {
    if (extent > Integer.MAX_VALUE) {
      throw new ShapeException(
          "%s: an axis can not have %d elements (input %s)"
              .formatted(layer, extent, Layer.batchOf(input)));
    }
    return (int) extent;
  }

  private static String joined(String separator, int... numbers) {
    return Arrays.stream(numbers)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(separator));
  }

  /** {@return the extents of a sample after its channels} */
  static int[] spatial(Shape input) {
    return Arrays.copyOfRange(input.dims(), 1, input.rank());
  }

  /** {@return the shape of a batch with 1 for each extent after the channels} */
  static Shape channelsOf(Shape batch) {
    int[] dims = batch.dims();
    Arrays.fill(dims, 2, dims.length, 1);
    return Shape.of(dims);
  }

  /** {@return how many elements of an axis a window spans, with its gaps} */
  static long reach(Window window, int axis) {
    return (window.kernel(axis) - 1L) * window.dilation(axis) + 1;
  }

  /** {@return one number for each axis: those given, or the one given for all of them} */
  static int[] each(int axes, int... given) {
    if (given.length != 1) {
      return given.clone();
    }
    int[] all = new int[axes];
    Arrays.fill(all, given[0]);
    return all;
  }

  /** {@return the numbers of a setting of a window, one for each axis} */
  static int[] each(Window window, AxisSetting setting) {
    return IntStream.range(0, window.rank()).map(axis -> setting.of(window, axis)).toArray();
  }

  /** A setting of a window that has a number for each axis. */
  interface AxisSetting {
    int of(Window window, int axis);
  }
}
