package dev.lanewise.nn.tensorboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

class GraphTest {
  @TempDir private Path folder;

  private GraphDef written(GraphNode... nodes) throws IOException {
    try (EventWriter writer = EventWriter.open(folder)) {
      writer.graph(List.of(nodes));
    }
    var events = EventFile.read(EventFile.only(folder));
    assertEquals(1, events.size());
    return GraphDef.parseFrom(events.getFirst().getGraphDef());
  }

  @Test
  void nodesAndEdges() throws IOException {
    GraphDef graph =
        written(
            GraphNode.of("net/out", "Dense", "net/hidden:1", "^x"),
            GraphNode.of("x", "Input").withShape(-1, 2),
            GraphNode.of("net/hidden", "Dense", "x").withShape());

    List<NodeDef> nodes = graph.getNodeList();
    assertEquals(
        List.of("net/out", "x", "net/hidden"), nodes.stream().map(NodeDef::getName).toList());
    assertEquals(List.of("Dense", "Input", "Dense"), nodes.stream().map(NodeDef::getOp).toList());
    assertEquals(List.of("net/hidden:1", "^x"), List.copyOf(nodes.get(0).getInputList()));
    assertEquals(List.of(), List.copyOf(nodes.get(1).getInputList()));
    assertEquals(List.of("x"), List.copyOf(nodes.get(2).getInputList()));
    assertEquals(22, graph.getVersions().getProducer());

    assertEquals(Map.of(), nodes.get(0).getAttrMap());
    AttrValue.ListValue shapes = nodes.get(1).getAttrOrThrow("_output_shapes").getList();
    assertEquals(1, shapes.getShapeCount());
    assertEquals(
        List.of(-1L, 2L), shapes.getShape(0).getDimList().stream().map(d -> d.getSize()).toList());
    AttrValue scalar = nodes.get(2).getAttrOrThrow("_output_shapes");
    assertEquals(0, scalar.getList().getShape(0).getDimCount());
  }

  @Test
  void attributesOfEveryKind() throws IOException {
    GraphNode node =
        GraphNode.of("n", "Conv2D")
            .withAttribute("padding", "größer")
            .withAttribute("bias", true)
            .withAttribute("units", 7)
            .withAttribute("seed", 1L << 40)
            .withAttribute("rate", 0.5f)
            .withAttribute("eps", 1e-3)
            .withAttribute("kernel", List.of(3, 5L))
            .withAttribute("names", List.of("a", "b"))
            .withAttribute("flags", List.of(true, false))
            .withAttribute("betas", List.of(0.5f, 0.25))
            .withAttribute("none", List.of())
            .withAttribute("units", 8);
    Map<String, AttrValue> attributes = written(node).getNode(0).getAttrMap();

    assertEquals(11, attributes.size());
    assertEquals("größer", attributes.get("padding").getS().toStringUtf8());
    assertTrue(attributes.get("bias").getB());
    assertEquals(8, attributes.get("units").getI());
    assertEquals(1L << 40, attributes.get("seed").getI());
    assertEquals(0.5f, attributes.get("rate").getF());
    assertEquals(1e-3f, attributes.get("eps").getF());
    assertEquals(List.of(3L, 5L), attributes.get("kernel").getList().getIList());
    assertEquals("b", attributes.get("names").getList().getS(1).toStringUtf8());
    assertEquals(List.of(true, false), attributes.get("flags").getList().getBList());
    assertEquals(List.of(0.5f, 0.25f), attributes.get("betas").getList().getFList());
    assertEquals(AttrValue.ValueCase.LIST, attributes.get("none").getValueCase());
  }

  @Test
  void aNodeIsACopyOfWhatItWasMadeFrom() {
    List<Integer> kernel = new ArrayList<>(List.of(3));
    Map<String, Object> attributes = new HashMap<>(Map.of("kernel", kernel));
    GraphNode node = new GraphNode("n", "Conv", List.of(), attributes, Optional.of(kernel));
    kernel.add(5);
    attributes.clear();
    assertEquals(Map.of("kernel", List.of(3)), node.attributes());
    assertEquals(List.of(3), node.shape().get());
    assertThrows(UnsupportedOperationException.class, () -> node.attributes().clear());
  }

  private static void refused(String message, Runnable call) {
    var e = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void wrongNodesAreRefused() {
    refused("the name \"a b\"", () -> GraphNode.of("a b", "Dense"));
    refused("the name \"\"", () -> GraphNode.of("", "Dense"));
    refused("the name \"/a\"", () -> GraphNode.of("/a", "Dense"));
    refused("the input \"\"", () -> GraphNode.of("a", "Dense", "^"));
    refused("op is blank", () -> GraphNode.of("a", " "));
    GraphNode node = GraphNode.of("a", "Dense");
    refused("the shape [2, -2]", () -> node.withShape(2, -2));
    refused("named \"_class\"", () -> node.withAttribute("_class", "x"));
    refused("\"x\" of node \"a\" is [1, a]", () -> node.withAttribute("x", List.of(1, "a")));
    refused("it must be a String", () -> node.withAttribute("x", Optional.empty()));
    refused("it must be a String", () -> node.withAttribute("x", List.of(List.of(1))));
  }

  @Test
  void aGraphMustBeWhole() throws IOException {
    GraphNode a = GraphNode.of("a", "Input");
    try (EventWriter writer = EventWriter.open(folder)) {
      refused("at least one node", () -> writer.graph(List.of()));
      refused("\"a\" is there twice", () -> writer.graph(List.of(a, a)));
      refused(
          "node \"b\" has the input \"c:0\", but no node is named \"c\"",
          () -> writer.graph(List.of(a, GraphNode.of("b", "Dense", "a", "c:0"))));
    }
    assertEquals(List.of(), EventFile.read(EventFile.only(folder)));
  }
}
