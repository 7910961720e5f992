package dev.lanewise.bench.peers;

import dev.lanewise.array.DType;
import dev.lanewise.bench.Network;
import dev.lanewise.bench.peer.Trainer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.Tensor;

/** Epochs of libtorch, in an order of samples that changes from epoch to epoch. */
final class TorchTrainer implements Trainer {
  private final TorchArrays arrays = new TorchArrays();
  private final TorchNetwork model;
  private final Adam adam;
  private final Tensor samples;
  private final Tensor labels;
  private final long[] order;
  private final int batch;
  private final Random random = new Random(42);

  TorchTrainer(Network network, List<float[]> weights, float[] samples, int[] labels, int batch) {
    this.model = new TorchNetwork(arrays, network, weights, true);
    this.adam = TorchNetworks.adam(arrays, arrays.own(model.parameters()), network.learningRate());
    this.samples = arrays.of(DType.F32, samples, TorchNetworks.dims(network, labels.length));
    long[] classes = Arrays.stream(labels).asLongStream().toArray();
    this.labels = arrays.own(Tensor.create(classes, classes.length));
    this.order = new long[labels.length];
    Arrays.setAll(order, i -> i);
    this.batch = batch;
  }

  @Override
  public double epoch() {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      long swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    double sum = 0;
    for (int from = 0; from < order.length; from += batch) {
      long[] chosen = Arrays.copyOfRange(order, from, Math.min(from + batch, order.length));
      try (Tensor index = Tensor.create(chosen, chosen.length);
          Tensor x = samples.index_select(0, index);
          Tensor y = labels.index_select(0, index);
          Tensor loss = TorchNetworks.step(model, adam, x, y)) {
        sum += loss.item_float() * chosen.length;
      }
    }
    return sum / order.length;
  }

  @Override
  public void close() {
    arrays.close();
  }
}
