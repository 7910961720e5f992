package dev.lanewise.nn.plot;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Draws plots as SVG. Who loads this class has made sure that VectorGraphics2D is there too. */
final class SvgRendering {
  private static final String FONT =
      "font-family=\"DejaVu Sans, Verdana, sans-serif\" font-size=\"12px\" ";

  private SvgRendering() {}

  static byte[] svg(Plot plot) {
    Rendering.requireAwt();
    VectorGraphics2D g = new VectorGraphics2D();
    Rendering.paint(g, plot);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      PageSize size = new PageSize(0, 0, plot.width(), plot.height());
      new SVGProcessor().getDocument(g.getCommands(), size).writeTo(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // Words in the JDK's default font and size come without them, so that the root's hold: fonts as
    // wide as the JDK's. The document type is one that readers would fetch from the network.
    return bytes
        .toString(StandardCharsets.UTF_8)
        .replaceFirst("<!DOCTYPE[^>]*>", "")
        .replaceFirst("<svg ", "<svg " + FONT)
        .getBytes(StandardCharsets.UTF_8);
  }
}
