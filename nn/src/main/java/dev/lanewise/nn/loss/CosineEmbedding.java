package dev.lanewise.nn.loss;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.internal.Checks;

/**
 * What is wrong with the angle between two vectors: {@code 1 − cos} for a target of 1, which says
 * that they are alike, and {@code max(cos − margin, 0)} for one of −1, which says that they are
 * not. A loss of three tensors.
 *
 * @param margin the largest cosine between others, from −1 to 1
 */
public record CosineEmbedding(double margin) {
  private static final String NAME = "cosineEmbedding";

  /** Of the product, target and the squared lengths. */
  private static final Term TERM = new Term(term());

  /**
   * Checks the record.
   *
   * @throws IllegalArgumentException if the margin is outside its range
   */
  public CosineEmbedding {
    if (!(margin >= -1 && margin <= 1)) {
      throw new IllegalArgumentException(NAME + ": margin must be from -1 to 1, not " + margin);
    }
  }

  /** Makes the loss with a margin of 0. */
  public CosineEmbedding() {
    this(0);
  }

  private static Expr term() {
    Expr cosine = Expr.arg(0).mul(inverse(Expr.arg(2))).mul(inverse(Expr.arg(3)));
    Expr others = Term.positive(cosine.sub(Expr.param(0)));
    Expr unlike = Expr.select(Term.TARGET.eq(Expr.constant(-1)), others, Term.ZERO);
    return Expr.select(Term.TARGET.eq(Term.ONE), Term.ONE.sub(cosine), unlike);
  }

  /** The 1e-12 is PyTorch's, and keeps vectors without a length from a division by 0. */
  private static Expr inverse(Expr square) {
    return square.add(Expr.constant(1e-12)).rsqrt();
  }

  /**
   * {@return the mean loss, a scalar}
   *
   * @param x one vector each, {@code [n, d]}
   * @param y the other, of the same shape
   * @param target 1 where the two are alike and −1 where they are not, {@code [n]}
   * @throws ShapeException if a shape does not fit
   * @throws dev.lanewise.array.DTypeException unless all are f32 or all f64
   */
  public Tensor apply(Tensor x, Tensor y, Tensor target) {
    return apply(x, y, target, Reduction.MEAN);
  }

  /**
   * {@return the loss}
   *
   * @param x one vector each, {@code [n, d]}
   * @param y the other, of the same shape
   * @param target 1 where the two are alike and −1 where they are not, {@code [n]}; any other
   *     number gives no loss
   * @param reduction what becomes of the losses of the pairs
   * @throws ShapeException if a shape does not fit
   * @throws dev.lanewise.array.DTypeException unless all are f32 or all f64
   */
  public Tensor apply(Tensor x, Tensor y, Tensor target, Reduction reduction) {
    Checks.oneShape(NAME, "x", x, "y", y);
    int[] at = {x.shape().axis(NAME, -1)};
    Shape pairs = x.shape().reduced(at, false);
    if (!target.shape().equals(pairs)) {
      throw new ShapeException(
          "%s: target must be %s, one number for each pair of %s, not %s"
              .formatted(NAME, pairs, x.shape(), target.shape()));
    }
    Tensor product = Tensor.mapSum(CosineSimilarity.PRODUCT, Term.NO_SETTINGS, at, false, x, y);
    Tensor own = Tensor.mapSum(CosineSimilarity.SQUARE, Term.NO_SETTINGS, at, false, x);
    Tensor other = Tensor.mapSum(CosineSimilarity.SQUARE, Term.NO_SETTINGS, at, false, y);
    return TERM.reduce(NAME, reduction, new double[] {margin}, product, target, own, other);
  }
}
