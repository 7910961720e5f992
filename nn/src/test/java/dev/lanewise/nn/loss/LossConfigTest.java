package dev.lanewise.nn.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.metric.AUC;
import dev.lanewise.nn.metric.Averaging;
import dev.lanewise.nn.metric.BinaryAccuracy;
import dev.lanewise.nn.metric.BinaryIoU;
import dev.lanewise.nn.metric.CategoricalAccuracy;
import dev.lanewise.nn.metric.F1Score;
import dev.lanewise.nn.metric.MatthewsCorrelation;
import dev.lanewise.nn.metric.MeanIoU;
import dev.lanewise.nn.metric.Metric;
import dev.lanewise.nn.metric.Precision;
import dev.lanewise.nn.metric.R2Score;
import dev.lanewise.nn.metric.Recall;
import dev.lanewise.nn.metric.RootMeanSquaredError;
import dev.lanewise.nn.metric.SparseCategoricalAccuracy;
import dev.lanewise.nn.metric.SparseTopKCategoricalAccuracy;
import dev.lanewise.nn.metric.Specificity;
import dev.lanewise.nn.metric.TopKCategoricalAccuracy;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Losses and metrics as configs, and made again. */
class LossConfigTest {
  static List<Loss> losses() {
    return List.of(
        new BinaryCrossentropy(true, 0.25),
        new BinaryFocalCrossentropy(true, 3, OptionalDouble.of(0.5)),
        new BinaryFocalCrossentropy(false),
        new CategoricalCrossentropy(true, 0.1, 1),
        new CategoricalFocalCrossentropy(false, 1, 0.5),
        new CategoricalHinge(),
        new CosineSimilarity(1),
        new CrossEntropy().withIgnoredLabel(-100).withLabelSmoothing(0.1),
        new CrossEntropy(),
        new Hinge(),
        new HingeEmbedding(0.5),
        new Huber(2),
        new KLDiv(true),
        new KLDivergence(),
        new LogCosh(),
        new MeanAbsoluteError(),
        new MeanAbsolutePercentageError(),
        new MeanSquaredError(),
        new MeanSquaredLogarithmicError(),
        new MultiMargin(2, 0.5),
        new NegativeLogLikelihood().withIgnoredLabel(3),
        new PoissonNLL(true, false, 1e-6),
        new SmoothL1(0.5),
        new SoftMargin(),
        new SparseCategoricalCrossentropy(true),
        new SquaredHinge());
  }

  @ParameterizedTest
  @MethodSource("losses")
  void lossesAreMadeAgain(Loss loss) {
    Loss again = Loss.of(loss.config());

    assertEquals(loss.getClass(), again.getClass());
    assertEquals(loss.config().asMap(), again.config().asMap());
    if (loss instanceof Record) {
      assertEquals(loss, again);
    }
  }

  @Test
  void everyNamedLossTellsWhatItIs() {
    for (String name :
        List.of("mse", "bce", "huber", "poisson", "sparse_categorical_crossentropy")) {
      Loss loss = Loss.named(name);
      assertEquals(loss.name(), Loss.of(loss.config()).name());
    }
  }

  @Test
  void weightsAreNotTold() {
    var e =
        assertThrows(
            UnsupportedOperationException.class,
            () -> new CrossEntropy().withClassWeights(Tensor.ones(3)).config());
    assertEquals("the loss crossEntropy has weights, which are not saved with it", e.getMessage());
  }

  @Test
  void metricsAreMadeAgain() {
    for (Metric metric :
        List.of(
            new BinaryAccuracy("acc", 0.25),
            new AUC("area", AUC.Curve.PR, 50, true),
            new BinaryIoU("iou", 0.25),
            new MeanIoU("iou"),
            new Precision("p", 0.25),
            new Precision("p", Averaging.MACRO),
            new Recall("r", Averaging.WEIGHTED, 0.75),
            new Recall("r", Averaging.MICRO),
            new Specificity("s", 0.5),
            new Specificity("s", Averaging.MACRO),
            new F1Score("f", Averaging.MACRO),
            new F1Score("f", 0.5),
            new R2Score("r2"),
            new RootMeanSquaredError("rmse"),
            new MatthewsCorrelation("m"),
            new TopKCategoricalAccuracy("top", 3),
            new SparseTopKCategoricalAccuracy("top", 2),
            Metric.of(new Huber(3), "huber"),
            Metric.named("cosine_similarity"),
            new CategoricalAccuracy("right", 1),
            new SparseCategoricalAccuracy("accuracy", OptionalLong.of(-1)),
            new SparseCategoricalAccuracy())) {
      Metric again = Metric.of(metric.config());
      assertEquals(metric.getClass(), again.getClass());
      assertEquals(metric.config().asMap(), again.config().asMap());
    }
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Metric.of(Config.of("Luck").with("name", "luck")));
    assertTrue(e.getMessage().contains("there is no type 'Luck'"), e.getMessage());
  }
}
