package dev.lanewise.nn.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.HostMemory;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.Model;
import dev.lanewise.nn.OneWeight;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.init.Fans;
import dev.lanewise.nn.init.Initializer;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.WeightSpec;
import dev.lanewise.nn.loss.MeanSquaredError;
import dev.lanewise.nn.optim.Adam;
import org.junit.jupiter.api.Test;

class WeightSnapshotTest {
  private static final Tensor X = Tensor.ones(4, 3);
  private static final Tensor Y = Tensor.zeros(4, 2);

  /** Adds a number that optimizers leave alone. */
  private static final class Fixed extends Layer {
    private Tensor fixed;

    @Override
    public Shape outputShape(Shape input) {
      return input;
    }

    @Override
    protected void createWeights(Shape input) {
      fixed =
          addWeight(
              WeightSpec.of("fixed", Shape.of(1), Initializer.constant(2), new Fans(1, 1))
                  .trainable(false));
    }

    @Override
    protected Tensor call(Tensor x, boolean training) {
      return x.add(fixed);
    }
  }

  private static float[][] values(Model model) {
    return model.weights().stream().map(w -> w.value().toFloatArray()).toArray(float[][]::new);
  }

  private static void assertSame(float[][] expected, Model model) {
    float[][] actual = values(model);
    for (int i = 0; i < expected.length; i++) {
      assertArrayEquals(expected[i], actual[i]);
    }
  }

  @Test
  void allWeightsComeBack() {
    Sequential model = Sequential.of(new Dense(2), new Fixed()).seed(1);
    model.compile(new Adam(), new MeanSquaredError());
    model.trainOnBatch(X, Y);
    WeightSnapshot snapshot = new WeightSnapshot(model);
    assertFalse(snapshot.isTaken());
    assertThrows(IllegalStateException.class, snapshot::restore);
    snapshot.take();
    float[][] first = values(model);
    model.weights().getLast().assign(5);
    model.trainOnBatch(X, Y);
    snapshot.restore();
    assertSame(first, model);
    model.trainOnBatch(X, Y);
    snapshot.restore();
    assertSame(first, model);
    model.trainOnBatch(X, Y);
    float[][] second = values(model);
    snapshot.take();
    model.trainOnBatch(X, Y);
    snapshot.restore();
    assertSame(second, model);
  }

  @Test
  void theOptimizerGoesOnAsItWouldHaveThen() {
    Sequential model = Sequential.of(new Dense(2)).seed(1);
    Adam adam = new Adam(0.1);
    model.compile(adam, new MeanSquaredError());
    model.trainOnBatch(X, Y);
    WeightSnapshot snapshot = new WeightSnapshot(model, adam);
    snapshot.take();
    model.trainOnBatch(X, Y);
    float[][] next = values(model);
    model.trainOnBatch(X, Y);
    snapshot.restore();
    assertEquals(1, adam.iterations());
    model.trainOnBatch(X, Y);
    assertSame(next, model);
  }

  @Test
  void whatCanNotBeCopied() {
    Sequential model = Sequential.of(new Dense(2));
    assertThrows(IllegalStateException.class, () -> new WeightSnapshot(model).take());
    model.build(3);
    WeightSnapshot snapshot = new WeightSnapshot(model);
    try (Scope _ = Scope.open("short")) {
      snapshot.take();
    }
    assertThrows(IllegalStateException.class, snapshot::restore);
    snapshot.take();
    snapshot.restore();
  }

  @Test
  void furtherCopiesTakeNoMemory() {
    Model model = OneWeight.model().build(1);
    WeightSnapshot snapshot = new WeightSnapshot(model);
    snapshot.take();
    long mapped = HostMemory.INSTANCE.pool().mappedBytes();
    for (int i = 0; i < 10_000; i++) {
      snapshot.take();
    }
    long late = HostMemory.INSTANCE.pool().mappedBytes();
    assertTrue(late <= mapped, mapped + " -> " + late + " bytes mapped");
  }
}
