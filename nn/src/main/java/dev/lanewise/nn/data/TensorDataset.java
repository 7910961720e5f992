package dev.lanewise.nn.data;

import dev.lanewise.autodiff.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Samples that lie in tensors, of which a batch is a copy of some rows. */
final class TensorDataset implements Dataset {
  private final Batch all;

  TensorDataset(Batch all) {
    this.all = changed(all, Tensor::detach);
  }

  @Override
  public int size() {
    return all.size();
  }

  @Override
  public Sample get(int index) {
    Rows.check("get", index, size());
    return new Sample(
        all.inputs().stream().map(x -> x.at(index)).toList(),
        all.targets().stream().map(y -> y.at(index)).toList(),
        all.weights().map(w -> w.at(index)));
  }

  @Override
  public Batch batch(int... indices) {
    Rows.check("batch", indices, size());
    return changed(all, x -> picked(x, indices));
  }

  @Override
  public int[] labels() {
    return Rows.labels(all);
  }

  /** {@return rows of a tensor, as a copy} */
  static Tensor picked(Tensor x, int[] rows) {
    return x.indexSelect(0, Tensor.of(x.backend(), rows));
  }

  private static Batch changed(Batch batch, UnaryOperator<Tensor> change) {
    List<Tensor> inputs = batch.inputs().stream().map(change).toList();
    List<Tensor> targets = batch.targets().stream().map(change).toList();
    Optional<Tensor> weights = batch.weights().map(change);
    return new Batch(inputs, targets, weights);
  }
}
