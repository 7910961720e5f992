package dev.lanewise.autodiff;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.ReduceOp;

/**
 * Operations that combine elements along axes. No axes given means all; negative ones count from
 * the last. With {@code keepDims} a reduced axis stays, with extent 1; without, it disappears.
 *
 * <p>All throw {@link dev.lanewise.array.ShapeException} if there is no such axis or one is named
 * twice, and, unless it is said otherwise, {@link dev.lanewise.array.DTypeException} unless the
 * tensor is f32 or f64; sums, products, maxima and minima are taken of i32 and i64 too, exactly.
 */
public sealed interface ReduceOps permits Tensor {

  /**
   * {@return the sum; 0 of no elements}
   *
   * @param axes the axes that disappear
   */
  default Tensor sum(int... axes) {
    return sum(false, axes);
  }

  /**
   * {@return the sum; 0 of no elements} Of a mask it is how often it is true, as {@link DType#I64}.
   *
   * @param keepDims whether reduced axes stay with extent 1
   * @param axes the axes that are reduced
   */
  default Tensor sum(boolean keepDims, int... axes) {
    Tensor x = (Tensor) this;
    Tensor numbers = x.dtype() == DType.BOOL ? x.cast(DType.I64) : x;
    return Elementwise.mapSum("sum", Reductions.X, Elementwise.NO_PARAMS, axes, keepDims, numbers);
  }

  /**
   * {@return the mean; NaN of no elements}
   *
   * @param axes the axes that disappear
   */
  default Tensor mean(int... axes) {
    return mean(false, axes);
  }

  /**
   * {@return the mean; NaN of no elements}
   *
   * @param keepDims whether reduced axes stay with extent 1
   * @param axes the axes that are reduced
   */
  default Tensor mean(boolean keepDims, int... axes) {
    return Reductions.mean((Tensor) this, keepDims, axes);
  }

  /**
   * {@return the variance: the mean of the squared distance from the mean} It divides by n, not by
   * n − 1.
   *
   * @param axes the axes that disappear
   */
  default Tensor variance(int... axes) {
    return variance(false, axes);
  }

  /**
   * {@return the variance: the mean of the squared distance from the mean} It divides by n, not by
   * n − 1.
   *
   * @param keepDims whether reduced axes stay with extent 1
   * @param axes the axes that are reduced
   */
  default Tensor variance(boolean keepDims, int... axes) {
    return Reductions.variance((Tensor) this, keepDims, axes);
  }

  /**
   * {@return the largest element; −∞ of no elements, NaN if any is} Equal largest ones share the
   * gradient.
   *
   * @param axes the axes that disappear
   */
  default Tensor max(int... axes) {
    return max(false, axes);
  }

  /**
   * {@return the largest element; −∞ of no elements, NaN if any is} Equal largest ones share the
   * gradient.
   *
   * @param keepDims whether reduced axes stay with extent 1
   * @param axes the axes that are reduced
   */
  default Tensor max(boolean keepDims, int... axes) {
    return Reductions.extreme("max", ReduceOp.MAX, (Tensor) this, keepDims, axes);
  }

  /**
   * {@return the smallest element; ∞ of no elements, NaN if any is} Equal smallest ones share the
   * gradient.
   *
   * @param axes the axes that disappear
   */
  default Tensor min(int... axes) {
    return min(false, axes);
  }

  /**
   * {@return the smallest element; ∞ of no elements, NaN if any is} Equal smallest ones share the
   * gradient.
   *
   * @param keepDims whether reduced axes stay with extent 1
   * @param axes the axes that are reduced
   */
  default Tensor min(boolean keepDims, int... axes) {
    return Reductions.extreme("min", ReduceOp.MIN, (Tensor) this, keepDims, axes);
  }

  /**
   * {@return the product; 1 of no elements} Its gradient is right where factors are 0, too.
   *
   * @param axes the axes that disappear
   */
  default Tensor prod(int... axes) {
    return prod(false, axes);
  }

  /**
   * {@return the product; 1 of no elements} Its gradient is right where factors are 0, too.
   *
   * @param keepDims whether reduced axes stay with extent 1
   * @param axes the axes that are reduced
   */
  default Tensor prod(boolean keepDims, int... axes) {
    return Reductions.prod((Tensor) this, keepDims, axes);
  }

  /**
   * {@return the logarithm of the sum of exponentials, without overflow; −∞ of no elements}
   *
   * @param axes the axes that disappear
   */
  default Tensor logSumExp(int... axes) {
    return logSumExp(false, axes);
  }

  /**
   * {@return the logarithm of the sum of exponentials, without overflow; −∞ of no elements}
   *
   * @param keepDims whether reduced axes stay with extent 1
   * @param axes the axes that are reduced
   */
  default Tensor logSumExp(boolean keepDims, int... axes) {
    return Reductions.logSumExp((Tensor) this, keepDims, axes);
  }

  /**
   * {@return where the first largest element along an axis is, as {@link DType#I64}} A NaN counts
   * as larger than any number. For i32 and i64, too. Carries no gradient.
   *
   * @param axis the axis that disappears; it is not empty
   */
  default Tensor argMax(int axis) {
    Tensor x = (Tensor) this;
    int at = x.shape().axis("argMax", axis);
    NdArray out = x.backend().uninitialized(DType.I64, x.shape().reduced(new int[] {at}, false));
    x.backend().argMax(x.data(), at, out);
    return new Tensor(out);
  }

  /**
   * {@return where the first smallest element along an axis is, as {@link DType#I64}} A NaN counts
   * as smaller than any number. For i32 and i64, too. Carries no gradient.
   *
   * @param axis the axis that disappears; it is not empty
   */
  default Tensor argMin(int axis) {
    Tensor x = (Tensor) this;
    int at = x.shape().axis("argMin", axis);
    NdArray out = x.backend().uninitialized(DType.I64, x.shape().reduced(new int[] {at}, false));
    x.backend().argMin(x.data(), at, out);
    return new Tensor(out);
  }

  /**
   * {@return the standard deviation: the root of the {@link #variance}}
   *
   * @param axes the axes that disappear
   */
  default Tensor std(int... axes) {
    return std(false, axes);
  }

  /**
   * {@return the standard deviation: the root of the {@link #variance}} Its gradient is 0 where all
   * elements are the same.
   *
   * @param keepDims whether reduced axes stay with extent 1
   * @param axes the axes that are reduced
   */
  default Tensor std(boolean keepDims, int... axes) {
    return Norms.std((Tensor) this, keepDims, axes);
  }

  /**
   * {@return the length of vectors: {@code (Σ |x|ᵖ)^(1/p)}}
   *
   * @param p which norm: 2 is Euclid's, 1 the sum of absolute values, ∞ the largest of them, 0 the
   *     number of elements that are not 0
   * @param axes the axes that disappear
   * @throws IllegalArgumentException if p is negative or NaN
   */
  default Tensor norm(double p, int... axes) {
    return norm(p, false, axes);
  }

  /**
   * {@return the length of vectors: {@code (Σ |x|ᵖ)^(1/p)}} The gradient is 0 where the length is.
   *
   * @param p which norm: 2 is Euclid's, 1 the sum of absolute values, ∞ the largest of them, 0 the
   *     number of elements that are not 0
   * @param keepDims whether reduced axes stay with extent 1
   * @param axes the axes that are reduced
   * @throws IllegalArgumentException if p is negative or NaN
   */
  default Tensor norm(double p, boolean keepDims, int... axes) {
    return Norms.norm((Tensor) this, p, keepDims, axes);
  }

  /**
   * {@return whether an element is not 0, as {@link DType#BOOL}; false of no elements} For tensors
   * of any type. Carries no gradient.
   *
   * @param axes the axes that disappear
   */
  default Tensor any(int... axes) {
    return Reductions.isAny("any", (Tensor) this, false, axes);
  }

  /**
   * {@return whether no element is 0, as {@link DType#BOOL}; true of no elements} For tensors of
   * any type. Carries no gradient.
   *
   * @param axes the axes that disappear
   */
  default Tensor all(int... axes) {
    return Reductions.isAny("all", (Tensor) this, true, axes).not();
  }
}
