package dev.lanewise.nn.plot;

/** The libraries that draw, which this module does without where they are not there. */
final class Libraries {
  private Libraries() {}

  /**
   * Checks that XChart and AWT are there, before a class is loaded that needs them.
   *
   * @throws IllegalStateException if one is not; the text says how to get it
   */
  static void requireXChart() {
    require("org.knowm.xchart.XYChart", "XChart", "org.knowm.xchart:xchart", "xchart");
    if (!reads("java.awt.Graphics2D")) {
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
    require(
        "de.erichseifert.vectorgraphics2d.VectorGraphics2D",
        "VectorGraphics2D",
        "de.erichseifert.vectorgraphics2d:VectorGraphics2D",
        "VectorGraphics2D");
  }

  private static void require(String type, String library, String maven, String module) {
    if (!reads(type)) {
      throw new IllegalStateException(
          "Plots: %s need the library %s, which is not there; add its jar (in Maven %s) to the %s"
              .formatted(
                  module.equals("xchart") ? "pictures" : "SVG files",
                  library,
                  maven,
                  Libraries.class.getModule().isNamed()
                      ? "module path, and start Java with --add-modules " + module
                      : "class path"));
    }
  }

  private static boolean reads(String type) {
    try {
      Class<?> found = Class.forName(type, false, Libraries.class.getClassLoader());
      return Libraries.class.getModule().canRead(found.getModule());
    } catch (ClassNotFoundException _) {
      return false;
    }
  }
}
