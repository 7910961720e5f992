package dev.lanewise.nn.metric;

import dev.lanewise.nn.loss.CosineSimilarity;
import dev.lanewise.nn.loss.Loss;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;

/** The names that metrics have in Keras. */
final class MetricNames {
  private static final Map<String, Function<String, Metric>> METRICS = new LinkedHashMap<>();
  private static final List<String> NAMES = new ArrayList<>();

  static {
    add(name -> new BinaryAccuracy(name, 0.5), "binary_accuracy");
    add(name -> new CategoricalAccuracy(name, -1), "categorical_accuracy");
    add(
        name -> new SparseCategoricalAccuracy(name, OptionalLong.empty()),
        "sparse_categorical_accuracy");
    add(name -> new TopKCategoricalAccuracy(name, 5), "top_k_categorical_accuracy");
    add(name -> new SparseTopKCategoricalAccuracy(name, 5), "sparse_top_k_categorical_accuracy");
    add(name -> new Precision(name, 0.5), "precision");
    add(name -> new Recall(name, 0.5), "recall");
    add(name -> new Specificity(name, 0.5), "specificity");
    add(name -> new F1Score(name, 0.5), "f1_score");
    add(name -> new AUC(name, AUC.Curve.ROC, 200, false), "auc");
    add(name -> new BinaryIoU(name, 0.5), "binary_io_u");
    add(MeanIoU::new, "mean_io_u");
    add(MatthewsCorrelation::new, "matthews_correlation");
    add(R2Score::new, "r2_score");
    add(RootMeanSquaredError::new, "root_mean_squared_error", "rmse");
    add(name -> new LossMetric(name, new CosineSimilarity(), -1), "cosine_similarity");
    addLosses("mean_squared_error", "mse", "mean_absolute_error", "mae");
    addLosses("mean_absolute_percentage_error", "mape");
    addLosses("mean_squared_logarithmic_error", "msle");
    addLosses("huber", "log_cosh", "hinge", "squared_hinge", "categorical_hinge");
    addLosses("binary_crossentropy", "bce", "categorical_crossentropy");
    addLosses("sparse_categorical_crossentropy", "kl_divergence", "kld", "poisson");
  }

  private MetricNames() {}

  private static void add(Function<String, Metric> metric, String... names) {
    for (String name : names) {
      NAMES.add(name);
      METRICS.put(plain(name), metric);
    }
  }

  private static void addLosses(String... names) {
    for (String name : names) {
      add(given -> Metric.of(Loss.named(name), given), name);
    }
  }

  private static String plain(String name) {
    return name.replace("_", "").toLowerCase(Locale.ROOT);
  }

  static Metric metric(String name) {
    Function<String, Metric> found = METRICS.get(plain(name));
    if (found == null) {
      throw new IllegalArgumentException(
          ("metric: there is no '%s'; names are %s; what accuracy or acc means depends on the"
                  + " loss, which compile and Loss.accuracy ask")
              .formatted(name, String.join(", ", NAMES)));
    }
    return found.apply(name);
  }
}
