package dev.lanewise.nn.loss;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.UnaryOp;
import dev.lanewise.nn.internal.Checks;
import java.util.Arrays;

/** What a loss computes for each element: the term of a sum that is computed in one loop. */
final class Term {
  static final Expr ZERO = Expr.constant(0);
  static final Expr ONE = Expr.constant(1);
  static final Expr HALF = Expr.constant(0.5);
  static final Expr PREDICTION = Expr.arg(0);
  static final Expr TARGET = Expr.arg(1);

  /** How far the prediction is above the target. */
  static final Expr DISTANCE = PREDICTION.sub(TARGET);

  static final double[] NO_SETTINGS = {};
  private static final int[] NO_AXES = {};

  private final Expr each;

  /** The term times one more scalar, the factor of the reduction. */
  private final Expr scaled;

  /**
   * Makes the term.
   *
   * @param each of prediction, argument 0, target, argument 1, and what else the loss has
   */
  Term(Expr each) {
    this.each = each;
    this.scaled = each.mul(Expr.param(each.params()));
  }

  static Expr abs(Expr x) {
    return Expr.unary(UnaryOp.ABS, x);
  }

  static Expr softplus(Expr x) {
    return Expr.unary(UnaryOp.SOFTPLUS, x);
  }

  /** {@return x, and 0 below 0; at 0 its slope is 1, as that of a clamp in PyTorch} */
  static Expr positive(Expr x) {
    return Expr.select(x.lt(ZERO), ZERO, x);
  }

  /**
   * {@return the loss whose losses are the terms of the elements}
   *
   * @param loss who asks
   * @param reduction what becomes of the terms
   * @param settings the term's scalars
   * @param ins predictions and targets, of one shape, and what stretches to it
   * @throws ShapeException if a shape does not fit
   */
  Tensor reduce(String loss, Reduction reduction, double[] settings, Tensor... ins) {
    return reduce(loss, reduction, NO_AXES, settings, ins);
  }

  /**
   * {@return the loss whose losses are the sums of the terms along some axes}
   *
   * @param loss who asks
   * @param reduction what becomes of these sums
   * @param axes the axes, from 0 and sorted; none if each term is a loss
   * @param settings the term's scalars
   * @param ins predictions and targets, of one shape, and what stretches to it
   * @throws ShapeException if a shape does not fit
   */
  Tensor reduce(String loss, Reduction reduction, int[] axes, double[] settings, Tensor... ins) {
    Shape shape = ins[0].shape();
    Checks.oneShape(loss, "predictions", ins[0], "targets", ins[1]);
    for (int i = 2; i < ins.length; i++) {
      if (!Shape.broadcast(loss, shape, ins[i].shape()).equals(shape)) {
        throw new ShapeException(
            loss + ": " + ins[i].shape() + " does not stretch to the predictions, " + shape);
      }
    }
    if (reduction == Reduction.NONE || shape.size() == 0) {
      return reduction.of(
          axes.length == 0
              ? Tensor.map(each, settings, ins)
              : Tensor.mapSum(each, settings, axes, false, ins));
    }
    double[] params = Arrays.copyOf(settings, settings.length + 1);
    params[settings.length] = reduction.factor(shape.reduced(axes, false));
    return Tensor.mapSum(scaled, params, NO_AXES, false, ins);
  }

  /** Throws if a setting is not a number. */
  static void requireFinite(String loss, String setting, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(loss + ": " + setting + " must be a number, not " + value);
    }
  }

  /** Throws if a setting is not from 0 to 1. */
  static void requireShare(String loss, String setting, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(
          loss + ": " + setting + " must be from 0 to 1, not " + value);
    }
  }
}
