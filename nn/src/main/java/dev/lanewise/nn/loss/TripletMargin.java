package dev.lanewise.nn.loss;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.internal.Checks;

/**
 * How much nearer an anchor must come to its like than to another: {@code max(d(anchor, positive) −
 * d(anchor, negative) + margin, 0)}, with distances {@code ‖x − y + 1e-6‖} along the last axis as
 * in PyTorch (Balntas et al., "Learning Shallow Convolutional Feature Descriptors with Triplet
 * Losses", 2016). A loss of three tensors.
 *
 * @param margin how much nearer, above 0
 * @param p the power of the norm, at least 0; 2 is the usual distance
 * @param swap whether the negative counts as near the anchor where it is nearer to the positive
 */
public record TripletMargin(double margin, double p, boolean swap) {
  private static final String NAME = "tripletMargin";
  private static final Expr APART = Term.DISTANCE.add(Expr.constant(1e-6));

  /** Of the distances to positive and negative. */
  private static final Term TERM = new Term(Term.positive(Term.DISTANCE.add(Expr.param(0))));

  /**
   * Checks the record.
   *
   * @throws IllegalArgumentException if a setting is outside its range
   */
  public TripletMargin {
    Checks.positive(NAME + ": margin", margin);
    if (!(p >= 0)) {
      throw new IllegalArgumentException(NAME + ": p must be at least 0, not " + p);
    }
  }

  /**
   * Makes the loss of usual distances.
   *
   * @param margin how much nearer, above 0
   */
  public TripletMargin(double margin) {
    this(margin, 2, false);
  }

  /** Makes the loss of usual distances with a margin of 1. */
  public TripletMargin() {
    this(1);
  }

  /**
   * {@return the mean loss, a scalar}
   *
   * @param anchor one vector each, {@code [n, d]}
   * @param positive its like, of the same shape
   * @param negative another, of the same shape
   * @throws dev.lanewise.array.ShapeException if a shape does not fit
   * @throws dev.lanewise.array.DTypeException unless all are f32 or all f64
   */
  public Tensor apply(Tensor anchor, Tensor positive, Tensor negative) {
    return apply(anchor, positive, negative, Reduction.MEAN);
  }

  /**
   * {@return the loss}
   *
   * @param anchor one vector each, {@code [n, d]}
   * @param positive its like, of the same shape
   * @param negative another, of the same shape
   * @param reduction what becomes of the losses of the triplets
   * @throws dev.lanewise.array.ShapeException if a shape does not fit
   * @throws dev.lanewise.array.DTypeException unless all are f32 or all f64
   */
  public Tensor apply(Tensor anchor, Tensor positive, Tensor negative, Reduction reduction) {
    Checks.oneShape(NAME, "anchor", anchor, "positive", positive);
    Checks.oneShape(NAME, "anchor", anchor, "negative", negative);
    Tensor near = distance(anchor, positive);
    Tensor far = distance(anchor, negative);
    far = swap ? far.minimum(distance(positive, negative)) : far;
    return TERM.reduce(NAME, reduction, new double[] {margin}, near, far);
  }

  private Tensor distance(Tensor x, Tensor y) {
    int last = x.shape().axis(NAME, -1);
    return Tensor.map(APART, Term.NO_SETTINGS, x, y).norm(p, last);
  }
}
