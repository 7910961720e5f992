package dev.lanewise.nn.tensorboard;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A node of a graph that TensorBoard draws: an operation or a layer, and where its inputs come
 * from.
 *
 * <p>Slashes in names make boxes that open and close: {@code block1/conv} and {@code block1/relu}
 * lie in {@code block1}.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() throws IOException {
 *   try (EventWriter writer = EventWriter.open(Files.createTempDirectory("logs"))) {
 *     writer.graph(
 *         List.of(
 *             GraphNode.of("x", "Input").withShape(-1, 2),
 *             GraphNode.of("net/hidden", "Dense", "x").withShape(-1, 5).withAttribute("units", 5),
 *             GraphNode.of("net/out", "Dense", "net/hidden").withShape(-1, 1)));
 *   }
 * }
 * }
 *
 * @param name its own name: letters, digits, {@code .}, {@code _}, {@code -}, {@code /}, the first
 *     a letter, a digit or a dot
 * @param op what it does, such as {@code Dense}
 * @param inputs the names of the nodes that it gets its inputs from; {@code name:1} is the second
 *     output of a node, {@code ^name} a node that comes first and gives nothing
 * @param attributes what is shown beside it, by name: each a text, a truth value, an {@link
 *     Integer}, {@link Long}, {@link Float} or {@link Double}, or a list of one kind of these
 * @param shape the shape of what it gives, -1 for an extent that is not known, such as that of a
 *     batch; none if empty
 */
public record GraphNode(
    String name,
    String op,
    List<String> inputs,
    Map<String, Object> attributes,
    Optional<List<Integer>> shape) {
  // TensorFlow's rule for names, without the mark of functions.
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9.][A-Za-z0-9_./-]*");

  /**
   * Makes a node.
   *
   * @throws IllegalArgumentException if the name or an input is no name, the operation is blank, an
   *     attribute's name is blank or starts with {@code _}, an attribute is of another type, or an
   *     extent is below -1
   */
  public GraphNode {
    requireName(name, name, "name");
    if (op.isBlank()) {
      throw new IllegalArgumentException(
          "GraphNode: node \"" + name + "\" must say what it does, op is blank");
    }
    inputs = List.copyOf(inputs);
    for (String input : inputs) {
      requireName(name, source(input), "input");
    }
    // Sorted, so that the same graph makes the same file.
    Map<String, Object> copy = new TreeMap<>();
    for (Map.Entry<String, Object> each : attributes.entrySet()) {
      requireAttribute(name, each.getKey(), each.getValue());
      copy.put(
          each.getKey(),
          each.getValue() instanceof List<?> list ? List.copyOf(list) : each.getValue());
    }
    attributes = Collections.unmodifiableMap(copy);
    shape = shape.map(List::copyOf);
    for (int extent : shape.orElse(List.of())) {
      if (extent < -1) {
        throw new IllegalArgumentException(
            "GraphNode: node \"%s\" has the shape %s, but an extent is at least 0, or -1 if unknown"
                .formatted(name, shape.get()));
      }
    }
  }

  /**
   * {@return a node without attributes and shape}
   *
   * @param name its name
   * @param op what it does
   * @param inputs the names of the nodes that its inputs come from
   * @throws IllegalArgumentException if the name or an input is no name, or the operation is blank
   */
  public static GraphNode of(String name, String op, String... inputs) {
    return new GraphNode(name, op, List.of(inputs), Map.of(), Optional.empty());
  }

  /**
   * {@return this with one attribute more, or another value of it}
   *
   * @param attribute its name
   * @param value a text, a truth value, an {@link Integer}, {@link Long}, {@link Float} or {@link
   *     Double}, or a list of one kind of these
   * @throws IllegalArgumentException if it is of another type, or the name is blank or starts with
   *     {@code _}
   */
  public GraphNode withAttribute(String attribute, Object value) {
    Map<String, Object> more = new HashMap<>(attributes);
    more.put(attribute, value);
    return new GraphNode(name, op, inputs, more, shape);
  }

  /**
   * {@return this with the shape of what it gives}
   *
   * @param dims the extents, -1 for one that is not known
   * @throws IllegalArgumentException if one is below -1
   */
  public GraphNode withShape(int... dims) {
    List<Integer> extents = new ArrayList<>();
    for (int dim : dims) {
      extents.add(dim);
    }
    return new GraphNode(name, op, inputs, attributes, Optional.of(extents));
  }

  /** {@return the node that an input comes from} */
  static String source(String input) {
    return input.replaceFirst("^\\^", "").replaceFirst(":[0-9]+$", "");
  }

  private static void requireName(String node, String name, String what) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "GraphNode: node \"%s\" has the %s \"%s\"; a name is letters, digits and . _ - /, and"
                  .formatted(node, what, name)
              + " starts with a letter, a digit or a dot");
    }
  }

  private static void requireAttribute(String node, String attribute, Object value) {
    if (attribute.isBlank() || attribute.startsWith("_")) {
      throw new IllegalArgumentException(
          "GraphNode: node \"%s\" has an attribute named \"%s\"; names must not be blank nor start"
                  .formatted(node, attribute)
              + " with _, which TensorFlow keeps for itself");
    }
    List<?> values = value instanceof List<?> list ? list : List.of(value);
    Kind first = null;
    for (Object each : values) {
      Kind kind = Kind.of(each);
      if (kind == null || first != null && kind != first) {
        throw new IllegalArgumentException(
            "GraphNode: attribute \"%s\" of node \"%s\" is %s; it must be a String, Boolean,"
                    .formatted(attribute, node, value)
                + " Integer, Long, Float or Double, or a list of one kind of these");
      }
      first = kind;
    }
  }

  /** What an attribute may be. */
  private enum Kind {
    TEXT,
    TRUTH,
    WHOLE,
    REAL;

    /** {@return the kind of a value, null for one that is none} */
    static Kind of(Object value) {
      return switch (value) {
        case String _ -> TEXT;
        case Boolean _ -> TRUTH;
        case Integer _, Long _ -> WHOLE;
        case Float _, Double _ -> REAL;
        default -> null;
      };
    }
  }
}
