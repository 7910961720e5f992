package dev.lanewise.nn.loss;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;

/** What becomes of the losses of elements, rows or samples. */
public enum Reduction {
  /** Nothing: each loss stays, the first axis being that of the samples. */
  NONE,
  /**
   * Their sum divided by how many there are, or by the sum of their weights where a loss has
   * weights for classes; NaN if there are none.
   */
  MEAN,
  /** Their sum. */
  SUM,
  /** Their sum divided by the number of samples, however many losses a sample has. */
  BATCH_MEAN;

  /**
   * {@return losses, reduced}
   *
   * @param losses the losses, {@code [n, …]}
   */
  public Tensor of(Tensor losses) {
    return switch (this) {
      case NONE -> losses;
      case MEAN -> losses.mean();
      case SUM -> losses.sum();
      case BATCH_MEAN -> losses.sum().div(samples(losses.shape()));
    };
  }

  /** {@return what each of the losses of a shape is multiplied with before all are summed} */
  double factor(Shape losses) {
    return switch (this) {
      case NONE, SUM -> 1;
      case MEAN -> 1.0 / losses.size();
      case BATCH_MEAN -> 1.0 / samples(losses);
    };
  }

  private static int samples(Shape losses) {
    return losses.rank() == 0 ? 1 : losses.dim(0);
  }
}
