package dev.lanewise.nn.tensorboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.graph.Flow;
import dev.lanewise.graph.Graph;
import dev.lanewise.nn.FitOptions;
import dev.lanewise.nn.History;
import dev.lanewise.nn.Model;
import dev.lanewise.nn.ModelGraph;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.layer.Add;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.Input;
import dev.lanewise.nn.layer.SymbolicTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.Summary;

/** What a training writes, read back by TensorFlow's own classes. */
class TensorBoardTest {
  private static final Tensor X = Tensor.linspace(0, 1, 12).reshape(6, 2);
  private static final Tensor Y = Tensor.linspace(0, 1, 6).reshape(6, 1);

  private static History trained(Path logs, TensorBoard board) {
    Sequential model = Sequential.of(new Dense(3, "relu").named("my layer"), new Dense(1)).seed(1);
    model.compile("adam", "mse", "mae");
    return model.fit(
        X, Y, FitOptions.epochs(3).batchSize(2).validationData(X, Y).verbose(0).callbacks(board));
  }

  /** By tag, the steps and the numbers of its curve; NaN for what is no number. */
  private static Map<String, List<String>> curves(Path run) throws IOException {
    Map<String, List<String>> curves = new TreeMap<>();
    for (Event event : EventFile.read(EventFile.only(run))) {
      for (Summary.Value value : event.getSummary().getValueList()) {
        String point =
            event.getStep() + (value.hasSimpleValue() ? " " + value.getSimpleValue() : "");
        curves.computeIfAbsent(value.getTag(), _ -> new ArrayList<>()).add(point);
      }
    }
    return curves;
  }

  private static List<String> points(List<Double> values) {
    List<String> points = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      points.add(i + " " + values.get(i).floatValue());
    }
    return points;
  }

  @Test
  void everyEpochIsAPointOfEachCurve(@TempDir Path logs) throws IOException {
    History history = trained(logs, new TensorBoard(logs));
    Map<String, List<String>> train = curves(logs.resolve("train"));
    Map<String, List<String>> validation = curves(logs.resolve("validation"));
    assertEquals(points(history.get("loss")), train.get("epoch_loss"));
    assertEquals(points(history.get("val_loss")), validation.get("epoch_loss"));
    for (String name : history.names()) {
      boolean judged = name.startsWith("val_");
      Map<String, List<String>> run = judged ? validation : train;
      String tag = "epoch_" + (judged ? name.substring(4) : name);
      assertEquals(points(history.get(name)), run.get(tag), tag);
    }
    assertEquals(List.of("0 0.001", "1 0.001", "2 0.001"), train.get("epoch_learning_rate"));
    assertEquals(history.names().size() / 2 + 1, train.size(), train::toString);
  }

  @Test
  void stepsAndHistogramsComeWhereTheyAreAskedFor(@TempDir Path logs) throws IOException {
    trained(logs, new TensorBoard(logs).histogramFrequency(2).updateFrequency(4));
    Map<String, List<String>> train = curves(logs.resolve("train"));
    for (String weight :
        List.of("my layer/kernel", "my layer/bias", "dense/kernel", "dense/bias")) {
      assertEquals(List.of("0", "2"), train.get(weight), weight);
      assertEquals(List.of("0", "2"), train.get(weight + "/gradient"), weight);
    }
    assertEquals(2, train.get("batch_loss").size()); // of 9 steps the 4th and the 8th
    assertTrue(train.get("batch_loss").getFirst().startsWith("4 "));
  }

  @Test
  void theGraphHasEveryLayerAndArrow(@TempDir Path logs) throws IOException {
    trained(logs, new TensorBoard(logs));
    GraphDef graph = null;
    for (Event event : EventFile.read(EventFile.only(logs.resolve("train")))) {
      graph = event.getGraphDef().isEmpty() ? graph : GraphDef.parseFrom(event.getGraphDef());
    }
    assertEquals(
        List.of("my_layer", "dense"), graph.getNodeList().stream().map(NodeDef::getName).toList());
    assertEquals(List.of("my_layer"), List.copyOf(graph.getNode(1).getInputList()));
    assertEquals("Dense", graph.getNode(0).getOp());
  }

  @Test
  void branchesAreEdges() {
    SymbolicTensor x = Input.of(2);
    SymbolicTensor hidden = new Dense(2).apply(x);
    List<GraphNode> nodes =
        TensorBoard.nodes(ModelGraph.of(Model.of(x, new Add().apply(x, hidden))));
    assertEquals(List.of("input", "dense"), nodes.get(2).inputs());
    assertEquals(List.of(-1, 2), nodes.get(2).shape().orElseThrow());
  }

  private static GraphDef written(Path run, Graph graph) throws IOException {
    try (EventWriter writer = EventWriter.open(run)) {
      writer.graph(TensorBoard.nodes(graph));
    }
    for (Event event : EventFile.read(EventFile.only(run))) {
      if (!event.getGraphDef().isEmpty()) {
        return GraphDef.parseFrom(event.getGraphDef());
      }
    }
    throw new AssertionError("no graph");
  }

  private static NodeDef node(GraphDef graph, String name) {
    return graph.getNodeList().stream()
        .filter(node -> node.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not in " + graph));
  }

  @Test
  void aTracedGraphHasEveryCallAndArrow(@TempDir Path logs) throws IOException {
    Tensor w = Tensor.linspace(-1, 1, 6).reshape(2, 3);
    Graph graph = Graph.trace(x -> Tensor.concat(1, x.matmul(w), x.softmax(1)).sum(0), X);
    GraphDef read = written(logs, graph);
    NodeDef product = node(read, "matmul");
    assertEquals("matmul", product.getOp());
    assertEquals(2, product.getInputCount());
    assertEquals("Input", node(read, product.getInput(0)).getOp());
    assertEquals("Captured", node(read, product.getInput(1)).getOp());
    assertTrue(product.getInput(1).startsWith("captured/w"), product.toString());
    assertEquals("f32", product.getAttrOrThrow("dtype").getS().toStringUtf8());
    assertEquals(
        List.of(6L, 3L),
        product.getAttrOrThrow("_output_shapes").getList().getShape(0).getDimList().stream()
            .map(dim -> dim.getSize())
            .toList());
    // Both write a part of what is summed up.
    NodeDef sum = node(read, node(read, "results/result_0").getInput(0));
    assertEquals("reduce", sum.getOp());
    assertEquals(2, sum.getInputCount(), sum.toString());
  }

  @Test
  void functionsOfChoicesLieInTheBoxOfTheirCall(@TempDir Path logs) throws IOException {
    Tensor w = Tensor.linspace(-1, 1, 4).reshape(2, 2);
    Graph graph = Graph.trace(x -> Flow.cond(x.sum().gt(0), () -> x.matmul(w), () -> x.neg()), X);
    GraphDef read = written(logs, graph);
    List<String> names = read.getNodeList().stream().map(NodeDef::getName).toList();
    NodeDef inner =
        read.getNodeList().stream()
            .filter(node -> node.getOp().equals("matmul"))
            .findFirst()
            .orElseThrow(() -> new AssertionError(names));
    assertTrue(inner.getName().matches("cond/[^/]+/matmul"), names.toString());
    assertTrue(inner.getInputList().contains("input/i0"), inner.toString());
  }

  @Test
  void wrongSettingsAreRefused() {
    TensorBoard board = new TensorBoard(Path.of("logs"));
    assertThrows(IllegalArgumentException.class, () -> board.histogramFrequency(-1));
    assertThrows(IllegalArgumentException.class, () -> board.updateFrequency(-1));
  }
}
