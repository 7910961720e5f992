package dev.lanewise.nn.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassMetricTest {
  /** 3 hits, 2 false alarms, 1 miss and 4 rejections. */
  private static final float[] SCORES = {
    0.9f, 0.8f, 0.51f, 0.7f, 0.6f, 0.4f, 0.1f, 0.2f, 0.3f, 0.5f
  };

  private static final float[] TRUTHS = {1, 1, 1, 0, 0, 1, 0, 0, 0, 0};

  /** Scores whose largest are the given classes. */
  private static Tensor scores(int classes, int... predicted) {
    float[] scores = new float[predicted.length * classes];
    for (int i = 0; i < predicted.length; i++) {
      scores[i * classes + predicted[i]] = 1.5f;
    }
    return Tensor.of(scores, predicted.length, classes);
  }

  private static double yesNo(Metric metric) {
    metric.update(Tensor.of(SCORES), Tensor.of(TRUTHS));
    return metric.result();
  }

  /** The example of scikit-learn's documentation, in two batches. */
  private static double ofClasses(Metric metric) {
    metric.update(scores(3, 0, 2, 1, 0), Tensor.of(new int[] {0, 1, 2, 0}));
    metric.update(scores(3, 0, 1), Tensor.of(new long[] {1, 2}));
    return metric.result();
  }

  @Test
  void answersYesOrNo() {
    assertEquals(3 / 5.0, yesNo(new Precision()));
    assertEquals(3 / 4.0, yesNo(new Recall()));
    assertEquals(4 / 6.0, yesNo(new Specificity()));
    assertEquals(6 / 9.0, yesNo(new F1Score()));
    assertEquals((3 / 6.0 + 4 / 7.0) / 2, yesNo(new BinaryIoU()));
    assertEquals(1, yesNo(new Precision("p", 0.75)));
    assertEquals(0.5, yesNo(new Recall("r", 0.75)));
  }

  @Test
  void classesAveraged() {
    // Class 0: 2 hits of 3 predicted and 2 right; classes 1 and 2: 0 of 2 and 1, 2 right each.
    assertEquals(2 / 9.0, ofClasses(new Precision(Averaging.MACRO)), 1e-15);
    assertEquals(1 / 3.0, ofClasses(new Precision(Averaging.MICRO)));
    assertEquals(2 / 9.0, ofClasses(new Precision(Averaging.WEIGHTED)), 1e-15);
    assertEquals(1 / 3.0, ofClasses(new Recall(Averaging.MACRO)));
    assertEquals(0.8 / 3, ofClasses(new F1Score(Averaging.MACRO)), 1e-15);
    assertEquals(1 / 3.0, ofClasses(new F1Score(Averaging.MICRO)));
    assertEquals((3 / 4.0 + 2 / 4.0 + 3 / 4.0) / 3, ofClasses(new Specificity(Averaging.MACRO)));
    assertEquals(8 / 12.0, ofClasses(new Specificity(Averaging.MICRO)));
    assertEquals((2 / 3.0) / 3, ofClasses(new MeanIoU()), 1e-15);
    F1Score f1 = new F1Score("f1", Averaging.MACRO);
    ofClasses(f1);
    assertArrayEquals(new double[] {0.8, 0, 0}, f1.perClass());
    assertEquals("f1", f1.name());
  }

  @Test
  void weightsAreThoseOfTheTargets() {
    Precision precision = new Precision(Averaging.WEIGHTED);
    precision.update(scores(3, 0, 0, 0, 1), Tensor.of(new int[] {0, 0, 1, 1}));
    // Class 0: 2 of 3, wanted twice; class 1: 1 of 1, wanted twice; class 2 is nowhere.
    assertEquals((2 / 3.0 * 2 + 1.0 * 2) / 4, precision.result(), 1e-15);
    Precision macro = new Precision(Averaging.MACRO);
    macro.update(scores(3, 0, 0, 0, 1), Tensor.of(new int[] {0, 0, 1, 1}));
    assertEquals((2 / 3.0 + 1) / 2, macro.result(), 1e-15);
    assertTrue(Double.isNaN(macro.perClass()[2]));
  }

  @Test
  void oneHotTargetsAreTheSameClasses() {
    F1Score f1 = new F1Score(Averaging.MACRO);
    f1.update(scores(3, 0, 2, 1, 0, 0, 1), scores(3, 0, 1, 2, 0, 1, 2));
    assertEquals(0.8 / 3, f1.result(), 1e-15);
  }

  @Test
  void placesOfImages() {
    // [1, 2, 2]: class 0 has scores 1 and 4, class 1 has 3 and 2.
    Tensor scores = Tensor.of(new float[] {1, 4, 3, 2}, 1, 2, 2);
    MeanIoU iou = new MeanIoU("iou");
    iou.update(scores, Tensor.of(new int[] {1, 1}, 1, 2));
    assertEquals((0 + 1 / 2.0) / 2, iou.result());
    iou.reset();
    iou.update(scores, Tensor.of(new int[] {1, 0}, 1, 2));
    assertEquals(1, iou.result());
  }

  @Test
  void samplesOfSeveralClasses() {
    Tensor scores = Tensor.of(new float[] {0.9f, 0.6f, 0.2f, 0.7f, 0.8f, 0.1f}, 3, 2);
    Tensor truths = Tensor.of(new float[] {1, 0, 1, 1, 1, 1}, 3, 2);
    // Column 0: 2 hits, 1 miss; column 1: 1 hit, 1 false alarm, 1 miss.
    Recall macro = new Recall("r", Averaging.MACRO, 0.5);
    macro.update(scores, truths);
    assertEquals((2 / 3.0 + 1 / 2.0) / 2, macro.result(), 1e-15);
    assertArrayEquals(new double[] {2 / 3.0, 0.5}, macro.perClass());
    Recall weighted = new Recall("r", Averaging.WEIGHTED, 0.5);
    weighted.update(scores, truths);
    assertEquals(3 / 5.0, weighted.result(), 1e-15);
    Precision together = new Precision("p", Averaging.MICRO, 0.5);
    together.update(scores, truths);
    assertEquals(3 / 4.0, together.result());
  }

  @Test
  void nothingIsNaNAndNothingFoundIsZero() {
    for (ClassMetric metric :
        List.of(new Precision(), new Recall(Averaging.MACRO), new BinaryIoU(), new MeanIoU())) {
      assertTrue(Double.isNaN(metric.result()), metric.name());
      assertEquals(0, metric.perClass().length);
    }
    Precision precision = new Precision();
    precision.update(Tensor.of(new float[] {0.1f}), Tensor.of(new float[] {1}));
    assertEquals(0, precision.result());
    precision.update(Tensor.zeros(0), Tensor.zeros(0));
    assertEquals(0, precision.result());
    precision.reset();
    assertTrue(Double.isNaN(precision.result()));
    precision.update(Tensor.of(new float[] {Float.NaN, 0.9f}), Tensor.of(new float[] {1, 1}));
    assertEquals(1, precision.result()); // NaN is no yes
    BinaryIoU iou = new BinaryIoU();
    iou.update(Tensor.of(new float[] {0.1f, 0.2f}), Tensor.zeros(2));
    assertEquals(1, iou.result()); // of the one class that there is
  }

  @Test
  void topClasses() {
    Tensor scores = Tensor.of(new float[] {0.1f, 0.9f, 0.8f, 0.3f, 0.05f, 0.95f, 0, 0, 1}, 3, 3);
    Metric sparse = new SparseTopKCategoricalAccuracy(2);
    sparse.update(scores, Tensor.of(new int[] {2, 1, 0}));
    assertEquals(2 / 3.0, sparse.result()); // the two zeros of the last row are equal
    Metric oneHot = new TopKCategoricalAccuracy("top", 1);
    oneHot.update(scores, scores(3, 2, 2, 2));
    assertEquals(2 / 3.0, oneHot.result());
    assertEquals("top", oneHot.name());
    oneHot.reset();
    oneHot.update(Tensor.of(new float[] {Float.NaN, 1, 2}, 1, 3), scores(3, 0));
    assertEquals(0, oneHot.result());
    Metric all = new SparseTopKCategoricalAccuracy();
    all.update(scores, Tensor.of(new int[] {0, 0, 0}));
    assertEquals(1, all.result());
    assertThrows(IllegalArgumentException.class, () -> new TopKCategoricalAccuracy(0));
  }

  @Test
  void shapesAndLabelsMustFit() {
    Precision yesNo = new Precision();
    assertEquals(
        "precision: predictions and targets must have one shape, not [2, 3] and [2]; for samples of"
            + " one class each, choose an Averaging and no threshold",
        assertThrows(
                ShapeException.class,
                () -> yesNo.update(Tensor.zeros(2, 3), Tensor.of(new int[] {0, 1})))
            .getMessage());
    Recall macro = new Recall(Averaging.MACRO);
    assertEquals(
        "recall: label 3 is not from 0 to 2, the classes of predictions of 3 scores",
        assertThrows(
                IllegalArgumentException.class,
                () -> macro.update(Tensor.zeros(2, 3), Tensor.of(new int[] {0, 3})))
            .getMessage());
    assertTrue(Double.isNaN(macro.result())); // nothing half counted
    assertThrows(DTypeException.class, () -> macro.update(Tensor.zeros(2, 3), Tensor.zeros(2)));
    assertThrows(ShapeException.class, () -> macro.update(Tensor.zeros(2), Tensor.zeros(2)));
    macro.update(Tensor.zeros(2, 3), Tensor.of(new int[] {0, 2}));
    assertThrows(
        ShapeException.class, () -> macro.update(Tensor.zeros(2, 4), Tensor.of(new int[] {0, 2})));
    assertThrows(
        ShapeException.class,
        () -> new F1Score("f", Averaging.MACRO, 0.5).update(Tensor.zeros(2), Tensor.zeros(2)));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new SparseTopKCategoricalAccuracy()
                .update(Tensor.zeros(1, 3), Tensor.of(new int[] {-1})));
  }
}
