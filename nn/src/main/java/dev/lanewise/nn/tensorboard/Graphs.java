package dev.lanewise.nn.tensorboard;

import com.google.protobuf.ByteString;
import dev.lanewise.nn.tensorboard.proto.AttrValue;
import dev.lanewise.nn.tensorboard.proto.GraphDef;
import dev.lanewise.nn.tensorboard.proto.NodeDef;
import dev.lanewise.nn.tensorboard.proto.VersionDef;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Makes the message of a graph. Who loads this class has made sure that protobuf-java is there. */
final class Graphs {
  /** Where TensorBoard looks for the shapes that it writes beside the arrows. */
  private static final String SHAPES = "_output_shapes";

  /** Any will do; the one that is written where no TensorFlow is at work. */
  private static final int PRODUCER = 22;

  private Graphs() {}

  static byte[] encode(List<GraphNode> nodes) {
    requireWhole(nodes);
    GraphDef.Builder graph =
        GraphDef.newBuilder().setVersions(VersionDef.newBuilder().setProducer(PRODUCER));
    for (GraphNode node : nodes) {
      NodeDef.Builder message =
          NodeDef.newBuilder().setName(node.name()).setOp(node.op()).addAllInput(node.inputs());
      node.attributes().forEach((name, value) -> message.putAttr(name, attribute(value)));
      node.shape().ifPresent(shape -> message.putAttr(SHAPES, shapes(shape)));
      graph.addNode(message);
    }
    return Events.graph(graph.build());
  }

  private static void requireWhole(List<GraphNode> nodes) {
    Set<String> names = new HashSet<>();
    for (GraphNode node : nodes) {
      if (!names.add(node.name())) {
        throw new IllegalArgumentException(
            "EventWriter.graph: each node needs a name of its own, but \"%s\" is there twice"
                .formatted(node.name()));
      }
    }
    if (names.isEmpty()) {
      throw new IllegalArgumentException("EventWriter.graph: there must be at least one node");
    }
    for (GraphNode node : nodes) {
      for (String input : node.inputs()) {
        if (!names.contains(GraphNode.source(input))) {
          throw new IllegalArgumentException(
              "EventWriter.graph: node \"%s\" has the input \"%s\", but no node is named \"%s\""
                  .formatted(node.name(), input, GraphNode.source(input)));
        }
      }
    }
  }

  private static AttrValue shapes(List<Integer> shape) {
    return list(AttrValue.ListValue.newBuilder().addShape(Events.shape(shape)));
  }

  private static AttrValue attribute(Object value) {
    if (value instanceof List<?> values) {
      AttrValue.ListValue.Builder list = AttrValue.ListValue.newBuilder();
      for (Object each : values) {
        AttrValue one = attribute(each);
        switch (one.getValueCase()) {
          case S -> list.addS(one.getS());
          case I -> list.addI(one.getI());
          case F -> list.addF(one.getF());
          case B -> list.addB(one.getB());
          case LIST, VALUE_NOT_SET -> throw new AssertionError(each);
        }
      }
      return list(list);
    }
    AttrValue.Builder message = AttrValue.newBuilder();
    switch (value) {
      case String text -> message.setS(ByteString.copyFromUtf8(text));
      case Boolean truth -> message.setB(truth);
      case Integer whole -> message.setI(whole);
      case Long whole -> message.setI(whole);
      case Number real -> message.setF(real.floatValue());
      default -> throw new AssertionError(value);
    }
    return message.build();
  }

  private static AttrValue list(AttrValue.ListValue.Builder list) {
    return AttrValue.newBuilder().setList(list).build();
  }
}
