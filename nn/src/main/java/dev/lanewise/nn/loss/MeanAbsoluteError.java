package dev.lanewise.nn.loss;

import dev.lanewise.autodiff.Tensor;

/** The distance {@code |prediction − target|} of each element; its slope at 0 is 0. */
public record MeanAbsoluteError() implements Loss {
  private static final Term TERM = new Term(Term.abs(Term.DISTANCE));

  @Override
  public String name() {
    return "meanAbsoluteError";
  }

  @Override
  public TargetKind targets() {
    return TargetKind.VALUES;
  }

  @Override
  public Tensor apply(Tensor predictions, Tensor targets, Reduction reduction) {
    return TERM.reduce(name(), reduction, Term.NO_SETTINGS, predictions, targets);
  }
}
