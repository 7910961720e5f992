package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.Backends;
import org.junit.jupiter.api.Test;

/** Normalizations against their definition; their gradients are checked elsewhere. */
class NormalizationsTest {
  private static final double EPS = 0.01;
  private final Tensor x = Numbers.signed(Backends.best(), 1, 2, 4, 3);
  private final Tensor weight = Numbers.signed(Backends.best(), 2, 4);
  private final Tensor bias = Numbers.signed(Backends.best(), 3, 4);

  private static Tensor standard(Tensor x, int... axes) {
    Tensor distance = x.sub(x.mean(true, axes));
    return distance.div(x.variance(true, axes).add(EPS).sqrt());
  }

  private static void assertSame(Tensor expected, Tensor got) {
    assertEquals(expected.shape(), got.shape());
    assertArrayEquals(expected.toDoubleArray(), got.toDoubleArray(), 1e-12);
  }

  private Tensor scaled(Tensor normal) {
    return normal.mul(weight.reshape(4, 1)).add(bias.reshape(4, 1));
  }

  @Test
  void eachKindOverItsElements() {
    Tensor rows = weight.slice(0, 0, 3);
    assertSame(standard(x, 2).mul(rows), x.layerNorm(1, rows, null, EPS));
    assertSame(standard(x, 1, 2), x.layerNorm(2, null, null, EPS));
    Tensor size = x.square().mean(true, 2).add(EPS).sqrt();
    assertSame(x.div(size).mul(rows), x.rmsNorm(1, rows, EPS));
    assertSame(scaled(standard(x, 0, 2)), x.batchNorm(weight, bias, EPS));
    assertSame(scaled(standard(x, 2)), x.instanceNorm(weight, bias, EPS));
    Tensor grouped = standard(x.reshape(2, 2, 2, 3), 2, 3).reshape(2, 4, 3);
    assertSame(scaled(grouped), x.groupNorm(2, weight, bias, EPS));
  }

  @Test
  void neighboursInhibit() {
    for (int size = 1; size <= 6; size++) {
      double[] xs = x.toDoubleArray();
      double[] expected = new double[xs.length];
      for (int i = 0; i < xs.length; i++) {
        int channel = i / 3 % 4;
        double sum = 0;
        for (int c = Math.max(0, channel - size / 2); c < 4 && c <= channel + (size - 1) / 2; c++) {
          double neighbour = xs[i + 3 * (c - channel)];
          sum += neighbour * neighbour;
        }
        expected[i] = xs[i] / Math.pow(2 + 0.5 * sum / size, 0.75);
      }
      Tensor got = x.localResponseNorm(size, 0.5, 0.75, 2);
      assertArrayEquals(expected, got.toDoubleArray(), 1e-12);
    }
    assertEquals(0, Tensor.zeros(2, 0, 3).localResponseNorm(3, 1, 1, 1).size());
  }

  @Test
  void vectorsOverTheirLengths() {
    Tensor v = Tensor.of(new double[] {3, 4, 0, 0, 0.3, -0.4}, 3, 2);
    assertSame(Tensor.of(new double[] {0.6, 0.8, 0, 0, 0.6, -0.8}, 3, 2), v.l2Normalize(-1));
    assertSame(
        Tensor.of(new double[] {0.6, 0.8, 0, 0, 0.3, -0.4}, 3, 2), v.l2Normalize(new int[] {1}, 1));
    assertSame(v.div(Math.sqrt(25.25)), v.l2Normalize(new int[0], 0));
    // Below eps the length has no part in the derivative, at eps it has all of it.
    Tensor leaf = v.detach().requiresGrad(true);
    leaf.l2Normalize(new int[] {1}, 5).sum().backward();
    double along = (3 + 4) / 125.0;
    assertSame(
        Tensor.of(new double[] {0.2 - 3 * along, 0.2 - 4 * along, 0.2, 0.2, 0.2, 0.2}, 3, 2),
        leaf.grad());
  }

  @Test
  void afterTrainingTheMomentsAreGiven() {
    Tensor mean = x.mean(0, 2);
    Tensor variance = x.variance(0, 2);
    assertSame(x.batchNorm(weight, bias, EPS), x.batchNorm(mean, variance, weight, bias, EPS));
    assertSame(x.batchNorm(null, bias, EPS), x.batchNorm(mean, variance, null, bias, EPS));
  }

  @Test
  void aGraphMayBeWalkedAgainWithTheSameGradient() {
    Tensor leaf = x.detach().requiresGrad(true);
    Tensor y = leaf.layerNorm(1, null, null, EPS);
    Tensor v = Numbers.signed(Backends.best(), 4, 2, 4, 3);
    Tensor first = Gradients.of(y, v, new Tensor[] {leaf}, true, false)[0].copy();
    for (int i = 1; i <= 3; i++) {
      y.backward(v, true);
      assertSame(first.mul(i), leaf.grad());
    }
    assertSame(first, Gradients.of(y, v, new Tensor[] {leaf}, true, true)[0]);
    Tensor h = leaf.square();
    Tensor attended = h.attention(h, h);
    Tensor once = Gradients.of(attended, v, new Tensor[] {leaf}, true, false)[0].copy();
    assertSame(once, Gradients.of(attended, v, new Tensor[] {leaf}, true, false)[0]);
    v.data().set(5, 0, 0, 0);
    Tensor other = Gradients.of(attended, v, new Tensor[] {leaf}, true, false)[0];
    assertTrue(other.sub(once).norm(2).item() > 0.1);
  }

  @Test
  void channelsMayBeNone() {
    assertEquals(0, Tensor.zeros(2, 0, 3).instanceNorm(null, null, EPS).size());
  }

  @Test
  void wrongArgumentsAreNamed() {
    wrong(() -> x.layerNorm(4, null, null, EPS), "from 1 to all");
    wrong(() -> x.layerNorm(1, weight, null, EPS), "weight");
    wrong(() -> x.groupNorm(3, null, null, EPS), "divide the 4 channels");
    wrong(() -> Tensor.ones(3).instanceNorm(null, null, EPS), "[n, c, …]");
    wrong(() -> x.batchNorm(weight, weight.slice(0, 0, 3), null, null, EPS), "variance");
    Tensor single = weight.cast(DType.F32);
    assertThrows(DTypeException.class, () -> x.batchNorm(single, null, EPS));
    assertThrows(IllegalArgumentException.class, () -> x.batchNorm(null, null, -1));
    wrong(() -> weight.localResponseNorm(3, 1, 1, 1), "localResponseNorm: shape [4]");
    assertThrows(IllegalArgumentException.class, () -> x.localResponseNorm(0, 1, 1, 1));
    wrong(() -> x.l2Normalize(3), "l2Normalize");
    assertThrows(IllegalArgumentException.class, () -> x.l2Normalize(new int[] {0}, -1));
    Tensor integers = x.cast(DType.I32);
    assertThrows(DTypeException.class, () -> integers.localResponseNorm(3, 1, 1, 1));
    assertThrows(DTypeException.class, () -> integers.l2Normalize(0));
  }

  private static void wrong(Runnable call, String part) {
    String message = assertThrows(ShapeException.class, call::run).getMessage();
    assertTrue(message.contains(part), message);
  }
}
