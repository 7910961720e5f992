package dev.lanewise.nn.loss;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.metric.Metric;

/** The mean of {@code (prediction − target)²} over all elements. */
public final class MeanSquaredError implements Loss {
  private static final Expr TERM = Expr.arg(0).sub(Expr.arg(1)).square().mul(Expr.param(0));

  /** Makes the loss. */
  public MeanSquaredError() {}

  @Override
  public String name() {
    return "meanSquaredError";
  }

  @Override
  public TargetKind targets() {
    return TargetKind.VALUES;
  }

  @Override
  public Tensor apply(Tensor predictions, Tensor targets) {
    return Means.of(name(), TERM, predictions, targets);
  }

  @Override
  public Metric accuracy(String name) {
    throw new IllegalArgumentException(
        name + ": predictions of numbers are not right or wrong; " + name() + " says how far off");
  }
}
