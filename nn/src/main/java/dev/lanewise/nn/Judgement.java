package dev.lanewise.nn;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.data.Batch;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model and its losses make of a batch.
 *
 * @param sum what is made smaller: weighted losses and penalties
 * @param losses of each output
 * @param outputs the predictions
 */
record Judgement(Tensor sum, List<Tensor> losses, List<Tensor> outputs) {

  /** Tells a tally; from here on numbers are read. */
  void tell(Tally tally, Batch batch) {
    double[] each = new double[losses.size()];
    for (int i = 0; i < each.length && each.length > 1; i++) {
      each[i] = losses.get(i).item();
    }
    tally.add(sum.item(), each, outputs, batch.targets());
  }

  /** {@return all tensors in one list, without their history} */
  List<Tensor> flat() {
    List<Tensor> all = new ArrayList<>(List.of(sum.detach()));
    losses.forEach(loss -> all.add(loss.detach()));
    outputs.forEach(output -> all.add(output.detach()));
    return all;
  }

  /** {@return what {@link #flat} was made of} */
  static Judgement of(List<Tensor> flat) {
    int heads = (flat.size() - 1) / 2;
    return new Judgement(
        flat.getFirst(), flat.subList(1, 1 + heads), flat.subList(1 + heads, flat.size()));
  }
}
