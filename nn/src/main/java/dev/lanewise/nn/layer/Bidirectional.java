package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Reads sequences in both directions, each with weights of its own, and joins what they give.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var both = new Bidirectional(new LSTM(8).returnSequences(true), "sum");
 *   IO.println(both.outputShape(Shape.of(10, 3))); // [10, 8]
 * }
 * }
 *
 * <p>States of all steps are joined step by step.
 */
public final class Bidirectional extends Layer {
  private static final String BACKWARD = "backward_";

  private final Merge merge;
  private final RecurrentLayer<?> forward;
  private final RecurrentLayer<?> backward;

  /** How what the two directions give becomes one. */
  public enum Merge {
    /** Beside each other: twice as many numbers. */
    CONCAT,
    /** Their sum. */
    SUM,
    /** Their product. */
    MUL,
    /** Their mean. */
    AVE;

    /**
     * {@return the way of a name: {@code "concat"}, {@code "sum"}, {@code "mul"} or {@code "ave"}}
     *
     * @param name the constant's name; case does not matter
     * @throws IllegalArgumentException if there is none of this name
     */
    public static Merge named(String name) {
      for (Merge merge : values()) {
        if (merge.name().equalsIgnoreCase(name)) {
          return merge;
        }
      }
      throw new IllegalArgumentException(
          "merge: there is no '%s'; names are %s"
              .formatted(
                  name,
                  Arrays.stream(values())
                      .map(merge -> merge.name().toLowerCase(Locale.ROOT))
                      .collect(Collectors.joining(", "))));
    }
  }

  /**
   * Makes a layer that puts both beside each other.
   *
   * @param layer reads forward; one of the same settings reads backward
   * @throws IllegalArgumentException if it reads backward itself
   * @throws IllegalStateException if it is built
   */
  public Bidirectional(RecurrentLayer<?> layer) {
    this(layer, Merge.CONCAT);
  }

  /**
   * Makes a layer.
   *
   * @param layer reads forward; one of the same settings reads backward
   * @param merge how both become one, as {@link Merge#named} knows it
   * @throws IllegalArgumentException if it reads backward itself, or there is no such way
   * @throws IllegalStateException if it is built
   */
  public Bidirectional(RecurrentLayer<?> layer, String merge) {
    this(layer, Merge.named(merge));
  }

  /**
   * Makes a layer.
   *
   * @param layer reads forward; one of the same settings reads backward
   * @param merge how both become one
   * @throws IllegalArgumentException if it reads backward itself
   * @throws IllegalStateException if it is built
   */
  public Bidirectional(RecurrentLayer<?> layer, Merge merge) {
    layer.requireUnbuilt("Bidirectional");
    if (layer.goesBackwards()) {
      throw new IllegalArgumentException(
          "Bidirectional: %s must read forward; leave goBackwards out".formatted(layer));
    }
    this.merge = merge;
    RecurrentLayer<?> reversed = layer.reversed();
    reversed.named(BACKWARD + layer.name());
    if (!layer.isNamed()) {
      layer.named("forward_" + layer.name());
    }
    forward = addLayer(layer);
    backward = addLayer(reversed);
  }

  /**
   * {@return the shape of one sample of the output}
   *
   * @param input the shape of one sample of the input
   * @throws dev.lanewise.array.ShapeException if it is not {@code [steps, features]}
   */
  @Override
  public Shape outputShape(Shape input) {
    Shape one = forward.outputShape(input);
    if (merge != Merge.CONCAT) {
      return one;
    }
    int[] dims = one.dims();
    dims[dims.length - 1] *= 2;
    return Shape.of(dims);
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    Tensor first = forward.apply(x, training);
    Tensor second = backward.apply(x, training);
    if (forward.returnsSequences()) {
      second = second.flip(1);
    }
    return switch (merge) {
      case CONCAT -> Tensor.concat(-1, first, second);
      case SUM -> first.add(second);
      case MUL -> first.mul(second);
      case AVE -> first.add(second).mul(0.5);
    };
  }

  @Override
  public Config config() {
    String given = backward.name().substring(BACKWARD.length());
    boolean named = forward.name().equals(given);
    return Config.of(type())
        .with("layer", named ? LayerTypes.configOf(forward) : forward.config())
        .with("merge", merge);
  }

  static Bidirectional of(Config config, LayerTypes types) {
    Layer layer = types.make(config.config("layer"));
    if (!(layer instanceof RecurrentLayer<?> recurrent)) {
      throw new IllegalArgumentException(
          "Bidirectional: the layer must be a SimpleRNN, an LSTM or a GRU, not " + layer.type());
    }
    return new Bidirectional(recurrent, config.text("merge"));
  }
}
