package dev.lanewise.autodiff;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.BinaryOp;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.NormSpec;
import dev.lanewise.kernel.Window;

/**
 * Normalizations: single kernel calls, forward and backward. Where a gradient is itself recorded,
 * it is written in tensor operations instead, so that it has gradients too.
 */
final class Normalizations {
  /** x / (k + alpha · m)^beta of x and m, the mean of the squares of the neighbours. */
  private static final Expr RESPONSE =
      Expr.arg(0)
          .div(
              Expr.binary(
                  BinaryOp.POW, Expr.param(2).add(Expr.param(0).mul(Expr.arg(1))), Expr.param(1)));

  private Normalizations() {}

  private static NdArray data(Tensor x) {
    return x == null ? null : x.data();
  }

  static Tensor normalize(String name, NormSpec spec, Tensor x, Tensor weight, Tensor bias) {
    Checks.sameBackend(name, x, weight, bias);
    NdArray out = x.backend().uninitialized(x.dtype(), x.shape());
    x.backend().normalize(spec, x.data(), data(weight), data(bias), out);
    Gradient gradient = new NormGradient(spec, x, weight, bias != null);
    return Node.record(name, new Tensor(out), gradient, inputs(x, weight, bias));
  }

  /** {@return what there is of x, weight and bias} */
  private static Tensor[] inputs(Tensor x, Tensor weight, Tensor bias) {
    if (weight == null) {
      return bias == null ? new Tensor[] {x} : new Tensor[] {x, bias};
    }
    return bias == null ? new Tensor[] {x, weight} : new Tensor[] {x, weight, bias};
  }

  private static final class NormGradient extends JointGradient {
    private final NormSpec spec;
    private final Tensor x;
    private final Tensor weight;
    private final boolean biased;

    NormGradient(NormSpec spec, Tensor x, Tensor weight, boolean biased) {
      this.spec = spec;
      this.x = x;
      this.weight = weight;
      this.biased = biased;
    }

    @Override
    Tensor[] byAll(Tensor up) {
      boolean recorded = Grad.records(x, up) || weight != null && Grad.records(weight);
      return recorded ? composed(up) : computed(up);
    }

    private Tensor[] computed(Tensor up) {
      NdArray xGrad = x.backend().uninitialized(x.dtype(), x.shape());
      NdArray weightGrad =
          weight == null ? null : x.backend().uninitialized(x.dtype(), spec.weights());
      NdArray biasGrad = biased ? x.backend().uninitialized(x.dtype(), spec.weights()) : null;
      x.backend()
          .normalizeBackward(spec, x.data(), data(weight), up.data(), xGrad, weightGrad, biasGrad);
      return inputs(
          new Tensor(xGrad),
          weightGrad == null ? null : new Tensor(weightGrad),
          biasGrad == null ? null : new Tensor(biasGrad));
    }

    /** The formulas of {@link dev.lanewise.kernel.Normalization#normalizeBackward}. */
    private Tensor[] composed(Tensor up) {
      int[] axes = spec.momentAxes();
      Tensor all = x.reshape(spec.view());
      Tensor distance = spec.centered() ? all.sub(all.mean(true, axes)) : all;
      Tensor scale = distance.square().mean(true, axes).add(spec.eps()).rsqrt();
      Tensor y = distance.mul(scale);
      Tensor outGrad = up.reshape(spec.view());
      Tensor g = weight == null ? outGrad : outGrad.mul(weight.reshape(spec.weightView()));
      Tensor along = g.sub(y.mul(g.mul(y).mean(true, axes)));
      Tensor xGrad = (spec.centered() ? along.sub(g.mean(true, axes)) : along).mul(scale);
      return inputs(
          xGrad.reshape(spec.shape()),
          weight == null ? null : shared(spec, outGrad.mul(y)),
          biased ? shared(spec, outGrad) : null);
    }
  }

  /** {@return the sum over all elements that share a weight} */
  private static Tensor shared(NormSpec spec, Tensor gradient) {
    int[] axes = spec.sharedAxes();
    return (axes.length == 0 ? gradient : gradient.sum(axes)).reshape(spec.weights());
  }

  static Tensor byMoments(
      NormSpec spec, Tensor x, Tensor mean, Tensor variance, Tensor weight, Tensor bias) {
    Checks.sameBackend("batchNorm", x, mean, variance, weight, bias);
    NdArray out = x.backend().uninitialized(x.dtype(), x.shape());
    x.backend()
        .normalizeBy(spec, x.data(), mean.data(), variance.data(), data(weight), data(bias), out);
    Tensor[] scaled = inputs(x, weight, bias);
    Tensor[] inputs = new Tensor[scaled.length + 2];
    System.arraycopy(scaled, 0, inputs, 0, scaled.length);
    inputs[scaled.length] = mean;
    inputs[scaled.length + 1] = variance;
    int weightAt = weight == null ? -1 : 1;
    int biasAt = bias == null ? -1 : scaled.length - 1;
    Gradient gradient =
        (input, _, up) -> {
          if (input == biasAt) {
            return shared(spec, up);
          }
          Tensor scale = variance.add(spec.eps()).rsqrt();
          Tensor factor = weight == null ? scale : scale.mul(weight);
          if (input == 0) {
            return up.mul(factor.reshape(spec.weightView()));
          }
          if (input == scaled.length) {
            return shared(spec, up).mul(factor).neg();
          }
          Tensor along = shared(spec, up.mul(x.sub(mean.reshape(spec.weightView()))));
          return along.mul(input == weightAt ? scale : factor.mul(scale.square()).mul(-0.5));
        };
    return Node.record("batchNorm", new Tensor(out), gradient, inputs);
  }

  static Tensor localResponse(Tensor x, int size, double alpha, double beta, double k) {
    Checks.compute("localResponseNorm", x);
    Shape shape = x.shape();
    if (shape.rank() < 2) {
      throw new ShapeException("localResponseNorm: shape " + shape + " must be [n, c, …]");
    }
    if (size < 1) {
      throw new IllegalArgumentException("localResponseNorm: size must be at least 1, not " + size);
    }
    Tensor mean = x.square();
    if (x.size() > 0) { // without channels there is no mean
      int places = Math.toIntExact(x.size() / shape.dim(0) / shape.dim(1));
      // Channels as a spatial axis. Padding counts, so that all sums are divided by the same.
      Window neighbours =
          Window.of(size, 1).withPadding(new int[] {size / 2, 0}, new int[] {(size - 1) / 2, 0});
      mean = mean.reshape(shape.dim(0), 1, shape.dim(1), places).avgPool(neighbours).reshape(shape);
    }
    return Elementwise.map(RESPONSE, new double[] {alpha, beta, k}, x, mean);
  }
}
