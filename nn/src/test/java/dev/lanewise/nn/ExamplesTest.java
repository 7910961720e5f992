package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.array.DType;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.nn.data.Digits;
import org.junit.jupiter.api.Test;

class ExamplesTest {
  private static final float[] FLAT = {0, 1, 2, 3, 4, 5, 6, 7};

  @Test
  void shapes() {
    Examples digits = Examples.of(Digits.load());
    assertEquals("1797 examples: samples [8, 8], targets []", digits.toString());
    assertEquals(Shape.of(8, 8), digits.sampleShape());
    Examples pairs = Examples.of(Tensor.of(FLAT, 4, 2), Tensor.ones(4, 3));
    assertEquals(Shape.of(3), pairs.targetShape());
    assertEquals(3, pairs.slice(1, 4).size());
    assertEquals(Shape.of(1), Examples.of(new float[][] {{1, 2}}, new float[] {3}).targetShape());
  }

  @Test
  void whatDoesNotFit() {
    assertThrows(ShapeException.class, () -> Examples.of(FLAT, new int[] {3}, new int[] {0, 1, 2}));
    assertThrows(ShapeException.class, () -> Examples.of(Tensor.scalar(1), new int[] {0}));
    assertThrows(ShapeException.class, () -> Examples.of(new float[0][], new int[0]));
    assertThrows(
        ShapeException.class, () -> Examples.of(new float[][] {{1}, {1, 2}}, new int[] {0, 1}));
    Examples four = Examples.of(FLAT, new int[] {2}, new int[4]);
    assertThrows(IndexOutOfBoundsException.class, () -> four.slice(2, 5));
    assertThrows(ShapeException.class, () -> four.slice(2, 2));
  }

  @Test
  void batchesAreGatheredIntoTheSameMemory() {
    Backend backend = Backends.best();
    Rows rows = Examples.of(FLAT, new int[] {2}, new int[4]).slice(1, 4).x().getFirst();
    BatchBuffer buffer = new BatchBuffer();
    Tensor first = buffer.fill(backend, rows, new int[] {2, 0, 1}, 0, 2, 2);
    assertArrayEquals(new float[] {6, 7, 2, 3}, first.toFloatArray());
    Tensor rest = buffer.fill(backend, rows, new int[] {2, 0, 1}, 2, 3, 2);
    assertArrayEquals(new float[] {4, 5}, rest.toFloatArray());
    assertEquals(Shape.of(1, 2), rest.shape());
    assertEquals(first.storage(), rest.storage());
    Tensor inOrder = buffer.fill(backend, rows, null, 1, 3, 2);
    assertArrayEquals(new float[] {4, 5, 6, 7}, inOrder.toFloatArray());
  }

  @Test
  void aBufferOfAClosedScopeIsMadeAnew() {
    Rows rows = Examples.of(FLAT, new int[] {2}, new int[4]).x().getFirst();
    BatchBuffer buffer = new BatchBuffer();
    try (Scope _ = Scope.open("short")) {
      buffer.fill(Backends.best(), rows, null, 0, 2, 2);
    }
    Tensor batch = buffer.fill(Backends.best(), rows, null, 0, 2, 2);
    assertArrayEquals(new float[] {0, 1, 2, 3}, batch.toFloatArray());
  }

  @Test
  void tensorsOfAllTypesBecomeF32() {
    int[] values = {0, 1, 2};
    Tensor ints = Tensor.of(values);
    for (var dtype : DType.values()) {
      float[] expected = dtype == DType.BOOL ? new float[] {0, 1, 1} : new float[] {0, 1, 2};
      Rows rows = Rows.of(ints.cast(dtype)).asF32();
      Tensor batch = new BatchBuffer().fill(Backends.best(), rows, null, 0, 3, 3);
      assertArrayEquals(expected, batch.toFloatArray(), dtype.toString());
    }
  }
}
