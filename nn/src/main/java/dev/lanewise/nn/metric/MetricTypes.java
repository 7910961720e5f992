package dev.lanewise.nn.metric;

import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.loss.Loss;
import java.util.Locale;
import java.util.OptionalLong;

/** Makes metrics of their configs. */
final class MetricTypes {
  private MetricTypes() {}

  /** {@return a metric, made again} */
  static Metric make(Config config) {
    String name = config.text("name");
    return switch (config.type()) {
      case "AUC" ->
          new AUC(
              name,
              constant(AUC.Curve.class, config, "curve"),
              config.integer("thresholds"),
              config.flag("fromLogits"));
      case "BinaryAccuracy" -> new BinaryAccuracy(name, config.number("threshold"));
      case "BinaryIoU" -> new BinaryIoU(name, config.number("threshold"));
      case "CategoricalAccuracy" -> new CategoricalAccuracy(name, config.integer("axis"));
      case "F1Score" ->
          config.has("threshold")
              ? new F1Score(name, averaging(config), config.number("threshold"))
              : new F1Score(name, averaging(config));
      case "LossMetric" ->
          new LossMetric(name, Loss.of(config.config("loss")), config.number("factor"));
      case "MatthewsCorrelation" -> new MatthewsCorrelation(name);
      case "MeanIoU" -> new MeanIoU(name);
      case "Precision" ->
          config.has("threshold")
              ? new Precision(name, averaging(config), config.number("threshold"))
              : new Precision(name, averaging(config));
      case "R2Score" -> new R2Score(name);
      case "Recall" ->
          config.has("threshold")
              ? new Recall(name, averaging(config), config.number("threshold"))
              : new Recall(name, averaging(config));
      case "RootMeanSquaredError" -> new RootMeanSquaredError(name);
      case "SparseCategoricalAccuracy" ->
          new SparseCategoricalAccuracy(
              name,
              config.has("ignored")
                  ? OptionalLong.of(config.wholeNumber("ignored"))
                  : OptionalLong.empty());
      case "SparseTopKCategoricalAccuracy" ->
          new SparseTopKCategoricalAccuracy(name, config.integer("k"));
      case "Specificity" ->
          config.has("threshold")
              ? new Specificity(name, averaging(config), config.number("threshold"))
              : new Specificity(name, averaging(config));
      case "TopKCategoricalAccuracy" -> new TopKCategoricalAccuracy(name, config.integer("k"));
      default ->
          throw new IllegalArgumentException(
              "metric: there is no type '" + config.type() + "' that can be made again");
    };
  }

  private static Averaging averaging(Config config) {
    return constant(Averaging.class, config, "averaging");
  }

  private static <E extends Enum<E>> E constant(Class<E> type, Config config, String name) {
    return Enum.valueOf(type, config.text(name).toUpperCase(Locale.ROOT));
  }
}
