package dev.lanewise.nn.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Grad;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.loss.CrossEntropy;
import dev.lanewise.nn.loss.MeanAbsoluteError;
import dev.lanewise.nn.loss.MeanSquaredError;
import java.util.List;
import org.junit.jupiter.api.Test;

class NumberMetricTest {
  private static final Tensor FOUND = Tensor.of(new double[] {2.5, 0, 2, 8});
  private static final Tensor RIGHT = Tensor.of(new double[] {3, -0.5, 2, 7});

  private static double result(Metric metric, Tensor predictions, Tensor targets) {
    metric.update(predictions, targets);
    return metric.result();
  }

  @Test
  void lossesAreMeansOverAllElementsNotOverBatches() {
    Metric mse = Metric.of(new MeanSquaredError());
    assertEquals("meanSquaredError", mse.name());
    assertTrue(Double.isNaN(mse.result()));
    mse.update(Tensor.of(new float[] {1, 2, 3}, 3, 1), Tensor.zeros(3, 1));
    mse.update(Tensor.of(new float[] {4}, 1, 1), Tensor.zeros(1, 1));
    assertEquals((1 + 4 + 9 + 16) / 4.0, mse.result());
    mse.reset();
    assertEquals((0.25 + 0.25 + 0 + 1) / 4, result(mse, FOUND, RIGHT));
    assertEquals(0.5, result(Metric.of(new MeanAbsoluteError(), "mae"), FOUND, RIGHT));
    assertThrows(ShapeException.class, () -> mse.update(Tensor.zeros(2, 1), Tensor.zeros(2)));
  }

  @Test
  void ignoredLabelsDoNotCount() {
    Metric metric = Metric.of(new CrossEntropy().withIgnoredLabel(-1), "ce");
    Tensor logits = Tensor.zeros(3, 4);
    assertEquals(Math.log(4), result(metric, logits, Tensor.of(new int[] {0, -1, 3})), 1e-6);
    metric.reset();
    assertTrue(Double.isNaN(result(metric, logits, Tensor.of(new int[] {-1, -1, -1}))));
  }

  @Test
  void noGraphIsMadeOfPredictionsWithAGradient() {
    Tensor weight = Tensor.of(new float[] {2, 3}).requiresGrad(true);
    try (Grad _ = Grad.on()) {
      Tensor predictions = weight.mul(2);
      for (Metric metric :
          List.of(Metric.named("mse"), new RootMeanSquaredError(), new R2Score())) {
        metric.update(predictions, Tensor.of(new float[] {4, 6}));
      }
      predictions.sum().backward();
    }
    assertEquals(2, weight.grad().toFloatArray()[0]);
  }

  @Test
  void rootOfTheMeanSquare() {
    RootMeanSquaredError rmse = new RootMeanSquaredError();
    assertTrue(Double.isNaN(rmse.result()));
    rmse.update(Tensor.of(new float[] {3, 0, 0}), Tensor.zeros(3));
    rmse.update(Tensor.of(new float[] {4}), Tensor.zeros(1));
    assertEquals(2.5, rmse.result());
    rmse.reset();
    assertTrue(Double.isNaN(result(rmse, Tensor.of(new float[] {Float.NaN}), Tensor.zeros(1))));
    assertThrows(ShapeException.class, () -> rmse.update(Tensor.zeros(2, 1), Tensor.zeros(2)));
  }

  @Test
  void explainedVariance() {
    // Σ (y − ŷ)² = 1.5; the mean is 2.875, and Σ (y − 2.875)² = 29.1875.
    assertEquals(1 - 1.5 / 29.1875, result(new R2Score(), FOUND, RIGHT), 1e-15);
    R2Score columns = new R2Score("r2");
    columns.update(
        Tensor.of(new double[] {0, 2, -1, 2}, 2, 2), Tensor.of(new double[] {0.5, 1, -1, 1}, 2, 2));
    columns.update(Tensor.of(new double[] {8, -5}, 1, 2), Tensor.of(new double[] {7, -6}, 1, 2));
    double first = 1 - 1.25 / (217 / 6.0);
    double second = 1 - 3 / (98 / 3.0);
    assertEquals((first + second) / 2, columns.result(), 1e-14);
    assertEquals("r2", columns.name());
    assertThrows(
        ShapeException.class, () -> columns.update(Tensor.zeros(2, 3), Tensor.zeros(2, 3)));
  }

  @Test
  void largeTargetsKeepTheirDigits() {
    Tensor right = Tensor.of(new double[] {1e9 + 1, 1e9 + 2, 1e9 + 3});
    Tensor found = Tensor.of(new double[] {1e9 + 1, 1e9 + 2, 1e9 + 4});
    assertEquals(0.5, result(new R2Score(), found, right), 1e-12);
  }

  @Test
  void targetsWithoutVariance() {
    R2Score score = new R2Score();
    assertTrue(Double.isNaN(result(score, Tensor.ones(1), Tensor.ones(1))));
    assertEquals(1, result(score, Tensor.ones(1), Tensor.ones(1)));
    assertEquals(0, result(score, Tensor.zeros(1), Tensor.ones(1)));
    score.reset();
    assertTrue(Double.isNaN(result(score, Tensor.zeros(0), Tensor.zeros(0))));
  }

  @Test
  void runningMean() {
    Mean mean = new Mean();
    assertTrue(Double.isNaN(mean.result()));
    mean.update(1);
    mean.update(4, 2);
    assertEquals(3, mean.result());
    mean.update(Double.NaN);
    assertTrue(Double.isNaN(mean.result()));
    mean.reset();
    mean.update(7, 0);
    mean.update(5);
    assertEquals(5, mean.result());
    assertThrows(IllegalArgumentException.class, () -> mean.update(1, -1));
  }
}
