package dev.lanewise.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.Scope;
import dev.lanewise.autodiff.GradientException;
import dev.lanewise.autodiff.Gradients;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.Weight;
import dev.lanewise.nn.loss.MeanSquaredError;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** {@link Optimizer#over}, {@link Optimizer#zeroGrad} and {@link Optimizer#step}. */
class OwnLoopTest {
  private static Tensor leaf(double... values) {
    return Tensor.of(values).requiresGrad(true);
  }

  @Test
  void stepsFollowWhatBackwardLeaves() {
    Tensor w = leaf(3, -4);
    Tensor b = leaf(1);
    Tensor idle = leaf(5);
    Optimizer sgd = new SGD(0.25);
    assertSame(sgd, sgd.over(w, b, idle));
    sgd.zeroGrad();
    w.square().sum().add(b.mul(2).sum()).backward();
    sgd.step(); // by 2w and 2
    assertArrayEquals(new double[] {1.5, -2}, w.toDoubleArray());
    assertEquals(0.5, b.item());
    assertEquals(5, idle.item());
    assertNotNull(w.grad());
    w.mul(2).sum().backward(); // to 6 + 2 and -8 + 2
    sgd.step();
    assertArrayEquals(new double[] {-0.5, -0.5}, w.toDoubleArray());
    assertEquals(0, b.item()); // once more by the same gradient
    sgd.zeroGrad();
    assertNull(w.grad());
    sgd.step();
    assertArrayEquals(new double[] {-0.5, -0.5}, w.toDoubleArray());
    assertEquals(3, sgd.iterations());
  }

  @Test
  void bothFacesTakeTheSameSteps() {
    Tensor a = leaf(1, 2, -3);
    Tensor b = leaf(1, 2, -3);
    Optimizer stepping = new Adam(0.1).globalClipNorm(1).ema(0.5).over(a);
    Optimizer applying = new Adam(0.1).globalClipNorm(1).ema(0.5);
    applying.build(List.of(new Weight("w0", b)));
    for (int i = 0; i < 20; i++) {
      try (Scope _ = Scope.open("step")) {
        stepping.zeroGrad();
        a.square().square().sum().backward();
        stepping.step();
        applying.apply(Gradients.of(b.square().square().sum(), b));
      }
      assertArrayEquals(b.toDoubleArray(), a.toDoubleArray());
    }
    assertEquals(applying.state().keySet(), stepping.state().keySet());
    assertEquals(Set.of("w0/m", "w0/v", "w0/average", "iterations"), stepping.state().keySet());
  }

  @Test
  void overTheWeightsOfAModel() {
    Sequential model = Sequential.of(new Dense(4, "tanh"), new Dense(1)).seed(3).build(2);
    Sequential fitted = Sequential.of(new Dense(4, "tanh"), new Dense(1)).seed(3).build(2);
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
    Tensor y = Tensor.of(new float[] {1, 0, 2}, 3, 1);
    Optimizer sgd = new SGD(0.125).over(model.weights());
    MeanSquaredError loss = new MeanSquaredError();
    fitted.compile(new SGD(0.125), loss);
    for (int i = 0; i < 3; i++) {
      sgd.zeroGrad();
      Tensor out = x;
      for (var layer : model.layers()) {
        out = layer.apply(out, true);
      }
      loss.apply(out, y).backward();
      sgd.step();
      fitted.trainOnBatch(x, y);
    }
    for (int i = 0; i < 4; i++) {
      assertArrayEquals(
          fitted.weights().get(i).value().toFloatArray(),
          model.weights().get(i).value().toFloatArray());
    }
  }

  @Test
  void onlyTrainableWeightsTakePart() {
    Weight moving = new Weight("moving", leaf(1), false);
    Weight kernel = new Weight("kernel", leaf(1));
    Optimizer sgd = new SGD(1).over(List.of(moving, kernel));
    assertSame(sgd, sgd.over(List.of(moving, kernel))); // nothing new
    moving.value().add(kernel.value()).sum().backward();
    sgd.step();
    assertEquals(1, moving.value().item());
    assertEquals(0, kernel.value().item());
    assertThrows(IllegalStateException.class, () -> sgd.over(leaf(1)));
  }

  @Test
  void whatCanNotBeTrainedIsRefused() {
    Tensor w = leaf(1);
    String text =
        assertThrows(GradientException.class, () -> new SGD().over(w, Tensor.ones(2))).getMessage();
    assertEquals(
        "SGD: over: tensor 1 of shape [2] requires no gradient; call requiresGrad(true) on it",
        text);
    Tensor computed = w.square();
    text = assertThrows(GradientException.class, () -> new SGD().over(computed)).getMessage();
    assertTrue(text.contains("'square'"), text);
    text = assertThrows(IllegalArgumentException.class, () -> new SGD().over(w, w)).getMessage();
    assertTrue(text.contains("0 and 1"), text);
    assertThrows(IllegalArgumentException.class, () -> new SGD().over());
    Sequential unbuilt = Sequential.of(new Dense(1));
    text =
        assertThrows(IllegalArgumentException.class, () -> new SGD().over(unbuilt.weights()))
            .getMessage();
    assertTrue(text.contains("once it is built"), text);
    assertThrows(IllegalStateException.class, () -> new SGD().step());
    assertThrows(IllegalStateException.class, () -> new SGD().zeroGrad());
  }

  @Test
  void aGradientThatDiedIsRefused() {
    Tensor w = leaf(2);
    Optimizer sgd = new SGD(1).over(w);
    try (Scope _ = Scope.open("earlier")) {
      w.square().sum().backward();
    }
    String text = assertThrows(IllegalStateException.class, sgd::step).getMessage();
    assertTrue(text.contains("earlier"), text);
    assertEquals(2, w.item());
    assertEquals(0, sgd.iterations());
  }
}
