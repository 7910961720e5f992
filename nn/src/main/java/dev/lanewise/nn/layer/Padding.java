package dev.lanewise.nn.layer;

import dev.lanewise.kernel.Window;
import java.util.Locale;

/** What happens at the borders of an image. */
public enum Padding {
  /** Nothing is added: windows stay inside. */
  VALID,
  /**
   * Zeros are added, as few as give an output of the input's height and width divided by the
   * stride, rounded up; an odd rest goes below and right. So it is in Keras.
   */
  SAME;

  /**
   * {@return a window with this padding for images of a size}
   *
   * @param window the window; its own padding does not matter
   * @param height of the images
   * @param width of the images
   */
  Window around(Window window, int height, int width) {
    int[] low = new int[2];
    int[] high = new int[2];
    if (this == SAME) {
      int[] extents = {height, width};
      for (int i = 0; i < 2; i++) {
        long steps = (extents[i] - 1L) / window.stride(i);
        long reach = (window.kernel(i) - 1L) * window.dilation(i) + 1;
        int total = Math.toIntExact(Math.max(steps * window.stride(i) + reach - extents[i], 0));
        low[i] = total / 2;
        high[i] = total - low[i];
      }
    }
    return window.withPadding(low, high);
  }

  /**
   * {@return the padding of a name: {@code "valid"} or {@code "same"}}
   *
   * @param name the constant's name; case does not matter
   * @throws IllegalArgumentException if there is none of this name
   */
  public static Padding named(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "valid" -> VALID;
      case "same" -> SAME;
      default ->
          throw new IllegalArgumentException(
              "padding: there is no '" + name + "'; names are valid, same");
    };
  }
}
