package dev.lanewise.nn.loss;

import dev.lanewise.autodiff.Tensor;

/** The squared distance {@code (prediction − target)²} of each element. */
public record MeanSquaredError() implements Loss {
  private static final Term TERM = new Term(Term.DISTANCE.square());

  @Override
  public String name() {
    return "meanSquaredError";
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
