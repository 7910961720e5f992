package dev.lanewise.nn;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Grad;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.internal.Samples;

/** The output of a model for any number of samples, computed batch by batch. */
final class Prediction {
  private Prediction() {}

  /**
   * {@return the output, {@code [n, output…]}}
   *
   * @param model a built model
   * @param x the samples, f32
   * @param output the shape of one sample of the output
   * @param most the samples of a batch
   */
  static Tensor of(Model model, Rows x, Shape output, int most) {
    NdArray all = model.backend().uninitialized(DType.F32, Samples.batch(x.count(), output));
    BatchBuffer buffer = new BatchBuffer();
    int batchSize = Math.min(most, x.count());
    for (int from = 0; from < x.count(); from += batchSize) {
      int to = Math.min(from + batchSize, x.count());
      Tensor batch = buffer.fill(model.backend(), x, null, from, to, batchSize);
      try (Scope _ = Scope.open("prediction step");
          Grad _ = Grad.off()) {
        model.backend().copy(model.call(batch, false).data(), all.slice(0, from, to));
      }
    }
    return Tensor.of(all);
  }
}
