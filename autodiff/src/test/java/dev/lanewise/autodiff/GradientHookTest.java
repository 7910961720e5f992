package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Functions that see gradients, and gradients of tensors that were computed. */
class GradientHookTest {
  private static Tensor leaf(float... values) {
    return Tensor.of(values).requiresGrad(true);
  }

  @Test
  void seesTheGradientWhenItIsComplete() {
    Tensor x = leaf(2, 3);
    Tensor h = x.mul(1);
    List<float[]> seen = new ArrayList<>();
    h.onGradient(
        g -> {
          seen.add(g.toFloatArray());
          return g;
        });
    h.square().add(h.mul(3)).sum().backward(); // from two sides: 2h + 3
    assertEquals(1, seen.size());
    assertArrayEquals(new float[] {7, 9}, seen.getFirst());
    assertArrayEquals(new float[] {7, 9}, x.grad().toFloatArray());
  }

  @Test
  void mayReplaceTheGradientOfALeafAndOfAResult() {
    Tensor x = leaf(2, 3);
    x.onGradient(g -> g.mul(10));
    x.onGradient(g -> g.add(1)); // after the first
    Tensor h = x.square();
    h.onGradient(g -> g.neg());
    h.onGradient(_ -> null); // changes nothing
    h.sum().backward();
    assertArrayEquals(new float[] {-39, -59}, x.grad().toFloatArray());
    assertArrayEquals(
        new float[] {-39, -59}, Gradients.of(x.square().neg().sum(), x)[0].toFloatArray());
  }

  @Test
  void canBeRemoved() {
    Tensor x = leaf(1);
    int[] calls = {0};
    GradientHook[] once = new GradientHook[1];
    once[0] =
        x.onGradient(
            g -> {
              calls[0]++;
              once[0].remove();
              return g.mul(0);
            });
    GradientHook twice = x.onGradient(g -> g.mul(2));
    x.mul(3).backward();
    assertEquals(0, x.grad().item());
    x.mul(3).backward();
    assertEquals(6, x.grad().item());
    twice.remove();
    twice.remove();
    x.mul(3).backward();
    assertEquals(9, x.grad().item());
    assertEquals(1, calls[0]);
  }

  @Test
  void whatAHookKeepsStaysAsItIs() {
    Tensor x = leaf(1, 2);
    Tensor[] kept = new Tensor[1];
    x.onGradient(g -> kept[0] = g);
    x.square().sum().backward();
    assertNotSame(kept[0].storage(), x.grad().storage());
    Tensor first = kept[0];
    x.square().sum().backward();
    assertArrayEquals(new float[] {2, 4}, first.toFloatArray());
    assertArrayEquals(new float[] {4, 8}, x.grad().toFloatArray());
  }

  @Test
  void secondDerivativesGoThroughHooks() {
    Tensor x = leaf(3);
    Tensor h = x.mul(1);
    GradientHook hook = h.onGradient(Tensor::square);
    Tensor slope = Gradients.of(h.square(), new Tensor[] {x}, true)[0]; // (2x)²
    assertEquals(36, slope.item());
    hook.remove();
    assertEquals(24, Gradients.of(slope, x)[0].item()); // 8x
  }

  @Test
  void wrongResultsAndTensorsWithoutGradients() {
    Tensor x = leaf(1, 2);
    GradientHook shape = x.onGradient(g -> g.sum());
    Tensor loss = x.square().sum();
    String text = assertThrows(GradientException.class, () -> loss.backward(true)).getMessage();
    assertTrue(text.startsWith("onGradient: ") && text.contains("[2]"), text);
    assertNull(x.grad());
    shape.remove();
    x.onGradient(g -> g.cast(DType.F64));
    assertThrows(GradientException.class, loss::backward);
    Tensor constant = Tensor.of(new float[] {1});
    assertThrows(GradientException.class, () -> constant.onGradient(g -> g));
    assertThrows(NullPointerException.class, () -> x.onGradient(null));
    assertThrows(GradientException.class, constant::retainGrad);
  }

  @Test
  void retainedGradients() {
    Tensor x = leaf(1, 2);
    Tensor h = x.mul(3);
    assertSame(h, h.retainGrad());
    assertSame(x, x.retainGrad());
    Tensor y = h.square();
    y.retainGrad();
    Tensor loss = y.add(h).sum();
    loss.backward(true);
    assertArrayEquals(new float[] {1, 1}, y.grad().toFloatArray());
    assertArrayEquals(new float[] {7, 13}, h.grad().toFloatArray());
    assertArrayEquals(new float[] {21, 39}, x.grad().toFloatArray());
    loss.backward(true);
    assertArrayEquals(new float[] {2, 2}, y.grad().toFloatArray());
    assertArrayEquals(new float[] {14, 26}, h.grad().toFloatArray());
    h.zeroGrad();
    assertNull(h.grad());
    Gradients.of(loss, x); // gradients as values leave all grad() alone
    assertNull(h.grad());
    assertArrayEquals(new float[] {42, 78}, x.grad().toFloatArray());
  }

  @Test
  void retainedGradientsShareNoMemory() {
    Tensor x = leaf(1, 2);
    Tensor h = x.add(1);
    h.retainGrad();
    h.sum().backward();
    h.grad().addInPlace(5);
    assertArrayEquals(new float[] {1, 1}, x.grad().toFloatArray());
    Tensor seed = Tensor.of(new float[] {1, 2});
    Tensor y = x.square();
    y.retainGrad();
    y.backward(seed);
    y.grad().zero();
    assertArrayEquals(new float[] {1, 2}, seed.toFloatArray());
  }

  @Test
  void aChangeInPlaceTakesTheRetainedGradientAlong() {
    Tensor x = leaf(1, 2);
    Tensor h = x.mul(1).retainGrad();
    h.mulInPlace(4);
    h.square().sum().backward();
    assertArrayEquals(new float[] {8, 16}, h.grad().toFloatArray());
    assertArrayEquals(new float[] {32, 64}, x.grad().toFloatArray());
  }
}
