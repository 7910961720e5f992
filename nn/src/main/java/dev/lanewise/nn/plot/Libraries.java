package dev.lanewise.nn.plot;

import dev.lanewise.nn.internal.Optionals;

/** The libraries that draw, which this module does without where they are not there. */
final class Libraries {
  private Libraries() {}

  /**
   * Checks that XChart and AWT are there, before a class is loaded that needs them.
   *
   * @throws IllegalStateException if one is not; the text says how to get it
   */
  static void requireXChart() {
    Optionals.require(
        "Plots: pictures need the library XChart",
        "org.knowm.xchart.XYChart",
        "org.knowm.xchart:xchart",
        "xchart");
    if (!Optionals.canUse("java.awt.Graphics2D")) {
      throw new IllegalStateException(
          "Plots: pictures need the module java.desktop of the JDK, which is not there; start Java"
              + " with --add-modules java.desktop");
    }
  }

  /**
   * Checks that VectorGraphics2D is there.
   *
   * @throws IllegalStateException if it is not; the text says how to get it
   */
  static void requireVectorGraphics() {
    Optionals.require(
        "Plots: SVG files need the library VectorGraphics2D",
        "de.erichseifert.vectorgraphics2d.VectorGraphics2D",
        "de.erichseifert.vectorgraphics2d:VectorGraphics2D",
        "VectorGraphics2D");
  }
}
