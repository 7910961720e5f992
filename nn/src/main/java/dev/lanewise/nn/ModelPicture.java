package dev.lanewise.nn;

import dev.lanewise.io.NewFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A picture of a model: a box for each layer, with its name, its type and the shapes that come in
 * and out, and arrows between them. A model inside is one box.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() throws IOException {
 *   SymbolicTensor x = Input.of(8);
 *   SymbolicTensor hidden = new Dense(8, "relu").apply(x);
 *   Model model = Model.of(x, new Dense(1).apply(new Add().apply(x, hidden)));
 *   Path file = Files.createTempFile("model", ".svg");
 *   ModelPicture.of(model).save(file); // a browser shows it
 *   Files.delete(file);
 * }
 * }
 *
 * <p>What a subclass of {@link Model} does with its layers is not known: they stand below each
 * other in the order in which they were added, without arrows.
 */
public final class ModelPicture {
  private final ModelGraph graph;

  private ModelPicture(ModelGraph graph) {
    this.graph = graph;
  }

  /**
   * {@return the picture of a model}
   *
   * @param model the model
   * @throws IllegalStateException if it is not built, and does not know the shape of its inputs
   */
  public static ModelPicture of(Model model) {
    model.requireShapes("picture");
    return new ModelPicture(ModelGraph.of(model));
  }

  /** {@return the picture as a graph in DOT, which Graphviz draws: {@code dot -Tpng model.dot}} */
  public String dot() {
    return DotText.of(graph);
  }

  /** {@return the picture as an SVG, which needs no other program} */
  public String svg() {
    return SvgText.of(graph);
  }

  /**
   * Writes the picture to a file.
   *
   * @param file ends in {@code .svg} or {@code .dot}; one that is there is replaced
   * @throws IllegalArgumentException if it ends in something else
   * @throws IOException if writing fails; what was there is then as it was
   */
  public void save(Path file) throws IOException {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (!name.endsWith(".svg") && !name.endsWith(".dot")) {
      throw new IllegalArgumentException(
          "picture: the file must end in .svg or .dot, not be '%s'".formatted(file.getFileName()));
    }
    byte[] text = (name.endsWith(".svg") ? svg() : dot()).getBytes(StandardCharsets.UTF_8);
    NewFile.write(file, out -> out.write(text));
  }

  /** {@return a text as one of XML, in which characters that XML does not have are U+FFFD} */
  static String escaped(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                default -> out.appendCodePoint(isXml(c) ? c : 0xFFFD);
              }
            });
    return out.toString();
  }

  private static boolean isXml(int c) {
    return c >= ' ' && !(c >= 0xD800 && c < 0xE000) && c != 0xFFFE && c != 0xFFFF;
  }
}
