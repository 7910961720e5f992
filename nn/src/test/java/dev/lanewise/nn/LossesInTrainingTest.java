package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.Reshape;
import dev.lanewise.nn.loss.CrossEntropy;
import dev.lanewise.nn.loss.Loss;
import dev.lanewise.nn.optim.Adam;
import dev.lanewise.nn.optim.SGD;
import org.junit.jupiter.api.Test;

/** Losses by their names, and with the targets that they take. */
class LossesInTrainingTest {
  private static final float[] X = {
    0.5f, -1, 0.2f, 1.5f, 0.3f, -0.4f, -0.9f, 0.8f, 0.1f, 0.7f, 0.6f, -0.2f
  };
  private static final float[] ONE_HOT = {1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0};

  private static Tensor x() {
    return Tensor.of(X, 4, 3);
  }

  private static void learns(Loss loss, Tensor y) {
    Sequential model = Sequential.of(new Dense(3, "softmax")).seed(1);
    model.compile(new SGD(0.01), loss);
    double first = model.trainOnBatch(x(), y).loss();
    double last = first;
    for (int i = 0; i < 20; i++) {
      last = model.trainOnBatch(x(), y).loss();
    }
    assertTrue(last < first, () -> loss.name() + " starts at " + first);
    assertEquals(model.evaluate(x(), y).loss(), loss.apply(model.predict(x()), y).item(), 1e-5);
  }

  @Test
  void eachNameIsOfALossThatLearns() {
    String[] names = {
      "categorical_crossentropy",
      "categorical_focal_crossentropy",
      "binary_crossentropy",
      "binary_focal_crossentropy",
      "mean_squared_error",
      "mean_absolute_error",
      "mean_absolute_percentage_error",
      "mean_squared_logarithmic_error",
      "huber",
      "log_cosh",
      "hinge",
      "squared_hinge",
      "categorical_hinge",
      "cosine_similarity",
      "kl_divergence",
      "poisson"
    };
    for (String name : names) {
      learns(Loss.named(name), Tensor.of(ONE_HOT, 4, 3));
    }
    learns(Loss.named("sparse_categorical_crossentropy"), Tensor.of(new int[] {0, 1, 2, 0}));
  }

  @Test
  void accuracyFitsTheLoss() {
    for (String name : new String[] {"categorical_crossentropy", "categorical_hinge"}) {
      Sequential model = Sequential.of(new Dense(3, "softmax")).seed(1);
      model.compile("sgd", name, "accuracy");
      float[] p = model.predict(x()).toFloatArray();
      int right = 0;
      for (int i = 0; i < 4; i++) {
        int best = 0;
        int wanted = 0;
        for (int j = 1; j < 3; j++) {
          best = p[3 * i + j] > p[3 * i + best] ? j : best;
          wanted = ONE_HOT[3 * i + j] == 1 ? j : wanted;
        }
        right += best == wanted ? 1 : 0;
      }
      Scores scores = model.evaluate(x(), Tensor.of(ONE_HOT, 4, 3));
      assertEquals(right / 4.0, scores.get("accuracy"));
    }
    assertEquals(
        "acc: predictions of numbers are not right or wrong; huber says how far off",
        assertThrows(IllegalArgumentException.class, () -> Loss.named("huber").accuracy("acc"))
            .getMessage());
  }

  private static Sequential mapper() {
    Sequential model = Sequential.of(new Dense(6), new Reshape(3, 2)).seed(1);
    Loss loss = new CrossEntropy().withIgnoredLabel(-1);
    model.compile(new Adam(0.1), loss, "accuracy");
    return model;
  }

  @Test
  void placesHaveLabelsOfTheirOwnAndSomeDoNotCount() {
    Tensor labels = Tensor.of(new int[] {0, 2, 1, -1, -1, 2, 2, 0}, 4, 2);
    Sequential model = mapper();
    model.fit(x(), labels, FitOptions.epochs(80).verbose(0));
    Scores scores = model.evaluate(x(), labels);
    assertTrue(scores.loss() < 0.1, scores::toString);
    assertEquals(1, scores.get("accuracy"));
    Sequential rows = Sequential.of(new Dense(3)).seed(1);
    rows.compile(new Adam(0.1), new CrossEntropy(), "accuracy");
    // [n, 1] for an output of [n, classes] means the same labels.
    Tensor column = Tensor.of(new int[] {0, 1, 2, 0}, 4, 1);
    assertEquals(rows.evaluate(x(), column.reshape(4)).loss(), rows.evaluate(x(), column).loss());
  }

  @Test
  void labelsOfPlacesAreCheckedBeforeTraining() {
    Tensor outside = Tensor.of(new int[] {0, 2, 1, -1, 3, 2, 2, 0}, 4, 2);
    assertEquals(
        "crossEntropy: label 3 in row 2 is not from 0 to 2, the classes of the model's 3 outputs,"
            + " and not the ignored -1",
        assertThrows(IllegalArgumentException.class, () -> mapper().trainOnBatch(x(), outside))
            .getMessage());
    assertEquals(
        "crossEntropy: labels must be [n, 2], one class for each place of the model's output [n,"
            + " 3, 2], not [n]",
        assertThrows(
                ShapeException.class,
                () -> mapper().trainOnBatch(x(), Tensor.of(new int[] {0, 1, 2, 0})))
            .getMessage());
    assertThrows(DTypeException.class, () -> mapper().trainOnBatch(x(), Tensor.zeros(4, 2)));
  }
}
