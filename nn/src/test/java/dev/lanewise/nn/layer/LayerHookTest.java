package dev.lanewise.nn.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Grad;
import dev.lanewise.autodiff.Gradients;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backends;
import dev.lanewise.nn.loss.SparseCategoricalCrossentropy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Functions that see what layers give, and the gradients by it, in a loop of one's own. */
class LayerHookTest {
  private static BuildContext f64() {
    return new BuildContext(Backends.best(), DType.F64, new Generator(3));
  }

  /** {@return {@code w · x + b} of one feature} */
  private static Dense line(float w, float b) {
    Dense dense = new Dense(1);
    dense.build(Shape.of(1), f64());
    dense.weights().get(0).assign(w);
    dense.weights().get(1).assign(b);
    return dense;
  }

  private static Tensor column(double... values) {
    return Tensor.of(values, values.length, 1);
  }

  private static double slope(Dense line) {
    return line.weights().get(0).value().grad().item();
  }

  @Test
  void outputsAreReplacedInOrder() {
    Dense line = line(2, 1);
    Tensor x = column(1, 3);
    List<Tensor> seen = new ArrayList<>();
    LayerHook twice = line.onForward((_, _, y) -> y.mul(2));
    LayerHook more =
        line.onForward(
            (layer, input, y) -> {
              assertSame(line, layer);
              assertSame(x, input);
              seen.add(y);
              return y.add(1);
            });
    line.onForward((_, _, _) -> null); // changes nothing
    Tensor y = line.apply(x, true);
    assertArrayEquals(new double[] {6, 14}, seen.getFirst().toDoubleArray());
    assertArrayEquals(new double[] {7, 15}, y.toDoubleArray());
    y.sum().backward();
    assertEquals(8, slope(line)); // twice the inputs' sum
    twice.remove();
    assertArrayEquals(new double[] {4, 8}, line.apply(x, false).toDoubleArray());
    more.remove();
    more.remove();
    assertArrayEquals(new double[] {3, 7}, line.apply(x, false).toDoubleArray());
    assertEquals(2, seen.size());
  }

  @Test
  void gradientsAreSeenWhenCompleteAndReplacedInOrder() {
    Dense line = line(2, 1);
    List<double[]> seen = new ArrayList<>();
    line.onForward((_, _, y) -> y.mul(10)); // gradients are by what goes on
    line.onBackward(
        (layer, g) -> {
          assertSame(line, layer);
          seen.add(g.toDoubleArray());
          return g.mul(3);
        });
    line.onBackward((_, g) -> g.add(1));
    line.onBackward((_, _) -> null); // changes nothing
    Tensor y = line.apply(column(1, 3), true);
    y.square().add(y.mul(5)).sum().backward(); // from two sides: 2y + 5, at 30 and 70
    assertEquals(1, seen.size());
    assertArrayEquals(new double[] {65, 145}, seen.getFirst());
    assertEquals(10 * (196 * 1 + 436 * 3), slope(line));
  }

  @Test
  void aScaledGradientIsThatOfAScaledLoss() {
    Dense first = new Dense(3, "tanh");
    Dense second = new Dense(2);
    first.build(Shape.of(4), f64());
    second.build(Shape.of(3), f64());
    Tensor x = Tensor.of(new double[] {1, -2, 0.5, 3, 0, 1, -1, 2}, 2, 4);
    Tensor[] weights = {first.weights().get(0).value(), second.weights().get(0).value()};
    Tensor[] scaled = Gradients.of(loss(first, second, x).mul(-4), weights);
    LayerHook hook = second.onBackward((_, g) -> g.mul(-4));
    Tensor[] hooked = Gradients.of(loss(first, second, x), weights);
    hook.remove();
    first.onBackward((_, g) -> g.mul(-4)); // below the second layer alone
    Tensor[] below = Gradients.of(loss(first, second, x), weights);
    Tensor[] plain = Gradients.of(loss(first, second, x).mul(1), weights);
    assertArrayEquals(scaled[0].toDoubleArray(), hooked[0].toDoubleArray()); // by a power of 2
    assertArrayEquals(scaled[1].toDoubleArray(), hooked[1].toDoubleArray());
    assertArrayEquals(scaled[0].toDoubleArray(), below[0].toDoubleArray());
    assertArrayEquals(plain[1].toDoubleArray(), below[1].toDoubleArray());
  }

  private static Tensor loss(Layer first, Layer second, Tensor x) {
    return second.apply(first.apply(x, true), true).square().mean();
  }

  @Test
  void secondDerivativesGoThroughHooks() {
    Dense line = line(3, 0);
    Tensor w = line.weights().get(0).value();
    line.onBackward((_, g) -> g.square());
    Tensor y = line.apply(column(1), true);
    Tensor slope = Gradients.of(y.square().sum(), new Tensor[] {w}, true)[0]; // (2w)²
    assertEquals(36, slope.item());
    // 8w, and the gradient by y is squared on this way too: its own is 24.
    assertEquals(24 * 24, Gradients.of(slope.sum(), w)[0].item());
  }

  @Test
  void hooksRemoveThemselvesAndCountFromTheNextCall() {
    Dense line = line(2, 1);
    int[] calls = new int[4];
    LayerHook[] once = new LayerHook[2];
    once[0] =
        line.onForward(
            (_, _, y) -> {
              calls[0]++;
              once[0].remove();
              return y;
            });
    once[1] =
        line.onBackward(
            (_, g) -> {
              calls[1]++;
              once[1].remove();
              return g;
            });
    LayerHook removed = line.onBackward((_, _) -> count(calls, 2));
    for (int step = 0; step < 3; step++) {
      Tensor loss = line.apply(column(1), true).sum();
      if (step == 0) {
        line.onBackward((_, _) -> count(calls, 3)); // from the second step on
      } else if (step == 2) {
        removed.remove(); // between the layer's call and its gradient
      }
      loss.backward();
    }
    assertArrayEquals(new int[] {1, 1, 2, 2}, calls);
  }

  private static Tensor count(int[] calls, int which) {
    calls[which]++;
    return null;
  }

  @Test
  void everyCallOfALayerHasItsOwnGradient() {
    Dense line = line(2, 0);
    List<Double> seen = new ArrayList<>();
    int[] calls = {0};
    line.onForward((_, _, _) -> count(calls, 0));
    line.onBackward(
        (_, g) -> {
          seen.add(g.item());
          return g;
        });
    Layer nested =
        new Layer() {
          @Override
          public Shape outputShape(Shape input) {
            return line.outputShape(input);
          }

          @Override
          protected Tensor call(Tensor x, boolean training) {
            return line.apply(line.apply(x, training), training);
          }
        };
    nested.build(Shape.of(1), f64());
    nested.onBackward((_, g) -> g.mul(10));
    nested.apply(column(7), true).sum().backward();
    assertEquals(2, calls[0]);
    assertEquals(List.of(10.0, 20.0), seen); // the last call's first
  }

  @Test
  void aLayerThatGivesItsInputHasItsOwnGradient() {
    Activation same = new Activation("linear");
    same.build(Shape.of(1), f64());
    int[] calls = {0};
    same.onBackward(
        (_, g) -> {
          calls[0]++;
          return g.mul(100);
        });
    Tensor x = column(3).requiresGrad(true);
    for (int step = 1; step <= 3; step++) {
      x.zeroGrad();
      same.apply(x, true).add(x).sum().backward();
      assertEquals(101, x.grad().item()); // only what has come through the layer
      assertEquals(step, calls[0]); // no function stays at the input
    }
  }

  @Test
  void lossesDoNotPassAHookedSoftmaxBy() {
    Dense layer = new Dense(3, "softmax");
    layer.build(Shape.of(2), f64());
    var loss = new SparseCategoricalCrossentropy(false);
    Tensor x = Tensor.of(new double[] {1, 2, -1, 0.5}, 2, 2);
    Tensor labels = Tensor.of(new int[] {2, 0});
    Tensor kernel = layer.weights().get(0).value();
    double[] plain =
        Gradients.of(loss.apply(layer.apply(x, true), labels), kernel)[0].toDoubleArray();
    List<double[]> seen = new ArrayList<>();
    layer.onBackward(
        (_, g) -> {
          seen.add(g.toDoubleArray());
          return g;
        });
    Tensor p = layer.apply(x, true);
    double[] hooked = Gradients.of(loss.apply(p, labels), kernel)[0].toDoubleArray();
    assertArrayEquals(plain, hooked, 1e-12);
    // The mean over 2 of -log(p_label / Σp), with a sum of 1.
    double[] expected = {0.5, 0.5, 0.5, 0.5, 0.5, 0.5};
    expected[2] -= 0.5 / p.toDoubleArray()[2];
    expected[3] -= 0.5 / p.toDoubleArray()[3];
    assertArrayEquals(expected, seen.getFirst(), 1e-12);
    try (var _ = Grad.off()) {
      assertTrue(layer.apply(x, false).logits().isPresent()); // no gradient, no difference
    }
    assertEquals(1, seen.size());
  }

  @Test
  void replacementsMustFit() {
    Layer line = line(2, 1);
    Tensor x = column(1, 3);
    LayerHook wrong = line.onForward((_, _, y) -> y.sum());
    assertEquals(
        "onForward: Dense 'dense': a hook made f64 [] of the output f64 [2, 1]; type and shape must"
            + " stay",
        assertThrows(ShapeException.class, () -> line.apply(x, true)).getMessage());
    wrong.remove();
    wrong = line.onForward((_, _, y) -> y.cast(DType.F32));
    assertThrows(DTypeException.class, () -> line.apply(x, true));
    wrong.remove();
    wrong = line.onBackward((_, g) -> g.reshape(2));
    Tensor loss = line.apply(x, true).sum();
    assertEquals(
        "onBackward: Dense 'dense': a hook made f64 [2] of the gradient f64 [2, 1]; type and shape"
            + " must stay",
        assertThrows(ShapeException.class, loss::backward).getMessage());
    wrong.remove();
    line.onBackward((_, g) -> g.cast(DType.F32));
    Tensor again = line.apply(x, true).sum();
    assertThrows(DTypeException.class, again::backward);
    assertThrows(NullPointerException.class, () -> line.onForward(null));
    assertThrows(NullPointerException.class, () -> line.onBackward(null));
  }

  @Test
  void replacementsStayOnTheirBackend() {
    Dense line = line(2, 1);
    line.onForward((_, _, y) -> y.to(Backends.named("reference")));
    String text =
        assertThrows(IllegalArgumentException.class, () -> line.apply(column(1), true))
            .getMessage();
    assertTrue(text.contains("'reference'") && text.contains("Dense 'dense'"), text);
  }
}
