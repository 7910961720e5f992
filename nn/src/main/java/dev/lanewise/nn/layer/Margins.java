package dev.lanewise.nn.layer;

import dev.lanewise.nn.config.Config;

/** How many rows and columns are added, or taken away, at each side of an image. */
record Margins(int top, int bottom, int left, int right) {

  /**
   * {@return the margins of a layer}
   *
   * @param layer its type, for the error's text
   * @param numbers one for all sides; one for above and below and one for left and right; or all
   *     four
   * @throws IllegalArgumentException if there are others, or one is negative
   */
  static Margins of(String layer, int... numbers) {
    for (int number : numbers) {
      notNegative(layer, number);
    }
    return switch (numbers.length) {
      case 1 -> new Margins(numbers[0], numbers[0], numbers[0], numbers[0]);
      case 2 -> new Margins(numbers[0], numbers[0], numbers[1], numbers[1]);
      case 4 -> new Margins(numbers[0], numbers[1], numbers[2], numbers[3]);
      default ->
          throw new IllegalArgumentException(
              ("%s: give 1 margin for all sides, 2 for rows and columns, or 4 for top, bottom, left"
                      + " and right; not %d")
                  .formatted(layer, numbers.length));
    };
  }

  /** {@return the number, which is at least 0} */
  static int notNegative(String layer, int number) {
    if (number < 0) {
      throw new IllegalArgumentException(
          "%s: a margin must be at least 0, not %d".formatted(layer, number));
    }
    return number;
  }

  /** {@return the config of a layer with these margins} */
  Config config(String type) {
    return Config.of(type).with("margins", new int[] {top, bottom, left, right});
  }
}
