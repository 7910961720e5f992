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
import java.util.OptionalDouble;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;

/** The losses whose losses are those of elements. */
class ElementLossTest {
  private static final double[] VALUES = {0.3, -1.2, 2.0, 1.5, 0.1, -0.7};
  private static final double[] OTHERS = {1, 0.4, 0.25, 1.3, -1, 0.5};
  private static final double[] SIGNS = {1, -1, -1, 1, -1, 1};
  private static final double[] COUNTS = {3, 0, 1, 7, 2, 1.5};
  private static final double[] SHARES = {0.3, 0.9, 0.02, 0.5, 0.75, 0.1};
  private static final double[] WANTED = {1, 0, 0.25, 0, 1, 0.5};

  /**
   * A loss, its formula, and predictions and targets where it is smooth.
   *
   * @param both whether it has a gradient by the targets that is worth a check
   */
  private record Case(
      Loss loss, DoubleBinaryOperator formula, double[] x, double[] t, boolean both) {
    Tensor predictions() {
      return Tensor.of(x, 2, 3);
    }

    Tensor targets() {
      return Tensor.of(t, 2, 3);
    }

    double[] expected() {
      double[] losses = new double[x.length];
      for (int i = 0; i < losses.length; i++) {
        losses[i] = formula.applyAsDouble(x[i], t[i]);
      }
      return losses;
    }
  }

  private static Case smooth(Loss loss, double[] x, double[] t, DoubleBinaryOperator formula) {
    return new Case(loss, formula, x, t, true);
  }

  private static Case of(Loss loss, double[] x, double[] t, DoubleBinaryOperator formula) {
    return new Case(loss, formula, x, t, false);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double binary(double p, double t) {
    return -(t * Math.log(p) + (1 - t) * Math.log(1 - p));
  }

  private static double focal(double p, double t, double gamma, double yes, double no) {
    double q = t * p + (1 - t) * (1 - p);
    return (t * yes + (1 - t) * no) * Math.pow(1 - q, gamma) * binary(p, t);
  }

  private static double stirling(double t) {
    return t > 1 ? t * Math.log(t) - t + Math.log(2 * Math.PI * t) / 2 : 0;
  }

  private static double xLogX(double x) {
    return x == 0 ? 0 : x * Math.log(x);
  }

  private static List<Case> cases() {
    OptionalDouble quarter = OptionalDouble.of(0.25);
    OptionalDouble none = OptionalDouble.empty();
    List<Case> cases = new ArrayList<>();
    cases.add(smooth(new MeanSquaredError(), VALUES, OTHERS, (x, t) -> (x - t) * (x - t)));
    cases.add(smooth(new MeanAbsoluteError(), VALUES, OTHERS, (x, t) -> Math.abs(x - t)));
    cases.add(
        smooth(
            new MeanAbsolutePercentageError(),
            VALUES,
            OTHERS,
            (x, t) -> 100 * Math.abs(x - t) / Math.abs(t)));
    cases.add(
        smooth(
            new MeanSquaredLogarithmicError(),
            SHARES,
            new double[] {0.2, 2, 5, 0.4, 0.01, 3},
            (x, t) -> Math.pow(Math.log(1 + x) - Math.log(1 + t), 2)));
    cases.add(smooth(new LogCosh(), VALUES, OTHERS, (x, t) -> Math.log(Math.cosh(x - t))));
    cases.add(smooth(new SmoothL1(0), VALUES, OTHERS, (x, t) -> Math.abs(x - t)));
    cases.add(
        smooth(
            new SmoothL1(0.75),
            VALUES,
            OTHERS,
            (x, t) -> {
              double d = Math.abs(x - t);
              return d < 0.75 ? d * d / 1.5 : d - 0.375;
            }));
    cases.add(
        smooth(
            new Huber(0.8),
            VALUES,
            OTHERS,
            (x, t) -> {
              double d = Math.abs(x - t);
              return d <= 0.8 ? d * d / 2 : 0.8 * (d - 0.4);
            }));
    cases.add(of(new Hinge(), VALUES, SIGNS, (x, t) -> Math.max(0, 1 - t * x)));
    cases.add(
        of(
            new SquaredHinge(),
            VALUES,
            new double[] {1, 0, 0, 1, -1, 0},
            (x, t) -> Math.pow(Math.max(0, 1 - (t == 0 ? -1 : t) * x), 2)));
    cases.add(of(new SoftMargin(), VALUES, SIGNS, (x, t) -> Math.log(1 + Math.exp(-t * x))));
    cases.add(
        of(
            new HingeEmbedding(1.2),
            VALUES,
            new double[] {1, -1, -1, 0, -1, 0.5},
            (x, t) -> (t == 1 ? 0 : Math.max(0, 1.2 - x)) + (t == -1 ? 0 : x)));
    cases.add(of(new PoissonNLL(), VALUES, COUNTS, (x, t) -> Math.exp(x) - t * x));
    cases.add(
        of(
            new PoissonNLL(true, true, 1e-8),
            VALUES,
            COUNTS,
            (x, t) -> Math.exp(x) - t * x + stirling(t)));
    cases.add(
        of(
            new PoissonNLL(false, false, 1e-7),
            SHARES,
            COUNTS,
            (x, t) -> x - t * Math.log(x + 1e-7)));
    cases.add(
        of(
            new PoissonNLL(false, true, 0.5),
            SHARES,
            COUNTS,
            (x, t) -> x - t * Math.log(x + 0.5) + stirling(t)));
    cases.add(of(new KLDiv(), VALUES, WANTED, (x, t) -> xLogX(t) - t * x));
    cases.add(smooth(new KLDiv(true), VALUES, OTHERS, (x, t) -> Math.exp(t) * (t - x)));
    cases.add(of(new BinaryCrossentropy(true), VALUES, WANTED, (x, t) -> binary(sigmoid(x), t)));
    cases.add(of(new BinaryCrossentropy(false), SHARES, WANTED, (x, t) -> binary(x, t)));
    cases.add(
        of(
            new BinaryCrossentropy(true, 0.2),
            VALUES,
            WANTED,
            (x, t) -> binary(sigmoid(x), 0.8 * t + 0.1)));
    cases.add(
        of(new BinaryCrossentropy(false, 0.2), SHARES, WANTED, (x, t) -> binary(x, 0.8 * t + 0.1)));
    cases.add(
        of(
            new BinaryFocalCrossentropy(true),
            VALUES,
            WANTED,
            (x, t) -> focal(sigmoid(x), t, 2, 1, 1)));
    cases.add(
        of(
            new BinaryFocalCrossentropy(true, 0.5, quarter),
            VALUES,
            WANTED,
            (x, t) -> focal(sigmoid(x), t, 0.5, 0.25, 0.75)));
    cases.add(
        of(new BinaryFocalCrossentropy(false, 0, none), SHARES, WANTED, (x, t) -> binary(x, t)));
    cases.add(
        of(
            new BinaryFocalCrossentropy(false, 1.5, quarter),
            SHARES,
            WANTED,
            (x, t) -> focal(x, t, 1.5, 0.25, 0.75)));
    return cases;
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  @Test
  void eachIsItsFormulaInEveryReduction() {
    for (Case c : cases()) {
      double[] expected = c.expected();
      String name = c.loss().name();
      Tensor each = c.loss().apply(c.predictions(), c.targets(), Reduction.NONE);
      assertEquals(Shape.of(2, 3), each.shape());
      assertArrayEquals(expected, each.toDoubleArray(), 1e-12, name);
      double sum = sum(expected);
      assertEquals(sum, scalar(c, Reduction.SUM), 1e-12, name);
      assertEquals(sum / 6, scalar(c, Reduction.MEAN), 1e-12, name);
      assertEquals(sum / 2, scalar(c, Reduction.BATCH_MEAN), 1e-12, name);
      assertEquals(sum / 6, c.loss().apply(c.predictions(), c.targets()).item(), 1e-12, name);
    }
  }

  private static double scalar(Case c, Reduction reduction) {
    Tensor loss = c.loss().apply(c.predictions(), c.targets(), reduction);
    assertEquals(Shape.SCALAR, loss.shape());
    return loss.item();
  }

  @Test
  void eachHasItsGradients() {
    for (Case c : cases()) {
      for (Reduction reduction : Reduction.values()) {
        GradientCheck check = GradientCheck.of(in -> c.loss().apply(in[0], c.targets(), reduction));
        check.require(c.predictions());
        check.ofGradient().require(c.predictions());
      }
      if (c.both()) {
        GradientCheck check = GradientCheck.of(in -> c.loss().apply(in[0], in[1], Reduction.NONE));
        check.require(c.predictions(), c.targets());
        check.ofGradient().require(c.predictions(), c.targets());
      }
    }
  }

  @Test
  void viewsAreReadByTheirStrides() {
    for (Case c : cases()) {
      Tensor x = c.predictions().transpose();
      Tensor t = c.targets().transpose();
      Tensor each = c.loss().apply(x, t, Reduction.NONE).transpose();
      assertArrayEquals(c.expected(), each.toDoubleArray(), 1e-12, c.loss().name());
      assertEquals(sum(c.expected()) / 6, c.loss().apply(x, t).item(), 1e-12, c.loss().name());
    }
  }

  @Test
  void nothingHasNoMeanAndOneElementIsItsOwn() {
    for (Case c : cases()) {
      Tensor nothing = Tensor.zeros(0, 3);
      Tensor none = c.loss().apply(nothing, nothing, Reduction.NONE);
      assertEquals(Shape.of(0, 3), none.shape());
      assertEquals(0, c.loss().apply(nothing, nothing, Reduction.SUM).item());
      assertTrue(Double.isNaN(c.loss().apply(nothing, nothing).item()), c.loss().name());
      Tensor x = Tensor.of(new double[] {c.x()[3]}).reshape(Shape.SCALAR);
      Tensor t = Tensor.of(new double[] {c.t()[3]}).reshape(Shape.SCALAR);
      for (Reduction reduction : Reduction.values()) {
        assertEquals(c.expected()[3], c.loss().apply(x, t, reduction).item(), 1e-12);
      }
    }
  }

  @Test
  void shapesAndTypesMustFit() {
    for (Case c : cases()) {
      Tensor column = Tensor.of(c.t(), 6, 1);
      String wrong =
          assertThrows(ShapeException.class, () -> c.loss().apply(Tensor.of(c.x()), column))
              .getMessage();
      assertEquals(
          c.loss().name() + ": predictions and targets must have one shape, not [6] and [6, 1]",
          wrong);
      assertThrows(
          DTypeException.class, () -> c.loss().apply(c.predictions(), c.targets().cast(DType.F32)));
      assertThrows(
          DTypeException.class,
          () -> c.loss().apply(c.predictions().cast(DType.I32), c.targets().cast(DType.I32)));
    }
  }

  /** {@return the gradient of the sum of the losses by each prediction} */
  private static double[] slopes(Loss loss, double[] x, double[] t) {
    Tensor predictions = Tensor.of(x).requiresGrad(true);
    Tensor sum = loss.apply(predictions, Tensor.of(t), Reduction.SUM);
    return Gradients.of(sum, predictions)[0].toDoubleArray();
  }

  @Test
  void kinksHaveTheSlopesOfPyTorch() {
    double[] one = {1, 1, 1};
    double[] around = {0.5, 1, 2};
    assertArrayEquals(new double[] {-1, 0, 1}, slopes(new MeanAbsoluteError(), around, one), 1e-15);
    assertArrayEquals(new double[] {-1, 0, 1}, slopes(new SmoothL1(0), around, one), 1e-15);
    assertArrayEquals(new double[] {-0.5, 0, 1}, slopes(new SmoothL1(1), around, one), 1e-15);
    assertArrayEquals(new double[] {-0.5, 0, 0.5}, slopes(new Huber(0.5), around, one), 1e-15);
    assertArrayEquals(new double[] {-1, -1, 0}, slopes(new Hinge(), around, one), 1e-15);
    double[] unlike = {-1, -1, -1};
    assertArrayEquals(
        new double[] {-1, -1, 0}, slopes(new HingeEmbedding(), around, unlike), 1e-15);
  }

  @Test
  void notANumberStaysOne() {
    for (Case c : cases()) {
      double[] x = c.x().clone();
      x[1] = Double.NaN;
      double[] losses =
          c.loss().apply(Tensor.of(x), Tensor.of(c.t()), Reduction.NONE).toDoubleArray();
      assertTrue(Double.isNaN(losses[1]), c.loss().name());
      assertEquals(c.expected()[0], losses[0], 1e-12);
    }
  }

  /** {@return losses and slopes in f32} */
  private static float[][] single(Loss loss, float[] x, float[] t) {
    Tensor predictions = Tensor.of(x).requiresGrad(true);
    Tensor each = loss.apply(predictions, Tensor.of(t), Reduction.NONE);
    return new float[][] {
      each.toFloatArray(), Gradients.of(each.sum(), predictions)[0].toFloatArray()
    };
  }

  @Test
  void extremePredictionsGiveFiniteLosses() {
    float[] far = {1000, -1000, 1000, -1000};
    float[] zeros = {0, 0, 0, 0};
    float[] signs = {-1, 1, 1, -1};
    float[] wrong = {0, 1, 1, 0};
    float[][] soft = single(new SoftMargin(), far, signs);
    assertArrayEquals(new float[] {1000, 1000, 0, 0}, soft[0]);
    assertArrayEquals(new float[] {1, -1, 0, 0}, soft[1], 1e-6f);
    float[][] cosh = single(new LogCosh(), far, zeros);
    float large = (float) (1000 - Math.log(2));
    assertArrayEquals(new float[] {large, large, large, large}, cosh[0], 1e-4f);
    assertArrayEquals(new float[] {1, -1, 1, -1}, cosh[1], 1e-6f);
    Loss weighted = new BinaryCrossentropy(true).withPositiveWeight(Tensor.scalar(3));
    float[][] binary = single(weighted, far, wrong);
    assertArrayEquals(new float[] {1000, 3000, 0, 0}, binary[0]);
    assertArrayEquals(new float[] {1, -3, 0, 0}, binary[1], 1e-6f);
    Loss focal = new BinaryFocalCrossentropy(true, 0.5, OptionalDouble.empty());
    float[][] focused = single(focal, far, wrong);
    assertArrayEquals(new float[] {1000, 1000, 0, 0}, focused[0], 1e-3f);
    assertArrayEquals(new float[] {1, -1, 0, 0}, focused[1], 1e-3f);
    for (double gamma : new double[] {0, 0.5, 2}) {
      Loss cut = new BinaryFocalCrossentropy(false, gamma, OptionalDouble.empty());
      float[][] certain = single(cut, new float[] {0, 1, 0, 1}, wrong);
      assertEquals(-Math.log(1e-7), certain[0][2], 1e-5);
      for (int i = 0; i < 4; i++) {
        assertTrue(Float.isFinite(certain[0][i]) && Float.isFinite(certain[1][i]));
      }
    }
  }

  @Test
  void logitsOfWhatIsRightKeepTheDigitsOfTheirLoss() {
    float[] losses =
        single(new BinaryCrossentropy(true), new float[] {-20, 20}, new float[] {0, 1})[0];
    double expected = Math.log1p(Math.exp(-20));
    assertEquals(expected, losses[0], 1e-6 * expected);
    assertEquals(expected, losses[1], 1e-6 * expected);
  }

  @Test
  void targetsOfOneMayHaveWeights() {
    double[] w = {2, 0.5, 3};
    Tensor weight = Tensor.of(w);
    Case logits =
        of(new BinaryCrossentropy(true, 0.1).withPositiveWeight(weight), VALUES, WANTED, null);
    Case shares =
        of(new BinaryCrossentropy(false, 0.1).withPositiveWeight(weight), SHARES, WANTED, null);
    for (Case c : List.of(logits, shares)) {
      double[] expected = new double[6];
      for (int i = 0; i < 6; i++) {
        double p = c == logits ? sigmoid(VALUES[i]) : SHARES[i];
        double t = 0.9 * WANTED[i] + 0.05;
        expected[i] = -(w[i % 3] * t * Math.log(p) + (1 - t) * Math.log(1 - p));
      }
      Tensor each = c.loss().apply(c.predictions(), c.targets(), Reduction.NONE);
      assertArrayEquals(expected, each.toDoubleArray(), 1e-12);
      assertEquals(sum(expected) / 6, scalar(c, Reduction.MEAN), 1e-12);
      GradientCheck check = GradientCheck.of(in -> c.loss().apply(in[0], c.targets()));
      check.require(c.predictions());
      check.ofGradient().require(c.predictions());
    }
    Loss wide = new BinaryCrossentropy(true).withPositiveWeight(Tensor.of(new double[2]));
    assertEquals(
        "binaryCrossentropy: [4, 2, 3] does not stretch to the predictions, [2, 3]",
        assertThrows(
                ShapeException.class,
                () ->
                    new BinaryCrossentropy(true)
                        .withPositiveWeight(Tensor.ones(4, 2, 3))
                        .apply(logits.predictions(), logits.targets()))
            .getMessage());
    assertThrows(ShapeException.class, () -> wide.apply(logits.predictions(), logits.targets()));
  }

  @Test
  void settingsAreChecked() {
    OptionalDouble two = OptionalDouble.of(2);
    List<Runnable> wrong =
        List.of(
            () -> new SmoothL1(-1),
            () -> new SmoothL1(Double.NaN),
            () -> new Huber(0),
            () -> new Huber(Double.POSITIVE_INFINITY),
            () -> new HingeEmbedding(Double.NaN),
            () -> new PoissonNLL(true, false, 0),
            () -> new BinaryCrossentropy(true, 1.5),
            () -> new BinaryFocalCrossentropy(true, -1, OptionalDouble.empty()),
            () -> new BinaryFocalCrossentropy(true, 1, two));
    for (Runnable each : wrong) {
      assertThrows(IllegalArgumentException.class, each::run);
    }
    assertEquals(
        "huber: delta must be a number above 0, not 0.0",
        assertThrows(IllegalArgumentException.class, () -> new Huber(0)).getMessage());
  }
}
