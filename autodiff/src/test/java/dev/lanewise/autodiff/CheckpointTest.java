package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.array.Storage;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.UnaryOp;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Parts that are computed again instead of kept. */
class CheckpointTest {
  private static final int DEPTH = 4;

  private final Generator generator = new Generator(5);
  private final Tensor[] weights = new Tensor[DEPTH];

  CheckpointTest() {
    for (int i = 0; i < DEPTH; i++) {
      weights[i] = Tensor.randomNormal(generator, Shape.of(8, 8)).requiresGrad(true);
    }
  }

  private static Tensor leaf(float... values) {
    return Tensor.of(values).requiresGrad(true);
  }

  private Tensor block(int i, Tensor h) {
    Tensor dropped =
        h.mul(Tensor.randomUniform(generator, h.shape()).gt(0.25)); // another mask each time
    return dropped.affine(weights[i], weights[i].sum(0), UnaryOp.SILU).softmax(1);
  }

  /** Gradients by the input and all weights, from the same random numbers. */
  private List<float[]> gradients(boolean checkpoints) {
    Tensor x = Tensor.randomNormal(new Generator(1), Shape.of(6, 8)).requiresGrad(true);
    long position = generator.position();
    Tensor h = x.mul(2);
    for (int i = 0; i < DEPTH; i++) {
      int number = i;
      UnaryOperator<Tensor> block = t -> block(number, t);
      h = checkpoints ? Checkpoint.of(block, h) : block.apply(h);
    }
    assertEquals(position + DEPTH, generator.position());
    Tensor loss = h.square().mean();
    List<float[]> all = new ArrayList<>(List.of(h.toFloatArray()));
    loss.backward();
    assertEquals(position + DEPTH, generator.position());
    all.add(x.grad().toFloatArray());
    for (Tensor w : weights) {
      all.add(w.grad().toFloatArray());
      w.zeroGrad();
    }
    return all;
  }

  private static void assertSameBits(List<float[]> expected, List<float[]> found) {
    assertEquals(expected.size(), found.size());
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), found.get(i), "array " + i);
    }
  }

  @Test
  void resultsAndGradientsAreTheSameToTheLastBit() {
    Generator start = new Generator(generator.seed(), generator.position());
    List<float[]> plain = gradients(false);
    CheckpointTest again = new CheckpointTest();
    assertEquals(start.position(), again.generator.position());
    assertSameBits(plain, again.gradients(true));
    CheckpointTest scoped = new CheckpointTest();
    try (Scope _ = Scope.open("step")) {
      assertSameBits(plain, scoped.gradients(true));
    }
  }

  @Test
  void checkpointsWithinCheckpoints() {
    List<float[]> results = new ArrayList<>();
    for (boolean nested : new boolean[] {false, true}) {
      CheckpointTest test = new CheckpointTest();
      Tensor x = Tensor.randomNormal(new Generator(1), Shape.of(6, 8)).requiresGrad(true);
      UnaryOperator<Tensor> inner = t -> test.block(0, t);
      UnaryOperator<Tensor> outer =
          t -> test.block(1, nested ? Checkpoint.of(inner, t) : inner.apply(t)).add(x);
      Tensor y = nested ? Checkpoint.of(outer, x.exp()) : outer.apply(x.exp());
      y.square().sum().backward();
      results.add(x.grad().toFloatArray());
      results.add(test.weights[0].grad().toFloatArray());
      results.add(test.weights[1].grad().toFloatArray());
    }
    assertSameBits(results.subList(0, 3), results.subList(3, 6));
  }

  @Test
  void gradientsAsValuesReachWhatTheFunctionReads() {
    Tensor x = leaf(2);
    Tensor p = leaf(3);
    Tensor h = p.square(); // not an input, and not a leaf
    Tensor y = Checkpoint.of(t -> t.mul(h).mul(t).mul(p), x); // x²p³
    assertEquals("checkpoint", y.gradFn());
    Tensor[] g = Gradients.of(y, new Tensor[] {x, p, h}, true);
    assertEquals(2 * 2 * 27, g[0].item());
    assertEquals(3 * 4 * 9, g[1].item());
    assertEquals(4 * 3, g[2].item());
    assertEquals(2 * 27, Gradients.of(g[0], x)[0].item());
  }

  @Test
  void severalInputsAndSecondDerivatives() {
    Tensor a = Numbers.signed(Backends.best(), 1, 2, 3);
    Tensor b = Numbers.signed(Backends.best(), 2, 3, 2);
    GradientCheck check =
        GradientCheck.of(in -> Checkpoint.ofAll(t -> t[0].matmul(t[1]).tanh().square(), in));
    check.require(a, b);
    check.ofGradient().require(a, b);
    GradientCheck same = GradientCheck.of(in -> Checkpoint.ofAll(t -> t[0].add(t[1]), in).exp());
    same.require(a, a);
    same.ofGradient().require(a, a);
  }

  @Test
  void canBeAskedAgain() {
    Tensor x = leaf(1, 2);
    Tensor y = Checkpoint.of(t -> t.square().exp(), x).sum();
    y.backward(true);
    float[] once = x.grad().toFloatArray();
    y.backward();
    for (int i = 0; i < 2; i++) {
      assertEquals(2 * once[i], x.grad().toFloatArray()[i]);
    }
    assertTrue(assertThrows(GradientException.class, y::backward).getMessage().contains("freed"));
  }

  @Test
  void withoutGradientsNothingIsRecorded() {
    Tensor x = Tensor.of(new float[] {1, 2});
    assertFalse(Checkpoint.of(Tensor::exp, x).requiresGrad());
    Tensor p = leaf(1, 2);
    try (Grad _ = Grad.off()) {
      assertFalse(Checkpoint.of(Tensor::exp, p).requiresGrad());
    }
    assertFalse(Checkpoint.of(t -> t.detach().exp(), p).requiresGrad());
    Tensor same = Checkpoint.of(t -> t, p);
    same.sum().backward();
    assertArrayEquals(new float[] {1, 1}, p.grad().toFloatArray());
    assertNull(Gradients.of(Checkpoint.of(Tensor::exp, p).sum(), leaf(1))[0]);
  }

  @Test
  void innerTensorsAreNotKept() throws InterruptedException {
    Tensor x = Tensor.randomNormal(generator, Shape.of(8, 8)).requiresGrad(true);
    List<WeakReference<Storage>> plain = new ArrayList<>();
    List<WeakReference<Storage>> checkpointed = new ArrayList<>();
    Tensor a = watched(plain, x);
    Tensor b = Checkpoint.of(t -> watched(checkpointed, t), x);
    for (int i = 0; i < 50 && alive(checkpointed) > 0; i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertEquals(0, alive(checkpointed));
    assertEquals(10, alive(plain));
    assertNotNull(a.add(b).node);
  }

  private static Tensor watched(List<WeakReference<Storage>> storages, Tensor x) {
    Tensor y = x;
    for (int i = 0; i < 10; i++) {
      y = y.tanh(); // keeps its result
      storages.add(new WeakReference<>(y.storage()));
    }
    return y.mul(2);
  }

  private static long alive(List<WeakReference<Storage>> storages) {
    return storages.stream().filter(s -> s.get() != null).count();
  }

  @Test
  void whatTheFunctionMakesDiesWithIt() {
    Tensor x = leaf(1, 2);
    Tensor[] leaked = new Tensor[1];
    Tensor y = Checkpoint.of(t -> (leaked[0] = t.exp()).mul(2), x);
    assertFalse(leaked[0].storage().isAlive());
    assertTrue(y.storage().isAlive());
    y.sum().backward();
    assertTrue(x.grad().storage().isAlive());
  }

  @Test
  void wrongUse() {
    Tensor x = leaf(1, 2);
    Tensor h = x.mul(1);
    String text =
        assertThrows(GradientException.class, () -> Checkpoint.of(t -> t.addInPlace(1).mul(2), h))
            .getMessage();
    assertTrue(text.startsWith("checkpoint: the function writes"), text);
    int[] calls = {0};
    Tensor other = Checkpoint.of(t -> t.slice(0, 0, 2 - calls[0]++).exp(), x);
    String shape = assertThrows(GradientException.class, () -> other.sum().backward()).getMessage();
    assertTrue(shape.contains("computed again"), shape);
    Tensor p = leaf(3, 4);
    Tensor y = Checkpoint.of(t -> t.mul(p), x);
    try (Grad _ = Grad.off()) {
      p.zero();
    }
    String changed = assertThrows(GradientException.class, () -> y.sum().backward()).getMessage();
    assertTrue(changed.contains("'checkpoint'") && changed.contains("'zero'"), changed);
  }

  @Test
  void theFunctionMayWriteIntoItsOwnState() {
    Tensor x = leaf(1, 2);
    Tensor calls = Tensor.zeros(1);
    Tensor y = Checkpoint.of(t -> count(calls, t.exp().mul(t)), x);
    y.sum().backward();
    assertEquals(4, calls.item()); // twice each time
    assertArrayEquals(
        new float[] {(float) (2 * Math.E), (float) (3 * Math.exp(2))},
        x.grad().toFloatArray(),
        1e-4f);
  }

  private static Tensor count(Tensor calls, Tensor y) {
    try (Grad _ = Grad.off()) {
      calls.addInPlace(1).addInPlace(Tensor.ones(1));
    }
    return y;
  }

  @Test
  void hooksInsideAreCalled() {
    Tensor x = leaf(1, 2);
    x.onGradient(g -> g.mul(3));
    UnaryOperator<Tensor> f =
        t -> {
          Tensor h = t.mul(5);
          h.onGradient(g -> g.mul(2));
          return h.mul(7);
        };
    Checkpoint.of(f, x).sum().backward();
    assertArrayEquals(new float[] {210, 210}, x.grad().toFloatArray());
  }
}
