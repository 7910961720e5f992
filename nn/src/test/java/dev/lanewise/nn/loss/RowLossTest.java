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
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.Test;

/** The losses whose losses are those of rows, by the targets of whole rows. */
class RowLossTest {
  private static final double[][] VALUES = {{0.3, -1.2, 2.0}, {1.5, 0.1, -0.7}};
  private static final double[][] SHARES = {{0.2, 0.7, 0.1}, {0.55, 0.05, 0.4}};
  private static final double[][] WANTED = {{0, 1, 0}, {0.25, 0.15, 0.6}};

  private record Case(Loss loss, double[][] x, ToDoubleBiFunction<double[], double[]> formula) {
    double[] expected() {
      return new double[] {
        formula.applyAsDouble(x[0], WANTED[0]), formula.applyAsDouble(x[1], WANTED[1])
      };
    }

    Tensor predictions() {
      return tensor(x);
    }
  }

  private static Tensor tensor(double[]... rows) {
    double[] all = new double[6];
    System.arraycopy(rows[0], 0, all, 0, 3);
    System.arraycopy(rows[1], 0, all, 3, 3);
    return Tensor.of(all, 2, 3);
  }

  private static double[] divided(double... x) {
    double[] p = new double[x.length];
    for (int i = 0; i < p.length; i++) {
      p[i] = x[i] / sum(x);
    }
    return p;
  }

  private static double[] softmax(double... x) {
    double[] p = new double[x.length];
    for (int i = 0; i < p.length; i++) {
      p[i] = Math.exp(x[i]);
    }
    return divided(p);
  }

  private static double sum(double... x) {
    double sum = 0;
    for (double each : x) {
      sum += each;
    }
    return sum;
  }

  private static double focal(double[] p, double[] t, double smoothing, double gamma) {
    double loss = 0;
    for (int i = 0; i < p.length; i++) {
      double target = (1 - smoothing) * t[i] + smoothing / p.length;
      loss -= target * Math.pow(1 - p[i], gamma) * Math.log(p[i]);
    }
    return loss;
  }

  private static double hinge(double[] p, double[] t) {
    double right = 0;
    double wrong = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < p.length; i++) {
      right += t[i] * p[i];
      wrong = Math.max(wrong, (1 - t[i]) * p[i]);
    }
    return Math.max(0, wrong - right + 1);
  }

  private static double divergence(double[] p, double[] t) {
    double loss = 0;
    for (int i = 0; i < p.length; i++) {
      double target = Math.max(t[i], 1e-7);
      loss += target * Math.log(target / p[i]);
    }
    return loss;
  }

  private static double minusCosine(double[] x, double[] y) {
    double product = 0;
    double own = 0;
    double other = 0;
    for (int i = 0; i < x.length; i++) {
      product += x[i] * y[i];
      own += x[i] * x[i];
      other += y[i] * y[i];
    }
    return -product / Math.sqrt(own * other);
  }

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (double s : new double[] {0, 0.1}) {
      cases.add(
          new Case(
              new CategoricalCrossentropy(true, s), VALUES, (x, t) -> focal(softmax(x), t, s, 0)));
      cases.add(
          new Case(new CategoricalCrossentropy(false, s), SHARES, (x, t) -> focal(x, t, s, 0)));
    }
    double[][] others = {{1, 3.5, 0.5}, {0.2, 2, 0.8}};
    // Probabilities that do not sum to 1 are divided by their sum.
    cases.add(
        new Case(new CategoricalCrossentropy(false), others, (x, t) -> focal(divided(x), t, 0, 0)));
    cases.add(
        new Case(
            new CategoricalFocalCrossentropy(true),
            VALUES,
            (x, t) -> 0.25 * focal(softmax(x), t, 0, 2)));
    cases.add(
        new Case(
            new CategoricalFocalCrossentropy(false, 0.5, 3),
            others,
            (x, t) -> 3 * focal(divided(x), t, 0, 0.5)));
    cases.add(new Case(new CategoricalHinge(), VALUES, RowLossTest::hinge));
    cases.add(new Case(new KLDivergence(), SHARES, RowLossTest::divergence));
    cases.add(new Case(new CosineSimilarity(), VALUES, RowLossTest::minusCosine));
    return cases;
  }

  @Test
  void eachIsItsFormulaInEveryReduction() {
    Tensor targets = tensor(WANTED);
    for (Case c : cases()) {
      double[] expected = c.expected();
      String name = c.loss().name();
      Tensor each = c.loss().apply(c.predictions(), targets, Reduction.NONE);
      assertEquals(Shape.of(2), each.shape());
      assertArrayEquals(expected, each.toDoubleArray(), 1e-13, name);
      double sum = sum(expected);
      assertEquals(
          sum, c.loss().apply(c.predictions(), targets, Reduction.SUM).item(), 1e-13, name);
      assertEquals(sum / 2, c.loss().apply(c.predictions(), targets).item(), 1e-13, name);
      assertEquals(
          sum / 2,
          c.loss().apply(c.predictions(), targets, Reduction.BATCH_MEAN).item(),
          1e-13,
          name);
      // A mean over rows, not over samples: [1, 2, 3] has two rows and one sample.
      Tensor places = c.predictions().expandDims(0);
      Tensor wanted = targets.expandDims(0);
      assertEquals(sum / 2, c.loss().apply(places, wanted).item(), 1e-13, name);
      assertEquals(sum, c.loss().apply(places, wanted, Reduction.BATCH_MEAN).item(), 1e-13, name);
    }
  }

  @Test
  void eachHasItsGradients() {
    Tensor targets = tensor(WANTED);
    for (Case c : cases()) {
      for (Reduction reduction : List.of(Reduction.NONE, Reduction.MEAN)) {
        GradientCheck check = GradientCheck.of(in -> c.loss().apply(in[0], targets, reduction));
        check.require(c.predictions());
        check.ofGradient().require(c.predictions());
      }
    }
    GradientCheck.of(in -> new CosineSimilarity().apply(in[0], in[1]))
        .require(tensor(VALUES), tensor(WANTED));
  }

  @Test
  void classesMayLieAlongAnotherAxis() {
    for (boolean fromLogits : new boolean[] {true, false}) {
      Loss last = new CategoricalCrossentropy(fromLogits, 0.1);
      Loss first = new CategoricalCrossentropy(fromLogits, 0.1, 1);
      Tensor x = tensor(SHARES).expandDims(0);
      Tensor t = tensor(WANTED).expandDims(0);
      Tensor moved = first.apply(x.transpose(), t.transpose(), Reduction.NONE);
      assertEquals(Shape.of(1, 2), moved.shape());
      assertArrayEquals(
          last.apply(x, t, Reduction.NONE).toDoubleArray(), moved.toDoubleArray(), 1e-15);
      assertEquals(
          last.apply(x, t).item(), first.apply(x.transpose(), t.transpose()).item(), 1e-15);
    }
    Tensor square = Tensor.of(new double[] {3, 4, 4, 3}, 2, 2);
    Tensor unit = Tensor.of(new double[] {1, 0, 0, 1}, 2, 2);
    assertArrayEquals(
        new double[] {-0.6, -0.6},
        new CosineSimilarity(0).apply(square, unit, Reduction.NONE).toDoubleArray(),
        1e-15);
  }

  @Test
  void aSoftmaxThatIsSureOfAWrongClassLearnsAsItsLogitsDo() {
    Tensor wanted = Tensor.of(new float[] {1, 0, 0}, 1, 3);
    for (Loss loss :
        List.of(
            new CategoricalCrossentropy(false), new CategoricalFocalCrossentropy(false, 2, 1))) {
      Tensor logits = Tensor.of(new float[] {0, 500, 3}, 1, 3).requiresGrad(true);
      Tensor value = loss.apply(logits.softmax(1), wanted);
      assertEquals(500, value.item());
      assertArrayEquals(
          new float[] {-1, 1, 0}, Gradients.of(value, logits)[0].toFloatArray(), 1e-6f);
    }
  }

  @Test
  void probabilitiesLearnBelowTheCut() {
    for (float p : new float[] {1e-6f, 1e-9f, 1e-20f}) {
      Tensor wanted = Tensor.of(new float[] {1, 0}, 1, 2);
      for (Loss loss : List.of(new CategoricalCrossentropy(false), new KLDivergence())) {
        Tensor row = Tensor.of(new float[] {p, 1 - p}, 1, 2).requiresGrad(true);
        Tensor value = loss.apply(row, wanted);
        assertTrue(value.item() <= 1.001 * -Math.log(1e-7), loss.name());
        assertEquals(-1, Gradients.of(value, row)[0].toFloatArray()[0] * p, 1e-5);
      }
    }
  }

  @Test
  void vectorsWithoutALengthHaveNoAngle() {
    Tensor zero = Tensor.zeros(1, 3).requiresGrad(true);
    Tensor loss = new CosineSimilarity().apply(zero, Tensor.ones(1, 3));
    assertEquals(0, loss.item(), 1e-30);
    for (float slope : Gradients.of(loss, zero)[0].toFloatArray()) {
      assertTrue(Float.isFinite(slope));
    }
  }

  @Test
  void emptyBatchesShapesAndTypes() {
    for (Case c : cases()) {
      Tensor nothing = Tensor.zeros(0, 3);
      assertEquals(Shape.of(0), c.loss().apply(nothing, nothing, Reduction.NONE).shape());
      assertEquals(0, c.loss().apply(nothing, nothing, Reduction.SUM).item());
      assertTrue(Double.isNaN(c.loss().apply(nothing, nothing).item()), c.loss().name());
      assertEquals(
          c.loss().name() + ": predictions and targets must have one shape, not [2, 3] and [6]",
          assertThrows(
                  ShapeException.class,
                  () -> c.loss().apply(c.predictions(), tensor(WANTED).reshape(6)))
              .getMessage());
      assertThrows(
          DTypeException.class,
          () -> c.loss().apply(c.predictions(), tensor(WANTED).cast(DType.F32)));
      assertThrows(
          ShapeException.class,
          () -> c.loss().apply(Tensor.scalar(1), Tensor.scalar(1)),
          c.loss().name());
    }
    assertThrows(IllegalArgumentException.class, () -> new CategoricalCrossentropy(true, -0.1));
    assertThrows(
        IllegalArgumentException.class, () -> new CategoricalFocalCrossentropy(true, -1, 1));
    assertThrows(
        IllegalArgumentException.class, () -> new CategoricalFocalCrossentropy(true, 1, -1));
  }
}
