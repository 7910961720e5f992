package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Operations that write into a tensor: numbers, gradients, and what is refused. */
class InPlaceTest {
  private static final Map<String, BiFunction<Tensor, Tensor, Tensor>> BY_TENSOR =
      Map.of(
          "addInPlace", Tensor::addInPlace,
          "subInPlace", Tensor::subInPlace,
          "mulInPlace", Tensor::mulInPlace,
          "divInPlace", Tensor::divInPlace,
          "assign", Tensor::assign);

  private static final Map<String, UnaryOperator<Tensor>> BY_NUMBER =
      Map.of(
          "addInPlace", x -> x.addInPlace(2.5),
          "subInPlace", x -> x.subInPlace(2.5),
          "mulInPlace", x -> x.mulInPlace(2.5),
          "divInPlace", x -> x.divInPlace(2.5),
          "fill", x -> x.fill(2.5),
          "zero", Tensor::zero);

  private static Tensor vector(float... values) {
    return Tensor.of(values);
  }

  private static Tensor leaf(float... values) {
    return Tensor.of(values).requiresGrad(true);
  }

  private static String refused(Runnable action) {
    return assertThrows(GradientException.class, action::run).getMessage();
  }

  static java.util.stream.Stream<Backend> backends() {
    return Numbers.backends();
  }

  @Test
  void numbersAreWrittenIntoTheMemory() {
    Tensor x = vector(1, 2, 3);
    Tensor view = x.slice(0, 1, 3);
    assertSame(x, x.addInPlace(1));
    assertArrayEquals(new float[] {2, 3, 4}, x.toFloatArray());
    assertArrayEquals(new float[] {3, 4}, view.toFloatArray());
    assertArrayEquals(new float[] {1, 2, 3}, x.subInPlace(1).toFloatArray());
    assertArrayEquals(new float[] {3, 6, 9}, x.mulInPlace(3).toFloatArray());
    assertArrayEquals(new float[] {1.5f, 3, 4.5f}, x.divInPlace(2).toFloatArray());
    Tensor y = vector(2, 4, 8);
    assertArrayEquals(new float[] {3.5f, 7, 12.5f}, x.addInPlace(y).toFloatArray());
    assertArrayEquals(new float[] {1.5f, 3, 4.5f}, x.subInPlace(y).toFloatArray());
    assertArrayEquals(new float[] {3, 12, 36}, x.mulInPlace(y).toFloatArray());
    assertArrayEquals(new float[] {1.5f, 3, 4.5f}, x.divInPlace(y).toFloatArray());
    assertArrayEquals(new float[] {2, 4, 8}, x.assign(y).toFloatArray());
    assertArrayEquals(new float[] {7, 7, 7}, x.fill(7).toFloatArray());
    assertArrayEquals(new float[] {0, 0, 0}, x.zero().toFloatArray());
    assertArrayEquals(new float[] {2, 4, 8}, y.toFloatArray());
    assertFalse(x.requiresGrad());
  }

  @Test
  void operandsStretchAndViewsAreWrittenThrough() {
    Tensor x = Tensor.zeros(2, 3);
    x.addInPlace(vector(1, 2, 3)).transpose().slice(0, 1, 3).mulInPlace(vector(10, 100));
    assertArrayEquals(new float[] {1, 20, 30, 1, 200, 300}, x.toFloatArray());
    x.slice(1, 0, 3, 2).assign(Tensor.scalar(5));
    assertArrayEquals(new float[] {5, 20, 5, 5, 200, 5}, x.toFloatArray());
    Tensor empty = Tensor.zeros(2, 0);
    assertEquals(0, empty.addInPlace(Tensor.zeros(1, 0)).fill(3).assign(empty).size());
  }

  @Test
  void operandsMayShareTheMemory() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    assertArrayEquals(new float[] {2, 5, 5, 8}, x.addInPlace(x.transpose()).toFloatArray());
    assertArrayEquals(new float[] {2, 5, 5, 8}, x.assign(x).toFloatArray());
    Tensor line = vector(1, 2, 3, 4);
    line.slice(0, 1, 4).assign(line.slice(0, 0, 3));
    assertArrayEquals(new float[] {1, 1, 2, 3}, line.toFloatArray());
    assertArrayEquals(new float[] {1, 1, 4, 9}, line.mulInPlace(line).toFloatArray());
  }

  @Test
  void statesOfRecurrentLayersAreNoticed() {
    RecurrentWeights weights =
        new RecurrentWeights(leaf(0.5f).reshape(1, 1), leaf(0.25f).reshape(1, 1));
    RecurrentWeights four =
        new RecurrentWeights(leaf(1, 2, 3, 4).reshape(4, 1), leaf(4, 3, 2, 1).reshape(4, 1));
    RecurrentWeights three =
        new RecurrentWeights(leaf(1, 2, 3).reshape(3, 1), leaf(3, 2, 1).reshape(3, 1));
    Tensor x = vector(1, -1, 2).reshape(3, 1, 1);
    List<Tensor> outputs =
        List.of(
            x.rnn(RecurrentLayers.of(weights)).outputs(),
            x.lstm(RecurrentLayers.of(four)).outputs(),
            x.gru(RecurrentLayers.of(three)).outputs(),
            x.gru(RecurrentLayers.of(three), null, false).outputs());
    for (Tensor y : outputs) {
      Tensor sum = y.sum();
      try (Grad _ = Grad.off()) {
        y.mulInPlace(0.5);
      }
      assertThrows(GradientException.class, sum::backward, y.gradFn());
    }
  }

  @Test
  void aGradientThatGrowsIsNoticed() {
    Tensor w = leaf(2, 3);
    w.square().sum().backward();
    Tensor x = leaf(1, 1);
    Tensor y = x.mul(w.grad()).sum(); // keeps the gradient, 4 and 6
    w.square().sum().backward(); // and adds to it
    assertThrows(GradientException.class, y::backward);
  }

  @Test
  void aBufferIsFilledAgainAndAgain() {
    Tensor w = leaf(1, 2);
    Tensor buffer = Tensor.zeros(2);
    for (int i = 1; i <= 3; i++) {
      buffer.zero();
      buffer.addInPlace(w.mul(i));
      buffer.sum().backward();
    }
    assertArrayEquals(new float[] {6, 6}, w.grad().toFloatArray());
  }

  @Test
  void masksCountBesideNumbers() {
    assertArrayEquals(
        new float[] {0, 2}, vector(1, 2).mulInPlace(vector(-1, 2).gt(0)).toFloatArray());
  }

  @Test
  void otherTypes() {
    Tensor whole = Tensor.of(new int[] {1, 2});
    assertArrayEquals(new long[] {3, -2}, whole.assign(vector(3.7f, -2.2f)).toLongArray());
    assertArrayEquals(new long[] {6, 6}, whole.fill(6.9).toLongArray());
    assertArrayEquals(new long[] {0, 0}, whole.zero().toLongArray());
    assertArrayEquals(new long[] {1, 1}, whole.addInPlace(1).toLongArray());
    assertThrows(DTypeException.class, () -> whole.mulInPlace(0.5));
    assertThrows(DTypeException.class, () -> whole.gt(0).addInPlace(1));
    assertThrows(DTypeException.class, () -> vector(1).addInPlace(vector(1).cast(DType.F64)));
    // Integers take no gradient along.
    assertFalse(whole.assign(leaf(4, 5)).requiresGrad());
    Tensor x = leaf(1, 2);
    Tensor wide = Tensor.zeros(x.backend(), DType.F64, Shape.of(3, 2)).assign(x.mul(3));
    assertArrayEquals(new double[] {3, 6, 3, 6, 3, 6}, wide.toDoubleArray());
    wide.square().sum().backward();
    assertArrayEquals(new float[] {3 * 18, 3 * 36}, x.grad().toFloatArray());
  }

  @Test
  void wrongShapes() {
    Tensor x = Tensor.zeros(2, 3);
    for (BiFunction<Tensor, Tensor, Tensor> op : BY_TENSOR.values()) {
      assertThrows(ShapeException.class, () -> op.apply(x, Tensor.zeros(2)));
      assertThrows(ShapeException.class, () -> op.apply(x, Tensor.zeros(1, 2, 3)));
      assertThrows(ShapeException.class, () -> op.apply(Tensor.zeros(1, 3), x));
      assertThrows(
          ShapeException.class, () -> op.apply(Tensor.zeros(3).broadcastTo(2, 3), x), "stretched");
    }
    for (UnaryOperator<Tensor> op : BY_NUMBER.values()) {
      assertThrows(ShapeException.class, () -> op.apply(Tensor.zeros(3).broadcastTo(2, 3)));
    }
    if (Backends.best() != Backends.named("reference")) {
      Tensor other = Tensor.of(Backends.named("reference"), new float[] {1, 2, 3});
      assertThrows(IllegalArgumentException.class, () -> x.addInPlace(other));
      assertThrows(IllegalArgumentException.class, () -> x.assign(other));
    }
    assertArrayEquals(new float[6], x.toFloatArray());
  }

  @ParameterizedTest
  @MethodSource("backends")
  void gradientsFlowThrough(Backend backend) {
    Tensor x = Numbers.signed(backend, 1, 2, 3);
    for (BiFunction<Tensor, Tensor, Tensor> op : BY_TENSOR.values()) {
      for (int[] shape : new int[][] {{2, 3}, {3}, {2, 1}, {}}) {
        Tensor y = Numbers.signed(backend, 2, shape);
        GradientCheck check =
            GradientCheck.of(in -> op.apply(in[0].mul(in[0]), in[1].exp()).square());
        check.require(x, y);
        check.ofGradient().require(x, y);
        GradientCheck constant = GradientCheck.of(in -> op.apply(in[0].mul(in[0]), y).square());
        constant.require(x);
        constant.ofGradient().require(x);
        GradientCheck buffer = GradientCheck.of(in -> op.apply(x.mul(2), in[0]).square());
        buffer.require(y);
        buffer.ofGradient().require(y);
      }
      GradientCheck itself = GradientCheck.of(in -> written(op, in[0].mul(in[0])).square());
      itself.require(x);
      itself.ofGradient().require(x);
      GradientCheck turned =
          GradientCheck.of(in -> op.apply(in[0].mul(in[1]).transpose(), in[1].transpose()).exp());
      turned.require(x.mul(0.3), x.mul(0.3).add(1));
      turned.ofGradient().require(x.mul(0.3), x.mul(0.3).add(1));
    }
    for (UnaryOperator<Tensor> op : BY_NUMBER.values()) {
      GradientCheck check = GradientCheck.of(in -> op.apply(in[0].mul(in[0])).square().add(in[0]));
      check.require(x);
      check.ofGradient().require(x);
    }
  }

  private static Tensor written(BiFunction<Tensor, Tensor, Tensor> op, Tensor x) {
    return op.apply(x, x);
  }

  @Test
  void leavesAreWrittenToWhereNothingIsRecorded() {
    Tensor x = leaf(1, 2);
    for (UnaryOperator<Tensor> op : BY_NUMBER.values()) {
      Tensor view = x.reshape(2, 1).slice(0, 0, 1);
      var ofLeaf = assertThrows(GradientException.class, () -> op.apply(x));
      assertTrue(ofLeaf.getMessage().contains("Grad.off()"), ofLeaf.getMessage());
      var ofView = assertThrows(GradientException.class, () -> op.apply(view));
      assertTrue(ofView.getMessage().contains("is a view of a leaf"), ofView.getMessage());
    }
    assertTrue(refused(() -> x.assign(vector(3, 4))).startsWith("assign: "));
    assertArrayEquals(new float[] {1, 2}, x.toFloatArray());
    x.square().sum().backward();
    try (Grad _ = Grad.off()) {
      x.subInPlace(x.grad().mul(0.5));
    }
    assertArrayEquals(new float[] {0, 0}, x.toFloatArray());
    x.detach().addInPlace(3); // an alias that no gradient flows to
    assertArrayEquals(new float[] {3, 3}, x.toFloatArray());
    x.grad().zero();
    x.square().sum().backward();
    assertArrayEquals(new float[] {6, 6}, x.grad().toFloatArray());
    Tensor watched = vector(1);
    try (Tape tape = Tape.open()) {
      tape.watch(watched);
      refused(() -> watched.addInPlace(1));
    }
    assertEquals(2, watched.addInPlace(1).item());
  }

  @Test
  void bothPlacesAreNamed() {
    Tensor x = leaf(1, 2);
    Tensor loss = x.mul(x).sum();
    try (Grad _ = Grad.off()) {
      x.addInPlace(1);
    }
    String text = refused(loss::backward);
    assertTrue(text.contains("gradient of 'mul'") && text.contains("'addInPlace'"), text);
    assertTrue(text.contains("[2]") && text.contains("f32"), text);
    assertNull(x.grad());
  }

  @Test
  void viewsShareWhatIsKnownOfTheMemory() {
    Tensor x = leaf(1, 2, 3);
    Tensor y = x.add(0);
    Tensor loss = y.slice(0, 0, 2).exp().mul(y.slice(0, 1, 3)).sum();
    y.detach().slice(0, 0, 1).fill(4);
    assertTrue(refused(loss::backward).contains("'fill'"));
    Tensor e = x.exp();
    e.detach().zero(); // exp keeps its result
    assertTrue(refused(e.sum()::backward).contains("gradient of 'exp'"));
  }

  @Test
  void whatIsNotKeptMayChange() {
    Tensor x = leaf(1, 2);
    Tensor y = x.mul(3);
    Tensor z = y.add(1).sum();
    y.mulInPlace(5); // add and sum keep nothing
    z.backward();
    assertArrayEquals(new float[] {3, 3}, x.grad().toFloatArray());
    Tensor w = leaf(5, 6);
    Tensor constant = vector(1, 2);
    Tensor product = w.mul(constant).sum(); // keeps the constant alone
    try (Grad _ = Grad.off()) {
      w.zero();
    }
    product.backward();
    assertArrayEquals(new float[] {1, 2}, w.grad().toFloatArray());
  }

  @Test
  void operationsAfterTheChangeKeepTheNewNumbers() {
    Tensor x = leaf(2, 3);
    Tensor y = x.mul(1);
    y.mulInPlace(y);
    Tensor z = y.mul(y).sum(); // x⁴
    z.backward();
    assertArrayEquals(new float[] {32, 108}, x.grad().toFloatArray(), 1e-4f);
    Tensor a = x.mul(1);
    Tensor before = a.square().sum();
    a.addInPlace(1);
    Tensor after = a.square().sum();
    x.zeroGrad();
    after.backward(true);
    assertArrayEquals(new float[] {6, 8}, x.grad().toFloatArray());
    assertTrue(refused(before::backward).contains("'square'"));
  }

  @Test
  void aSeedMayBeWrittenAgain() {
    Tensor x = leaf(1, 2);
    Tensor v = vector(1, 1);
    Tensor y = x.square();
    y.backward(v, true);
    y.backward(v.mulInPlace(10));
    assertArrayEquals(new float[] {22, 44}, x.grad().toFloatArray());
  }

  @Test
  void otherViewsOfARecordedChangeAreRefused() {
    Tensor x = leaf(1, 2, 3);
    Tensor base = x.mul(2);
    Tensor view = base.slice(0, 0, 2);
    view.mulInPlace(x.slice(0, 1, 3));
    assertArrayEquals(new float[] {4, 12, 6}, base.toFloatArray());
    String text = refused(() -> base.add(1));
    assertTrue(text.contains("'mulInPlace'") && text.contains("detach()"), text);
    refused(() -> base.backward(Tensor.ones(3)));
    try (Grad _ = Grad.off()) {
      assertEquals(22, base.sum().item());
    }
    assertFalse(base.detach().sum().requiresGrad());
    view.sum().backward(); // 2x₀x₁ + 2x₁x₂
    assertArrayEquals(new float[] {4, 2 + 6, 4}, x.grad().toFloatArray());
  }

  @Test
  void constantsThatBecomeRecordedDoNotLoseGradients() {
    Tensor x = leaf(1, 2);
    Tensor buffer = Tensor.zeros(2, 2);
    Tensor row = buffer.slice(0, 0, 1);
    row.addInPlace(x);
    assertTrue(row.requiresGrad());
    refused(() -> buffer.sum());
    Tensor whole = Tensor.zeros(2);
    Tensor before = whole.reshape(2, 1);
    whole.addInPlace(x).addInPlace(x.square());
    refused(() -> before.mul(2));
    Tensor later = whole.reshape(2, 1);
    later.mul(2).sum().backward();
    assertArrayEquals(new float[] {2 + 4, 2 + 8}, x.grad().toFloatArray());
  }

  @Test
  void aWrittenConstantEndsTheGradient() {
    Tensor x = leaf(1, 2);
    Tensor y = x.square();
    y.fill(3);
    assertEquals("fill", y.gradFn());
    assertTrue(y.requiresGrad());
    y.mul(x).sum().backward();
    assertArrayEquals(new float[] {3, 3}, x.grad().toFloatArray());
    assertNull(Gradients.of(x.square().zero().sum(), x)[0]);
    assertNull(Gradients.of(x.square().assign(vector(1, 2)).sum(), x)[0]);
  }

  @Test
  void deepChainsOfChanges() {
    Tensor x = leaf(1);
    Tensor y = x.mul(1);
    for (int i = 0; i < 100_000; i++) {
      y.addInPlace(1);
    }
    y.backward();
    assertEquals(1, x.grad().item());
    assertEquals(100_001, y.item());
  }

  @Test
  void probabilitiesThatWereChangedHaveNoLogits() {
    Tensor logits = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    Tensor p = logits.softmax(1);
    assertTrue(p.logits().isPresent());
    logits.mulInPlace(2);
    assertTrue(p.logits().isEmpty());
    Tensor again = logits.softmax(1);
    assertTrue(again.logits().isPresent());
    again.mulInPlace(0.5);
    assertTrue(again.logits().isEmpty());
  }

  @Test
  void kernelsCanTellOfWhatTheyWrote() {
    Tensor x = leaf(1, 2);
    Tensor loss = x.square().sum();
    x.data().set(5, 0);
    assertSame(x, x.changed("a kernel"));
    assertTrue(refused(loss::backward).contains("'a kernel'"));
    x.square().sum().backward();
    assertNotNull(x.grad());
  }
}
