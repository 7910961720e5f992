package dev.lanewise.nn.plot;

import dev.lanewise.io.NewFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/**
 * A picture, to be saved as PNG or SVG. Immutable: each method gives a changed plot, and the
 * numbers were copied when {@link Plots} made it. It needs no display (where Java believes in one
 * that it cannot reach, start it with {@code -Djava.awt.headless=true}); it does need the library
 * XChart, for SVG VectorGraphics2D too, and a font.
 *
 * <p>The same plot gives the same bytes on the same machine; on others fonts may differ.
 */
public sealed class Plot permits XYPlot {
  private static final int LEAST = 50;
  private static final int MOST = 8192;

  private final Figure figure;
  private final String title;
  private final int width;
  private final int height;

  Plot(Figure figure, String title, int width, int height) {
    this.figure = figure;
    this.title = title;
    this.width = width;
    this.height = height;
  }

  /**
   * {@return this plot with a title above it}
   *
   * @param title the title; what does not fit is cut off with an ellipsis
   */
  public Plot title(String title) {
    return new Plot(figure, Objects.requireNonNull(title, "title"), width, height);
  }

  /**
   * {@return this plot in another size} A plot starts with a size that suits what it shows.
   *
   * @param width the width in pixels, from 50 to 8192
   * @param height the height in pixels, from 50 to 8192
   * @throws IllegalArgumentException if one is out of range
   */
  public Plot size(int width, int height) {
    checkSize(width, height);
    return new Plot(figure, title, width, height);
  }

  static void checkSize(int width, int height) {
    if (Math.min(width, height) < LEAST || Math.max(width, height) > MOST) {
      throw new IllegalArgumentException(
          "size: width and height must be from %d to %d pixels, but are %d x %d"
              .formatted(LEAST, MOST, width, height));
    }
  }

  /**
   * {@return the picture as the bytes of a PNG file}
   *
   * @throws IllegalArgumentException if the size is too small for what the plot shows
   * @throws IllegalStateException if XChart, {@code java.desktop} or a font is missing; the text
   *     says how to get it
   */
  public byte[] png() {
    Libraries.requireXChart();
    return Rendering.png(this);
  }

  /**
   * {@return the picture as the bytes of an SVG file, in UTF-8}
   *
   * @throws IllegalArgumentException if the size is too small for what the plot shows
   * @throws IllegalStateException if XChart, VectorGraphics2D, {@code java.desktop} or a font is
   *     missing; the text says how to get it
   */
  public byte[] svg() {
    Libraries.requireXChart();
    Libraries.requireVectorGraphics();
    return SvgRendering.svg(this);
  }

  /**
   * Writes the picture to a file, which is there as a whole or not at all.
   *
   * @param file the file, whose name ends in {@code .png} or {@code .svg}; one that is there is
   *     replaced
   * @throws IllegalArgumentException if the name ends otherwise, or if the size is too small for
   *     what the plot shows
   * @throws IllegalStateException if a library or a font is missing; the text says how to get it
   * @throws java.nio.file.NoSuchFileException if the folder does not exist
   * @throws IOException if writing fails; what was there is then as it was
   */
  public void save(Path file) throws IOException {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    byte[] bytes;
    if (name.endsWith(".png")) {
      bytes = png();
    } else if (name.endsWith(".svg")) {
      bytes = svg();
    } else {
      throw new IllegalArgumentException(
          "save: a plot is written as .png or .svg, but the file is " + file);
    }
    NewFile.write(file, out -> out.write(bytes));
  }

  Figure figure() {
    return figure;
  }

  String title() {
    return title;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }
}
