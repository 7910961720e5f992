package dev.lanewise.nn.loss;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.internal.Checks;

/**
 * Less the cosine of the angle between prediction and target along an axis: −1 for the same
 * direction, 1 for the opposite one, 0 where either has no length.
 *
 * @param axis the axis of the vectors; negative counts from the last
 */
public record CosineSimilarity(int axis) implements Loss {
  static final Expr PRODUCT = Term.PREDICTION.mul(Term.TARGET);
  static final Expr SQUARE = Expr.arg(0).square();

  /** Of the product and the squared lengths, arguments 0 to 2, cut at 1e-12 as in Keras. */
  private static final Term TERM =
      new Term(Expr.arg(0).mul(inverse(Expr.arg(1))).mul(inverse(Expr.arg(2))).neg());

  /** Makes the loss of vectors along the last axis. */
  public CosineSimilarity() {
    this(-1);
  }

  private static Expr inverse(Expr square) {
    return square.max(Expr.constant(1e-12)).rsqrt();
  }

  @Override
  public String name() {
    return "cosineSimilarity";
  }

  @Override
  public TargetKind targets() {
    return TargetKind.VALUES;
  }

  @Override
  public Tensor apply(Tensor predictions, Tensor targets, Reduction reduction) {
    Checks.oneShape(name(), "predictions", predictions, "targets", targets);
    int[] at = {predictions.shape().axis(name(), axis)};
    Tensor product = Tensor.mapSum(PRODUCT, Term.NO_SETTINGS, at, false, predictions, targets);
    Tensor own = Tensor.mapSum(SQUARE, Term.NO_SETTINGS, at, false, predictions);
    Tensor other = Tensor.mapSum(SQUARE, Term.NO_SETTINGS, at, false, targets);
    return TERM.reduce(name(), reduction, Term.NO_SETTINGS, product, own, other);
  }
}
