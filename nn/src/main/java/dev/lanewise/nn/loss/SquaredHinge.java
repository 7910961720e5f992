package dev.lanewise.nn.loss;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.metric.BinaryAccuracy;
import dev.lanewise.nn.metric.Metric;

/** The square of {@link Hinge}, for targets of −1 and 1. Targets of 0 count as −1. */
public record SquaredHinge() implements Loss {
  private static final Term TERM = new Term(Hinge.MISSED.square());

  @Override
  public String name() {
    return "squaredHinge";
  }

  @Override
  public TargetKind targets() {
    return TargetKind.VALUES;
  }

  @Override
  public Tensor apply(Tensor predictions, Tensor targets, Reduction reduction) {
    return TERM.reduce(name(), reduction, Term.NO_SETTINGS, predictions, targets);
  }

  /** {@return the share of elements on the right side of 0} */
  @Override
  public Metric accuracy(String name) {
    return new BinaryAccuracy(name, 0);
  }
}
