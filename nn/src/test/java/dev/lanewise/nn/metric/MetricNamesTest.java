package dev.lanewise.nn.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.FitOptions;
import dev.lanewise.nn.History;
import dev.lanewise.nn.Scores;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.data.Iris;
import dev.lanewise.nn.layer.Dense;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricNamesTest {
  @Test
  void namesAsKerasHasThem() {
    Map<String, Class<? extends Metric>> types =
        Map.of(
            "precision", Precision.class,
            "Recall", Recall.class,
            "f1_score", F1Score.class,
            "AUC", AUC.class,
            "MeanIoU", MeanIoU.class,
            "binary_io_u", BinaryIoU.class,
            "r2_score", R2Score.class,
            "rmse", RootMeanSquaredError.class,
            "topKCategoricalAccuracy", TopKCategoricalAccuracy.class,
            "sparse_top_k_categorical_accuracy", SparseTopKCategoricalAccuracy.class);
    types.forEach(
        (name, type) -> {
          Metric metric = Metric.named(name);
          assertInstanceOf(type, metric);
          assertEquals(name, metric.name());
        });
  }

  @Test
  void everyNameOfTheErrorIsOne() {
    String text =
        assertThrows(IllegalArgumentException.class, () -> Metric.named("accuracy")).getMessage();
    assertTrue(
        text.startsWith("metric: there is no 'accuracy'; names are binary_accuracy, "), text);
    assertTrue(
        text.endsWith(
            "; what accuracy or acc means depends on the loss, which compile and"
                + " Loss.accuracy ask"),
        text);
    String[] names = text.split("names are ")[1].split(";")[0].split(", ");
    assertTrue(names.length > 30, text);
    for (String name : names) {
      Metric metric = Metric.named(name);
      assertEquals(name, metric.name());
      assertTrue(Double.isNaN(metric.result()), name);
    }
  }

  @Test
  void theCosineIsOneForTheSameDirection() {
    Metric cosine = Metric.named("cosine_similarity");
    cosine.update(
        Tensor.of(new float[] {0, 2, 3, 0}, 2, 2), Tensor.of(new float[] {0, 1, 0, 1}, 2, 2));
    assertEquals(0.5, cosine.result(), 1e-6);
  }

  @Test
  void numbersInTraining() {
    Tensor x = Tensor.of(new float[] {0, 1, 2, 3, 4, 5}, 6, 1);
    Tensor y = Tensor.of(new float[] {1, 3, 5, 7, 9, 12}, 6, 1);
    Sequential model = Sequential.of(new Dense(1)).seed(1);
    model.compile("sgd", "mse", "mse", "mae", "rmse", "r2_score");
    History history = model.fit(x, y, FitOptions.epochs(2).batchSize(4).verbose(0));
    assertEquals(2, history.get("mae").size());
    Scores scores = model.evaluate(x, y, 4);
    float[] found = model.predict(x).toFloatArray();
    float[] wanted = y.toFloatArray();
    double absolute = 0;
    double square = 0;
    for (int i = 0; i < 6; i++) {
      absolute += Math.abs(found[i] - wanted[i]) / 6;
      square += (found[i] - wanted[i]) * (found[i] - wanted[i]) / 6;
    }
    assertEquals(absolute, scores.get("mae"), 1e-5 * absolute);
    assertEquals(square, scores.get("mse"), 1e-5 * square);
    assertEquals(scores.get("loss"), scores.get("mse"), 1e-5 * square);
    assertEquals(Math.sqrt(square), scores.get("rmse"), 1e-5);
    // Targets have the mean 37/6 and Σ (y − mean)² = 309 − 37² / 6.
    assertEquals(1 - 6 * square / (309 - 37.0 * 37 / 6), scores.get("r2_score"), 1e-5);
  }

  @Test
  void classesInTraining() {
    Sequential model = Sequential.of(new Dense(3, "softmax")).seed(1);
    model.compile(
        "adam",
        "sparse_categorical_crossentropy",
        "accuracy",
        "sparse_categorical_crossentropy",
        "sparse_top_k_categorical_accuracy",
        "mean_io_u",
        "matthews_correlation");
    model.fit(Iris.load(), FitOptions.epochs(2).verbose(0));
    Scores scores = model.evaluate(Iris.load());
    assertEquals(scores.loss(), scores.get("sparse_categorical_crossentropy"), 1e-6);
    assertEquals(1, scores.get("sparse_top_k_categorical_accuracy"));
    ConfusionMatrix matrix = ConfusionMatrix.of(model.predict(Iris.load()), Iris.load());
    assertTrue(matrix.toString().contains("virginica"), matrix.toString());
    assertEquals(150, matrix.total());
    assertEquals(scores.get("accuracy"), matrix.accuracy());
  }
}
