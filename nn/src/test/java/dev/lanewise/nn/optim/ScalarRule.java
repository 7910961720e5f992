package dev.lanewise.nn.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.array.DType;
import dev.lanewise.array.Scope;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.layer.Weight;
import java.util.List;
import java.util.function.Supplier;

/** An optimizer's formula for one element, in plain Java and in double. */
interface ScalarRule {
  double[] START = {1, -2, 3};

  /** One row for each step; enough steps for all branches of all rules. */
  double[][] GRADIENTS = {
    {0.5, -2, 0.001}, {0.25, 3, -0.002}, {-1, 0.1, 0}, {0.125, 0.2, 10},
    {-0.25, -0.1, 4}, {0.75, 0.4, -3}, {0.5, 0, 0.25}, {-0.1, 7, 0.5}
  };

  /** Updates a weight by its gradient; {@code state} is the element's own, {@code t} from 1. */
  double step(double w, double g, double[] state, int t);

  /** Compares an optimizer with its rule, in both types that are computed in. */
  static void check(Supplier<Optimizer> optimizer, ScalarRule rule) {
    check(optimizer.get(), rule, DType.F64, 1e-13);
    // Half a unit of a number below 16 in each step, and as much for what goes into it.
    check(optimizer.get(), rule, DType.F32, 8e-6);
  }

  private static void check(Optimizer optimizer, ScalarRule rule, DType dtype, double tolerance) {
    Tensor value = Tensor.of(START).cast(dtype).requiresGrad(true);
    optimizer.build(List.of(new Weight("w", value)));
    double[] expected = START.clone();
    double[][] state = new double[START.length][4];
    for (int t = 1; t <= GRADIENTS.length; t++) {
      Tensor gradient = Tensor.of(GRADIENTS[t - 1]).cast(dtype);
      try (Scope _ = Scope.open("step")) {
        optimizer.apply(gradient);
      }
      double[] g = gradient.toDoubleArray();
      double[] actual = value.toDoubleArray();
      for (int i = 0; i < expected.length; i++) {
        expected[i] = rule.step(expected[i], g[i], state[i], t);
        assertEquals(expected[i], actual[i], tolerance, dtype + " step " + t + " element " + i);
      }
    }
    assertEquals(GRADIENTS.length, optimizer.iterations());
  }
}
