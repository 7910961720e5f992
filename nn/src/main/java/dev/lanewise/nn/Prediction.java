package dev.lanewise.nn;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Grad;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.data.Batch;
import dev.lanewise.nn.internal.Samples;
import java.util.List;
import java.util.OptionalLong;

/** The outputs of a model for any number of samples, computed batch by batch. */
final class Prediction {
  private Prediction() {}

  /**
   * {@return each output, {@code [n, output…]}}
   *
   * @param model a built model
   * @param examples the samples, f32, without targets
   * @param outputs the shape of one sample of each output
   * @param most the samples of a batch
   */
  static List<Tensor> of(Model model, Examples examples, List<Shape> outputs, int most) {
    int count = examples.size();
    List<NdArray> all =
        outputs.stream()
            .map(shape -> model.backend().uninitialized(DType.F32, Samples.batch(count, shape)))
            .toList();
    int from = 0;
    for (Batch batch : Feed.of(model, examples, most, OptionalLong.empty())) {
      int to = from + batch.size();
      try (Scope _ = Scope.open("prediction step");
          Grad _ = Grad.off()) {
        List<Tensor> computed = model.apply(batch.inputs(), false);
        for (int i = 0; i < computed.size(); i++) {
          model.backend().copy(computed.get(i).data(), all.get(i).slice(0, from, to));
        }
        model.forgetPenalties();
      }
      from = to;
    }
    return all.stream().map(Tensor::of).toList();
  }
}
