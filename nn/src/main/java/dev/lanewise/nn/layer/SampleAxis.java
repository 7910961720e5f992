package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;

/** The axis that a layer works along. */
final class SampleAxis {
  private SampleAxis() {}

  /**
   * {@return the axis of a batch, from 1}
   *
   * @param layer how errors name the layer
   * @param axis the axis, counted as in the batch; negative counts from the last
   * @param input the shape of one sample
   * @throws ShapeException if there is no such axis, or it is that of the batch
   */
  static int of(String layer, int axis, Shape input) {
    int at = axis < 0 ? axis + input.rank() + 1 : axis;
    if (at < 1 || at > input.rank()) {
      throw new ShapeException(
          "%s: a sample has no axis %d; its axes count from 1 in %s"
              .formatted(layer, axis, Layer.batchOf(input)));
    }
    return at;
  }
}
