package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.internal.Samples;
import java.util.List;

/**
 * Products of the vectors of two inputs, sample by sample: each along an axis of the one with each
 * along an axis of the other. {@code [n, d]} and {@code [n, d]} make {@code [n, 1]}; {@code [n, a,
 * d]} and {@code [n, b, d]}, along axis 2, make {@code [n, a, b]}.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   SymbolicTensor user = Input.of(16);
 *   SymbolicTensor film = Input.of(16);
 *   SymbolicTensor likeness = new Dot(1).normalize(true).apply(user, film); // the cosine
 *   IO.println(Model.of(List.of(user, film), List.of(likeness)).summary());
 * }
 * }
 */
public final class Dot extends MultiInputLayer {
  /** Keeps a vector of zeros from being divided by 0; Keras's. */
  private static final double EPSILON = 1e-12;

  private final int firstAxis;
  private final int secondAxis;
  private boolean normalize;

  /**
   * Makes a layer.
   *
   * @param axis the axis of both batches along which vectors lie: 1 is the first of a sample, −1
   *     the last
   * @throws IllegalArgumentException if it is 0, that of the samples
   */
  public Dot(int axis) {
    this(axis, axis);
  }

  /**
   * Makes a layer.
   *
   * @param firstAxis the axis of the first batch along which vectors lie
   * @param secondAxis that of the second
   * @throws IllegalArgumentException if one is 0, that of the samples
   */
  public Dot(int firstAxis, int secondAxis) {
    if (firstAxis == 0 || secondAxis == 0) {
      throw new IllegalArgumentException(
          "Dot: axis 0 is that of the samples; give 1 for the first of a sample");
    }
    this.firstAxis = firstAxis;
    this.secondAxis = secondAxis;
  }

  /**
   * Chooses whether vectors are divided by their lengths, so that products are cosines; they are
   * not if nobody does.
   *
   * @param normalize whether they are
   * @return this layer
   */
  public Dot normalize(boolean normalize) {
    this.normalize = normalize;
    return this;
  }

  /**
   * {@return the shape of one sample of the output: the axes of the first that are left, then those
   * of the second; {@code [1]} if none is}
   *
   * @param inputs the shape of one sample of each input
   * @throws ShapeException if there are not two, or vectors are not of one length
   */
  @Override
  public Shape outputShape(List<Shape> inputs) {
    if (inputs.size() != 2) {
      throw new ShapeException("%s: takes two inputs, not %d".formatted(describe(), inputs.size()));
    }
    Shape first = inputs.getFirst();
    Shape second = inputs.getLast();
    int a = place(first, firstAxis, inputs);
    int b = place(second, secondAxis, inputs);
    if (first.dim(a) != second.dim(b)) {
      throw new ShapeException(
          "%s: vectors must be of one length, not %d and %d (inputs %s and %s, axes %d and %d)"
              .formatted(
                  describe(),
                  first.dim(a),
                  second.dim(b),
                  batchOf(first),
                  batchOf(second),
                  firstAxis,
                  secondAxis));
    }
    int[] dims = new int[first.rank() + second.rank() - 2];
    int at = 0;
    for (int i = 0; i < first.rank(); i++) {
      if (i != a) {
        dims[at++] = first.dim(i);
      }
    }
    for (int i = 0; i < second.rank(); i++) {
      if (i != b) {
        dims[at++] = second.dim(i);
      }
    }
    return dims.length == 0 ? Shape.of(1) : Shape.of(dims);
  }

  private int place(Shape sample, int axis, List<Shape> inputs) {
    int at = axis < 0 ? sample.rank() + axis : axis - 1;
    if (at < 0 || at >= sample.rank()) {
      throw new ShapeException(
          "%s: samples must have the axes %d and %d, not be %s"
              .formatted(
                  describe(), firstAxis, secondAxis, inputs.stream().map(Dot::batchOf).toList()));
    }
    return at;
  }

  @Override
  protected Tensor call(List<Tensor> inputs, boolean training) {
    Tensor first = rows(inputs.getFirst(), firstAxis);
    Tensor second = rows(inputs.getLast(), secondAxis);
    Tensor products = first.matmul(second.transpose());
    Shape sample = outputShape(inputs.stream().map(this::sampleOf).toList());
    return products.reshape(Samples.batch(products.shape().dim(0), sample));
  }

  /** {@return the vectors along an axis, {@code [n, how many, length]}} */
  private Tensor rows(Tensor x, int axis) {
    int rank = x.shape().rank();
    int at = axis < 0 ? rank + axis : axis;
    int[] order = new int[rank];
    for (int i = 0, next = 0; i < rank; i++) {
      if (i != at) {
        order[next++] = i;
      }
    }
    order[rank - 1] = at;
    int length = x.shape().dim(at);
    int count = (int) (sampleOf(x).size() / Math.max(1, length));
    Tensor rows = x.permute(order).reshape(x.shape().dim(0), count, length);
    if (!normalize) {
      return rows;
    }
    Tensor squares = rows.square().sum(true, -1);
    return rows.mul(squares.maximum(EPSILON).rsqrt());
  }

  @Override
  public Config config() {
    return Config.of(type())
        .with("firstAxis", firstAxis)
        .with("secondAxis", secondAxis)
        .with("normalize", normalize);
  }

  static Dot of(Config config) {
    return new Dot(config.integer("firstAxis"), config.integer("secondAxis"))
        .normalize(config.flag("normalize"));
  }
}
