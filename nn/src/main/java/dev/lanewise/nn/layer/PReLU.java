package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.init.Fans;
import dev.lanewise.nn.init.Initializer;
import java.util.Optional;

/**
 * Gives x, or {@code alpha · x} below 0, where alpha is learned: a number for each element of a
 * sample, or one for all along shared axes. (He et al., Delving Deep into Rectifiers, 2015, section
 * 2.1)
 */
public final class PReLU extends Layer {
  private static final Expr X = Expr.arg(0);
  private static final Expr BENT = Expr.select(X.gt(Expr.constant(0)), X, X.mul(Expr.arg(1)));

  private int[] shared = {};
  private Optional<Initializer> alphaInitializer = Optional.empty();
  private Tensor alpha;

  /** Makes a layer without shared axes, whose slopes start at 0. */
  public PReLU() {}

  /**
   * Chooses the axes along which all elements have one slope; none if nobody does. For images, with
   * {@code sharedAxes(2, 3)}, each channel has one.
   *
   * @param axes the axes, counted as in the batch, {@code [n, …]}; negative counts from the last
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public PReLU sharedAxes(int... axes) {
    requireUnbuilt("sharedAxes");
    shared = axes.clone();
    return this;
  }

  /**
   * Chooses how the slopes start; with 0, as in Keras, if nobody does, and with 0.25 in PyTorch.
   *
   * @param initializer the initializer
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public PReLU alphaInitializer(Initializer initializer) {
    requireUnbuilt("alphaInitializer");
    alphaInitializer = Optional.of(initializer);
    return this;
  }

  /**
   * {@return the shape of one sample of the output, which is that of the input}
   *
   * @param input the shape of one sample of the input
   * @throws ShapeException if it has not the shared axes, or does not fit the slopes
   */
  @Override
  public Shape outputShape(Shape input) {
    Shape slopes = slopes(input);
    if (isBuilt() && !slopes.equals(alpha.shape())) {
      throw new ShapeException(
          "%s: input must fit slopes of the shape %s, not %s (input %s)"
              .formatted(describe(), alpha.shape(), slopes, batchOf(input)));
    }
    return input;
  }

  private Shape slopes(Shape input) {
    int[] dims = input.dims();
    for (int axis : shared) {
      dims[SampleAxis.of(describe(), axis, input) - 1] = 1;
    }
    return Shape.of(dims);
  }

  @Override
  protected void createWeights(Shape input) {
    Initializer initializer = alphaInitializer.orElse(Initializer.zeros());
    alpha = addWeight("alpha", slopes(input), initializer, new Fans(1, 1));
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return Tensor.map(BENT, new double[0], x, alpha);
  }

  @Override
  public Config config() {
    return Config.of(type()).with("sharedAxes", shared).with("alphaInitializer", alphaInitializer);
  }

  static PReLU of(Config config) {
    PReLU layer = new PReLU().sharedAxes(config.integers("sharedAxes"));
    layer.alphaInitializer = config.optional("alphaInitializer", Initializer::named);
    return layer;
  }
}
