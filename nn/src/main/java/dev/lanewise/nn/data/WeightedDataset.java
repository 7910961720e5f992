package dev.lanewise.nn.data;

import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import java.util.Optional;

/** The samples of another data set, with weights of their own. */
final class WeightedDataset implements Dataset {
  private final Dataset data;
  private final Tensor weights;

  WeightedDataset(Dataset data, Tensor weights) {
    if (weights.shape().rank() != 1 || weights.shape().dim(0) != data.size()) {
      throw new ShapeException(
          "weighted: the weights must be [%d], one for each sample, not %s"
              .formatted(data.size(), weights.shape()));
    }
    this.data = data;
    this.weights = weights.detach();
  }

  @Override
  public int size() {
    return data.size();
  }

  @Override
  public Sample get(int index) {
    Rows.check("get", index, size());
    Sample sample = data.get(index);
    return new Sample(sample.inputs(), sample.targets(), Optional.of(weights.at(index)));
  }

  @Override
  public Batch batch(int... indices) {
    Rows.check("batch", indices, size());
    Batch batch = data.batch(indices);
    Tensor picked = TensorDataset.picked(weights, indices);
    return new Batch(batch.inputs(), batch.targets(), Optional.of(picked));
  }

  @Override
  public int[] labels() {
    return data.labels();
  }
}
