package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.HostMemory;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.LayerHook;
import dev.lanewise.nn.loss.MeanSquaredError;
import dev.lanewise.nn.optim.SGD;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Hooks of layers in the loops of a model. */
class HooksInTrainingTest {
  private static final Tensor X = Tensor.of(new float[] {1, 2, 3, 4, 5}, 5, 1);
  private static final Tensor Y = Tensor.of(new float[] {2, 1, 4, 3, 6}, 5, 1);
  private static final FitOptions TWO_EPOCHS =
      FitOptions.epochs(2).batchSize(2).shuffle(false).verbose(0);

  private static Sequential model(double rate) {
    Sequential model = Sequential.of(new Dense(3, "relu"), new Dense(1)).seed(5).build(1);
    model.compile(new SGD(rate), new MeanSquaredError());
    return model;
  }

  @Test
  void activationsAreRecorded() {
    Sequential model = model(0.01);
    model.weights().get(0).assign(1, -1, 2);
    model.weights().get(1).assign(0, 2, -3);
    List<float[]> seen = new ArrayList<>();
    LayerHook hook =
        model
            .layers()
            .getFirst()
            .onForward(
                (_, _, output) -> {
                  seen.add(output.toFloatArray());
                  return output;
                });
    float[] predicted = model.predict(X, 4).toFloatArray();
    assertEquals(2, seen.size());
    assertArrayEquals(new float[] {1, 1, 0, 2, 0, 1, 3, 0, 3, 4, 0, 5}, seen.get(0));
    assertArrayEquals(new float[] {5, 0, 7}, seen.get(1));
    model.evaluate(X, Y);
    assertEquals(3, seen.size());
    model.fit(X, Y, TWO_EPOCHS);
    assertEquals(9, seen.size()); // 2 epochs of batches of 2, 2 and 1
    assertArrayEquals(new float[] {1, 1, 0, 2, 0, 1}, seen.get(3));
    assertEquals(3, seen.get(8).length);
    hook.remove();
    model.weights().get(3).assign(7);
    model.layers().getLast().onForward((_, _, output) -> output.sub(output).add(9));
    assertArrayEquals(new float[] {9, 9, 9, 9, 9}, model.predict(X).toFloatArray());
    assertEquals(9, seen.size());
    assertEquals(5, predicted.length);
  }

  @Test
  void doubledGradientsAreTwiceTheRate() {
    Sequential doubled = model(0.01);
    int[] calls = {0};
    LayerHook hook =
        doubled
            .layers()
            .getLast()
            .onBackward(
                (_, g) -> {
                  calls[0]++;
                  return g.mul(2);
                });
    Sequential faster = model(0.02);
    doubled.fit(X, Y, TWO_EPOCHS);
    faster.fit(X, Y, TWO_EPOCHS);
    assertEquals(6, calls[0]);
    assertSameWeights(faster, doubled);
    doubled.predict(X);
    doubled.evaluate(X, Y); // no gradients
    assertEquals(6, calls[0]);
    hook.remove();
    doubled.compile(new SGD(0.02), new MeanSquaredError());
    doubled.trainOnBatch(X, Y);
    faster.trainOnBatch(X, Y);
    assertSameWeights(faster, doubled);
    assertEquals(6, calls[0]);
  }

  private static void assertSameWeights(Model expected, Model actual) {
    for (int i = 0; i < 4; i++) {
      assertArrayEquals(
          expected.weights().get(i).value().toFloatArray(),
          actual.weights().get(i).value().toFloatArray());
    }
  }

  @Test
  void stepsKeepTheirMemory() throws InterruptedException {
    Sequential model = model(0.001);
    List<WeakReference<Tensor>> seen = new ArrayList<>();
    List<Tensor> last = new ArrayList<>();
    for (var layer : model.layers()) {
      layer.onForward((_, _, output) -> output.mul(1));
      layer.onBackward(
          (_, g) -> {
            seen.add(new WeakReference<>(g));
            last.clear();
            last.add(g);
            return g.mul(1);
          });
    }
    for (int i = 0; i < 200; i++) {
      model.trainOnBatch(X, Y);
    }
    assertThrows(IllegalStateException.class, () -> last.getFirst().toFloatArray());
    last.clear();
    long mapped = HostMemory.INSTANCE.pool().mappedBytes();
    for (int i = 0; i < 2000; i++) {
      model.trainOnBatch(X, Y);
    }
    long late = HostMemory.INSTANCE.pool().mappedBytes();
    assertTrue(late <= mapped, mapped + " -> " + late + " bytes");
    assertEquals(2 * 2200, seen.size());
    last.clear();
    WeakReference<Tensor> any = seen.get(3000);
    for (int i = 0; i < 50 && any.get() != null; i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertNull(any.get());
  }
}
