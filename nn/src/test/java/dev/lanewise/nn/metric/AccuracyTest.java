package dev.lanewise.nn.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import org.junit.jupiter.api.Test;

class AccuracyTest {
  @Test
  void classesAreCountedOverBatches() {
    Metric metric = new SparseCategoricalAccuracy();
    assertTrue(Double.isNaN(metric.result()));
    Tensor scores = Tensor.of(new float[] {1, 3, 2, 0, -1, -2}, 2, 3);
    metric.update(scores, Tensor.of(new int[] {1, 2}));
    assertEquals(0.5, metric.result());
    metric.update(scores, Tensor.of(new long[] {1, 0}));
    assertEquals(0.75, metric.result());
    metric.reset();
    metric.update(scores, Tensor.of(new int[] {0, 1}));
    assertEquals(0, metric.result());
    assertEquals("accuracy", metric.name());
  }

  @Test
  void probabilitiesAndLogitsHaveTheirThresholds() {
    Metric metric = new BinaryAccuracy();
    Tensor targets = Tensor.of(new float[] {1, 1, 0, 0}, 4, 1);
    metric.update(Tensor.of(new float[] {0.9f, 0.3f, 0.4f, 0.2f}, 4, 1), targets);
    assertEquals(0.75, metric.result());
    Metric ofLogits = new BinaryAccuracy("acc", 0);
    ofLogits.update(Tensor.of(new float[] {0.1f, 2, -3, 0.4f}, 4, 1), targets);
    assertEquals(0.75, ofLogits.result());
    assertEquals("acc", ofLogits.name());
  }

  @Test
  void shapesMustFit() {
    assertThrows(
        ShapeException.class,
        () -> new BinaryAccuracy().update(Tensor.zeros(4, 1), Tensor.zeros(4)));
    assertThrows(
        ShapeException.class,
        () -> new SparseCategoricalAccuracy().update(Tensor.zeros(4, 2), Tensor.zeros(3)));
  }
}
