package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import java.util.Arrays;

/**
 * Puts the axes of samples into another order: {@code new Permute(2, 1)} makes {@code [n, features,
 * steps]} of {@code [n, steps, features]}. As axis 0 is that of the batch, those of a sample count
 * from 1.
 */
public final class Permute extends Layer {
  private final int[] order;

  /**
   * Makes the layer.
   *
   * @param order the old axis of each new one, from 1
   * @throws IllegalArgumentException unless each axis is there once
   */
  public Permute(int... order) {
    int[] sorted = order.clone();
    Arrays.sort(sorted);
    for (int i = 0; i < sorted.length; i++) {
      if (sorted[i] != i + 1) {
        throw new IllegalArgumentException(
            "Permute: the order must name each axis from 1 to %d once, not %s"
                .formatted(order.length, Arrays.toString(order)));
      }
    }
    this.order = order.clone();
  }

  /**
   * {@return the shape of one sample of the output}
   *
   * @param input the shape of one sample of the input
   * @throws ShapeException if it has not as many axes as the order
   */
  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() != order.length) {
      throw new ShapeException(
          "%s: samples must have %d axes, for the order %s, not %d (input %s)"
              .formatted(
                  describe(), order.length, Arrays.toString(order), input.rank(), batchOf(input)));
    }
    return Shape.of(Arrays.stream(order).map(axis -> input.dim(axis - 1)).toArray());
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    int[] all = new int[order.length + 1];
    System.arraycopy(order, 0, all, 1, order.length);
    return x.permute(all);
  }

  @Override
  public Config config() {
    return Config.of(type()).with("order", order);
  }

  static Permute of(Config config) {
    return new Permute(config.integers("order"));
  }
}
