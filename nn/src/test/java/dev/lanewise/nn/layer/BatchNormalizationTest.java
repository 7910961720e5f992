package dev.lanewise.nn.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Gradients;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.FitOptions;
import dev.lanewise.nn.History;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.data.Digits;
import dev.lanewise.nn.loss.SparseCategoricalCrossentropy;
import dev.lanewise.nn.optim.Adam;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchNormalizationTest {
  /** Two channels with means 3 and 10, and variances 2 and 0. */
  private static final Tensor ROWS = Tensor.of(new double[] {1, 10, 3, 10, 3, 10, 5, 10}, 4, 2);

  @Test
  void trainingIsByTheBatch() {
    BatchNormalization layer = Built.of(new BatchNormalization(), 2);
    Built.set(layer, "gamma", 2, 5);
    Built.set(layer, "beta", 1, -1);
    double far = 2 * 2 / Math.sqrt(2 + 1e-3);
    double[] expected = {1 - far, -1, 1, -1, 1, -1, 1 + far, -1};
    assertArrayEquals(expected, layer.apply(ROWS, true).toDoubleArray(), 1e-12);
  }

  @Test
  void movingAveragesFollowStepsOfTraining() {
    BatchNormalization layer = Built.of(new BatchNormalization().momentum(0.75), 2);
    assertEquals(
        List.of("gamma", "beta", "moving_mean", "moving_variance"),
        layer.weights().stream().map(w -> w.name().replaceAll(".*/", "")).toList());
    assertEquals(2, layer.weights().stream().filter(Weight::isTrainable).count());
    layer.apply(ROWS, false);
    assertArrayEquals(new double[] {0, 0}, Built.numbers(layer, "moving_mean"));
    assertArrayEquals(new double[] {1, 1}, Built.numbers(layer, "moving_variance"));
    layer.apply(ROWS, true);
    assertArrayEquals(new double[] {0.75, 2.5}, Built.numbers(layer, "moving_mean"), 1e-12);
    assertArrayEquals(new double[] {1.25, 0.75}, Built.numbers(layer, "moving_variance"), 1e-12);
    layer.apply(ROWS, true);
    double[] means = {0.75 * 0.75 + 0.75, 0.75 * 2.5 + 2.5};
    assertArrayEquals(means, Built.numbers(layer, "moving_mean"), 1e-12);
  }

  @Test
  void predictionIsByTheMovingAverages() {
    BatchNormalization layer = Built.of(new BatchNormalization().epsilon(1), 2);
    Built.set(layer, "moving_mean", 1, 2);
    Built.set(layer, "moving_variance", 3, 8);
    Built.set(layer, "gamma", 4, 6);
    Built.set(layer, "beta", -1, 1);
    Tensor x = Tensor.of(new double[] {1, 2, 3, 5}, 2, 2);
    double[] expected = {-1, 1, 4 * 2 / 2.0 - 1, 6 * 3 / 3.0 + 1};
    assertArrayEquals(expected, layer.apply(x, false).toDoubleArray(), 1e-12);
    // So it is in training too, while nothing is to be learned.
    layer.trainable(false);
    assertArrayEquals(expected, layer.apply(x, true).toDoubleArray(), 1e-12);
    assertArrayEquals(new double[] {1, 2}, Built.numbers(layer, "moving_mean"));
  }

  @Test
  void pytorchAveragesUnbiasedVariances() {
    BatchNormalization layer = Built.of(BatchNormalization.pytorch(), 2);
    layer.apply(ROWS, true);
    assertArrayEquals(new double[] {0.3, 1}, Built.numbers(layer, "moving_mean"), 1e-12);
    assertArrayEquals(
        new double[] {0.9 + 0.1 * 8 / 3, 0.9}, Built.numbers(layer, "moving_variance"), 1e-12);
    double far = 2 / Math.sqrt(2 + 1e-5);
    assertEquals(far, layer.apply(ROWS, true).toDoubleArray()[6], 1e-12);
    // One sample does not vary.
    BatchNormalization one = Built.of(BatchNormalization.pytorch(), 1);
    assertArrayEquals(
        new double[] {0}, one.apply(Tensor.of(new double[] {7}, 1, 1), true).toDoubleArray());
    assertArrayEquals(new double[] {0.9}, Built.numbers(one, "moving_variance"), 1e-12);
  }

  @Test
  void channelsOfImagesAndOfSeries() {
    Tensor x = Built.counted(2, 2, 1, 2); // channel 0 has 1, 2, 5, 6
    BatchNormalization images = Built.of(new BatchNormalization().momentum(0).epsilon(0), 2, 1, 2);
    double[] y = images.apply(x, true).toDoubleArray();
    assertArrayEquals(new double[] {3.5, 5.5}, Built.numbers(images, "moving_mean"), 1e-12);
    assertArrayEquals(new double[] {4.25, 4.25}, Built.numbers(images, "moving_variance"), 1e-12);
    assertEquals(-2.5 / Math.sqrt(4.25), y[0], 1e-12);
    assertEquals(-2.5 / Math.sqrt(4.25), y[2], 1e-12);
    BatchNormalization last = Built.of(new BatchNormalization().axis(-1).momentum(0), 2, 2);
    last.apply(x.reshape(2, 2, 2), true);
    assertArrayEquals(new double[] {4, 5}, Built.numbers(last, "moving_mean"), 1e-12);
    assertArrayEquals(
        images.apply(x, false).toDoubleArray(), y, 1e-12); // the averages are the batch's
  }

  @Test
  void nothingFlowsIntoTheAverages() {
    BatchNormalization layer = Built.of(new BatchNormalization(), 2);
    Tensor x = Built.normal(5, 2).requiresGrad(true);
    Tensor loss = layer.apply(x, true).square().sum();
    layer.apply(x, true); // the averages change in between
    Tensor gradient = Gradients.of(loss, x)[0];
    assertEquals(Shape.of(5, 2), gradient.shape());
    assertEquals(0, gradient.sum().item(), 1e-9); // a shift of x changes nothing
    assertTrue(layer.weights().stream().skip(2).noneMatch(w -> w.value().requiresGrad()));
  }

  @Test
  void emptyBatchesChangeNothing() {
    BatchNormalization layer = Built.of(new BatchNormalization(), 2);
    assertEquals(0, layer.apply(Built.normal(0, 2), true).size());
    assertArrayEquals(new double[] {0, 0}, Built.numbers(layer, "moving_mean"));
    assertArrayEquals(new double[] {1, 1}, Built.numbers(layer, "moving_variance"));
  }

  @Test
  void aNetworkLearnsWithIt() {
    Sequential model =
        Sequential.of(
                new Reshape(1, 8, 8),
                new FeatureNormalization(1),
                new Conv2D(8, 3).useBias(false),
                new BatchNormalization().momentum(0.9),
                new ReLU(),
                new GlobalAvgPool2D(),
                new Dense(32),
                BatchNormalization.pytorch(),
                new LeakyReLU(0.01),
                new Dropout(0.1),
                new Dense(10))
            .seed(3);
    model.compile(new Adam(0.01), new SparseCategoricalCrossentropy(true), "accuracy");
    History history =
        model.fit(Digits.load().first(512), FitOptions.epochs(8).batchSize(64).verbose(0));
    List<Double> loss = history.get("loss");
    assertTrue(loss.getLast() < 0.6 * loss.getFirst(), loss::toString);
    double accuracy = model.evaluate(Digits.load().first(512)).get("accuracy");
    assertTrue(accuracy > 0.7, () -> "" + accuracy);
  }

  @Test
  void regularizersAndConstraintsOfGammaAndBeta() {
    BatchNormalization layer =
        Built.of(
            new BatchNormalization()
                .gammaRegularizer(Regularizer.l2(0.5))
                .gammaConstraint(Constraint.nonNegative())
                .betaRegularizer(Regularizer.l1(1))
                .betaConstraint(Constraint.nonNegative()),
            2);
    Built.set(layer, "beta", 3, -4);
    assertEquals(
        List.of(1.0, 7.0), layer.penalties().stream().map(p -> p.item()).toList()); // 0.5 · 2
    assertEquals(2, layer.weights().stream().filter(w -> w.constraint().isPresent()).count());
  }

  @Test
  void wrongSettingsAndInputs() {
    assertEquals(
        "BatchNormalization: momentum must be from 0 to 1, not 1.5",
        assertThrows(IllegalArgumentException.class, () -> new BatchNormalization().momentum(1.5))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> new BatchNormalization().epsilon(-1));
    assertEquals(
        "BatchNormalization 'batch_normalization': a sample has no axis 2; its axes count from 1 in"
            + " [n, 3]",
        Built.refusal(() -> new BatchNormalization().axis(2).outputShape(Shape.of(3))));
    assertThrows(
        IllegalArgumentException.class, () -> new BatchNormalization().outputShape(Shape.SCALAR));
    BatchNormalization built = Built.of(new BatchNormalization(), 2);
    assertEquals(
        "BatchNormalization 'batch_normalization': input must have 2 channels, not 3 (input [n,"
            + " 3])",
        Built.refusal(() -> built.apply(Built.normal(1, 3), true)));
    assertThrows(IllegalStateException.class, () -> built.momentum(0.5));
    assertThrows(IllegalStateException.class, () -> built.center(false));
    assertThrows(
        IllegalArgumentException.class,
        () -> built.apply(Built.normal(4, 2).cast(DType.F32), true));
  }
}
