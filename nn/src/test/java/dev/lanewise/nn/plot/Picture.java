package dev.lanewise.nn.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** A plot as a viewer sees it: the pixels of its PNG, the words and shapes of its SVG. */
final class Picture {
  private final BufferedImage image;
  private final Document svg;

  private Picture(BufferedImage image, Document svg) {
    this.image = image;
    this.svg = svg;
  }

  /** {@return the picture of a plot; both files are well formed and of the plot's size} */
  static Picture of(Plot plot) throws IOException, ParserConfigurationException, SAXException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(plot.png()));
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    // No network: a document type would be an error.
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    Document svg = factory.newDocumentBuilder().parse(new ByteArrayInputStream(plot.svg()));
    assertEquals(plot.width(), image.getWidth());
    assertEquals(plot.height(), image.getHeight());
    assertEquals(plot.width() + "px", svg.getDocumentElement().getAttribute("width"));
    assertEquals(plot.height() + "px", svg.getDocumentElement().getAttribute("height"));
    return new Picture(image, svg);
  }

  /** {@return all words, in the order in which they were written} */
  List<String> words() {
    return elements("text").stream().map(Element::getTextContent).toList();
  }

  /** {@return how many elements of a kind have a stroke or filling of a colour} */
  long count(String kind, Color color) {
    String rgb = "rgb(%d,%d,%d)".formatted(color.getRed(), color.getGreen(), color.getBlue());
    return count(kind, rgb);
  }

  /** {@return how many elements of a kind have something in their style} */
  long count(String kind, String style) {
    return elements(kind).stream().filter(e -> e.getAttribute("style").contains(style)).count();
  }

  private List<Element> elements(String kind) {
    NodeList nodes = svg.getElementsByTagName(kind);
    List<Element> all = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      all.add((Element) nodes.item(i));
    }
    return all;
  }

  /** {@return the colour of the pixel at some shares of width and height} */
  Color at(double x, double y) {
    return new Color(image.getRGB((int) (x * image.getWidth()), (int) (y * image.getHeight())));
  }

  /** {@return all colours} */
  Set<Color> colors() {
    Set<Color> colors = new HashSet<>();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        colors.add(new Color(image.getRGB(x, y)));
      }
    }
    return colors;
  }
}
