package dev.lanewise.nn.metric;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.loss.Loss;

/**
 * A number about predictions, gathered batch by batch.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   Metric accuracy = new SparseCategoricalAccuracy();
 *   accuracy.update(Tensor.of(new float[] {2, 0, 0, 3}, 2, 2), Tensor.of(new int[] {0, 0}));
 *   IO.println(accuracy.result()); // 0.5
 * }
 * }
 */
public interface Metric {

  /** {@return the name in a history} */
  String name();

  /** Forgets all batches. */
  void reset();

  /**
   * Takes a batch in. Both tensors live only until the step ends, and may be views of memory that
   * the next batch uses again: keep numbers, or copies made outside of the step's scope, not them.
   *
   * @param predictions what the model says, {@code [n, …]}
   * @param targets what is right
   */
  void update(Tensor predictions, Tensor targets);

  /** {@return the number over all batches since the last {@link #reset}; NaN if there was none} */
  double result();

  /**
   * {@return what {@link #of(Config)} makes the metric of again, without what it has gathered}
   *
   * @throws UnsupportedOperationException if the metric does not tell
   */
  default Config config() {
    throw new UnsupportedOperationException(
        "the metric %s is of a class, %s, that does not tell what it is made of"
            .formatted(name(), getClass().getName()));
  }

  /**
   * {@return a metric of this package, made again}
   *
   * @param config what {@link #config} gave
   * @throws IllegalArgumentException if the type is not known, or a setting is missing or wrong
   */
  static Metric of(Config config) {
    return MetricTypes.make(config);
  }

  /**
   * {@return a loss as a metric: its mean over all elements, rows or samples of all batches, not
   * the mean of batches' means, under the loss's own name} Labels that the loss ignores do not
   * count.
   *
   * {@snippet :
   * model.compile(new Adam(), new MeanSquaredError(), Metric.of(new MeanAbsoluteError(), "mae"));
   * }
   *
   * @param loss the loss
   */
  static Metric of(Loss loss) {
    return of(loss, loss.name());
  }

  /**
   * {@return a loss as a metric, as {@link #of(Loss)} gives it, under another name}
   *
   * @param loss the loss
   * @param name what a history calls it
   */
  static Metric of(Loss loss, String name) {
    return new LossMetric(name, loss, 1);
  }

  /**
   * {@return the metric of a name that Keras has, with the settings that it means there: of
   * probabilities, and for precision, recall and the like of answers yes or no} A history calls it
   * as it is written here; case and underscores do not matter otherwise.
   *
   * @param name {@code binary_accuracy}, {@code categorical_accuracy}, {@code
   *     sparse_categorical_accuracy}, {@code top_k_categorical_accuracy}, {@code
   *     sparse_top_k_categorical_accuracy}, {@code precision}, {@code recall}, {@code specificity},
   *     {@code f1_score}, {@code auc}, {@code binary_io_u}, {@code mean_io_u}, {@code
   *     matthews_correlation}, {@code r2_score}, {@code root_mean_squared_error} or {@code rmse},
   *     {@code cosine_similarity} (the cosine itself), {@code mean_squared_error} or {@code mse},
   *     {@code mean_absolute_error} or {@code mae}, and {@code mape}, {@code msle}, {@code huber},
   *     {@code log_cosh}, {@code hinge}, {@code squared_hinge}, {@code categorical_hinge}, {@code
   *     binary_crossentropy} or {@code bce}, {@code categorical_crossentropy}, {@code
   *     sparse_categorical_crossentropy}, {@code kl_divergence} or {@code kld}, {@code poisson}
   * @throws IllegalArgumentException if there is none of this name; {@code accuracy} is none, since
   *     its sense depends on the loss: {@link Loss#accuracy} gives it
   */
  static Metric named(String name) {
    return MetricNames.metric(name);
  }
}
