package dev.lanewise.nn.loss;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.metric.Metric;
import java.util.OptionalLong;

/**
 * A number that says how wrong predictions are, the mean over the batch, with a gradient.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   Tensor logits = Tensor.of(new float[] {2, 0, 0, 3}, 2, 2).requiresGrad(true);
 *   Tensor labels = Tensor.of(new int[] {0, 1});
 *   Tensor loss = new SparseCategoricalCrossentropy(true).apply(logits, labels);
 *   loss.backward();
 *   IO.println(loss.item());
 * }
 * }
 */
public interface Loss {

  /** {@return the name in errors, for example {@code meanSquaredError}} */
  String name();

  /** {@return what it compares predictions with} */
  TargetKind targets();

  /** {@return the label of samples or places that do not count, if there is one} */
  default OptionalLong ignoredLabel() {
    return OptionalLong.empty();
  }

  /**
   * {@return the loss} The arguments and what is made of them live only until the step ends, and
   * may be views of memory that the next batch uses again: keep none of them.
   *
   * @param predictions what the model says, {@code [n, …]}
   * @param targets what is right
   * @param reduction what becomes of the losses of elements, rows or samples: a scalar, unless it
   *     is {@link Reduction#NONE}
   * @throws dev.lanewise.array.ShapeException if the shapes do not fit
   * @throws dev.lanewise.array.DTypeException if a type does not fit
   */
  Tensor apply(Tensor predictions, Tensor targets, Reduction reduction);

  /**
   * {@return the mean loss, a scalar}
   *
   * @param predictions what the model says, {@code [n, …]}
   * @param targets what is right
   * @throws dev.lanewise.array.ShapeException if the shapes do not fit
   * @throws dev.lanewise.array.DTypeException if a type does not fit
   */
  default Tensor apply(Tensor predictions, Tensor targets) {
    return apply(predictions, targets, Reduction.MEAN);
  }

  /**
   * {@return the metric that {@code "accuracy"} means with this loss}
   *
   * @param name what the metric is to be called
   * @throws IllegalArgumentException if predictions are not right or wrong under this loss
   */
  default Metric accuracy(String name) {
    throw new IllegalArgumentException(
        name + ": predictions of numbers are not right or wrong; " + name() + " says how far off");
  }

  /**
   * {@return what {@link #of(Config)} makes the loss of again}
   *
   * @throws UnsupportedOperationException if the loss is of a class of one's own, or has weights
   */
  default Config config() {
    return LossTypes.config(this);
  }

  /**
   * {@return a loss of this package, made again}
   *
   * @param config what {@link #config} gave
   * @throws IllegalArgumentException if the type is not known, or a setting is missing or wrong
   */
  static Loss of(Config config) {
    return LossTypes.make(config);
  }

  /**
   * {@return the loss of a name that Keras has, with the settings that it means there} Case and
   * underscores do not matter. Crossentropies by name are of probabilities.
   *
   * @param name {@code binary_crossentropy} or {@code bce}, {@code binary_focal_crossentropy},
   *     {@code categorical_crossentropy}, {@code categorical_focal_crossentropy}, {@code
   *     sparse_categorical_crossentropy}, {@code mean_squared_error} or {@code mse}, {@code
   *     mean_absolute_error} or {@code mae}, {@code mean_absolute_percentage_error} or {@code
   *     mape}, {@code mean_squared_logarithmic_error} or {@code msle}, {@code huber}, {@code
   *     log_cosh}, {@code hinge}, {@code squared_hinge}, {@code categorical_hinge}, {@code
   *     cosine_similarity}, {@code kl_divergence} or {@code kld}, {@code poisson}
   * @throws IllegalArgumentException if there is none of this name
   */
  static Loss named(String name) {
    return LossNames.loss(name);
  }
}
