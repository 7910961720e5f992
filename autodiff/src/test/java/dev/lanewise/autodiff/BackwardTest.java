package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Expr;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Gradients in the manner of PyTorch. */
class BackwardTest {
  private static Tensor leaf(float... values) {
    return Tensor.of(values).requiresGrad(true);
  }

  private static Tensor bowl(Tensor x) {
    Tensor center = Tensor.of(new float[] {3, -2});
    return x.sub(center).square().sum();
  }

  @Test
  void descendsIntoABowl() {
    Tensor x = leaf(0, 0);
    Expr descent = Expr.arg(0).sub(Expr.arg(1).mul(Expr.param(0)));
    for (int step = 1; step <= 15; step++) {
      x.zeroGrad();
      bowl(x).backward();
      x.backend().elementwise(descent, x.data(), new double[] {0.1}, x.data(), x.grad().data());
      double left = 1 - Math.pow(0.8, step);
      assertArrayEquals(new double[] {3 * left, -2 * left}, x.toDoubleArray(), 1e-6);
      if (step == 1) {
        assertArrayEquals(
            new double[] {0.6000000238418579, -0.4000000059604645}, x.toDoubleArray());
      }
    }
  }

  @Test
  void aDeadGradientIsRefusedBeforeAnythingChanges() {
    Tensor x = leaf(1, 2);
    Tensor y = leaf(3, 4);
    y.square().sum().backward();
    try (Scope _ = Scope.open("step")) {
      x.square().sum().backward();
    }
    Tensor loss = x.mul(y).sum();
    assertThrows(GradientException.class, loss::backward);
    assertArrayEquals(new float[] {6, 8}, y.grad().toFloatArray());
    x.zeroGrad();
    loss.backward();
    assertArrayEquals(new float[] {7, 10}, y.grad().toFloatArray());
    assertArrayEquals(new float[] {3, 4}, x.grad().toFloatArray());
  }

  @Test
  void switchesCloseInTheReverseOrder() {
    Grad off = Grad.off();
    Grad on = Grad.on();
    assertThrows(IllegalStateException.class, off::close);
    assertTrue(Grad.isOn());
    on.close();
    assertFalse(Grad.isOn());
    on.close();
    assertFalse(Grad.isOn());
    off.close();
    assertTrue(Grad.isOn());
  }

  @Test
  void accumulates() {
    Tensor x = leaf(1, 2);
    for (int i = 1; i <= 3; i++) {
      x.square().sum().backward();
      assertArrayEquals(new float[] {2 * i, 4 * i}, x.grad().toFloatArray());
    }
    x.zeroGrad();
    assertNull(x.grad());
    x.square().sum().backward();
    assertArrayEquals(new float[] {2, 4}, x.grad().toFloatArray());
  }

  @Test
  void retainedGraphGivesTheSameAgain() {
    Tensor x = leaf(1.5f, -0.25f, 3);
    Tensor y = x.square().mul(x.exp()).sum();
    y.backward(true);
    float[] once = x.grad().toFloatArray();
    y.backward(true);
    y.backward();
    for (int i = 0; i < once.length; i++) {
      assertEquals(3 * once[i], x.grad().toFloatArray()[i], 2 * Math.ulp(3 * once[i]));
    }
  }

  @Test
  void freedGraphSaysWhatToDo() {
    Tensor x = leaf(1, 2);
    Tensor y = x.square().sum();
    y.backward();
    GradientException e = assertThrows(GradientException.class, y::backward);
    assertTrue(e.getMessage().contains("'sum'"), e.getMessage());
    assertTrue(e.getMessage().contains("retainGraph = true"), e.getMessage());
    Tensor later = y.mul(2);
    assertThrows(GradientException.class, later::backward);
    assertArrayEquals(new float[] {2, 4}, x.grad().toFloatArray());
  }

  @Test
  void sharedPartOfAFreedGraphCanBeASource() {
    Tensor x = leaf(1, 2);
    Tensor shared = x.square();
    shared.sum().backward();
    assertArrayEquals(
        new float[] {2, 2}, Gradients.of(shared.mul(2).sum(), shared)[0].toFloatArray());
  }

  @Test
  void onlyScalarsHaveAGradient() {
    Tensor y = leaf(1, 2).square();
    GradientException e = assertThrows(GradientException.class, y::backward);
    assertTrue(e.getMessage().contains("[2]"), e.getMessage());
    assertTrue(e.getMessage().contains("sum()"), e.getMessage());
    Tensor one = leaf(3);
    one.square().backward();
    assertArrayEquals(new float[] {6}, one.grad().toFloatArray());
  }

  @Test
  void gradientByTheResultCanBeGiven() {
    Tensor x = leaf(1, 2);
    x.square().backward(Tensor.of(new float[] {1, 10}));
    assertArrayEquals(new float[] {2, 40}, x.grad().toFloatArray());
    Tensor y = x.square();
    assertThrows(GradientException.class, () -> y.backward(Tensor.ones(1)));
    assertThrows(GradientException.class, () -> y.backward(Tensor.of(new double[] {1, 1})));
  }

  @Test
  void givenGradientIsNotTakenOver() {
    Tensor x = leaf(1, 2);
    Tensor v = Tensor.ones(2);
    x.reshape(2, 1).reshape(2).backward(v, true);
    x.backward(v);
    x.backward(v);
    assertArrayEquals(new float[] {3, 3}, x.grad().toFloatArray());
    assertArrayEquals(new float[] {1, 1}, v.toFloatArray());
  }

  @Test
  void leavesThatGetTheSameGradientDoNotShareIt() {
    Tensor x = leaf(1, 2);
    Tensor y = leaf(3, 4);
    x.add(y).exp().sum().backward();
    assertNotSame(x.grad().storage(), y.grad().storage());
    x.add(x).sum().backward();
    assertArrayEquals(
        new float[] {(float) Math.exp(4), (float) Math.exp(6)}, y.grad().toFloatArray(), 1e-3f);
    assertEquals(Math.exp(4) + 2, x.grad().toFloatArray()[0], 1e-4);
  }

  @Test
  void gradIsAPlainArray() {
    Tensor x = leaf(1, 2, 3);
    x.sum().backward();
    assertTrue(x.grad().data().layout().isContiguous());
    x.sum().backward();
    assertArrayEquals(new float[] {2, 2, 2}, x.grad().toFloatArray());
  }

  @Test
  void stretchedGradientsAreAddedTo() {
    Tensor x = leaf(1, 2);
    // The mean's gradient is one number at every index, and comes in first.
    x.mean().add(x.square().sum()).add(x.sum()).backward();
    assertArrayEquals(new float[] {3.5f, 5.5f}, x.grad().toFloatArray());
    Tensor y = leaf(1, 2);
    y.square().sum().add(y.mean()).backward();
    y.mean().square().add(y.sum(true, 0).mean()).backward();
    assertArrayEquals(new float[] {2.5f + 2.5f, 4.5f + 2.5f}, y.grad().toFloatArray());
  }

  @Test
  void whatIsNotPassedIsNotFreed() {
    Tensor x = leaf(1, 2);
    Tensor y = x.square().sum();
    assertEquals(1, Gradients.of(y, y)[0].item());
    y.backward();
    assertArrayEquals(new float[] {2, 4}, x.grad().toFloatArray());
  }

  @Test
  void argumentsMayChangeBeforeBackward() {
    Tensor x = Tensor.of(new float[] {1, 5, 3, 2}, 2, 2).requiresGrad(true);
    int[] axes = {0};
    int[] order = {1, 0};
    double[] params = {2};
    Tensor y = Tensor.map(Expr.arg(0).mul(Expr.param(0)), params, x.permute(order)).max(axes).sum();
    axes[0] = 1;
    order[0] = 0;
    order[1] = 1;
    params[0] = 100;
    y.backward();
    // The columns of the transposed are the rows: 5 and 3 are the largest.
    assertArrayEquals(new float[] {0, 2, 2, 0}, x.grad().toFloatArray());
  }

  @Test
  void diamonds() {
    Tensor x = leaf(2);
    Tensor a = x.square();
    Tensor b = a.mul(3);
    Tensor c = a.exp();
    // The long way round must be in before a hands its gradient on.
    Tensor y = b.add(c.log().sqrt().square()).add(a);
    y.sum().backward();
    assertEquals(5 * 2 * 2, x.grad().item(), 1e-4);
  }

  @Test
  void manyPathsAreWalkedOnce() {
    Tensor x = leaf(1);
    Tensor y = x;
    for (int i = 0; i < 60; i++) {
      y = y.add(y).mul(0.5);
    }
    y.backward();
    assertEquals(1, x.grad().item());
  }

  @Test
  void deepChains() {
    Tensor x = leaf(1);
    Tensor y = x;
    for (int i = 0; i < 100_000; i++) {
      y = y.add(1);
    }
    y.backward();
    assertEquals(1, x.grad().item());
    assertEquals(100_001, y.item());
  }

  @Test
  void unusedDeepChainsAreCollected() throws InterruptedException {
    Tensor x = leaf(1);
    Tensor y = x;
    for (int i = 0; i < 100_000; i++) {
      y = y.add(1);
    }
    WeakReference<Node> top = new WeakReference<>(y.node);
    y = null;
    for (int i = 0; i < 50 && top.get() != null; i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertNull(top.get());
  }

  @Test
  void backwardDropsWhatWasKept() {
    Tensor x = leaf(1, 2);
    Tensor y = x.square().exp().sum();
    Node.Op op = (Node.Op) y.node;
    Node.Op before = (Node.Op) op.inputs[0];
    y.backward();
    assertTrue(op.isFreed());
    assertTrue(before.isFreed());
    assertNull(before.inputs);
  }

  @Test
  void nothingIsRecordedWithoutNeed() {
    Tensor x = leaf(1, 2);
    Tensor plain = Tensor.ones(2);
    assertNull(plain.mul(plain).gradFn());
    assertEquals("mul", x.mul(plain).gradFn());
    assertNull(x.gradFn());
    try (var _ = Grad.off()) {
      assertFalse(x.mul(plain).requiresGrad());
      assertFalse(x.reshape(2, 1).transpose().requiresGrad());
      try (var _ = Grad.on()) {
        assertTrue(x.mul(plain).requiresGrad());
      }
      assertFalse(Grad.isOn());
    }
    assertTrue(Grad.isOn());
    assertTrue(x.mul(plain).requiresGrad());
    GradientException e =
        assertThrows(GradientException.class, () -> plain.mul(plain).sum().backward());
    assertTrue(e.getMessage().contains("requiresGrad(true)"), e.getMessage());
  }

  @Test
  void inputsThatNeedNoGradientGetNone() {
    Tensor x = leaf(1, 2, 3, 4).detach().reshape(2, 2);
    Tensor w = Tensor.ones(2, 2).requiresGrad(true);
    Tensor y = x.matmul(w);
    assertNull(((Node.Op) y.node).inputs[0]);
    y.sum().backward();
    assertNull(x.grad());
    assertArrayEquals(new float[] {4, 4, 6, 6}, w.grad().toFloatArray());
  }

  @Test
  void onlyPathsToSourcesAreComputed() {
    Tensor x = leaf(1);
    Tensor other = leaf(1);
    List<String> computed = new ArrayList<>();
    Tensor counted = Tensor.ones(1);
    Node.record(
        "counted",
        counted,
        (_, _, up) -> {
          computed.add("counted");
          return up;
        },
        other);
    Tensor y = x.mul(3).add(counted);
    Tensor[] gradients = Gradients.of(y, new Tensor[] {x}, false);
    assertEquals(3, gradients[0].item());
    assertEquals(List.of(), computed);
    assertNull(other.grad());
    assertNull(x.grad());
  }

  @Test
  void detachStopsGradients() {
    Tensor x = leaf(3);
    Tensor y = x.mul(x.detach());
    y.backward();
    assertEquals(3, x.grad().item());
    assertSame(x.storage(), x.detach().storage());
  }

  @Test
  void requiredAndNotAnyMore() {
    Tensor x = leaf(1, 2);
    assertTrue(x.requiresGrad());
    assertFalse(x.requiresGrad(false).requiresGrad());
    assertFalse(x.square().requiresGrad());
    x.requiresGrad(true).square().sum().backward();
    assertArrayEquals(new float[] {2, 4}, x.grad().toFloatArray());
    Tensor y = x.square();
    GradientException e = assertThrows(GradientException.class, () -> y.requiresGrad(false));
    assertTrue(e.getMessage().contains("'square'"), e.getMessage());
    assertThrows(DTypeException.class, () -> Tensor.of(new int[] {1}).requiresGrad(true));
  }

  @Test
  void secondDerivatives() {
    Tensor x = Tensor.scalar(2).requiresGrad(true);
    Tensor y = x.square().mul(x);
    Tensor first = Gradients.of(y, new Tensor[] {x}, true)[0];
    assertEquals(12, first.item());
    Tensor second = Gradients.of(first, new Tensor[] {x}, true)[0];
    assertEquals(12, second.item());
    assertEquals(6, Gradients.of(second, x)[0].item());
    assertNull(x.grad());
  }

  @Test
  void gradientPenalty() {
    Tensor x = leaf(1, 2);
    Tensor w = leaf(3, 4);
    Tensor slope = Gradients.of(x.square().mul(w).sum(), new Tensor[] {x}, true)[0];
    slope.square().sum().backward();
    // d/dw Σ (2xw)² = 8x²w
    assertArrayEquals(new float[] {24, 128}, w.grad().toFloatArray());
  }

  @Test
  void sourcesAnywhere() {
    Tensor x = leaf(2);
    Tensor middle = x.square();
    Tensor y = middle.exp().mul(0).add(middle);
    Tensor unused = leaf(1);
    Tensor plain = Tensor.ones(1);
    Tensor[] g = Gradients.of(y, new Tensor[] {middle, x, y, unused, plain, x}, true);
    assertEquals(1, g[0].item());
    assertEquals(4, g[1].item());
    assertEquals(1, g[2].item());
    assertNull(g[3]);
    assertNull(g[4]);
    assertEquals(4, g[5].item());
    assertEquals(
        20,
        Gradients.of(middle, Tensor.full(Shape.of(1), 5), new Tensor[] {x}, true, false)[0].item());
    assertEquals(4, Gradients.of(middle, x)[0].item());
  }

  @Test
  void otherTypesAndBackends() {
    Tensor x = leaf(1, 2);
    Tensor wide = x.cast(DType.F64).square().sum();
    wide.backward();
    assertEquals(DType.F32, x.grad().dtype());
    assertArrayEquals(new float[] {2, 4}, x.grad().toFloatArray());
    assertFalse(x.cast(DType.I64).requiresGrad());
    assertTrue(x.cast(DType.BF16).requiresGrad());
    x.zeroGrad();
    Tensor there = x.to(Backends.named("reference"));
    assertEquals("reference", there.backend().name());
    there.square().sum().backward();
    assertSame(x.backend(), x.grad().backend());
    assertArrayEquals(new float[] {2, 4}, x.grad().toFloatArray());
  }

  @Test
  void switchesBelongToTheirThread() throws InterruptedException {
    try (Grad off = Grad.off()) {
      List<Object> seen = new ArrayList<>();
      Thread other =
          new Thread(
              () -> {
                seen.add(Grad.isOn());
                seen.add(assertThrows(IllegalStateException.class, off::close));
              });
      other.start();
      other.join();
      assertEquals(true, seen.get(0));
      assertEquals(2, seen.size());
    }
  }

  @Test
  void textTellsHowATensorWasMade() {
    Tensor x = leaf(1, 2);
    assertEquals("Tensor([1. 2.], f32 [2], requires grad)", x.toString());
    assertEquals("Tensor([1. 4.], f32 [2], made by square)", x.square().toString());
    assertEquals("Tensor([1. 2.], f32 [2])", x.detach().toString());
  }
}
