package dev.lanewise.nn.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.GradientCheck;
import dev.lanewise.autodiff.Gradients;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backends;
import dev.lanewise.nn.layer.BuildContext;
import dev.lanewise.nn.layer.Dense;
import org.junit.jupiter.api.Test;

class LossTest {
  private static final double[] LOGITS = {0.3, -1.2, 2.0, 1.5, 0.1, -0.7};
  private static final double[] TARGETS = {1, 0, 0.25, 0, 1, 0.5};
  private static final int[] LABELS = {2, 0};

  private static Tensor logits() {
    return Tensor.of(LOGITS, 2, 3);
  }

  private static Tensor targets() {
    return Tensor.of(TARGETS, 2, 3);
  }

  private static Tensor labels() {
    return Tensor.of(LABELS);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @Test
  void meanSquaredErrorIsTheFormula() {
    double sum = 0;
    for (int i = 0; i < 6; i++) {
      sum += (LOGITS[i] - TARGETS[i]) * (LOGITS[i] - TARGETS[i]);
    }
    assertEquals(sum / 6, new MeanSquaredError().apply(logits(), targets()).item(), 1e-14);
  }

  @Test
  void binaryCrossentropyIsTheFormula() {
    double sum = 0;
    for (int i = 0; i < 6; i++) {
      double p = sigmoid(LOGITS[i]);
      sum -= TARGETS[i] * Math.log(p) + (1 - TARGETS[i]) * Math.log(1 - p);
    }
    Tensor probabilities = logits().sigmoid();
    assertEquals(sum / 6, new BinaryCrossentropy(true).apply(logits(), targets()).item(), 1e-14);
    assertEquals(
        sum / 6, new BinaryCrossentropy(false).apply(probabilities, targets()).item(), 1e-14);
  }

  @Test
  void sparseCategoricalCrossentropyIsTheFormula() {
    double sum = 0;
    for (int row = 0; row < 2; row++) {
      double all = 0;
      for (int i = 0; i < 3; i++) {
        all += Math.exp(LOGITS[3 * row + i]);
      }
      sum -= Math.log(Math.exp(LOGITS[3 * row + LABELS[row]]) / all);
    }
    Loss ofLogits = new SparseCategoricalCrossentropy(true);
    Loss ofProbabilities = new SparseCategoricalCrossentropy(false);
    assertEquals(sum / 2, ofLogits.apply(logits(), labels()).item(), 1e-14);
    assertEquals(sum / 2, ofProbabilities.apply(logits().softmax(1), labels()).item(), 1e-14);
    // Probabilities that do not sum to 1 are divided by their sum.
    assertEquals(sum / 2, ofProbabilities.apply(logits().exp(), labels()).item(), 1e-14);
  }

  @Test
  void gradients() {
    GradientCheck.of(in -> new MeanSquaredError().apply(in[0], in[1])).require(logits(), targets());
    GradientCheck.of(in -> new BinaryCrossentropy(true).apply(in[0], targets())).require(logits());
    GradientCheck.of(in -> new BinaryCrossentropy(false).apply(in[0], targets()))
        .require(logits().sigmoid());
    GradientCheck.of(in -> new SparseCategoricalCrossentropy(true).apply(in[0], labels()))
        .require(logits());
    GradientCheck.of(in -> new SparseCategoricalCrossentropy(false).apply(in[0], labels()))
        .require(logits().softmax(1));
  }

  @Test
  void binaryCrossentropyHasItsSlopeAtLogitZero() {
    Tensor zero = Tensor.of(new double[] {0, 0}).requiresGrad(true);
    Tensor targets = Tensor.of(new double[] {0, 1});
    Tensor loss = new BinaryCrossentropy(true).apply(zero, targets);
    // (sigmoid(0) − target) / 2.
    assertArrayEquals(new double[] {0.25, -0.25}, Gradients.of(loss, zero)[0].toDoubleArray());
  }

  @Test
  void extremePredictionsGiveFiniteLosses() {
    Tensor far = Tensor.of(new float[] {1000, -1000}).requiresGrad(true);
    Tensor wrong = Tensor.of(new float[] {0, 1});
    Tensor loss = new BinaryCrossentropy(true).apply(far, wrong);
    assertEquals(1000, loss.item());
    assertArrayEquals(new float[] {0.5f, -0.5f}, Gradients.of(loss, far)[0].toFloatArray());

    Tensor certain = Tensor.of(new float[] {1, 0});
    // In f32, 1 − 1e-7 is 1 − 2⁻²³: that cuts the first, 1e-7 the second.
    double expected = (23 * Math.log(2) - Math.log(1e-7)) / 2;
    assertEquals(expected, new BinaryCrossentropy(false).apply(certain, wrong).item(), 2e-6);
    Tensor row = Tensor.of(new float[] {1, 0}, 1, 2);
    Tensor other = Tensor.of(new int[] {1});
    assertEquals(
        -Math.log(1e-7), new SparseCategoricalCrossentropy(false).apply(row, other).item(), 1e-5);
    assertEquals(
        1000,
        new SparseCategoricalCrossentropy(true)
            .apply(Tensor.of(new float[] {1000, 0}, 1, 2), other)
            .item());
  }

  @Test
  void probabilitiesLearnBelowTheCut() {
    for (float p : new float[] {1e-6f, 1e-9f, 1e-20f}) {
      Tensor row = Tensor.of(new float[] {p, 1 - p}, 1, 2).requiresGrad(true);
      Tensor loss = new SparseCategoricalCrossentropy(false).apply(row, Tensor.of(new int[] {0}));
      // −1 / p, and by the sum of the row 1.
      assertEquals(-1, Gradients.of(loss, row)[0].toFloatArray()[0] * p, 1e-5);
      Tensor one = Tensor.of(new float[] {p}).requiresGrad(true);
      Tensor binary = new BinaryCrossentropy(false).apply(one, Tensor.of(new float[] {1}));
      assertEquals(-1, Gradients.of(binary, one)[0].toFloatArray()[0] * p, 1e-5);
      Tensor two = Tensor.of(new float[] {p}).requiresGrad(true);
      Tensor other = new BinaryCrossentropy(false).apply(two, Tensor.of(new float[] {0}));
      assertEquals(1, Gradients.of(other, two)[0].toFloatArray()[0], 1e-5);
    }
    Tensor certain = Tensor.of(new float[] {0, 1}).requiresGrad(true);
    Tensor wrong = new BinaryCrossentropy(false).apply(certain, Tensor.of(new float[] {1, 0}));
    assertArrayEquals(new float[2], Gradients.of(wrong, certain)[0].toFloatArray());
    Tensor outside = Tensor.of(new float[] {-0.5f, 1.5f}).requiresGrad(true);
    Tensor loss = new BinaryCrossentropy(false).apply(outside, Tensor.of(new float[] {1, 0}));
    assertArrayEquals(new float[2], Gradients.of(loss, outside)[0].toFloatArray());
  }

  @Test
  void aSoftmaxThatIsSureOfAWrongClassLearnsAsItsLogitsDo() {
    Tensor logits = Tensor.of(new float[] {0, 500, 3, 0}, 1, 4).requiresGrad(true);
    Tensor labels = Tensor.of(new int[] {0});
    Tensor loss = new SparseCategoricalCrossentropy(false).apply(logits.softmax(1), labels);
    assertEquals(500, loss.item()); // of the logits: as probabilities, −log 1e-7
    assertArrayEquals(
        new float[] {-1, 1, 0, 0}, Gradients.of(loss, logits)[0].toFloatArray(), 1e-6f);
  }

  @Test
  void aSaturatedLayerOnRawPixelsHasAGradient() {
    float[] pixels = new float[784];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i * 37 % 256;
    }
    Tensor x = Tensor.of(pixels, 1, 784);
    Dense layer = new Dense(10, "softmax");
    layer.build(Shape.of(784), new BuildContext(Backends.best(), DType.F32, new Generator(1)));
    float[] p = layer.apply(x, true).toFloatArray();
    int worst = 0;
    for (int i = 1; i < 10; i++) {
      worst = p[i] < p[worst] ? i : worst;
    }
    assertTrue(p[worst] < 1e-7f, "saturated");
    Tensor loss =
        new SparseCategoricalCrossentropy(false)
            .apply(layer.apply(x, true), Tensor.of(new int[] {worst}));
    float[] bias = Gradients.of(loss, layer.weights().get(1).value())[0].toFloatArray();
    assertEquals(-1, bias[worst], 1e-5);
  }

  @Test
  void shapesMustFit() {
    assertEquals(
        "meanSquaredError: predictions and targets must have one shape, not [2, 3] and [6]",
        assertThrows(
                ShapeException.class,
                () -> new MeanSquaredError().apply(logits(), Tensor.of(TARGETS)))
            .getMessage());
    assertEquals(
        "sparseCategoricalCrossentropy: predictions must be [n, c] and labels [n], not [2, 3] and"
            + " [3]",
        assertThrows(
                ShapeException.class,
                () ->
                    new SparseCategoricalCrossentropy(true)
                        .apply(logits(), Tensor.of(new int[] {0, 1, 2})))
            .getMessage());
  }

  @Test
  void names() {
    assertInstanceOf(MeanSquaredError.class, Loss.named("mse"));
    assertInstanceOf(MeanSquaredError.class, Loss.named("mean_squared_error"));
    assertInstanceOf(BinaryCrossentropy.class, Loss.named("binary_crossentropy"));
    assertInstanceOf(BinaryCrossentropy.class, Loss.named("BCE"));
    Loss sparse = Loss.named("sparseCategoricalCrossentropy");
    // As in Keras, the name means probabilities.
    Tensor certain = Tensor.of(new float[] {0.5f, 0.5f}, 1, 2);
    assertEquals(Math.log(2), sparse.apply(certain, Tensor.of(new int[] {0})).item(), 1e-6);
    assertInstanceOf(KLDivergence.class, Loss.named("KLD"));
    assertEquals(new Huber(1), Loss.named("huber"));
    assertEquals(
        "loss: there is no 'hubert'; names are sparse_categorical_crossentropy,"
            + " categorical_crossentropy, categorical_focal_crossentropy, binary_crossentropy,"
            + " bce, binary_focal_crossentropy, mean_squared_error, mse, mean_absolute_error, mae,"
            + " mean_absolute_percentage_error, mape, mean_squared_logarithmic_error, msle, huber,"
            + " log_cosh, hinge, squared_hinge, categorical_hinge, cosine_similarity,"
            + " kl_divergence, kld, poisson",
        assertThrows(IllegalArgumentException.class, () -> Loss.named("hubert")).getMessage());
    assertThrows(IllegalArgumentException.class, () -> new MeanSquaredError().accuracy("accuracy"));
  }
}
