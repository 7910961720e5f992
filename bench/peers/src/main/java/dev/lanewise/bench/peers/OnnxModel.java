package dev.lanewise.bench.peers;

import dev.lanewise.array.Shape;
import dev.lanewise.bench.Network;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A network as an ONNX file, by the field numbers of {@code onnx.proto}, with the operators of
 * opset 13: Conv, Relu, MaxPool, Flatten, Gemm.
 */
final class OnnxModel {
  /** The name of the input. */
  static final String INPUT = "x";

  /** The name of the output. */
  static final String OUTPUT = "y";

  private static final int FLOAT = 1;
  private static final int ATTRIBUTE_INTS = 7;

  private final Protobuf graph = new Protobuf();
  private final List<Shape> shapes;
  private final List<float[]> weights;
  private String latest = INPUT;
  private int nodes;

  private OnnxModel(Network network, List<float[]> weights) {
    this.shapes = network.weightShapes();
    this.weights = weights;
  }

  /**
   * {@return the file of a network for batches of one size}
   *
   * @param weights in the order of {@link Network#weightShapes}
   */
  static byte[] of(Network network, int batch, List<float[]> weights) {
    return new OnnxModel(network, weights).file(network, batch);
  }

  private byte[] file(Network network, int batch) {
    int layer = 0;
    for (int i = 0; i < network.filters().size(); i++) {
      node("Conv", layer, ints("kernel_shape", 3, 3), ints("pads", 1, 1, 1, 1));
      node("Relu", -1);
      node("MaxPool", -1, ints("kernel_shape", 2, 2), ints("strides", 2, 2));
      layer += 2;
    }
    if (layer > 0) {
      node("Flatten", -1);
    }
    for (int i = 0; i < network.units().size(); i++) {
      if (i > 0) {
        node("Relu", -1);
      }
      node("Gemm", layer);
      layer += 2;
    }
    graph.put(2, "network");
    for (int i = 0; i < shapes.size(); i++) {
      graph.put(5, tensor("w" + i, shapes.get(i), weights.get(i)));
    }
    IntArray sample = new IntArray(network.sampleShape());
    graph.put(11, value(INPUT, sample.behind(batch)));
    graph.put(12, value(OUTPUT, batch, network.units().getLast()));
    Protobuf opset = new Protobuf().put(1, "").put(2, 13);
    return new Protobuf().put(1, 8).put(7, graph).put(8, opset).toByteArray();
  }

  /** Extents of a sample. */
  private record IntArray(int... values) {
    long[] behind(int first) {
      return LongStream.concat(LongStream.of(first), Arrays.stream(values).asLongStream())
          .toArray();
    }
  }

  /** Adds a node behind the latest, with weight and bias of a layer if that is not negative. */
  private void node(String operator, int layer, Protobuf... attributes) {
    boolean last = operator.equals("Gemm") && layer == shapes.size() - 2;
    String output = last ? OUTPUT : "t" + nodes++;
    Protobuf node = new Protobuf().put(1, latest);
    if (layer >= 0) {
      node.put(1, "w" + layer).put(1, "w" + (layer + 1));
    }
    node.put(2, output).put(4, operator);
    for (Protobuf attribute : attributes) {
      node.put(5, attribute);
    }
    graph.put(1, node);
    latest = output;
  }

  private static Protobuf ints(String name, long... values) {
    return new Protobuf().put(1, name).put(8, values).put(20, ATTRIBUTE_INTS);
  }

  private static Protobuf tensor(String name, Shape shape, float[] values) {
    return new Protobuf()
        .put(1, Arrays.stream(shape.dims()).asLongStream().toArray())
        .put(2, FLOAT)
        .put(8, name)
        .put(9, values);
  }

  private static Protobuf value(String name, long... dims) {
    Protobuf shape = new Protobuf();
    for (long dim : dims) {
      shape.put(1, new Protobuf().put(1, dim));
    }
    Protobuf tensor = new Protobuf().put(1, FLOAT).put(2, shape);
    return new Protobuf().put(1, name).put(2, new Protobuf().put(1, tensor));
  }
}
