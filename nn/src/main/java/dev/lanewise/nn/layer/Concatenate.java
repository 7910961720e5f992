package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import java.util.List;

/**
 * Joins inputs along an axis.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   SymbolicTensor left = Input.of(3);
 *   SymbolicTensor right = Input.of(5);
 *   IO.println(new Concatenate().apply(left, right)); // [n, 8]
 * }
 * }
 */
public final class Concatenate extends MultiInputLayer {
  private final int axis;

  /** Makes a layer that joins along the last axis. */
  public Concatenate() {
    this(-1);
  }

  /**
   * Makes a layer.
   *
   * @param axis the axis of batches: 1 is the first of a sample, −1 the last
   * @throws IllegalArgumentException if it is 0, that of the samples
   */
  public Concatenate(int axis) {
    if (axis == 0) {
      throw new IllegalArgumentException(
          "Concatenate: axis 0 is that of the samples; give 1 for the first of a sample");
    }
    this.axis = axis;
  }

  /**
   * {@return the shape of one sample of the output}
   *
   * @param inputs the shape of one sample of each input
   * @throws ShapeException if there are not two or more, or they differ elsewhere than along the
   *     axis
   */
  @Override
  public Shape outputShape(List<Shape> inputs) {
    if (inputs.size() < 2) {
      throw new ShapeException(
          "%s: takes two inputs or more, not %d".formatted(describe(), inputs.size()));
    }
    int[] dims = inputs.getFirst().dims();
    int at = axis < 0 ? dims.length + axis : axis - 1;
    if (at < 0 || at >= dims.length) {
      throw new ShapeException(
          "%s: samples must have the axis %d, not be %s".formatted(describe(), axis, text(inputs)));
    }
    for (Shape input : inputs.subList(1, inputs.size())) {
      boolean fits = input.rank() == dims.length;
      for (int i = 0; fits && i < dims.length; i++) {
        fits = i == at || input.dim(i) == dims[i];
      }
      if (!fits) {
        throw new ShapeException(
            "%s: samples must have one shape, but along axis %d, not %s"
                .formatted(describe(), axis, text(inputs)));
      }
      dims[at] = Math.addExact(dims[at], input.dim(at));
    }
    return Shape.of(dims);
  }

  private static List<String> text(List<Shape> inputs) {
    return inputs.stream().map(Concatenate::batchOf).toList();
  }

  @Override
  protected Tensor call(List<Tensor> inputs, boolean training) {
    return Tensor.concat(axis, inputs.toArray(Tensor[]::new));
  }

  @Override
  public Config config() {
    return Config.of(type()).with("axis", axis);
  }

  static Concatenate of(Config config) {
    return new Concatenate(config.integer("axis"));
  }
}
