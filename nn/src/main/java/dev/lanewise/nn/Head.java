package dev.lanewise.nn;

import dev.lanewise.nn.internal.Checks;
import dev.lanewise.nn.loss.Loss;
import dev.lanewise.nn.metric.Metric;
import java.util.Arrays;
import java.util.List;

/**
 * What one output of a model learns by. Immutable: each method gives a changed one.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   SymbolicTensor x = Input.of(4);
 *   SymbolicTensor shared = new Dense(16, "relu").apply(x);
 *   SymbolicTensor kind = new Dense(3, "softmax").named("kind").apply(shared);
 *   SymbolicTensor size = new Dense(1).named("size").apply(shared);
 *   Model model = Model.of(List.of(x), List.of(kind, size));
 *   model.compile(
 *       new Adam(),
 *       Head.of("sparse_categorical_crossentropy").metrics("accuracy"),
 *       Head.of("mse").weight(0.1));
 *   Examples examples =
 *       Examples.of(
 *           List.of(Tensor.ones(8, 4)),
 *           List.of(Tensor.zeros(8).cast(DType.I32), Tensor.ones(8, 1)));
 *   IO.println(model.fit(examples, FitOptions.epochs(1)).names());
 * }
 * }
 *
 * @param loss is made small
 * @param weight how much it counts in the loss of the model
 * @param metrics are reported
 */
public record Head(Loss loss, double weight, List<Metric> metrics) {

  /**
   * Makes a head.
   *
   * @throws IllegalArgumentException if the weight is negative or not finite
   */
  public Head {
    Checks.notNegative("head: weight", weight);
    metrics = List.copyOf(metrics);
  }

  /**
   * {@return a head that counts once, without metrics}
   *
   * @param loss is made small
   */
  public static Head of(Loss loss) {
    return new Head(loss, 1, List.of());
  }

  /**
   * {@return a head that counts once, without metrics}
   *
   * @param loss its name, as {@link Loss#named} knows it
   * @throws IllegalArgumentException if a name is not known
   */
  public static Head of(String loss) {
    return of(Loss.named(loss));
  }

  /**
   * {@return the same head, which counts more or less}
   *
   * @param weight how much its loss counts in that of the model, at least 0
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public Head weight(double weight) {
    return new Head(loss, weight, metrics);
  }

  /**
   * {@return the same head with metrics}
   *
   * @param metrics are reported
   */
  public Head metrics(Metric... metrics) {
    return new Head(loss, weight, List.of(metrics));
  }

  /**
   * {@return the same head with metrics}
   *
   * @param metrics {@code "accuracy"} or {@code "acc"}, in the sense that fits the loss, or names
   *     that {@link Metric#named} knows
   * @throws IllegalArgumentException if a name is not known
   */
  public Head metrics(String... metrics) {
    return new Head(loss, weight, Arrays.stream(metrics).map(this::metric).toList());
  }

  private Metric metric(String name) {
    return switch (name) {
      case "accuracy", "acc" -> loss.accuracy(name);
      default -> Metric.named(name);
    };
  }
}
