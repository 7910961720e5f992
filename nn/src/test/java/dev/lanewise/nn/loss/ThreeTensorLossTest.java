package dev.lanewise.nn.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.GradientCheck;
import dev.lanewise.autodiff.Gradients;
import dev.lanewise.autodiff.Tensor;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ThreeTensorLossTest {
  private static final double[] A = {0.3, -1.2, 2.0, 1.5, 0.1, -0.7, 0.4, 0.9, -0.2};
  private static final double[] B = {0.5, -1.0, 1.1, -0.6, 0.7, 0.2, 1.3, -0.3, 0.8};
  private static final double[] C = {0.9, 0.2, 1.4, 1.6, 0.3, -0.1, 0.6, 1.1, -0.5};

  private static Tensor a() {
    return Tensor.of(A, 3, 3);
  }

  private static Tensor b() {
    return Tensor.of(B, 3, 3);
  }

  private static Tensor c() {
    return Tensor.of(C, 3, 3);
  }

  private static void assertLosses(double[] expected, Function<Reduction, Tensor> loss) {
    double sum = 0;
    for (double each : expected) {
      sum += each;
    }
    assertArrayEquals(expected, loss.apply(Reduction.NONE).toDoubleArray(), 1e-13);
    assertEquals(sum, loss.apply(Reduction.SUM).item(), 1e-13);
    assertEquals(sum / expected.length, loss.apply(Reduction.MEAN).item(), 1e-13);
    assertEquals(sum / 3, loss.apply(Reduction.BATCH_MEAN).item(), 1e-13);
  }

  private static void assertGradients(Function<Tensor[], Tensor> loss, Tensor... inputs) {
    GradientCheck.of(loss).require(inputs);
    GradientCheck.of(loss).ofGradient().require(inputs);
  }

  private static double gaussian(double mean, double target, double variance) {
    return (Math.log(variance) + (mean - target) * (mean - target) / variance) / 2;
  }

  @Test
  void gaussianNegativeLogLikelihood() {
    Tensor variance = c().square();
    double[] losses = new double[9];
    double[] full = new double[9];
    double[] byRows = new double[9];
    for (int i = 0; i < 9; i++) {
      losses[i] = gaussian(A[i], B[i], C[i] * C[i]);
      full[i] = losses[i] + Math.log(2 * Math.PI) / 2;
      byRows[i] = gaussian(A[i], B[i], C[i / 3 * 3] * C[i / 3 * 3]);
    }
    GaussianNLL loss = new GaussianNLL();
    assertLosses(losses, r -> loss.apply(a(), b(), variance, r));
    assertLosses(full, r -> new GaussianNLL(true, 1e-6).apply(a(), b(), variance, r));
    Tensor rows = variance.slice(1, 0, 1);
    assertLosses(byRows, r -> loss.apply(a(), b(), rows, r));
    assertGradients(in -> loss.apply(in[0], in[1], in[2]), a(), b(), c().abs().add(0.5));
    assertGradients(in -> loss.apply(a(), b(), in[0]), Tensor.of(new double[] {1, 2, 3}, 3, 1));
    assertThrows(ShapeException.class, () -> loss.apply(a(), b(), Tensor.of(new double[2])));
    assertThrows(ShapeException.class, () -> loss.apply(a(), Tensor.of(B), variance));
    assertThrows(IllegalArgumentException.class, () -> new GaussianNLL(true, 0));
  }

  @Test
  void aVarianceBelowTheLeastKeepsItsGradient() {
    Tensor variance = Tensor.of(new double[] {-1, 0.5}).requiresGrad(true);
    Tensor mean = Tensor.of(new double[] {0, 0});
    Tensor target = Tensor.of(new double[] {2, 2});
    GaussianNLL loss = new GaussianNLL(false, 0.5);
    Tensor each = loss.apply(mean, target, variance, Reduction.NONE);
    double expected = gaussian(0, 2, 0.5);
    assertArrayEquals(new double[] {expected, expected}, each.toDoubleArray(), 1e-14);
    // (1 / v − d² / v²) / 2
    assertArrayEquals(
        new double[] {-7, -7}, Gradients.of(each.sum(), variance)[0].toDoubleArray(), 1e-13);
  }

  private static double cosine(int row) {
    double product = 0;
    double own = 0;
    double other = 0;
    for (int i = 3 * row; i < 3 * row + 3; i++) {
      product += A[i] * B[i];
      own += A[i] * A[i];
      other += B[i] * B[i];
    }
    return product / Math.sqrt((own + 1e-12) * (other + 1e-12));
  }

  @Test
  void cosineEmbedding() {
    CosineEmbedding loss = new CosineEmbedding(0.2);
    for (double[] signs : new double[][] {{1, -1, -1}, {-1, 1, 1}, {-1, 0, 1}}) {
      Tensor target = Tensor.of(signs);
      double[] losses = new double[3];
      for (int i = 0; i < 3; i++) {
        double cosine = cosine(i);
        losses[i] = signs[i] == 1 ? 1 - cosine : signs[i] == -1 ? Math.max(0, cosine - 0.2) : 0;
      }
      assertLosses(losses, r -> loss.apply(a(), b(), target, r));
      assertGradients(in -> loss.apply(in[0], in[1], target), a(), b());
    }
    Tensor nothing = Tensor.zeros(2, 3).requiresGrad(true);
    Tensor both = loss.apply(nothing, Tensor.ones(2, 3), Tensor.of(new float[] {1, -1}));
    assertEquals(0.5, both.item(), 1e-6);
    for (float slope : Gradients.of(both, nothing)[0].toFloatArray()) {
      assertTrue(Float.isFinite(slope));
    }
    assertEquals(
        "cosineEmbedding: target must be [3], one number for each pair of [3, 3], not [3, 1]",
        assertThrows(
                ShapeException.class, () -> loss.apply(a(), b(), Tensor.of(new double[3], 3, 1)))
            .getMessage());
    assertEquals(
        "cosineEmbedding: x and y must have one shape, not [3, 3] and [9]",
        assertThrows(
                ShapeException.class, () -> loss.apply(a(), Tensor.of(B), Tensor.of(new double[3])))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> new CosineEmbedding(2));
  }

  private static double distance(double[] x, double[] y, int row, double p) {
    double sum = 0;
    double largest = 0;
    for (int i = 3 * row; i < 3 * row + 3; i++) {
      double apart = Math.abs(x[i] - y[i] + 1e-6);
      largest = Math.max(largest, apart);
      sum += Math.pow(apart, p);
    }
    return p == Double.POSITIVE_INFINITY ? largest : Math.pow(sum, 1 / p);
  }

  @Test
  void tripletMargin() {
    for (double p : new double[] {1, 2, 3, Double.POSITIVE_INFINITY}) {
      for (boolean swap : new boolean[] {false, true}) {
        TripletMargin loss = new TripletMargin(0.9, p, swap);
        double[] losses = new double[3];
        for (int i = 0; i < 3; i++) {
          double far = distance(A, C, i, p);
          far = swap ? Math.min(far, distance(B, C, i, p)) : far;
          losses[i] = Math.max(0, distance(A, B, i, p) - far + 0.9);
        }
        assertLosses(losses, r -> loss.apply(a(), b(), c(), r));
        assertGradients(in -> loss.apply(in[0], in[1], in[2]), a(), b(), c());
      }
    }
    assertEquals(new TripletMargin(1, 2, false), new TripletMargin());
    // All at one place: the distances are those of 1e-6 three times, and cancel.
    assertEquals(1, new TripletMargin().apply(a(), a(), a()).item(), 1e-15);
    assertThrows(ShapeException.class, () -> new TripletMargin().apply(a(), b(), Tensor.of(C)));
    assertThrows(IllegalArgumentException.class, () -> new TripletMargin(0));
    assertThrows(IllegalArgumentException.class, () -> new TripletMargin(1, -1, false));
  }

  @Test
  void marginRanking() {
    double[] signs = {1, -1, 1, 1, -1, -1, 1, -1, 1};
    Tensor target = Tensor.of(signs, 3, 3);
    MarginRanking loss = new MarginRanking(0.3);
    double[] losses = new double[9];
    for (int i = 0; i < 9; i++) {
      losses[i] = Math.max(0, 0.3 - signs[i] * (A[i] - B[i]));
    }
    assertLosses(losses, r -> loss.apply(a(), b(), target, r));
    assertGradients(in -> loss.apply(in[0], in[1], target), a(), b());
    Tensor tie = Tensor.of(new double[] {1}).requiresGrad(true);
    Tensor one = Tensor.of(new double[] {1});
    // Just at the margin, the slope is that of PyTorch.
    assertEquals(-1, Gradients.of(new MarginRanking().apply(tie, one, one), tie)[0].item());
    assertEquals(Shape.SCALAR, loss.apply(a(), b(), target).shape());
    assertThrows(ShapeException.class, () -> loss.apply(a(), b(), Tensor.of(signs)));
    assertThrows(ShapeException.class, () -> loss.apply(a(), Tensor.of(B), target));
    assertThrows(IllegalArgumentException.class, () -> new MarginRanking(Double.NaN));
  }
}
