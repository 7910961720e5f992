package dev.lanewise.nn.loss;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;

/**
 * What is wrong with a distance, for each element: the distance itself between alike ones, whose
 * target is 1, and what it lacks of a margin, {@code max(margin − distance, 0)}, between others,
 * whose target is −1. Predictions are distances, and a target that is neither 1 nor −1 counts as
 * both.
 *
 * @param margin how far apart others must be
 */
public record HingeEmbedding(double margin) implements Loss {
  private static final Term TERM =
      new Term(
          Expr.select(
                  Term.TARGET.eq(Term.ONE),
                  Term.ZERO,
                  Term.positive(Expr.param(0).sub(Term.PREDICTION)))
              .add(Expr.select(Term.TARGET.eq(Expr.constant(-1)), Term.ZERO, Term.PREDICTION)));

  /**
   * Checks the record.
   *
   * @throws IllegalArgumentException if the margin is not a number
   */
  public HingeEmbedding {
    Term.requireFinite("hingeEmbedding", "margin", margin);
  }

  /** Makes the loss with a margin of 1. */
  public HingeEmbedding() {
    this(1);
  }

  @Override
  public String name() {
    return "hingeEmbedding";
  }

  @Override
  public TargetKind targets() {
    return TargetKind.VALUES;
  }

  @Override
  public Tensor apply(Tensor predictions, Tensor targets, Reduction reduction) {
    return TERM.reduce(name(), reduction, new double[] {margin}, predictions, targets);
  }
}
