package dev.lanewise.nn.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.metric.AUC.Curve;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AUCTest {
  private static final Tensor SCORES = Tensor.of(new float[] {0.1f, 0.4f, 0.35f, 0.8f});
  private static final Tensor TRUTHS = Tensor.of(new float[] {0, 0, 1, 1});

  private static double area(Metric auc, Tensor scores, Tensor truths) {
    auc.update(scores, truths);
    return auc.result();
  }

  @Test
  void areasByHand() {
    // Of the four pairs of yes and no only (0.35, 0.4) stands the wrong way round.
    assertEquals(0.75, area(new AUC(), SCORES, TRUTHS));
    // Precision is 1 up to the first hit, and on to the second h / (h + 1) of h hits, whose
    // integral from 1 to 2 is 1 − log 1.5.
    assertEquals((2 - Math.log(1.5)) / 2, area(new AUC(Curve.PR), SCORES, TRUTHS), 1e-15);
    assertEquals(1, area(new AUC(), TRUTHS, TRUTHS));
    assertEquals(1, area(new AUC(Curve.PR), TRUTHS, TRUTHS));
    assertEquals(0.5, area(new AUC(), Tensor.ones(4), TRUTHS));
    assertEquals(0.5, area(new AUC(Curve.PR), Tensor.ones(4), TRUTHS));
  }

  @Test
  void fewThresholdsCountHalfOfWhatTheyDoNotTellApart() {
    // Keras's example: with thresholds 0, 0.5 and 1 only 0.9 stands apart.
    Tensor scores = Tensor.of(new float[] {0, 0.5f, 0.3f, 0.9f});
    assertEquals(0.75, area(new AUC("a", Curve.ROC, 3, false), scores, TRUTHS));
    assertEquals(0.75, area(new AUC("a", Curve.ROC, 200, false), scores, TRUTHS));
    assertEquals(0.5, area(new AUC("a", Curve.ROC, 2, false), scores, TRUTHS));
  }

  @Test
  void theRocAreaIsTheShareOfPairsInOrder() {
    SplittableRandom random = new SplittableRandom(5);
    int n = 300;
    float[] scores = new float[n];
    float[] truths = new float[n];
    for (int i = 0; i < n; i++) {
      // In the middle between thresholds: equal scores, and only they, share a place.
      scores[i] = (random.nextInt(199) + 0.5f) / 199;
      truths[i] = random.nextDouble() < scores[i] ? 1 : 0;
    }
    double right = 0;
    int pairs = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        if (truths[i] == 1 && truths[j] == 0) {
          right += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
          pairs++;
        }
      }
    }
    AUC auc = new AUC();
    for (int from = 0; from < n; from += 100) {
      auc.update(
          Tensor.of(Arrays.copyOfRange(scores, from, from + 100), 100, 1),
          Tensor.of(Arrays.copyOfRange(truths, from, from + 100), 100, 1));
    }
    assertEquals(right / pairs, auc.result(), 1e-12);
  }

  @Test
  void logitsOfTheSameOrderHaveTheSameArea() {
    AUC auc = new AUC("a", Curve.ROC, 200, true);
    assertEquals("a", auc.name());
    assertEquals(0.75, area(auc, Tensor.of(new double[] {-2, 0.5, 0, 9}), TRUTHS));
  }

  @Test
  void whatHasNoAreaIsNaN() {
    assertTrue(Double.isNaN(new AUC().result()));
    assertTrue(Double.isNaN(new AUC(Curve.PR).result()));
    assertTrue(Double.isNaN(area(new AUC(), SCORES, Tensor.ones(4))));
    assertTrue(Double.isNaN(area(new AUC(), SCORES, Tensor.zeros(4))));
    assertTrue(Double.isNaN(area(new AUC(Curve.PR), SCORES, Tensor.zeros(4))));
    assertEquals(1, area(new AUC(Curve.PR), SCORES, Tensor.ones(4)));
    AUC auc = new AUC();
    assertTrue(Double.isNaN(area(auc, Tensor.full(Shape.of(4), Double.NaN), TRUTHS)));
    auc.reset();
    assertEquals(0.75, area(auc, SCORES, TRUTHS));
  }

  @Test
  void wrongArguments() {
    AUC auc = new AUC();
    assertEquals(
        "auc: predictions must be probabilities, from 0 to 1, not 3.0; for logits make it with"
            + " fromLogits",
        assertThrows(
                IllegalArgumentException.class,
                () -> auc.update(Tensor.of(new float[] {0.5f, 3}), Tensor.ones(2)))
            .getMessage());
    assertTrue(Double.isNaN(auc.result()));
    assertThrows(ShapeException.class, () -> auc.update(Tensor.zeros(2, 1), Tensor.zeros(2)));
    assertThrows(IllegalArgumentException.class, () -> new AUC("a", Curve.ROC, 1, false));
  }
}
