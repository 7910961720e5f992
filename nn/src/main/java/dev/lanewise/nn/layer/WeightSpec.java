package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.nn.init.Fans;
import dev.lanewise.nn.init.Initializer;
import java.util.Optional;

/**
 * A weight that is still to be made, by {@link Layer#addWeight(WeightSpec)}.
 *
 * @param role what it is to the layer, for example {@code kernel}
 * @param shape its extents
 * @param initializer gives its first values
 * @param fans how many numbers meet at a unit
 * @param trainable whether optimizers change it; otherwise it has no gradient
 * @param regularizer what it adds to the loss, if anything
 * @param constraint what is done to it after each step, if anything
 */
public record WeightSpec(
    String role,
    Shape shape,
    Initializer initializer,
    Fans fans,
    boolean trainable,
    Optional<Regularizer> regularizer,
    Optional<Constraint> constraint) {

  /**
   * {@return a trainable weight, free to become what it likes}
   *
   * @param role what it is to the layer, for example {@code kernel}
   * @param shape its extents
   * @param initializer gives its first values
   * @param fans how many numbers meet at a unit
   */
  public static WeightSpec of(String role, Shape shape, Initializer initializer, Fans fans) {
    return new WeightSpec(role, shape, initializer, fans, true, Optional.empty(), Optional.empty());
  }

  /**
   * {@return the same weight, which optimizers change or not}
   *
   * @param trainable whether they do
   */
  public WeightSpec trainable(boolean trainable) {
    return new WeightSpec(role, shape, initializer, fans, trainable, regularizer, constraint);
  }

  /**
   * {@return the same weight with a penalty}
   *
   * @param regularizer what it adds to the loss, if anything
   */
  public WeightSpec regularizer(Optional<Regularizer> regularizer) {
    return new WeightSpec(role, shape, initializer, fans, trainable, regularizer, constraint);
  }

  /**
   * {@return the same weight, kept within bounds}
   *
   * @param constraint what is done to it after each step, if anything
   */
  public WeightSpec constraint(Optional<Constraint> constraint) {
    return new WeightSpec(role, shape, initializer, fans, trainable, regularizer, constraint);
  }
}
