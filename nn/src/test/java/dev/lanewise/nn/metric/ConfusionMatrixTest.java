package dev.lanewise.nn.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
  private static final Tensor FOUND = Tensor.of(new int[] {0, 0, 2, 2, 0, 2});
  private static final Tensor RIGHT = Tensor.of(new int[] {2, 0, 2, 2, 0, 1});

  @Test
  void countsAndShares() {
    ConfusionMatrix matrix = ConfusionMatrix.of(FOUND, RIGHT);
    assertArrayEquals(new long[][] {{2, 0, 0}, {0, 0, 1}, {1, 0, 2}}, matrix.counts());
    assertEquals(3, matrix.classes());
    assertEquals(6, matrix.total());
    assertEquals(4 / 6.0, matrix.accuracy());
    assertEquals(2 / 3.0, matrix.precision(0));
    assertEquals(0, matrix.precision(1));
    assertEquals(1, matrix.recall(0));
    assertEquals(2 / 3.0, matrix.recall(2));
    matrix.counts()[0][0] = 7;
    assertEquals(2, matrix.counts()[0][0]);
  }

  @Test
  void theTable() {
    assertEquals(
        """
        right \\ predicted     cat   horse     dog  recall
        cat                     2       0       0  1.0000
        horse                   0       0       1  0.0000
        dog                     1       0       2  0.6667
        precision          0.6667  0.0000  0.6667  0.6667\
        """,
        ConfusionMatrix.of(FOUND, RIGHT, "cat", "horse", "dog").toString());
    assertEquals(
        """
        right \\ predicted  recall
        precision             NaN\
        """,
        new ConfusionMatrix().toString());
  }

  @Test
  void scoresLabelsAndProbabilities() {
    Tensor scores = Tensor.of(new float[] {1, 3, 2, 0, -1, -2}, 2, 3);
    long[][] expected = {{1, 0, 0}, {0, 0, 0}, {0, 1, 0}};
    assertArrayEquals(expected, ConfusionMatrix.of(scores, Tensor.of(new long[] {2, 0})).counts());
    Tensor oneHot = Tensor.of(new float[] {0, 0, 1, 1, 0, 0}, 2, 3);
    assertArrayEquals(expected, ConfusionMatrix.of(scores, oneHot).counts());
    Tensor probabilities = Tensor.of(new float[] {0.9f, 0.2f, 0.7f}, 3, 1);
    long[][] binary = {{1, 1}, {0, 1}};
    Tensor truths = Tensor.of(new float[] {1, 0, 0}, 3, 1);
    assertArrayEquals(binary, ConfusionMatrix.of(probabilities, truths).counts());
    Tensor labels = Tensor.of(new int[] {1, 0, 0});
    assertArrayEquals(binary, ConfusionMatrix.of(probabilities, labels).counts());
    Tensor yes = probabilities.reshape(3).gt(0.5);
    assertArrayEquals(binary, ConfusionMatrix.of(yes, labels).counts());
    Tensor none = Tensor.zeros(0, 3);
    assertEquals(3, ConfusionMatrix.of(none, Tensor.of(new int[0])).classes());
  }

  @Test
  void batchesAddUpAndGrow() {
    ConfusionMatrix matrix = new ConfusionMatrix();
    assertTrue(Double.isNaN(matrix.accuracy()));
    matrix.update(Tensor.of(new int[] {0}), Tensor.of(new int[] {1}));
    matrix.update(Tensor.of(new int[] {2}), Tensor.of(new int[] {1}));
    assertArrayEquals(new long[][] {{0, 0, 0}, {1, 0, 1}, {0, 0, 0}}, matrix.counts());
    matrix.reset();
    assertEquals(0, matrix.total());
    assertEquals(2, new ConfusionMatrix("a", "b").classes());
  }

  @Test
  void correlation() {
    Metric metric = new MatthewsCorrelation();
    assertTrue(Double.isNaN(metric.result()));
    // 2 hits, 1 false alarm, 1 miss: (2 · 0 − 1 · 1) / √(3 · 3 · 1 · 1).
    metric.update(
        Tensor.of(new float[] {0.9f, 0.1f, 0.8f, 0.7f}), Tensor.of(new float[] {1, 1, 1, 0}));
    assertEquals(-1 / 3.0, metric.result(), 1e-15);
    metric.reset();
    metric.update(FOUND, RIGHT);
    // (6 · 4 − (3 · 2 + 0 · 1 + 3 · 3)) / √((36 − 18) (36 − 14)).
    assertEquals(9 / Math.sqrt(18 * 22), metric.result(), 1e-15);
    metric.reset();
    metric.update(Tensor.of(new int[] {1, 1}), Tensor.of(new int[] {0, 1}));
    assertEquals(0, metric.result());
    metric.reset();
    metric.update(RIGHT, RIGHT);
    assertEquals(1, metric.result(), 1e-15);
    assertEquals("matthews_correlation", metric.name());
  }

  @Test
  void wrongArguments() {
    ConfusionMatrix named = new ConfusionMatrix("a", "b");
    assertEquals(
        "confusionMatrix: there are 3 classes, but 2 names [a, b]",
        assertThrows(IllegalArgumentException.class, () -> named.update(FOUND, RIGHT))
            .getMessage());
    assertEquals(0, named.total());
    assertEquals(
        "confusionMatrix: a class must be from 0 to 4095, not -1",
        assertThrows(
                IllegalArgumentException.class,
                () -> ConfusionMatrix.of(Tensor.of(new int[] {0}), Tensor.of(new int[] {-1})))
            .getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> ConfusionMatrix.of(Tensor.zeros(2, 1), Tensor.of(new int[] {0, 2})));
    assertThrows(
        IllegalArgumentException.class,
        () -> ConfusionMatrix.of(Tensor.zeros(1, 3), Tensor.of(new int[] {3})));
    assertThrows(ShapeException.class, () -> ConfusionMatrix.of(FOUND, Tensor.of(new int[] {1})));
    assertThrows(DTypeException.class, () -> ConfusionMatrix.of(FOUND, Tensor.zeros(6)));
    assertThrows(
        ShapeException.class, () -> ConfusionMatrix.of(Tensor.zeros(2, 3), Tensor.zeros(2, 2)));
    assertThrows(IndexOutOfBoundsException.class, () -> named.recall(2));
  }
}
