package dev.lanewise.nn.loss;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.metric.BinaryAccuracy;
import dev.lanewise.nn.metric.Metric;

/**
 * The logistic loss {@code log(1 + e^(−target · prediction))} of each element, for targets of −1
 * and 1; exact for large predictions too.
 */
public record SoftMargin() implements Loss {
  private static final Term TERM = new Term(Term.softplus(Term.TARGET.mul(Term.PREDICTION).neg()));

  @Override
  public String name() {
    return "softMargin";
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
