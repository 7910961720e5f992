package dev.lanewise.nn.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.GradientCheck;
import dev.lanewise.autodiff.Gradients;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Distribution;
import java.util.List;

/**
 * Compares the gradients of a layer, by its input and its weights, with finite differences in F64.
 */
final class LayerGradients {
  private static final double STEP = 1e-5;
  private static final double TOLERANCE = 1e-6;

  private LayerGradients() {}

  static void check(Layer layer, int... batch) {
    Backend backend = Backends.best();
    Generator generator = new Generator(7);
    Shape shape = Shape.of(batch);
    Tensor x = Tensor.random(backend, DType.F64, Distribution.NORMAL, generator, shape);
    layer.build(sample(batch), new BuildContext(backend, DType.F64, generator));
    GradientCheck.of(in -> layer.apply(in[0], true)).require(x);

    List<Weight> learned = layer.weights().stream().filter(Weight::isTrainable).toList();
    Tensor[] weights = learned.stream().map(Weight::value).toArray(Tensor[]::new);
    if (weights.length == 0) {
      return;
    }
    // Random factors, so that errors of opposite sign do not cancel in the sum.
    Tensor factors =
        Tensor.random(
            backend, DType.F64, Distribution.NORMAL, generator, layer.apply(x, true).shape());
    Tensor[] gradients = Gradients.of(layer.apply(x, true).mul(factors).sum(), weights);
    for (int i = 0; i < weights.length; i++) {
      double[] analytic = gradients[i].toDoubleArray();
      double[] numeric = differences(layer, x, factors, weights[i].data());
      for (int at = 0; at < analytic.length; at++) {
        double tolerance = TOLERANCE * Math.max(1, Math.abs(numeric[at]));
        String where = learned.get(i).name() + " at " + at;
        assertEquals(numeric[at], analytic[at], tolerance, where);
      }
    }
  }

  private static double[] differences(Layer layer, Tensor x, Tensor factors, NdArray weight) {
    double[] all = new double[(int) weight.size()];
    for (int at = 0; at < all.length; at++) {
      int[] index = index(weight.shape(), at);
      double value = weight.get(index);
      weight.set(value + STEP, index);
      double up = layer.apply(x, true).mul(factors).sum().item();
      weight.set(value - STEP, index);
      double down = layer.apply(x, true).mul(factors).sum().item();
      weight.set(value, index);
      all[at] = (up - down) / (2 * STEP);
    }
    return all;
  }

  private static int[] index(Shape shape, int at) {
    int[] index = new int[shape.rank()];
    int rest = at;
    for (int i = index.length - 1; i >= 0; i--) {
      index[i] = rest % shape.dim(i);
      rest /= shape.dim(i);
    }
    return index;
  }

  private static Shape sample(int[] batch) {
    int[] dims = new int[batch.length - 1];
    System.arraycopy(batch, 1, dims, 0, dims.length);
    return Shape.of(dims);
  }
}
