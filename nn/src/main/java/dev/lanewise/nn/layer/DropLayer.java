package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.config.Config;

/** Makes numbers 0 at random, and the others larger by as much as keeps the mean. */
abstract class DropLayer extends Noise {
  private static final Expr X = Expr.arg(0);
  private static final Expr DRAWN = Expr.arg(1);

  /** 0 where the number drawn is below the rate. */
  private static final Expr KEPT =
      Expr.select(DRAWN.lt(Expr.param(0)), Expr.constant(0), X.mul(Expr.param(1)));

  private final double rate;

  DropLayer(double rate) {
    this.rate = rate(type(), rate);
  }

  /** {@return the shape of the numbers drawn, which stretches to the input's} */
  abstract Shape drawn(Shape batch);

  @Override
  final Tensor disturbed(Tensor x) {
    Tensor drawn = random(Distribution.UNIFORM, x, drawn(x.shape()));
    return Tensor.map(KEPT, new double[] {rate, 1 / (1 - rate)}, x, drawn);
  }

  @Override
  public Config config() {
    return Config.of(type()).with("rate", rate);
  }
}
