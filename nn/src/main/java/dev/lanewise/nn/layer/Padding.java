package dev.lanewise.nn.layer;

import dev.lanewise.kernel.Window;
import java.util.Locale;

/** What happens at the borders of an image, a series or a volume. */
public enum Padding {
  /** Nothing is added: windows stay inside. */
  VALID,
  /**
   * Zeros are added, as few as give an output of the input's extents divided by the stride, rounded
   * up; an odd rest goes to the end of an axis. So it is in Keras.
   */
  SAME;

  /**
   * {@return a window with this padding for samples of a size}
   *
   * @param window the window; its own padding does not matter
   * @param extents of the samples, one for each axis of the window
   */
  Window around(Window window, int... extents) {
    int[] low = new int[extents.length];
    int[] high = new int[extents.length];
    if (this == SAME) {
      for (int i = 0; i < extents.length; i++) {
        long steps = (extents[i] - 1L) / window.stride(i);
        long needed = steps * window.stride(i) + Images.reach(window, i);
        int total = Math.toIntExact(Math.max(needed - extents[i], 0));
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
