package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DTypeException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Gradients in the manner of TensorFlow. */
class TapeTest {

  @Test
  void watchedTensors() {
    Tensor x = Tensor.scalar(3);
    try (Tape tape = Tape.open()) {
      tape.watch(x);
      assertEquals(6, tape.gradient(x.square(), x).item());
    }
    assertFalse(x.requiresGrad());
    assertFalse(x.square().requiresGrad());
    assertNull(x.grad());
  }

  @Test
  void tensorsThatRequireAGradientNeedNoWatching() {
    Tensor x = Tensor.scalar(3).requiresGrad(true);
    try (Tape tape = Tape.open()) {
      assertEquals(6, tape.gradient(x.square(), x).item());
    }
    assertNull(x.grad());
    assertTrue(x.requiresGrad());
  }

  @Test
  void severalSourcesAndUnusedOnes() {
    Tensor x = Tensor.scalar(3);
    Tensor y = Tensor.scalar(4);
    Tensor unused = Tensor.scalar(5);
    try (Tape tape = Tape.open()) {
      tape.watch(x);
      tape.watch(y);
      tape.watch(unused);
      Tensor[] g = tape.gradients(x.mul(y), x, y, unused, Tensor.scalar(1));
      assertEquals(4, g[0].item());
      assertEquals(3, g[1].item());
      assertNull(g[2]);
      assertNull(g[3]);
    }
  }

  @Test
  void sumsOverElements() {
    Tensor x = Tensor.of(new float[] {1, 2, 3});
    try (Tape tape = Tape.open()) {
      tape.watch(x);
      assertArrayEquals(new float[] {2, 4, 6}, tape.gradient(x.square(), x).toFloatArray());
    }
  }

  @Test
  void onceUnlessPersistent() {
    Tensor x = Tensor.scalar(3);
    try (Tape tape = Tape.open()) {
      tape.watch(x);
      Tensor y = x.square();
      tape.gradient(y, x);
      GradientException e = assertThrows(GradientException.class, () -> tape.gradient(y, x));
      assertTrue(e.getMessage().contains("openPersistent"), e.getMessage());
    }
    try (Tape tape = Tape.openPersistent()) {
      tape.watch(x);
      Tensor y = x.square();
      assertEquals(6, tape.gradient(y, x).item());
      assertEquals(6, tape.gradient(y, x).item());
      assertFalse(tape.gradient(y, x).requiresGrad());
    }
  }

  @Test
  void nestedTapesGiveSecondDerivatives() {
    Tensor x = Tensor.scalar(2);
    try (Tape outer = Tape.open()) {
      outer.watch(x);
      Tensor slope;
      try (Tape inner = Tape.open()) {
        inner.watch(x);
        slope = inner.gradient(x.square().mul(x), x);
      }
      assertEquals(12, slope.item());
      assertEquals(12, outer.gradient(slope, x).item());
    }
    assertFalse(x.requiresGrad());
  }

  @Test
  void watchesEndInAnyOrder() {
    Tensor x = Tensor.scalar(2);
    Tape outer = Tape.open();
    Tape inner = Tape.open();
    inner.watch(x);
    outer.watch(x);
    inner.close();
    assertTrue(x.requiresGrad());
    assertEquals(4, outer.gradient(x.square(), x).item());
    outer.close();
    outer.close();
    assertFalse(x.requiresGrad());
  }

  @Test
  void watchingAndRequiringDoNotDisturbEachOther() {
    Tensor x = Tensor.scalar(2);
    try (Tape tape = Tape.open()) {
      tape.watch(x);
      x.requiresGrad(true);
      x.square().backward();
    }
    assertEquals(4, x.grad().item());
    assertTrue(x.requiresGrad());
    x.zeroGrad();
    try (Tape tape = Tape.open()) {
      tape.watch(x);
      x.requiresGrad(false);
      assertEquals(4, tape.gradient(x.square(), x).item());
      x.square().backward();
    }
    assertNull(x.grad());
    assertFalse(x.requiresGrad());
  }

  @Test
  void computedTensorsCanBeWatched() {
    Tensor x = Tensor.scalar(2).requiresGrad(true);
    Tensor y = x.square();
    try (Tape tape = Tape.open()) {
      tape.watch(y);
      assertEquals(8, tape.gradient(y.square(), y).item());
    }
    assertEquals("square", y.gradFn());
  }

  @Test
  void wrongUse() {
    Tensor x = Tensor.scalar(2);
    Tape outer = Tape.open();
    Tape inner = Tape.open();
    assertThrows(IllegalStateException.class, outer::close);
    assertThrows(DTypeException.class, () -> inner.watch(Tensor.of(new int[] {1})));
    assertThrows(GradientException.class, () -> inner.gradient(x.square(), x));
    inner.close();
    outer.close();
    assertThrows(IllegalStateException.class, () -> inner.watch(x));
    assertThrows(IllegalStateException.class, () -> inner.gradient(x, x));
  }

  @Property(tries = 100)
  void tapeAndBackwardAgree(
      @ForAll @Size(min = 1, max = 12) byte[] program, @ForAll @IntRange(min = 1, max = 5) int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = 0.25f * (i + 1);
    }
    Tensor leaf = Tensor.of(values).requiresGrad(true);
    Tensor watched = Tensor.of(values);
    run(program, leaf).sum().backward();
    try (Tape tape = Tape.open()) {
      tape.watch(watched);
      Tensor gradient = tape.gradient(run(program, watched).sum(), watched);
      assertArrayEquals(leaf.grad().toFloatArray(), gradient.toFloatArray());
    }
  }

  private static Tensor run(byte[] program, Tensor x) {
    Tensor y = x;
    for (byte code : program) {
      y =
          switch (Math.floorMod(code, 6)) {
            case 0 -> y.tanh();
            case 1 -> y.add(x);
            case 2 -> y.mul(y).sigmoid();
            case 3 -> y.sub(y.mean());
            case 4 -> y.softmax(0);
            default -> y.square().add(1).log();
          };
    }
    return y;
  }
}
