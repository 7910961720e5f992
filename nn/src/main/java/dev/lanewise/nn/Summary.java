package dev.lanewise.nn;

import dev.lanewise.array.Shape;
import dev.lanewise.nn.layer.Input;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A table of layers, as Keras prints it. */
final class Summary {
  private static final int TYPE_WIDTH = 29;
  private static final int SHAPE_WIDTH = 26;
  private static final int COUNT_WIDTH = 10;

  /** One layer; a model without branches tells of no connections. */
  private record Row(String type, String shape, String count, List<String> connections) {}

  private Summary() {}

  /**
   * {@return the table}
   *
   * @param model is built
   */
  static String of(Model model) {
    Functional graph = model instanceof Functional f && !f.isChain() ? f : null;
    List<Row> rows = new ArrayList<>();
    for (Layer layer : model.layers()) {
      long own = layer.weights().stream().mapToLong(weight -> weight.value().size()).sum();
      String type = layer.name() + " (" + layer.type() + ")";
      List<String> connections = graph == null ? List.of() : graph.connections(layer);
      rows.add(new Row(type, batches(layer), grouped(own), connections));
    }
    List<Weight> all = model.weights();
    return table(
        model.name(),
        graph == null ? List.of() : List.of("Connected to"),
        rows,
        total(all.stream()),
        total(all.stream().filter(Weight::isTrainable)),
        total(all.stream().filter(weight -> !weight.isTrainable())));
  }

  private static String total(Stream<Weight> weights) {
    long params = 0;
    long bytes = 0;
    for (Weight weight : weights.toList()) {
      long size = weight.value().size();
      params += size;
      bytes += size * weight.value().dtype().byteSize();
    }
    return grouped(params) + " (" + size(bytes) + ")";
  }

  private static String table(
      String model,
      List<String> connected,
      List<Row> rows,
      String total,
      String trainable,
      String rest) {
    Row head = new Row("Layer (type)", "Output Shape", "Param #", connected);
    int typeWidth = TYPE_WIDTH;
    int shapeWidth = SHAPE_WIDTH;
    int lastWidth = 0;
    for (Row row : Stream.concat(Stream.of(head), rows.stream()).toList()) {
      typeWidth = Math.max(typeWidth, row.type.length() + 3);
      shapeWidth = Math.max(shapeWidth, row.shape.length() + 2);
      for (String connection : row.connections) {
        lastWidth = Math.max(lastWidth, connection.length() + 2);
      }
    }
    int width = typeWidth + shapeWidth + COUNT_WIDTH + lastWidth;
    StringBuilder text = new StringBuilder();
    text.append("Model: \"").append(model).append("\"\n");
    text.append("_".repeat(width)).append('\n');
    text.append(lines(head, typeWidth, shapeWidth));
    text.append("=".repeat(width)).append('\n');
    for (Row row : rows) {
      text.append(lines(row, typeWidth, shapeWidth));
    }
    text.append("=".repeat(width)).append('\n');
    text.append("Total params: ").append(total).append('\n');
    text.append("Trainable params: ").append(trainable).append('\n');
    text.append("Non-trainable params: ").append(rest).append('\n');
    return text.append("_".repeat(width)).toString();
  }

  private static String batches(Layer layer) {
    List<Shape> outputs =
        layer instanceof Input input ? List.of(input.shape()) : layer.builtOutputs();
    return batches(outputs);
  }

  /** {@return shapes of samples as those of batches, as Keras writes them} */
  static String batches(List<Shape> samples) {
    return samples.stream().map(Summary::batch).collect(Collectors.joining(", "));
  }

  private static String batch(Shape sample) {
    StringBuilder text = new StringBuilder("(None");
    for (int dim : sample.dims()) {
      text.append(", ").append(dim);
    }
    return text.append(')').toString();
  }

  /** {@return a row, with each connection but the first in a line of its own} */
  private static String lines(Row row, int typeWidth, int shapeWidth) {
    StringBuilder text = new StringBuilder(" ");
    text.append(padded(row.type, typeWidth - 1)).append(padded(row.shape, shapeWidth));
    if (row.connections.isEmpty()) {
      return text.append(row.count).append('\n').toString();
    }
    text.append(padded(row.count, COUNT_WIDTH));
    String margin = " ".repeat(typeWidth + shapeWidth + COUNT_WIDTH);
    return text.append(String.join("\n" + margin, row.connections)).append('\n').toString();
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(1, width - text.length()));
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String size(long bytes) {
    String[] units = {"B", "KB", "MB", "GB", "TB"};
    double amount = bytes;
    int unit = 0;
    while (amount >= 1024 && unit < units.length - 1) {
      amount /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.2f %s", amount, units[unit]);
  }
}
