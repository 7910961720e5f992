package dev.lanewise.nn.internal;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.data.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How many tensors of a batch are what, so that a graph can be given them in a row.
 *
 * @param inputs how many are inputs
 * @param targets how many are targets
 * @param isWeighted whether the last one is the samples' weights
 */
public record BatchForm(int inputs, int targets, boolean isWeighted) {

  /** {@return the form of a batch} */
  public static BatchForm of(Batch batch) {
    return new BatchForm(
        batch.inputs().size(), batch.targets().size(), batch.weights().isPresent());
  }

  /** {@return the tensors of a batch in a row} */
  public static List<Tensor> flat(Batch batch) {
    List<Tensor> all = new ArrayList<>(batch.inputs());
    all.addAll(batch.targets());
    batch.weights().ifPresent(all::add);
    return all;
  }

  /** {@return the batch of tensors in a row} */
  public Batch batch(List<Tensor> flat) {
    return new Batch(
        flat.subList(0, inputs),
        flat.subList(inputs, inputs + targets),
        isWeighted ? Optional.of(flat.getLast()) : Optional.empty());
  }
}
