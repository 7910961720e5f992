package dev.lanewise.bench.peers;

import dev.lanewise.array.Shape;
import dev.lanewise.bench.Network;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** A network's weights in libtorch, and the way through its layers. */
final class TorchNetwork {
  private static final long[] ONE = {1, 1};
  private static final long[] TWO = {2, 2};

  private final Network network;
  private final List<Tensor> weights = new ArrayList<>();
  private final List<TensorOptional> biases = new ArrayList<>();

  /**
   * Makes the weights.
   *
   * @param values in the order of {@link Network#weightShapes}
   * @param training whether gradients are wanted
   */
  TorchNetwork(TorchArrays arrays, Network network, List<float[]> values, boolean training) {
    this.network = network;
    List<Shape> shapes = network.weightShapes();
    for (int i = 0; i < shapes.size(); i++) {
      Tensor given = arrays.of(values.get(i), shapes.get(i));
      // libtorch's dense layers hold [out, in].
      Tensor weight = shapes.get(i).rank() == 2 ? turned(arrays, given) : given;
      weight.requires_grad_(training);
      weights.add(weight);
      biases.add(shapes.get(i).rank() == 1 ? arrays.own(new TensorOptional(weight)) : null);
    }
  }

  private static Tensor turned(TorchArrays arrays, Tensor matrix) {
    try (Tensor view = matrix.t()) {
      return arrays.own(view.contiguous());
    }
  }

  /** {@return the weights, for an optimizer} */
  TensorVector parameters() {
    return new TensorVector(weights.toArray(Tensor[]::new));
  }

  /** {@return the logits of a batch; the caller's scope frees what is made on the way} */
  Tensor forward(Tensor batch) {
    Tensor x = batch;
    int layer = 0;
    for (int i = 0; i < network.filters().size(); i++) {
      x = torch.conv2d(x, weights.get(layer), biases.get(layer + 1), ONE, ONE, ONE, 1);
      x = torch.max_pool2d(torch.relu(x), TWO);
      layer += 2;
    }
    if (layer > 0) {
      x = torch.flatten(x, 1, -1);
    }
    for (int i = 0; i < network.units().size(); i++) {
      x = torch.linear(i == 0 ? x : torch.relu(x), weights.get(layer), biases.get(layer + 1));
      layer += 2;
    }
    return x;
  }
}
