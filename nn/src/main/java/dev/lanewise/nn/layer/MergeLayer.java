package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import java.util.List;

/**
 * Makes one of several inputs, number by number. Samples are of one shape, or stretch to one: they
 * are aligned at their last axes, and an extent of 1 stretches to the others', as in NumPy.
 */
abstract class MergeLayer extends MultiInputLayer {
  private final int most;

  /** Makes a layer of two inputs or more, at most so many. */
  MergeLayer(int most) {
    this.most = most;
  }

  /**
   * {@return the shape of one sample of the output}
   *
   * @param inputs the shape of one sample of each input
   * @throws ShapeException if there are not two or more, or they do not stretch to one shape
   */
  @Override
  public Shape outputShape(List<Shape> inputs) {
    if (inputs.size() < 2 || inputs.size() > most) {
      throw new ShapeException(
          "%s: takes %s, not %d"
              .formatted(
                  describe(), most == 2 ? "two inputs" : "two inputs or more", inputs.size()));
    }
    Shape all = inputs.getFirst();
    for (Shape input : inputs) {
      try {
        all = Shape.broadcast("merge", all, input);
      } catch (ShapeException e) {
        throw new ShapeException(
            "%s: samples must have one shape, or stretch to one, not %s"
                .formatted(describe(), inputs.stream().map(MergeLayer::batchOf).toList()));
      }
    }
    return all;
  }

  @Override
  protected Tensor call(List<Tensor> inputs, boolean training) {
    int rank = inputs.stream().mapToInt(x -> x.shape().rank()).max().orElseThrow();
    Tensor all = null;
    for (Tensor input : inputs) {
      Tensor aligned = input;
      // Between the samples and their first axis, as samples must meet samples.
      while (aligned.shape().rank() < rank) {
        aligned = aligned.expandDims(1);
      }
      all = all == null ? aligned : merge(all, aligned);
    }
    return finish(all, inputs.size());
  }

  /** {@return two inputs as one} */
  abstract Tensor merge(Tensor a, Tensor b);

  /** {@return the output, of all inputs as one} */
  Tensor finish(Tensor all, int inputs) {
    return all;
  }

  @Override
  public Config config() {
    return Config.of(type());
  }
}
