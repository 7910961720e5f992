package dev.lanewise.cuda;

import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Window;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * A window as cuDNN takes it: over 2 or 3 spatial axes, with the same padding on both sides. One
 * over a single axis becomes one over images of one row.
 *
 * @param kernel its extents
 * @param stride by how much it moves
 * @param padding how far the input is extended on either side
 * @param dilation the distance between neighbouring taps
 */
record DnnWindow(int[] kernel, int[] stride, int[] padding, int[] dilation) {
  /** cuDNN knows no window over fewer axes. */
  private static final int FEWEST_AXES = 2;

  /**
   * {@return a window for cuDNN}
   *
   * @param window with the same padding on both sides of each axis
   */
  static DnnWindow of(Window window) {
    return new DnnWindow(
        each(window, window::kernel, 1),
        each(window, window::stride, 1),
        each(window, window::padLow, 0),
        each(window, window::dilation, 1));
  }

  private static int[] each(Window window, IntUnaryOperator number, int ofMissing) {
    int missing = Math.max(0, FEWEST_AXES - window.rank());
    int[] all = new int[window.rank() + missing];
    Arrays.setAll(all, i -> i < missing ? ofMissing : number.applyAsInt(i - missing));
    return all;
  }

  /** {@return whether the padding is the same on both sides of each axis} */
  static boolean isEven(Window window) {
    for (int i = 0; i < window.rank(); i++) {
      if (window.padLow(i) != window.padHigh(i)) {
        return false;
      }
    }
    return true;
  }

  /** {@return the extents {@code [n, c, spatial…]} of a shape, with at least 2 spatial axes} */
  static int[] dims(Shape shape) {
    int[] dims = shape.dims();
    if (dims.length - 2 >= FEWEST_AXES) {
      return dims;
    }
    return new int[] {dims[0], dims[1], 1, dims[2]};
  }

  /** {@return the number of spatial axes} */
  int rank() {
    return kernel.length;
  }
}
