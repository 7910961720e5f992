package dev.lanewise.nn.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import java.util.OptionalLong;
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
  void placesAreCountedUnlessTheirLabelIsIgnored() {
    // [n, c, places]: the classes of a place lie two apart.
    Tensor scores = Tensor.of(new float[] {1, 9, 5, 3, 2, 4, 0, 1, 3, 2, 2, 6}, 2, 3, 2);
    Tensor labels = Tensor.of(new long[] {1, 2, -7, 2}, 2, 2);
    Metric metric = new SparseCategoricalAccuracy("accuracy", OptionalLong.of(-7));
    metric.update(scores, labels);
    assertEquals(2 / 3.0, metric.result()); // right are 1 and the last, the best of 9, 3, 4 is not
    metric.update(Tensor.zeros(0, 3, 2), Tensor.of(new int[0], 0, 2));
    assertEquals(2 / 3.0, metric.result());
  }

  @Test
  void rowsOfProbabilitiesAreComparedByTheirLargest() {
    Metric metric = new CategoricalAccuracy();
    Tensor scores = Tensor.of(new float[] {1, 3, 2, 0, -1, -2}, 2, 3);
    metric.update(scores, Tensor.of(new float[] {0.2f, 0.5f, 0.3f, 0, 1, 0}, 2, 3));
    assertEquals(0.5, metric.result());
    Metric ofColumns = new CategoricalAccuracy("acc", 0);
    ofColumns.update(scores, Tensor.of(new float[] {1, 1, 0, 0, 0, 1}, 2, 3));
    assertEquals(2 / 3.0, ofColumns.result());
    assertEquals("acc", ofColumns.name());
    metric.reset();
    assertTrue(Double.isNaN(metric.result()));
    assertThrows(ShapeException.class, () -> metric.update(Tensor.zeros(4, 2), Tensor.zeros(4, 3)));
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
