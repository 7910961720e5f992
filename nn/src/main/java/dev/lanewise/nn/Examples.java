package dev.lanewise.nn;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.data.LabeledDataset;
import java.util.Objects;

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
 */
public final class Examples {
  private final Rows x;
  private final Rows y;

  private Examples(Rows x, Rows y) {
    if (x.count() != y.count()) {
      throw new ShapeException(
          "examples: there are " + x.count() + " samples but targets for " + y.count());
    }
    if (x.count() == 0) {
      throw new ShapeException("examples: there must be at least one sample");
    }
    this.x = x;
    this.y = y;
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
    return x.count();
  }

  /** {@return the shape of one sample} */
  public Shape sampleShape() {
    return x.row();
  }

  /** {@return the shape of one target; a scalar's for classes} */
  public Shape targetShape() {
    return y.row();
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
    return new Examples(x.range(from, to), y.range(from, to));
  }

  Rows x() {
    return x;
  }

  Rows y() {
    return y;
  }

  /** {@return the examples with samples of f32 and other targets: as a model takes them} */
  Examples prepared(Rows targets) {
    return new Examples(x.asF32(), targets);
  }

  /** {@return number and shapes} */
  @Override
  public String toString() {
    return size() + " examples: samples " + sampleShape() + ", targets " + targetShape();
  }
}
