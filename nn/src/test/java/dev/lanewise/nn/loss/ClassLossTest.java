package dev.lanewise.nn.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.GradientCheck;
import dev.lanewise.autodiff.Gradients;
import dev.lanewise.autodiff.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The losses of labels. */
class ClassLossTest {
  /** Two samples, three classes, two places: [2, 3, 2]. */
  private static final double[] LOGITS = {
    0.3, -1.2, 2.0, 1.5, 0.1, -0.7, 0.9, 0.2, -0.4, 1.1, 0.6, -2.0
  };

  private static final int[] LABELS = {2, 1, 0, 2};
  private static final double[] WEIGHTS = {0.5, 2, 1.25};

  private static Tensor logits() {
    return Tensor.of(LOGITS, 2, 3, 2);
  }

  /** {@return the logit of a class for a label, counted over samples and their places} */
  private static double logit(int label, int type) {
    return LOGITS[label / 2 * 6 + type * 2 + label % 2];
  }

  private static double minusLog(int label, int type) {
    double all = 0;
    for (int i = 0; i < 3; i++) {
      all += Math.exp(logit(label, i));
    }
    return Math.log(all) - logit(label, type);
  }

  /** What {@link CrossEntropy} is for a sample or place, and what it counts in the mean. */
  private static double[] expected(int at, int label, boolean weighted, int ignored, double s) {
    if (label == ignored) {
      return new double[] {0, 0};
    }
    double weight = weighted ? WEIGHTS[label] : 1;
    double spread = 0;
    for (int i = 0; i < 3; i++) {
      spread += (weighted ? WEIGHTS[i] : 1) * minusLog(at, i);
    }
    return new double[] {(1 - s) * weight * minusLog(at, label) + s / 3 * spread, weight};
  }

  private static CrossEntropy loss(boolean weighted, int ignored, double s) {
    CrossEntropy loss = new CrossEntropy().withLabelSmoothing(s);
    loss = weighted ? loss.withClassWeights(Tensor.of(WEIGHTS)) : loss;
    return ignored == Integer.MIN_VALUE ? loss : loss.withIgnoredLabel(ignored);
  }

  @Test
  void crossEntropyIsItsFormulaWithEverySetting() {
    for (boolean weighted : new boolean[] {false, true}) {
      for (int ignored : new int[] {Integer.MIN_VALUE, -100, 2}) {
        for (double s : new double[] {0, 0.1}) {
          int[] labels = LABELS.clone();
          labels[1] = ignored == -100 ? -100 : labels[1];
          double[] losses = new double[4];
          double sum = 0;
          double count = 0;
          for (int i = 0; i < 4; i++) {
            double[] one = expected(i, labels[i], weighted, ignored, s);
            losses[i] = one[0];
            sum += one[0];
            count += one[1];
          }
          Tensor targets = Tensor.of(labels, 2, 2);
          Loss loss = loss(weighted, ignored, s);
          Tensor each = loss.apply(logits(), targets, Reduction.NONE);
          assertEquals(Shape.of(2, 2), each.shape());
          assertArrayEquals(losses, each.toDoubleArray(), 1e-13);
          assertEquals(sum, loss.apply(logits(), targets, Reduction.SUM).item(), 1e-13);
          assertEquals(sum / 2, loss.apply(logits(), targets, Reduction.BATCH_MEAN).item(), 1e-13);
          Tensor wide = targets.cast(DType.I64);
          assertEquals(sum / count, loss.apply(logits(), wide, Reduction.MEAN).item(), 1e-13);
          for (Reduction reduction : List.of(Reduction.NONE, Reduction.MEAN)) {
            GradientCheck check = GradientCheck.of(in -> loss.apply(in[0], targets, reduction));
            check.require(logits());
            check.ofGradient().require(logits());
          }
        }
      }
    }
  }

  @Test
  void rowsArePlacesOfTheirOwn() {
    Tensor rows = Tensor.of(LOGITS, 4, 3);
    Tensor labels = Tensor.of(LABELS);
    double sparse = new SparseCategoricalCrossentropy(true).apply(rows, labels).item();
    assertEquals(sparse, new CrossEntropy().apply(rows, labels).item(), 1e-15);
    Tensor logs = rows.logSoftmax(1);
    assertEquals(sparse, new NegativeLogLikelihood().apply(logs, labels).item(), 1e-14);
    Tensor each = new SparseCategoricalCrossentropy(true).apply(rows, labels, Reduction.NONE);
    assertEquals(Shape.of(4), each.shape());
    assertEquals(sparse * 4, each.sum().item(), 1e-14);
    Loss ofProbabilities = new SparseCategoricalCrossentropy(false);
    Tensor shares = rows.exp();
    assertArrayEquals(
        each.toDoubleArray(),
        ofProbabilities.apply(shares, labels, Reduction.NONE).toDoubleArray(),
        1e-13);
    assertEquals(sparse * 4, ofProbabilities.apply(shares, labels, Reduction.SUM).item(), 1e-13);
  }

  @Test
  void negativeLogLikelihoodPicks() {
    Tensor weights = Tensor.of(WEIGHTS);
    int[] labels = {2, -1, 0, 2};
    Tensor targets = Tensor.of(labels, 2, 2);
    Loss loss = new NegativeLogLikelihood().withClassWeights(weights).withIgnoredLabel(-1);
    double[] losses = new double[4];
    double sum = 0;
    double count = 0;
    for (int i = 0; i < 4; i++) {
      double weight = labels[i] < 0 ? 0 : WEIGHTS[labels[i]];
      losses[i] = labels[i] < 0 ? 0 : -weight * logit(i, labels[i]);
      sum += losses[i];
      count += weight;
    }
    assertArrayEquals(losses, loss.apply(logits(), targets, Reduction.NONE).toDoubleArray(), 1e-15);
    assertEquals(sum, loss.apply(logits(), targets, Reduction.SUM).item(), 1e-15);
    assertEquals(sum / 2, loss.apply(logits(), targets, Reduction.BATCH_MEAN).item(), 1e-15);
    assertEquals(sum / count, loss.apply(logits(), targets).item(), 1e-15);
    GradientCheck.of(in -> loss.apply(in[0], targets)).require(logits());
    // The ignored label stands at class 0 meanwhile, whose probability may be 0.
    Tensor logs = Tensor.of(new double[] {Double.NEGATIVE_INFINITY, 0, -1, -1, -2, -1}, 2, 3);
    assertEquals(2, loss.apply(logs, Tensor.of(new int[] {-1, 1})).item());
  }

  @Test
  void whatDoesNotCountLeavesNoMean() {
    Tensor none = Tensor.of(new int[] {-1, -1, -1, -1}, 2, 2);
    Loss loss = new CrossEntropy().withIgnoredLabel(-1);
    assertTrue(Double.isNaN(loss.apply(logits(), none).item()));
    assertEquals(0, loss.apply(logits(), none, Reduction.SUM).item());
    Tensor nothing = Tensor.zeros(0, 3);
    Tensor empty = Tensor.of(new int[0]);
    for (Loss each :
        List.of(new CrossEntropy(), loss, new NegativeLogLikelihood(), new MultiMargin())) {
      assertTrue(Double.isNaN(each.apply(nothing, empty).item()), each.name());
      assertEquals(0, each.apply(nothing, empty, Reduction.SUM).item());
      assertEquals(Shape.of(0), each.apply(nothing, empty, Reduction.NONE).shape());
    }
  }

  @Test
  void whatDoesNotCountHasNoSlope() {
    Tensor none = Tensor.of(new int[] {-1, -1});
    Tensor weights = Tensor.of(new float[] {1, 2, 3});
    for (Loss each :
        List.of(
            new CrossEntropy().withIgnoredLabel(-1),
            new CrossEntropy().withIgnoredLabel(-1).withClassWeights(weights),
            new CrossEntropy()
                .withIgnoredLabel(-1)
                .withClassWeights(weights)
                .withLabelSmoothing(0.1),
            new NegativeLogLikelihood().withIgnoredLabel(-1))) {
      Tensor x = Tensor.of(new float[] {1, 2, 3, 0, 1, 0}, 2, 3).requiresGrad(true);
      Tensor loss = each.apply(x, none);
      assertTrue(Double.isNaN(loss.item()), each.name());
      assertArrayEquals(new float[6], Gradients.of(loss, x)[0].toFloatArray(), each.name());
    }
    // A row that does not count may be endless.
    Loss smooth =
        new CrossEntropy().withIgnoredLabel(-1).withClassWeights(weights).withLabelSmoothing(0.1);
    float endless = Float.NEGATIVE_INFINITY;
    Tensor rows = Tensor.of(new float[] {1, 2, 3, endless, 0, endless}, 2, 3);
    Tensor half = Tensor.of(new int[] {1, -1});
    assertEquals(
        smooth.apply(rows.slice(0, 0, 1), half.slice(0, 0, 1)).item(),
        smooth.apply(rows, half).item());
  }

  @Test
  void extremeLogitsGiveFiniteLosses() {
    Tensor far = Tensor.of(new float[] {1000, 0, -1000}, 1, 3).requiresGrad(true);
    Loss weighted = new CrossEntropy().withClassWeights(Tensor.of(new float[] {1, 2, 3}));
    Tensor loss = weighted.apply(far, Tensor.of(new int[] {1}), Reduction.SUM);
    assertEquals(2000, loss.item());
    assertArrayEquals(new float[] {2, -2, 0}, Gradients.of(loss, far)[0].toFloatArray(), 1e-6f);
    Loss smooth = new CrossEntropy().withLabelSmoothing(0.3);
    assertEquals(1000, smooth.apply(far, Tensor.of(new int[] {1})).item(), 1e-3);
  }

  @Test
  void multiMarginIsItsFormula() {
    double[] x = {0.3, -1.2, 2.0, 1.5, 0.1, -0.7, 0.9, 0.25, -0.4};
    int[] labels = {0, 1, 0};
    Tensor targets = Tensor.of(labels);
    for (int power : new int[] {1, 2}) {
      for (double margin : new double[] {0.75, -0.4}) {
        for (boolean weighted : new boolean[] {false, true}) {
          double[] losses = new double[3];
          double sum = 0;
          for (int row = 0; row < 3; row++) {
            for (int i = 0; i < 3; i++) {
              double missed = Math.max(0, margin - x[3 * row + labels[row]] + x[3 * row + i]);
              losses[row] += i == labels[row] ? 0 : Math.pow(missed, power) / 3;
            }
            losses[row] *= weighted ? WEIGHTS[labels[row]] : 1;
            sum += losses[row];
          }
          MultiMargin plain = new MultiMargin(power, margin);
          Loss loss = weighted ? plain.withClassWeights(Tensor.of(WEIGHTS)) : plain;
          Tensor predictions = Tensor.of(x, 3, 3);
          assertArrayEquals(
              losses, loss.apply(predictions, targets, Reduction.NONE).toDoubleArray(), 1e-14);
          assertEquals(sum, loss.apply(predictions, targets, Reduction.SUM).item(), 1e-14);
          assertEquals(sum / 3, loss.apply(predictions, targets).item(), 1e-14);
          GradientCheck check = GradientCheck.of(in -> loss.apply(in[0], targets));
          check.require(predictions);
          check.ofGradient().require(predictions);
        }
      }
    }
    // Just at the margin there is no slope, as in PyTorch.
    Tensor tie = Tensor.of(new double[] {1, 0}, 1, 2).requiresGrad(true);
    Tensor loss = new MultiMargin().apply(tie, Tensor.of(new int[] {0}));
    assertArrayEquals(new double[2], Gradients.of(loss, tie)[0].toDoubleArray(), 1e-15);
  }

  private static <T extends Throwable> void refused(
      Class<T> type, String text, Loss loss, Tensor predictions, Tensor labels) {
    assertEquals(text, assertThrows(type, () -> loss.apply(predictions, labels)).getMessage());
  }

  @Test
  void labelsShapesAndTypesMustFit() {
    Tensor labels = Tensor.of(new int[] {0, 1, 3, 2}, 2, 2);
    String outside = ": label 3 is outside the 3 classes along axis 1 of [2, 3, 2]";
    Loss ignoring = new CrossEntropy().withIgnoredLabel(-1);
    refused(ShapeException.class, "crossEntropy" + outside, new CrossEntropy(), logits(), labels);
    refused(
        ShapeException.class,
        "crossEntropy" + outside + " and not the ignored label -1",
        ignoring,
        logits(),
        labels);
    refused(
        ShapeException.class,
        "negativeLogLikelihood" + outside,
        new NegativeLogLikelihood(),
        logits(),
        labels);
    refused(
        DTypeException.class,
        "negativeLogLikelihood: labels must be i32 or i64, not f32; call cast(DType.I32)",
        new NegativeLogLikelihood(),
        logits(),
        Tensor.zeros(2, 2));
    assertThrows(
        DTypeException.class, () -> new CrossEntropy().apply(logits(), Tensor.zeros(2, 2)));
    for (Loss loss : List.of(new CrossEntropy(), ignoring, new NegativeLogLikelihood())) {
      refused(
          ShapeException.class,
          loss.name() + ": predictions must be [n, c, …] and labels [n, …], not [2, 3, 2] and [4]",
          loss,
          logits(),
          Tensor.of(LABELS));
    }
    refused(
        ShapeException.class,
        "crossEntropy: class weights must be [3], one for each class of predictions [2, 3, 2], not"
            + " [2]",
        new CrossEntropy().withClassWeights(Tensor.ones(2)),
        logits(),
        Tensor.of(LABELS, 2, 2));
    refused(
        ShapeException.class,
        "multiMargin: predictions must be [n, c], not [2, 3, 2]",
        new MultiMargin(),
        logits(),
        Tensor.of(LABELS, 2, 2));
    assertThrows(IllegalArgumentException.class, () -> new CrossEntropy().withLabelSmoothing(2));
    assertThrows(IllegalArgumentException.class, () -> new MultiMargin(3, 1));
    assertThrows(IllegalArgumentException.class, () -> new MultiMargin(1, Double.NaN));
  }
}
