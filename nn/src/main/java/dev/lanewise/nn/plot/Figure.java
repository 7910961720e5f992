package dev.lanewise.nn.plot;

import java.util.List;

/** What a picture shows below its title, as plain numbers and words: nothing here draws. */
sealed interface Figure {

  /**
   * Charts in a grid, row by row, their axes aligned.
   *
   * @param panels the charts
   * @param columns how many stand in a row
   */
  record Charts(List<Panel> panels, int columns) implements Figure {}

  /**
   * A confusion matrix.
   *
   * @param counts the counts, {@code [true][predicted]}
   * @param names the names of the classes
   */
  record Matrix(long[][] counts, List<String> names) implements Figure {}

  /**
   * Images in a grid, row by row.
   *
   * @param tiles the images
   * @param columns how many stand in a row
   */
  record Tiles(List<Tile> tiles, int columns) implements Figure {}

  /**
   * An image with its title.
   *
   * @param rgb its pixels, row by row, {@code 0xRRGGBB}
   * @param width its width in pixels
   * @param title what stands above it; empty for nothing
   * @param note a second line; empty for nothing
   * @param wrong whether the title is marked as wrong
   */
  record Tile(int[] rgb, int width, String title, String note, boolean wrong) {
    /** {@return its height in pixels} */
    int height() {
      return rgb.length / width;
    }
  }

  /** {@return how many columns make a grid a little wider than high} */
  static int columns(int count) {
    return (int) Math.ceil(Math.sqrt(count));
  }
}
