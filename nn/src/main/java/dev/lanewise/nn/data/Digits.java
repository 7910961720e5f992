package dev.lanewise.nn.data;

import java.util.List;

/**
 * 1,797 handwritten digits of 8 x 8 pixels, part of this library: enough to train a first network
 * in seconds, with nothing to download.
 *
 * <p>From E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", 1998, UCI Machine
 * Learning Repository, <a href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>; this
 * is the part that scikit-learn distributes.
 *
 * {@snippet :
 * import dev.lanewise.nn.data.Digits;
 *
 * void main() {
 *   var digits = Digits.load();
 *   for (int y = 0; y < 8; y++) {
 *     for (int x = 0; x < 8; x++) {
 *       IO.print(digits.features()[8 * y + x] > 0.5f ? "##" : "  ");
 *     }
 *     IO.println();
 *   }
 *   IO.println("is a " + digits.labels()[0]); // is a 0
 * }
 * }
 */
public final class Digits {
  private static final BundledTable TABLE =
      new BundledTable(
          "digits.csv.gz",
          List.of(),
          1797,
          new int[] {8, 8},
          16,
          16,
          List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"));

  private Digits() {}

  /**
   * {@return the images {@code [1797, 8, 8]}, each pixel a multiple of 1/16 from 0 (background) to
   * 1 (ink), and their labels 0 to 9; a new copy each time}
   *
   * @throws java.io.UncheckedIOException if the library's jar is damaged
   */
  public static LabeledDataset load() {
    return TABLE.load();
  }
}
