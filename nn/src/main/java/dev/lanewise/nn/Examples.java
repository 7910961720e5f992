package dev.lanewise.nn;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backends;
import dev.lanewise.nn.data.Batch;
import dev.lanewise.nn.data.Batches;
import dev.lanewise.nn.data.LabeledDataset;
import dev.lanewise.nn.internal.Checks;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Samples and what is right for each: what a model learns from and is judged by. Arrays and tensors
 * are shared, not copied; leave them alone while a model uses them.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   float[][] x = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
 *   Examples xor = Examples.of(x, new int[] {0, 1, 1, 0});
 *   IO.println(xor); // 4 examples: samples [2], targets []
 * }
 * }
 *
 * <p>In a training loop of one's own, as PyTorch has it, they come in batches. The scope frees what
 * a step has made; {@code zeroGrad} stands inside of it, as gradients are made there too:
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   Tensor x = Tensor.linspace(0, 3, 60).reshape(-1, 1);
 *   Batches loader = Examples.of(x, x.mul(2).add(1)).shuffledBatches(4, 42);
 *   var net = Sequential.of(new Dense(8, "tanh"), new Dense(1)).seed(1).build(1);
 *   var loss = new MeanSquaredError();
 *   var optimizer = new Adam(0.01).over(net.weights());
 *   for (Batch b : loader) {
 *     try (Scope scope = Scope.open("step")) {
 *       optimizer.zeroGrad();
 *       loss.apply(net.apply(b.x(), true), b.y()).backward();
 *       optimizer.step();
 *     }
 *   }
 *   IO.println(loss.apply(net.predict(x), x.mul(2).add(1)).item());
 * }
 * }
 */
public final class Examples {
  private final List<Rows> x;
  private final List<Rows> y;
  private final Rows weights;

  private Examples(Rows x, Rows y) {
    this(List.of(x), List.of(y), null);
  }

  private Examples(List<Rows> x, List<Rows> y, Rows weights) {
    if (x.isEmpty()) {
      throw new ShapeException("examples: there must be at least one input");
    }
    int count = x.getFirst().count();
    if (count == 0) {
      throw new ShapeException("examples: there must be at least one sample");
    }
    x.forEach(rows -> requireCount("samples", rows, count));
    y.forEach(rows -> requireCount("targets", rows, count));
    if (weights != null) {
      requireCount("weights", weights, count);
    }
    this.x = x;
    this.y = y;
    this.weights = weights;
  }

  private static void requireCount(String what, Rows rows, int count) {
    if (rows.count() != count) {
      throw new ShapeException(
          "examples: there are " + count + " samples but " + what + " for " + rows.count());
    }
  }

  /**
   * {@return samples of several inputs with targets of several outputs}
   *
   * @param inputs one tensor for each input of the model, {@code [n, …]}
   * @param targets one tensor for each output of the model, {@code [n, …]}
   * @throws ShapeException if their numbers of samples differ
   */
  public static Examples of(List<Tensor> inputs, List<Tensor> targets) {
    return new Examples(
        inputs.stream().map(Rows::of).toList(), targets.stream().map(Rows::of).toList(), null);
  }

  /**
   * {@return the examples of a batch}
   *
   * @param batch the batch
   */
  public static Examples of(Batch batch) {
    Examples examples = of(batch.inputs(), batch.targets());
    return batch.weights().map(examples::weights).orElse(examples);
  }

  /**
   * {@return samples with targets}
   *
   * @param x the samples, {@code [n, …]}
   * @param y the targets, {@code [n, …]}; i32 or i64 of {@code [n]} for classes
   * @throws ShapeException if their numbers differ
   */
  public static Examples of(Tensor x, Tensor y) {
    return new Examples(Rows.of(x), Rows.of(y));
  }

  /**
   * {@return samples with classes}
   *
   * @param x the samples, {@code [n, …]}
   * @param labels the class of each sample
   * @throws ShapeException if their numbers differ
   */
  public static Examples of(Tensor x, int[] labels) {
    return new Examples(Rows.of(x), Rows.of(labels));
  }

  /**
   * {@return samples with classes}
   *
   * @param x all samples, one after the other, each row-major
   * @param sampleShape the shape of one sample
   * @param labels the class of each sample
   * @throws ShapeException if lengths and shape do not fit
   */
  public static Examples of(float[] x, int[] sampleShape, int[] labels) {
    return new Examples(Rows.of(x, Shape.of(sampleShape)), Rows.of(labels));
  }

  /**
   * {@return rows of features with classes}
   *
   * @param x one row for each sample, copied
   * @param labels the class of each sample
   * @throws ShapeException if numbers or lengths differ
   */
  public static Examples of(float[][] x, int[] labels) {
    return new Examples(joined(x), Rows.of(labels));
  }

  /**
   * {@return rows of features with one number each}
   *
   * @param x one row for each sample, copied
   * @param y the number for each sample
   * @throws ShapeException if numbers or lengths differ
   */
  public static Examples of(float[][] x, float[] y) {
    return new Examples(joined(x), Rows.of(y, Shape.of(1)));
  }

  /**
   * {@return a data set's samples with their classes}
   *
   * @param data the data set
   */
  public static Examples of(LabeledDataset data) {
    return of(data.features(), data.sampleShape(), data.labels());
  }

  private static Rows joined(float[][] rows) {
    int length = rows.length == 0 ? 1 : rows[0].length;
    if ((long) rows.length * length > Integer.MAX_VALUE) {
      throw new ShapeException(
          "examples: "
              + rows.length
              + " rows of "
              + length
              + " features are more numbers than an array holds; give a tensor");
    }
    float[] all = new float[rows.length * length];
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].length != length) {
        throw new ShapeException(
            "examples: row "
                + i
                + " has "
                + rows[i].length
                + " features but row 0 has "
                + length
                + "; all need as many");
      }
      System.arraycopy(rows[i], 0, all, i * length, length);
    }
    return Rows.of(all, Shape.of(length));
  }

  /** {@return the number of samples, 1 or more} */
  public int size() {
    return x.getFirst().count();
  }

  /**
   * {@return these examples, of which some count more than others}
   *
   * @param weights how much each counts in the loss, {@code [n]}, at least 0
   * @throws ShapeException if their number is not that of the examples
   * @throws IllegalArgumentException if one is negative or not finite
   */
  public Examples weights(Tensor weights) {
    Rows rows = Rows.of(weights);
    if (rows.row().size() != 1) {
      throw new ShapeException(
          "examples: weights must be [n], one number for each example, not " + weights.shape());
    }
    Examples weighted = new Examples(x, y, rows.asF32().shaped(Shape.SCALAR));
    for (int i = 0; i < rows.count(); i++) {
      Checks.notNegative("examples: the weight of row " + i, rows.number(i));
    }
    return weighted;
  }

  /** {@return the shape of one sample, of the first input} */
  public Shape sampleShape() {
    return x.getFirst().row();
  }

  /** {@return the shape of one sample of each input} */
  public List<Shape> sampleShapes() {
    return x.stream().map(Rows::row).toList();
  }

  /**
   * {@return the shape of one target, of the first output; a scalar's for classes}
   *
   * @throws java.util.NoSuchElementException if there are no targets
   */
  public Shape targetShape() {
    return y.getFirst().row();
  }

  /**
   * {@return the examples from {@code from} up to, not including, {@code to}}
   *
   * @param from the first
   * @param to the one after the last
   * @throws IndexOutOfBoundsException if there is no such range
   * @throws ShapeException if it is empty
   */
  public Examples slice(int from, int to) {
    Objects.checkFromToIndex(from, to, size());
    return new Examples(
        x.stream().map(rows -> rows.range(from, to)).toList(),
        y.stream().map(rows -> rows.range(from, to)).toList(),
        weights == null ? null : weights.range(from, to));
  }

  /**
   * {@return these examples in batches, in order, for a training loop of one's own: samples in f32
   * as models take them, targets as they are} A batch is valid until the next is asked for, whose
   * memory is the same.
   *
   * @param batchSize the size of all batches but the last, at least 1
   * @throws IllegalArgumentException if it is less than 1
   */
  public Batches batches(int batchSize) {
    return batches(batchSize, OptionalLong.empty());
  }

  /**
   * {@return these examples in batches, in another random order in every epoch, as {@code fit} goes
   * through them} A batch is valid until the next is asked for, whose memory is the same.
   *
   * @param batchSize the size of all batches but the last, at least 1
   * @param seed decides about the orders
   * @throws IllegalArgumentException if the size is less than 1
   */
  public Batches shuffledBatches(int batchSize, long seed) {
    return batches(batchSize, OptionalLong.of(seed));
  }

  private Batches batches(int batchSize, OptionalLong seed) {
    if (batchSize < 1) {
      throw new IllegalArgumentException(
          "examples: batchSize must be at least 1, not " + batchSize);
    }
    return Feed.of(Backends::best, prepared(y), batchSize, seed);
  }

  List<Rows> x() {
    return x;
  }

  List<Rows> y() {
    return y;
  }

  /** {@return how much each counts, or {@code null}} */
  Rows weights() {
    return weights;
  }

  Examples weighted(Rows other) {
    return new Examples(x, y, other);
  }

  /** {@return the examples with samples of f32 and other targets: as a model takes them} */
  Examples prepared(List<Rows> targets) {
    return new Examples(x.stream().map(Rows::asF32).toList(), targets, weights);
  }

  /** {@return number and shapes} */
  @Override
  public String toString() {
    return "%d examples: samples %s, targets %s".formatted(size(), text(x), text(y));
  }

  private static String text(List<Rows> rows) {
    return rows.stream().map(each -> each.row().toString()).collect(Collectors.joining(", "));
  }
}
