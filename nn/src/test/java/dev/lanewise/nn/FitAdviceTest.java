package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.data.Digits;
import dev.lanewise.nn.data.Iris;
import dev.lanewise.nn.data.LabeledDataset;
import dev.lanewise.nn.data.SyntheticClassification;
import dev.lanewise.nn.data.TrainTestSplit;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.loss.MeanSquaredError;
import dev.lanewise.nn.loss.SparseCategoricalCrossentropy;
import dev.lanewise.nn.optim.Adam;
import dev.lanewise.nn.optim.Optimizer;
import dev.lanewise.nn.optim.SGD;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Warnings where they are due, and silence after trainings that went well. */
class FitAdviceTest {
  /** A history of functions of the epoch. */
  private static History history(int epochs, Map<String, IntToDoubleFunction> series) {
    History history = new History();
    for (int epoch = 0; epoch < epochs; epoch++) {
      Map<String, Double> values = new LinkedHashMap<>();
      for (var each : series.entrySet()) {
        values.put(each.getKey(), each.getValue().applyAsDouble(epoch));
      }
      history.add(epoch, new Scores(values), 0.1);
    }
    return history;
  }

  private static void begins(String text, History history) {
    String advice = history.advice();
    assertTrue(advice.startsWith(text), () -> "'" + advice + "' of " + history);
    assertTrue(advice.lines().count() <= 3, advice);
    assertTrue(advice.lines().allMatch(line -> line.length() <= 100), advice);
  }

  private static void silent(History history) {
    assertEquals("", history.advice(), history::toString);
  }

  @Test
  void overfittingIsToldWithItsNumbers() {
    History history =
        history(
            20,
            Map.of("loss", e -> Math.pow(0.9, e), "val_loss", e -> 0.5 + Math.abs(e - 8) / 32.0));
    assertEquals(
        """
        Overfitting: val_loss was best in epoch 9 (0.5000) and is 0.8438 now, while the loss fell
        on, from 0.4305 to 0.1351. Stop at the best epoch by EarlyStopping with
        restoreBestWeights(true), or try Dropout, Regularizer.l2, more data, or a smaller model.\
        """,
        history.advice());
    // Who stopped in time is not told.
    history.stop("val_loss is worse");
    silent(history);
  }

  @Test
  void withoutValidationNobodyTellsOverfitting() {
    silent(history(20, Map.of("loss", e -> Math.pow(0.7, e))));
  }

  @Test
  void aRiseMustBeNotableAndLast() {
    IntToDoubleFunction falls = e -> 2 * Math.pow(0.8, e);
    // A sixth above the best; or a peak that is gone; or hardly anything of what it fell
    // before.
    silent(history(20, Map.of("loss", falls, "val_loss", e -> e < 9 ? 2 - e * 0.1 : 1.4)));
    silent(history(20, Map.of("loss", falls, "val_loss", e -> e == 18 ? 3 : 1 + Math.pow(0.5, e))));
    silent(history(20, Map.of("loss", falls, "val_loss", e -> e == 0 ? 9 : e < 9 ? 0.2 : 0.25)));
    // The loss of training rises as well: that is no learning by heart.
    IntToDoubleFunction both = e -> 0.5 + Math.abs(e - 8) / 32.0;
    silent(history(20, Map.of("loss", both, "val_loss", both)));
  }

  @Test
  void accuraciesThatAreFarApart() {
    begins(
        "Overfitting: the accuracy is 0.9900 on the examples of training, but 0.7000 on those of",
        history(
            10,
            Map.of(
                "loss", e -> Math.pow(0.9, e),
                "accuracy", _ -> 0.99,
                "val_loss", _ -> 0.8,
                "val_accuracy", _ -> 0.7)));
  }

  @Test
  void underfittingNeedsEvidence() {
    IntToDoubleFunction flat = e -> 0.6931 + 0.05 * Math.pow(0.3, e);
    begins(
        "Underfitting: the loss has stopped to fall (0.6931), and the accuracy is 0.5",
        history(12, Map.of("loss", flat, "accuracy", _ -> 0.5)));
    silent(history(12, Map.of("loss", flat, "accuracy", _ -> 0.9)));
    // Of numbers, only where training started from tells what is much.
    History regression = history(12, Map.of("loss", flat));
    silent(regression);
    regression.start(0.7);
    begins(
        "Underfitting: the loss is 0.6931, hardly less than the 0.7000 of the untrained model.",
        regression);
    regression.start(3);
    silent(regression);
    // Where validation is much worse, a larger model is no cure.
    silent(history(12, Map.of("loss", flat, "accuracy", _ -> 0.5, "val_loss", _ -> 1.5)));
  }

  @Test
  void whatStillFallsIsNotOver() {
    IntToDoubleFunction falls = e -> 2 - e * 0.1;
    begins(
        "The loss was still falling at the end, from 1.4000 to 1.1000 in the last 3 epochs",
        history(10, Map.of("loss", falls, "val_loss", falls)));
    silent(history(10, Map.of("loss", falls, "val_loss", _ -> 1)));
    silent(history(10, Map.of("loss", falls, "accuracy", _ -> 0.98)));
    silent(history(3, Map.of("loss", falls)));
  }

  @Test
  void lossesThatGrow() {
    begins(
        "The loss is NaN in epoch 4: the learning rate is likely too high.",
        history(5, Map.of("loss", e -> e < 3 ? 1 : Double.NaN)));
    begins("The loss is Infinity in epoch 1", history(1, Map.of("loss", _ -> 1 / 0.0)));
    begins(
        "The loss rises, from 1.0000 in epoch 1 to 81.0000: the learning rate",
        history(5, Map.of("loss", e -> Math.pow(3, e))));
    silent(new History());
    silent(history(1, Map.of("loss", _ -> 1)));
    silent(history(8, Map.of("loss", _ -> 0)));
    silent(history(8, Map.of("loss", e -> -1.0 - e, "val_loss", e -> -1.0 - e)));
  }

  private static History fit(
      TrainTestSplit parts, int hidden, Optimizer optimizer, int epochs, PrintStream out) {
    Sequential model =
        Sequential.of(new Flatten(), new Dense(hidden, "relu"), new Dense(parts.train().classes()))
            .seed(3);
    model.compile(optimizer, new SparseCategoricalCrossentropy(true), "accuracy");
    FitOptions options = FitOptions.epochs(epochs).batchSize(16).validationData(parts.test());
    return model.fit(parts.train(), out == null ? options.verbose(0) : options.out(out));
  }

  @Test
  void goodTrainingsAreLeftAlone() {
    for (long seed : new long[] {1, 2}) {
      TrainTestSplit iris = Iris.load().stratifiedSplit(0.8, seed);
      silent(fit(iris, 16, new Adam(0.01), 60, null));
      silent(fit(iris, 16, new SGD(0.05), 100, null));
      silent(fit(Digits.load().stratifiedSplit(0.8, seed), 64, new Adam(0.003), 25, null));
      LabeledDataset clouds = SyntheticClassification.of(400, 2).draw(seed);
      silent(fit(clouds.stratifiedSplit(0.7, seed), 8, new Adam(0.02), 40, null));
      silent(fit(moons(400, 0.15, seed).stratifiedSplit(0.7, seed), 16, new Adam(0.02), 60, null));
    }
  }

  /** Two half circles that reach into each other. */
  private static LabeledDataset moons(int n, double noise, long seed) {
    float[] around = Tensor.randomNormal(new Generator(seed), Shape.of(n, 2)).toFloatArray();
    float[] x = new float[2 * n];
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      double angle = Math.PI * i / n;
      labels[i] = i % 2;
      double sign = 1 - 2 * labels[i];
      x[2 * i] = (float) (labels[i] + sign * Math.cos(angle) + noise * around[2 * i]);
      x[2 * i + 1] = (float) (0.5 * labels[i] + sign * Math.sin(angle) + noise * around[2 * i + 1]);
    }
    return LabeledDataset.of(x, new int[] {2}, labels, List.of("upper", "lower"));
  }

  @Test
  void aLargeModelOfFewNoisyExamplesOverfits() {
    LabeledDataset noisy = SyntheticClassification.of(120, 10).withFlippedShare(0.3).draw(5);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    begins("Overfitting:", fit(noisy.stratifiedSplit(0.5, 1), 128, new Adam(0.01), 100, out));
    // It is printed once, at the end, unless it is turned off.
    String printed = bytes.toString(StandardCharsets.UTF_8);
    assertEquals(2, printed.split("Overfitting:", -1).length);
    assertTrue(printed.indexOf("Overfitting:") > printed.indexOf("Epoch 100/100"));
  }

  @Test
  void aLineDoesNotSeparateARing() {
    int n = 100;
    float[][] x = new float[n][];
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      double angle = 2 * Math.PI * i / n;
      labels[i] = i % 2;
      x[i] = new float[] {(float) Math.cos(angle), (float) Math.sin(angle)};
      x[i][0] *= 1 + labels[i];
      x[i][1] *= 1 + labels[i];
    }
    TrainTestSplit ring =
        LabeledDataset.of(joined(x), new int[] {2}, labels, List.of("inner", "outer"))
            .stratifiedSplit(0.6, 1);
    Sequential line = Sequential.of(new Dense(2)).seed(1);
    line.compile(new SGD(0.2), new SparseCategoricalCrossentropy(true), "accuracy");
    FitOptions options = FitOptions.epochs(60).verbose(0).validationData(ring.test());
    begins("Underfitting:", line.fit(ring.train(), options));
    silent(fit(ring, 16, new Adam(0.02), 60, null));
  }

  private static float[] joined(float[][] rows) {
    float[] all = new float[2 * rows.length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, all, 2 * i, 2);
    }
    return all;
  }

  @Test
  void ratesThatAreTooHighOrTooLow() {
    int n = 40;
    Tensor x = Tensor.randomNormal(new Generator(2), Shape.of(n, 1));
    Tensor y = x.mul(3).add(1);
    Sequential high = Sequential.of(new Dense(1)).seed(1);
    high.compile(new SGD(1.5), new MeanSquaredError());
    begins("The loss ", high.fit(x, y, FitOptions.epochs(8).verbose(0)));
    Sequential low = Sequential.of(new Dense(1)).seed(1);
    low.compile(new SGD(1e-5), new MeanSquaredError());
    begins("Underfitting:", low.fit(x, y, FitOptions.epochs(8).verbose(0)));
    Sequential right = Sequential.of(new Dense(1)).seed(1);
    right.compile(new SGD(0.05), new MeanSquaredError());
    silent(right.fit(x, y, FitOptions.epochs(40).batchSize(4).verbose(0)));
    // Nothing is left to learn, but the model is not new.
    silent(right.fit(x, y, FitOptions.epochs(8).verbose(0)));
  }

  @Test
  void adviceCanBeTurnedOff() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    Sequential model = OneWeight.model();
    model.compile(new SGD(1e30), new MeanSquaredError());
    FitOptions options = FitOptions.epochs(4).out(out);
    History history = model.fit(OneWeight.EXAMPLES, options.advice(false));
    assertEquals(4, bytes.toString(StandardCharsets.UTF_8).lines().count());
    assertTrue(!history.advice().isEmpty());
  }
}
