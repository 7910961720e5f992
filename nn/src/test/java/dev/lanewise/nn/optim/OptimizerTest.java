package dev.lanewise.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Scope;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.GradientException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.layer.Weight;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each optimizer against its formula in plain Java, in double, over several steps. */
class OptimizerTest {
  private static final double[][] GRADIENTS = {
    {0.5, -2, 0.001}, {0.25, 3, -0.002}, {-1, 0.1, 0}, {0.125, 0.2, 10}
  };
  private static final double[] START = {1, -2, 3};

  private interface Rule {
    /** Updates a weight by its gradient; {@code state} is the element's own, {@code t} from 1. */
    double step(double w, double g, double[] state, int t);
  }

  private static void check(Optimizer optimizer, Rule rule) {
    Tensor value = Tensor.of(START).requiresGrad(true);
    optimizer.build(List.of(new Weight("w", value)));
    double[] expected = START.clone();
    double[][] state = new double[START.length][2];
    for (int t = 1; t <= GRADIENTS.length; t++) {
      try (Scope _ = Scope.open("step")) {
        optimizer.apply(Tensor.of(GRADIENTS[t - 1]));
      }
      for (int i = 0; i < expected.length; i++) {
        expected[i] = rule.step(expected[i], GRADIENTS[t - 1][i], state[i], t);
      }
      assertArrayEquals(expected, value.toDoubleArray(), 1e-13, "step " + t);
    }
    assertEquals(GRADIENTS.length, optimizer.iterations());
  }

  @Test
  void sgd() {
    check(new SGD(0.1), (w, g, _, _) -> w - 0.1 * g);
  }

  @Test
  void sgdWithMomentum() {
    check(
        new SGD(0.1, 0.9, false),
        (w, g, state, _) -> {
          state[0] = 0.9 * state[0] - 0.1 * g;
          return w + state[0];
        });
  }

  @Test
  void sgdWithNesterovMomentum() {
    check(
        new SGD(0.1, 0.9, true),
        (w, g, state, _) -> {
          state[0] = 0.9 * state[0] - 0.1 * g;
          return w + 0.9 * state[0] - 0.1 * g;
        });
  }

  @Test
  void adam() {
    check(
        new Adam(0.01, 0.8, 0.95, 1e-5),
        (w, g, state, t) -> {
          state[0] = 0.8 * state[0] + 0.2 * g;
          state[1] = 0.95 * state[1] + 0.05 * g * g;
          double rate = 0.01 * Math.sqrt(1 - Math.pow(0.95, t)) / (1 - Math.pow(0.8, t));
          return w - rate * state[0] / (Math.sqrt(state[1]) + 1e-5);
        });
  }

  @Test
  void theRateCanChange() {
    Optimizer sgd = new SGD(0.5);
    Tensor value = Tensor.of(START).requiresGrad(true);
    sgd.build(List.of(new Weight("w", value)));
    sgd.apply(Tensor.of(new double[] {1, 1, 1}));
    sgd.learningRate(2);
    sgd.apply(Tensor.of(new double[] {1, 1, 1}));
    assertEquals(2, sgd.learningRate());
    assertArrayEquals(new double[] {-1.5, -4.5, 0.5}, value.toDoubleArray());
  }

  @Test
  void aMissingGradientLeavesTheWeightAlone() {
    Optimizer adam = new Adam();
    Tensor value = Tensor.of(START).requiresGrad(true);
    adam.build(List.of(new Weight("w", value)));
    adam.apply((Tensor) null);
    assertArrayEquals(START, value.toDoubleArray());
  }

  @Test
  void anOptimizerServesTheWeightsItWasBuiltFor() {
    Optimizer adam = new Adam();
    assertEquals(
        "Adam: has no weights to change yet; call build(weights) first",
        assertThrows(IllegalStateException.class, () -> adam.apply(Tensor.zeros(1))).getMessage());
    Weight a = new Weight("a", Tensor.zeros(2));
    adam.build(List.of(a));
    adam.build(List.of(a));
    assertThrows(
        IllegalStateException.class, () -> adam.build(List.of(new Weight("a", Tensor.zeros(2)))));
    assertEquals(
        "Adam: 2 gradients are given for 1 weights",
        assertThrows(
                IllegalArgumentException.class, () -> adam.apply(Tensor.zeros(2), Tensor.zeros(2)))
            .getMessage());
  }

  @Test
  void gradientsAreCheckedBeforeAnythingChanges() {
    Optimizer sgd = new SGD(1);
    Tensor first = Tensor.of(START);
    Tensor second = Tensor.of(START);
    sgd.build(List.of(new Weight("a", first), new Weight("b", second)));
    Tensor fits = Tensor.of(START);
    assertEquals(
        "SGD: the gradient of 'b' must be f64 [3], as the weight is, not f64 [1]",
        assertThrows(ShapeException.class, () -> sgd.apply(fits, Tensor.of(new double[] {1})))
            .getMessage());
    assertEquals(
        "SGD: the gradient of 'b' must be f64 [3], as the weight is, not f32 [3]",
        assertThrows(DTypeException.class, () -> sgd.apply(fits, Tensor.ones(3))).getMessage());
    assertArrayEquals(START, first.toDoubleArray());
    assertEquals(0, sgd.iterations());
  }

  @Test
  void settingsAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> new SGD(-1));
    assertThrows(IllegalArgumentException.class, () -> new SGD(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> new SGD(0.1, 1.5, false));
    assertThrows(IllegalArgumentException.class, () -> new Adam(0.1, 1, 0.9, 1e-7));
  }

  @Test
  void names() {
    assertEquals(0.01, assertInstanceOf(SGD.class, Optimizer.named("sgd")).learningRate());
    assertEquals(0.001, assertInstanceOf(Adam.class, Optimizer.named("Adam")).learningRate());
    assertThrows(IllegalArgumentException.class, () -> Optimizer.named("adamw"));
  }

  @Test
  void gradientsOfWeightsThatHaveChangedAreRefused() {
    Tensor value = Tensor.of(START).requiresGrad(true);
    SGD sgd = new SGD(0.1);
    sgd.build(List.of(new Weight("w", value)));
    Tensor late = value.square().sum();
    sgd.apply(Tensor.of(GRADIENTS[0]));
    String text = assertThrows(GradientException.class, late::backward).getMessage();
    assertTrue(text.contains("'square'") && text.contains("'SGD'"), text);
    value.square().sum().backward();
    assertArrayEquals(new double[] {1.9, -3.6, 5.9998}, value.grad().toDoubleArray(), 1e-12);
  }
}
