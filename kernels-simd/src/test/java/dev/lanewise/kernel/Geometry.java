package dev.lanewise.kernel;

import dev.lanewise.array.Shape;
import java.util.Arrays;

/** Random convolutions and poolings over 1 to 3 spatial axes. */
final class Geometry {
  private Geometry() {}

  /** {@return a convolution with any groups, stride, padding and dilation} */
  static ConvSpec conv(Dice dice, int spatial) {
    int groups = dice.between(1, 3);
    int most = spatial == 1 ? 4 : 3;
    int[] kernel = new int[spatial];
    Arrays.setAll(kernel, i -> dice.between(1, most));
    Window window = moved(dice, Window.of(kernel));
    window = dice.oneIn(3) ? window.withSamePadding() : window.withPadding(each(dice, spatial, 2));
    int[] input = new int[spatial + 2];
    input[0] = dice.oneIn(15) ? 0 : dice.between(1, 3);
    input[1] = groups * dice.between(1, 3);
    extents(dice, window, input, spatial == 1 ? 40 : spatial == 2 ? 9 : 5);
    int[] filter = new int[spatial + 2];
    filter[0] = groups * dice.between(1, 3);
    filter[1] = input[1] / groups;
    System.arraycopy(kernel, 0, filter, 2, spatial);
    return ConvSpec.of(Shape.of(input), Shape.of(filter), window, groups);
  }

  /** {@return a pooling with any stride, padding, dilation and end, or to any extents} */
  static PoolSpec pool(Dice dice, int spatial) {
    if (dice.oneIn(4)) {
      return adaptivePool(dice, spatial);
    }
    int[] kernel = new int[spatial];
    Arrays.setAll(kernel, i -> dice.between(1, 4));
    int[] padding = new int[spatial];
    Arrays.setAll(padding, i -> dice.between(0, kernel[i] / 2));
    Window window = moved(dice, Window.of(kernel)).withPadding(padding);
    int[] input = new int[spatial + 2];
    input[0] = dice.oneIn(15) ? 0 : dice.between(1, 3);
    input[1] = dice.between(1, 4);
    extents(dice, window, input, spatial == 1 ? 40 : spatial == 2 ? 12 : 6);
    return PoolSpec.of(Shape.of(input), window, dice.oneIn(2));
  }

  private static PoolSpec adaptivePool(Dice dice, int spatial) {
    int[] input = new int[spatial + 2];
    int[] output = new int[spatial];
    input[0] = dice.oneIn(15) ? 0 : dice.between(1, 3);
    input[1] = dice.between(1, 4);
    for (int i = 0; i < spatial; i++) {
      input[i + 2] = dice.between(1, spatial == 1 ? 40 : spatial == 2 ? 12 : 6);
      output[i] = dice.between(1, input[i + 2] + 2);
    }
    Shape shape = Shape.of(input);
    return dice.oneIn(4) ? PoolSpec.global(shape) : PoolSpec.adaptive(shape, output);
  }

  private static Window moved(Dice dice, Window window) {
    int[] stride = each(dice, window.rank(), 2);
    Arrays.setAll(stride, i -> stride[i] + 1);
    int[] dilation = each(dice, window.rank(), 2);
    Arrays.setAll(dilation, i -> dilation[i] + 1);
    Window stepped = dice.oneIn(2) ? window : window.withStride(stride);
    return dice.oneIn(2) ? stepped : stepped.withDilation(dilation);
  }

  private static int[] each(Dice dice, int n, int most) {
    int[] values = new int[n];
    Arrays.setAll(values, i -> dice.between(0, most));
    return values;
  }

  /** Spatial extents into which the window fits. */
  private static void extents(Dice dice, Window window, int[] input, int most) {
    for (int i = 0; i < window.rank(); i++) {
      int reach = window.dilation(i) * (window.kernel(i) - 1) + 1;
      int least = Math.max(window.dilation(i), reach - window.padLow(i) - window.padHigh(i));
      input[i + 2] = dice.between(least, Math.max(least, most));
    }
  }

  static String text(ConvSpec spec) {
    return "input "
        + spec.input()
        + ", filter "
        + spec.filter()
        + ", groups "
        + spec.groups()
        + ", "
        + spec.window();
  }

  static String text(PoolSpec spec) {
    String windows = spec.window().map(w -> ", " + w).orElse("");
    return "input " + spec.input() + ", output " + spec.output() + windows;
  }
}
