package dev.lanewise.nn.loss;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.metric.Metric;
import java.util.Locale;

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

  /**
   * {@return the loss, a scalar} The arguments and what is made of them live only until the step
   * ends, and may be views of memory that the next batch uses again: keep none of them.
   *
   * @param predictions what the model says, {@code [n, …]}
   * @param targets what is right
   * @throws dev.lanewise.array.ShapeException if the shapes do not fit
   * @throws dev.lanewise.array.DTypeException if a type does not fit
   */
  Tensor apply(Tensor predictions, Tensor targets);

  /**
   * {@return the metric that {@code "accuracy"} means with this loss}
   *
   * @param name what the metric is to be called
   * @throws IllegalArgumentException if predictions are not right or wrong under this loss
   */
  Metric accuracy(String name);

  /**
   * {@return the loss of a name: {@code "sparse_categorical_crossentropy"} and {@code
   * "binary_crossentropy"}, both of probabilities as in Keras, and {@code "mean_squared_error"} or
   * {@code "mse"}} Case and underscores do not matter.
   *
   * @param name the name
   * @throws IllegalArgumentException if there is none of this name
   */
  static Loss named(String name) {
    return switch (name.replace("_", "").toLowerCase(Locale.ROOT)) {
      case "sparsecategoricalcrossentropy" -> new SparseCategoricalCrossentropy(false);
      case "binarycrossentropy" -> new BinaryCrossentropy(false);
      case "meansquarederror", "mse" -> new MeanSquaredError();
      default ->
          throw new IllegalArgumentException(
              "loss: there is no '"
                  + name
                  + "'; names are sparse_categorical_crossentropy, binary_crossentropy,"
                  + " mean_squared_error, mse");
    };
  }
}
