package dev.lanewise.kernel;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import java.util.Arrays;
import java.util.Objects;

/**
 * What a normalization takes the mean and the variance of, and which elements share a weight and a
 * bias. All kinds are {@code out = (x − mean) / √(variance + eps) · weight + bias}.
 *
 * {@snippet :
 * NormSpec layer = NormSpec.layer(x.shape(), 1, 1e-5);          // each row of [n, d] by itself
 * backend.normalize(layer, x, weight, bias, out);               // weight and bias are [d]
 * NormSpec batch = NormSpec.batch(images.shape(), 1e-5);        // each channel of [n, c, h, w]
 * backend.moments(batch, images, mean, variance);               // [c] and [c]
 * backend.normalizeBy(batch, images, mean, variance, weight, bias, out);
 * }
 *
 * @param shape the shape of what is normalized
 * @param view the same with the channels cut into groups, where there are groups
 * @param momentAxes the sorted axes of {@code view} that a mean and a variance are taken over
 * @param weights the shape of weight and bias
 * @param weightView the same stretched to the axes of {@code view}, with extents of 1
 * @param centered whether the mean is taken off; otherwise it counts as 0, and the variance is the
 *     mean of the squares
 * @param eps added to the variance, at least 0
 */
public record NormSpec(
    Shape shape,
    Shape view,
    int[] momentAxes,
    Shape weights,
    Shape weightView,
    boolean centered,
    double eps) {

  /**
   * Checks the record.
   *
   * @throws IllegalArgumentException if {@code eps} is negative or NaN
   */
  public NormSpec {
    if (!(eps >= 0)) {
      throw new IllegalArgumentException("norm: eps must be at least 0, not " + eps);
    }
  }

  /**
   * {@return layer normalization: each block of the last axes by itself (Ba, Kiros and Hinton,
   * "Layer Normalization", 2016)} Weight and bias have the shape of a block.
   *
   * @param shape the shape of what is normalized
   * @param axes how many of the last axes make a block, at least 1
   * @param eps added to the variance
   * @throws ShapeException if there are not so many axes
   */
  public static NormSpec layer(Shape shape, int axes, double eps) {
    return blocks(shape, axes, true, eps);
  }

  /**
   * {@return root mean square normalization, which takes no mean off (Zhang and Sennrich, "Root
   * Mean Square Layer Normalization", 2019)}
   *
   * @param shape the shape of what is normalized
   * @param axes how many of the last axes make a block, at least 1
   * @param eps added to the mean of the squares
   * @throws ShapeException if there are not so many axes
   */
  public static NormSpec rms(Shape shape, int axes, double eps) {
    return blocks(shape, axes, false, eps);
  }

  private static NormSpec blocks(Shape shape, int axes, boolean centered, double eps) {
    int rank = shape.rank();
    if (axes < 1 || axes > rank) {
      throw new ShapeException(
          "norm: a block must be from 1 to all of the last axes of " + shape + ", not " + axes);
    }
    int[] moments = new int[axes];
    Arrays.setAll(moments, i -> rank - axes + i);
    Shape block = Shape.of(Arrays.copyOfRange(shape.dims(), rank - axes, rank));
    int[] stretched = shape.dims();
    Arrays.fill(stretched, 0, rank - axes, 1);
    return new NormSpec(shape, shape, moments, block, Shape.of(stretched), centered, eps);
  }

  /**
   * {@return group normalization: in each sample, neighbouring channels together with all of their
   * places (Wu and He, "Group Normalization", 2018)} With as many groups as channels it is instance
   * normalization. Weight and bias are {@code [c]}.
   *
   * @param shape {@code [n, c, …]}
   * @param groups how many groups the channels are cut into
   * @param eps added to the variance
   * @throws ShapeException if the groups do not divide the channels
   */
  public static NormSpec group(Shape shape, int groups, double eps) {
    int c = channels(shape);
    if (groups < 1 || c % groups != 0) {
      throw new ShapeException(
          "norm: groups must be at least 1 and divide the "
              + c
              + " channels of "
              + shape
              + ", not "
              + groups);
    }
    int rank = shape.rank() + 1;
    int[] dims = new int[rank];
    int[] stretched = new int[rank];
    Arrays.fill(stretched, 1);
    dims[0] = shape.dim(0);
    dims[1] = groups;
    dims[2] = c / groups;
    for (int i = 3; i < rank; i++) {
      dims[i] = shape.dim(i - 1);
    }
    stretched[1] = groups;
    stretched[2] = c / groups;
    int[] moments = new int[rank - 2];
    Arrays.setAll(moments, i -> i + 2);
    return new NormSpec(
        shape, Shape.of(dims), moments, Shape.of(c), Shape.of(stretched), true, eps);
  }

  /**
   * {@return batch normalization: each channel over all samples and places (Ioffe and Szegedy,
   * "Batch Normalization", 2015)} Weight, bias, mean and variance are {@code [c]}.
   *
   * @param shape {@code [n, c, …]}
   * @param eps added to the variance
   * @throws ShapeException if there are fewer than two axes
   */
  public static NormSpec batch(Shape shape, double eps) {
    int c = channels(shape);
    int[] stretched = new int[shape.rank()];
    Arrays.fill(stretched, 1);
    stretched[1] = c;
    int[] moments = new int[shape.rank() - 1];
    Arrays.setAll(moments, i -> i == 0 ? 0 : i + 1);
    return new NormSpec(shape, shape, moments, Shape.of(c), Shape.of(stretched), true, eps);
  }

  private static int channels(Shape shape) {
    if (shape.rank() < 2) {
      throw new ShapeException("norm: the shape must be [n, c, …], not " + shape);
    }
    return shape.dim(1);
  }

  /** {@return the shape of mean and variance} */
  public Shape moments() {
    return view.reduced(momentAxes, false);
  }

  /** {@return the sorted axes of {@link #view} whose elements share a weight} */
  public int[] sharedAxes() {
    int[] axes = new int[view.rank()];
    int count = 0;
    for (int i = 0; i < axes.length; i++) {
      if (view.dim(i) != weightView.dim(i)) {
        axes[count++] = i;
      }
    }
    return Arrays.copyOf(axes, count);
  }

  /** {@return how many elements a mean is taken over} */
  public long count() {
    long count = 1;
    for (int axis : momentAxes) {
      count *= view.dim(axis);
    }
    return count;
  }

  /**
   * {@return what is normalized, under {@link #view}}
   *
   * @param x of {@link #shape}
   */
  public NdArray viewOf(NdArray x) {
    return x.view(x.layout().reshape(view));
  }

  /**
   * {@return a mean or variance, with extents of 1 along the axes that it is taken over}
   *
   * @param x of {@link #moments}
   */
  public NdArray viewOfMoment(NdArray x) {
    return x.view(x.layout().reshape(view.reduced(momentAxes, true)));
  }

  /**
   * {@return a weight or bias, with extents of 1 along the axes that share it}
   *
   * @param x of {@link #weights}
   */
  public NdArray viewOfWeight(NdArray x) {
    return x.view(x.layout().reshape(weightView));
  }

  /**
   * Checks the arrays of {@link Backend#moments}.
   *
   * @param x what is normalized
   * @param mean an output
   * @param variance an output
   * @throws ShapeException if a shape does not fit
   * @throws DTypeException if types differ or are not computed in
   * @throws IllegalArgumentException if an output shares memory with another array
   */
  public void checkMoments(NdArray x, NdArray mean, NdArray variance) {
    String operation = "moments";
    Checks.compute(operation, x, mean, variance);
    Checks.shape(operation, "input", x, shape);
    output(operation, "mean", mean, moments());
    output(operation, "variance", variance, moments());
    Checks.apart(operation, mean, x, variance);
    Checks.apart(operation, variance, x);
  }

  /**
   * Checks the arrays of {@link Backend#normalize} and {@link Backend#normalizeBy}.
   *
   * @param operation who asks, for the error's text
   * @param x what is normalized
   * @param weight the factors, or null
   * @param bias what is added, or null
   * @param out the output
   * @param more mean and variance, if they are given
   * @throws ShapeException if a shape does not fit
   * @throws DTypeException if types differ or are not computed in
   * @throws IllegalArgumentException if the output shares memory with an argument and is not {@code
   *     x} itself
   */
  public void checkForward(
      String operation, NdArray x, NdArray weight, NdArray bias, NdArray out, NdArray... more) {
    Checks.compute(operation, x, out);
    Checks.compute(operation, x, more);
    Checks.shape(operation, "input", x, shape);
    for (NdArray moment : more) {
      Checks.shape(operation, "mean and variance", moment, moments());
    }
    output(operation, "output", out, shape);
    Checks.apartOrSame(operation, out, x);
    Checks.apart(operation, out, more);
    weight(operation, "weight", weight, x, out);
    weight(operation, "bias", bias, x, out);
  }

  private void weight(String operation, String what, NdArray weight, NdArray x, NdArray... outs) {
    if (weight != null) {
      Checks.compute(operation, x, weight);
      Checks.shape(operation, what, weight, weights);
      for (NdArray out : outs) {
        Checks.apart(operation, out, weight);
      }
    }
  }

  /**
   * Checks the arrays of {@link Backend#normalizeBackward}.
   *
   * @param x what was normalized
   * @param weight the factors, or null
   * @param outGrad the gradient by the output
   * @param xGrad an output
   * @param weightGrad an output, or null
   * @param biasGrad an output, or null
   * @throws ShapeException if a shape does not fit
   * @throws DTypeException if types differ or are not computed in
   * @throws IllegalArgumentException if an output shares memory with another array
   */
  public void checkBackward(
      NdArray x,
      NdArray weight,
      NdArray outGrad,
      NdArray xGrad,
      NdArray weightGrad,
      NdArray biasGrad) {
    String operation = "normalizeBackward";
    Checks.compute(operation, x, outGrad, xGrad);
    Checks.shape(operation, "input", x, shape);
    Checks.shape(operation, "gradient by the output", outGrad, shape);
    output(operation, "gradient by the input", xGrad, shape);
    Checks.apart(operation, xGrad, x, outGrad);
    weight(operation, "weight", weight, x, xGrad);
    weightGradient(operation, "gradient by the weight", weightGrad, x, outGrad, xGrad, weight);
    weightGradient(operation, "gradient by the bias", biasGrad, x, outGrad, xGrad, weight);
    if (weightGrad != null && biasGrad != null) {
      Checks.apart(operation, weightGrad, biasGrad);
    }
  }

  private void weightGradient(
      String operation, String what, NdArray grad, NdArray x, NdArray... others) {
    if (grad != null) {
      Checks.compute(operation, x, grad);
      output(operation, what, grad, weights);
      Checks.apart(operation, grad, x);
      for (NdArray other : others) {
        if (other != null) {
          Checks.apart(operation, grad, other);
        }
      }
    }
  }

  private static void output(String operation, String what, NdArray out, Shape shape) {
    Checks.shape(operation, what, out, shape);
    Checks.output(operation, out);
  }

  /** {@return whether another spec normalizes the same in the same way} */
  @Override
  public boolean equals(Object other) {
    return other instanceof NormSpec spec
        && shape.equals(spec.shape)
        && view.equals(spec.view)
        && Arrays.equals(momentAxes, spec.momentAxes)
        && weights.equals(spec.weights)
        && weightView.equals(spec.weightView)
        && centered == spec.centered
        && Double.compare(eps, spec.eps) == 0;
  }

  /** {@return a hash of what {@link #equals} compares} */
  @Override
  public int hashCode() {
    return Objects.hash(
        shape, view, Arrays.hashCode(momentAxes), weights, weightView, centered, eps);
  }

  /** {@return the shape, what is normalized, and eps} */
  @Override
  public String toString() {
    return (centered ? "norm " : "rms norm ")
        + shape
        + " as "
        + view
        + " over axes "
        + Arrays.toString(momentAxes)
        + ", eps "
        + eps;
  }
}
