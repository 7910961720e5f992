package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.layer.Add;
import dev.lanewise.nn.layer.Concatenate;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.Embedding;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Input;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.SymbolicTensor;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModelPictureTest {
  private static final Pattern BOX =
      Pattern.compile(
          "<rect x=\"([\\d.]+)\" y=\"([\\d.]+)\" width=\"(\\d+)\" height=\"(\\d+)\" rx");
  private static final Pattern TEXT = Pattern.compile("<text x=\"([\\d.]+)\".*>(.*)</text>");
  private static final Pattern EDGE = Pattern.compile("<path d=\"(M[^\"]*)\" fill=\"none\"");

  private record Rect(double x, double y, double width, double height) {
    boolean meets(Rect other) {
      return x < other.x + other.width
          && other.x < x + width
          && y < other.y + other.height
          && other.y < y + height;
    }

    /** {@return whether a point is inside, not at the border} */
    boolean holds(double px, double py) {
      double near = 0.5;
      return px > x + near && px < x + width - near && py > y + near && py < y + height - near;
    }
  }

  private static final class Free extends Model {
    private final Dense one = addLayer(new Dense(3));
    private final Dense two = addLayer(new Dense(3));

    @Override
    protected Tensor call(Tensor x, boolean training) {
      return one.apply(x, training).add(two.apply(x, training));
    }
  }

  private static Sequential row() {
    return Sequential.of(new Dense(5, "relu"), new Flatten(), new Dense(1).named("<a & \"b\">"))
        .build(2);
  }

  /** Two inputs, two outputs, a layer used twice, a long residual connection and a model inside. */
  private static Model branched() {
    SymbolicTensor words = Input.of("words", 6);
    SymbolicTensor numbers = Input.of("numbers_with_a_name_that_is_longer_than_all_others", 4);
    SymbolicTensor embedded = new Embedding(50, 4).apply(words);
    Layer shared = new Dense(4).named("shared");
    SymbolicTensor first = shared.apply(numbers);
    SymbolicTensor deep = shared.apply(first);
    for (int i = 0; i < 3; i++) {
      deep = new Add().apply(deep, new Dense(4, "relu").apply(deep));
    }
    SymbolicTensor far = new Add().apply(deep, first, numbers);
    SymbolicTensor inner = Sequential.of(new Flatten(), new Dense(4)).apply(embedded);
    SymbolicTensor joined = new Concatenate().apply(inner, far, first);
    SymbolicTensor kind = new Dense(3, "softmax").named("kind").apply(joined);
    SymbolicTensor size = new Dense(1).named("size").apply(joined);
    return Model.of(List.of(words, numbers), List.of(kind, size));
  }

  private static Model grid() {
    List<SymbolicTensor> inputs = Stream.generate(() -> Input.of(2)).limit(5).toList();
    List<SymbolicTensor> last = inputs;
    for (int depth = 0; depth < 3; depth++) {
      List<SymbolicTensor> next = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        next.add(new Add().apply(last.get(i), last.get((i * 2 + depth) % 5), inputs.get(4 - i)));
      }
      last = next;
    }
    return Model.of(inputs, last);
  }

  static List<Model> models() {
    SymbolicTensor x = Input.of(3);
    return List.of(
        row(),
        branched(),
        grid(),
        new Free().build(3),
        Sequential.of(new Input(2), new Dense(1)),
        Model.of(x, x));
  }

  private static List<Rect> boxes(String svg) {
    List<Rect> boxes = new ArrayList<>();
    for (Matcher m = BOX.matcher(svg); m.find(); ) {
      boxes.add(
          new Rect(
              Double.parseDouble(m.group(1)),
              Double.parseDouble(m.group(2)),
              Double.parseDouble(m.group(3)),
              Double.parseDouble(m.group(4))));
    }
    return boxes;
  }

  /** {@return points along a path of curves and vertical lines} */
  private static List<double[]> points(String path) {
    List<double[]> points = new ArrayList<>();
    double x = 0;
    double y = 0;
    for (Matcher m = Pattern.compile("([MCV])([^MCV]*)").matcher(path); m.find(); ) {
      double[] n =
          Stream.of(m.group(2).trim().split(" ")).mapToDouble(Double::parseDouble).toArray();
      double[] to =
          switch (m.group(1)) {
            case "M" -> n;
            case "V" -> new double[] {x, n[0]};
            default -> new double[] {n[4], n[5]};
          };
      boolean curve = m.group(1).equals("C");
      for (int i = 0; i <= 20 && !m.group(1).equals("M"); i++) {
        double t = i / 20.0;
        double u = 1 - t;
        double[] c = curve ? n : new double[] {x, y, x, y, x, y};
        points.add(
            curve
                ? new double[] {
                  u * u * u * x + 3 * u * u * t * c[0] + 3 * u * t * t * c[2] + t * t * t * to[0],
                  u * u * u * y + 3 * u * u * t * c[1] + 3 * u * t * t * c[3] + t * t * t * to[1]
                }
                : new double[] {x, u * y + t * to[1]});
      }
      x = to[0];
      y = to[1];
    }
    return points;
  }

  @ParameterizedTest
  @MethodSource("models")
  void nothingLiesOnABox(Model model) throws Exception {
    String svg = ModelPicture.of(model).svg();
    List<Rect> boxes = boxes(svg);
    for (int i = 0; i < boxes.size(); i++) {
      for (int j = 0; j < i; j++) {
        assertFalse(boxes.get(i).meets(boxes.get(j)), svg);
      }
    }
    int edges = 0;
    for (Matcher m = EDGE.matcher(svg); m.find(); edges++) {
      for (double[] p : points(m.group(1))) {
        assertTrue(boxes.stream().noneMatch(box -> box.holds(p[0], p[1])), m.group(1));
      }
    }
    assertEquals(
        ModelGraph.of(model).edges().stream().filter(ModelGraph.Edge::isDrawn).count(), edges);
    // Each line of text fits into the box around it.
    for (Matcher m = TEXT.matcher(svg); m.find(); ) {
      double center = Double.parseDouble(m.group(1));
      double half = m.group(2).replaceAll("&\\w+;", "_").length() * 13 * 0.6 / 2;
      assertTrue(
          boxes.stream().anyMatch(b -> b.x < center - half && b.x + b.width > center + half),
          m.group(2));
    }
    // It is XML, and the picture is as large as what is on it.
    var root =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
            .getDocumentElement();
    double width = Double.parseDouble(root.getAttribute("width"));
    double height = Double.parseDouble(root.getAttribute("height"));
    for (Rect box : boxes) {
      assertTrue(box.x >= 16 && box.x + box.width <= width - 15, svg);
      assertTrue(box.y >= 16 && box.y + box.height <= height - 15, svg);
    }
  }

  @Test
  void boxesTellNamesTypesAndShapes() {
    String dot = ModelPicture.of(row()).dot();
    assertEquals(
        """
        digraph "sequential" {
          node [shape=plain, fontname="Helvetica"];
          n0 [label=<TABLE2<b>dense</b> (Dense)</td></tr><tr><td>input: (None, 2)</td>\
        <td>output: (None, 5)</td></tr></table>>];
          n1 [label=<TABLE2<b>flatten</b> (Flatten)</td></tr><tr><td>input: (None, 5)</td>\
        <td>output: (None, 5)</td></tr></table>>];
          n2 [label=<TABLE2<b>&lt;a &amp; &quot;b&quot;&gt;</b> (Dense)</td></tr><tr>\
        <td>input: (None, 5)</td><td>output: (None, 1)</td></tr></table>>];
          n0 -> n1;
          n1 -> n2;
        }
        """
            .replace(
                "TABLE2",
                "<table border=\"0\" cellborder=\"1\" cellspacing=\"0\" cellpadding=\"4\"><tr><td"
                    + " colspan=\"2\">"),
        dot);
    String svg = ModelPicture.of(row()).svg();
    for (String text :
        List.of("dense", "Flatten", "in (None, 2)", "&lt;a &amp; &quot;b&quot;&gt;")) {
      assertTrue(svg.contains(">" + text + "</text>"), svg);
    }
  }

  @Test
  void branchesAreArrows() {
    ModelGraph graph = ModelGraph.of(branched());
    List<String> names = graph.boxes().stream().map(ModelGraph.Box::name).toList();
    assertTrue(names.containsAll(List.of("words", "shared", "shared (call 2)", "sequential")));
    assertFalse(names.contains("flatten")); // inside of the model inside
    int joined = names.indexOf("concatenate");
    assertEquals(
        List.of("shared", "sequential", "add_3"),
        graph.edges().stream()
            .filter(edge -> edge.to() == joined)
            .map(edge -> names.get(edge.from()))
            .sorted(Comparator.comparing("shared sequential add_3"::indexOf))
            .toList());
  }

  @Test
  void whatASubclassDoesIsNotKnown() {
    String dot = ModelPicture.of(new Free().build(3)).dot();
    assertTrue(dot.contains("n0 -> n1 [style=invis];"), dot);
    assertFalse(EDGE.matcher(ModelPicture.of(new Free().build(3)).svg()).find());
    assertEquals(
        "picture: 'free' does not know the shape of its input yet; call build(sampleShape), or fit"
            + " first",
        assertThrows(IllegalStateException.class, () -> ModelPicture.of(new Free())).getMessage());
  }

  @Test
  void deepModels() {
    SymbolicTensor x = Input.of(2);
    SymbolicTensor last = x;
    Layer same = new Flatten();
    for (int i = 0; i < 500; i++) {
      last = same.apply(last);
    }
    String svg = ModelPicture.of(Model.of(x, last)).svg();
    assertEquals(501, boxes(svg).size());
  }

  @Test
  void filesAreWrittenByTheirEndings(@TempDir Path folder) throws Exception {
    ModelPicture picture = ModelPicture.of(row());
    Path svg = folder.resolve("model.SVG");
    picture.save(svg);
    assertEquals(picture.svg(), Files.readString(svg));
    Path dot = folder.resolve("model.dot");
    picture.save(dot);
    assertEquals(picture.dot(), Files.readString(dot));
    assertEquals(
        "picture: the file must end in .svg or .dot, not be 'model.png'",
        assertThrows(
                IllegalArgumentException.class, () -> picture.save(folder.resolve("model.png")))
            .getMessage());
    assertThrows(NoSuchFileException.class, () -> picture.save(folder.resolve("none/model.svg")));
  }
}
