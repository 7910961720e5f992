package dev.lanewise.nn.optim;

import static dev.lanewise.nn.optim.ScalarRule.GRADIENTS;
import static dev.lanewise.nn.optim.ScalarRule.START;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.layer.Weight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** States that are saved and loaded. */
class OptimizerStateTest {
  private static final Schedule FALLING = Schedule.cosine(0.1, 6, 0.01);

  private static final List<Supplier<Optimizer>> ALL =
      List.of(
          () -> new SGD(FALLING).momentum(0.9).nesterov(true),
          () -> SGD.pytorch(FALLING).momentum(0.9).dampening(0.5).weightDecay(0.1),
          () -> new Adam(FALLING).amsgrad(true).ema(0.9),
          () -> Adam.pytorch(FALLING).globalClipNorm(1),
          () -> new AdamW(FALLING).clipValue(0.5),
          () -> new Adamax(FALLING),
          () -> Nadam.pytorch(FALLING),
          () -> new RAdam(FALLING).betas(0.9, 0.9),
          () -> new Lion(FALLING),
          () -> new RMSprop(FALLING).centered(true).momentum(0.5),
          () -> new Adagrad(FALLING),
          () -> new Adadelta(FALLING));

  private static Weight weight(DType dtype, double... values) {
    return new Weight("layer/w", Tensor.of(values).cast(dtype));
  }

  private static void steps(Optimizer optimizer, DType dtype, int from, int to) {
    for (int t = from; t < to; t++) {
      optimizer.apply(Tensor.of(GRADIENTS[t]).cast(dtype));
    }
  }

  private static Optimizer built(Supplier<Optimizer> maker, Weight weight) {
    Optimizer optimizer = maker.get();
    optimizer.build(List.of(weight));
    return optimizer;
  }

  @Test
  void whatIsLoadedGoesOnBitByBit() {
    for (Supplier<Optimizer> maker : ALL) {
      for (DType dtype : List.of(DType.F32, DType.F64)) {
        Weight whole = weight(dtype, START);
        Optimizer uninterrupted = built(maker, whole);
        steps(uninterrupted, dtype, 0, 3);
        double[] weights = whole.value().toDoubleArray();
        Map<String, Tensor> saved = uninterrupted.state();
        steps(uninterrupted, dtype, 3, GRADIENTS.length);

        Weight again = weight(dtype, weights);
        Optimizer resumed = built(maker, again);
        resumed.loadState(saved);
        assertEquals(3, resumed.iterations());
        steps(resumed, dtype, 3, GRADIENTS.length);
        assertArrayEquals(whole.value().toDoubleArray(), again.value().toDoubleArray());
        assertSame(uninterrupted.state(), resumed.state());
      }
    }
  }

  private static void assertSame(Map<String, Tensor> expected, Map<String, Tensor> actual) {
    assertEquals(expected.keySet(), actual.keySet());
    expected.forEach(
        (name, value) ->
            assertArrayEquals(value.toDoubleArray(), actual.get(name).toDoubleArray(), name));
  }

  @Test
  void aLoadedStateReplacesAllThatWas() {
    for (Supplier<Optimizer> maker : ALL) {
      Optimizer source = built(maker, weight(DType.F32, START));
      steps(source, DType.F32, 0, 3);
      Optimizer target = built(maker, weight(DType.F32, START));
      steps(target, DType.F32, 4, 8);
      target.loadState(source.state());
      assertSame(source.state(), target.state());
    }
  }

  @Test
  void namesAreStable() {
    List<Set<String>> names = new ArrayList<>();
    ALL.forEach(maker -> names.add(built(maker, weight(DType.F32, 1)).state().keySet()));
    assertEquals(
        List.of(
            Set.of("layer/w/velocity", "iterations"),
            Set.of("layer/w/velocity", "iterations"),
            Set.of("layer/w/m", "layer/w/v", "layer/w/v_max", "layer/w/average", "iterations"),
            Set.of("layer/w/m", "layer/w/v", "iterations"),
            Set.of("layer/w/m", "layer/w/v", "iterations"),
            Set.of("layer/w/m", "layer/w/u", "iterations"),
            Set.of("layer/w/m", "layer/w/v", "iterations"),
            Set.of("layer/w/m", "layer/w/v", "iterations"),
            Set.of("layer/w/m", "iterations"),
            Set.of("layer/w/v", "layer/w/mean", "layer/w/velocity", "iterations"),
            Set.of("layer/w/v", "iterations"),
            Set.of("layer/w/v", "layer/w/s", "iterations")),
        names);
  }

  @Test
  void aSavedStateIsACopy() {
    Optimizer sgd = built(() -> new SGD(1).momentum(1), weight(DType.F64, 0));
    sgd.apply(Tensor.of(new double[] {1}));
    Map<String, Tensor> saved = sgd.state();
    sgd.apply(Tensor.of(new double[] {1}));
    assertEquals(-1, saved.get("layer/w/velocity").item());
    assertEquals(1, saved.get("iterations").item());
    assertEquals(-2, sgd.state().get("layer/w/velocity").item());
  }

  @Test
  void whatDoesNotFitChangesNothing() {
    Optimizer adam = built(Adam::new, weight(DType.F32, START));
    steps(adam, DType.F32, 0, 2);
    Map<String, Tensor> before = adam.state();
    Optimizer other = built(Adam::new, weight(DType.F32, START));
    steps(other, DType.F32, 0, 5);
    Map<String, Tensor> good = other.state();

    assertEquals(
        "Adam: the state does not fit: missing are [layer/w/v], unknown [layer/w/u]",
        assertThrows(
                IllegalArgumentException.class,
                () -> adam.loadState(replaced(good, "layer/w/v", "layer/w/u", Tensor.zeros(3))))
            .getMessage());
    assertEquals(
        "Adam: the state's 'layer/w/v' must be f32 [3], not f32 [1, 3]",
        assertThrows(ShapeException.class, () -> load(adam, good, "layer/w/v", Tensor.ones(1, 3)))
            .getMessage());
    assertThrows(
        DTypeException.class, () -> load(adam, good, "layer/w/v", Tensor.of(new double[3])));
    assertThrows(DTypeException.class, () -> load(adam, good, "iterations", Tensor.scalar(3)));
    Tensor negative = Tensor.of(new long[] {-5}).reshape(Shape.SCALAR);
    assertEquals(
        "Adam: the state's iterations are -5, not at least 0",
        assertThrows(IllegalArgumentException.class, () -> load(adam, good, "iterations", negative))
            .getMessage());
    assertSame(before, adam.state());
    assertEquals(2, adam.iterations());
  }

  private static void load(Optimizer to, Map<String, Tensor> state, String name, Tensor value) {
    to.loadState(replaced(state, name, name, value));
  }

  private static Map<String, Tensor> replaced(
      Map<String, Tensor> state, String old, String name, Tensor value) {
    Map<String, Tensor> changed = new LinkedHashMap<>(state);
    changed.remove(old);
    changed.put(name, value);
    return changed;
  }

  @Test
  void aStateNeedsWeightsWithNamesThatDiffer() {
    Optimizer adam = new Adam();
    assertThrows(IllegalStateException.class, adam::state);
    assertThrows(IllegalStateException.class, () -> adam.loadState(Map.of()));
    adam.build(List.of(weight(DType.F32, 1), weight(DType.F32, 1)));
    assertEquals(
        "Adam: two weights are called 'layer/w'; a state needs names that differ",
        assertThrows(IllegalStateException.class, adam::state).getMessage());
  }
}
