package dev.lanewise.autodiff;

import dev.lanewise.array.ShapeException;
import java.util.List;

/**
 * Operations that put the same numbers elsewhere: repeated, shifted, cut out, or with others around
 * them. The results have memory of their own, but for {@link #split}, {@link #unstack} and {@link
 * #diagonal}, which are views. Negative axes count from the last.
 *
 * <p>All throw {@link ShapeException} if there is no such axis.
 */
public sealed interface ArrangeOps permits Tensor {

  /**
   * {@return the elements in the opposite order along axes}
   *
   * @param axes the axes, each once; none given means all
   */
  default Tensor flip(int... axes) {
    return Arrangements.flip((Tensor) this, axes);
  }

  /**
   * {@return the elements moved along an axis; those that leave it come in at the other end}
   *
   * {@snippet :
   * Tensor.of(new float[] {1, 2, 3, 4}).roll(1, 0);   // 4, 1, 2, 3
   * }
   *
   * @param shift by how many places, towards the end if positive; may exceed the extent
   * @param axis the axis along which
   */
  default Tensor roll(int shift, int axis) {
    return Arrangements.roll((Tensor) this, shift, axis);
  }

  /**
   * {@return this with elements added at both ends of an axis}
   *
   * @param axis the axis that becomes longer
   * @param before how many are added before the first, at least 0
   * @param after how many are added after the last, at least 0
   * @param value what they are
   * @throws ShapeException if a count is negative
   */
  default Tensor pad(int axis, int before, int after, double value) {
    return Arrangements.pad((Tensor) this, axis, before, after, value);
  }

  /**
   * {@return this with elements added at both ends of an axis, taken from its elements}
   *
   * {@snippet :
   * Tensor x = Tensor.of(new float[] {1, 2, 3});
   * x.pad(0, 1, 2, Padding.REFLECT);   // 2, 1, 2, 3, 2, 1
   * x.pad(0, 1, 2, Padding.EDGE);      // 1, 1, 2, 3, 3, 3
   * x.pad(0, 1, 2, Padding.WRAP);      // 3, 1, 2, 3, 1, 2
   * }
   *
   * @param axis the axis that becomes longer
   * @param before how many are added before the first, at least 0
   * @param after how many are added after the last, at least 0
   * @param padding which elements they repeat
   * @throws ShapeException if a count is negative or more than {@code padding} can give
   */
  default Tensor pad(int axis, int before, int after, Padding padding) {
    return Arrangements.pad((Tensor) this, axis, before, after, padding);
  }

  /**
   * {@return this tensor several times side by side}
   *
   * {@snippet :
   * Tensor.of(new float[] {1, 2}).tile(2, 3);   // {{1, 2, 1, 2, 1, 2}, {1, 2, 1, 2, 1, 2}}
   * }
   *
   * @param times how often along each axis, from 0; more numbers than axes add axes in front, fewer
   *     leave the first axes as they are
   * @throws ShapeException if a number is negative
   */
  default Tensor tile(int... times) {
    return Arrangements.tile((Tensor) this, times);
  }

  /**
   * {@return this with each element several times in a row along an axis}
   *
   * {@snippet :
   * Tensor.of(new float[] {1, 2}).repeat(3, 0);   // 1, 1, 1, 2, 2, 2
   * }
   *
   * @param times how often, from 0
   * @param axis the axis along which
   * @throws ShapeException if {@code times} is negative
   */
  default Tensor repeat(int times, int axis) {
    return Arrangements.repeat((Tensor) this, times, axis);
  }

  /**
   * {@return the elements of channels as those of larger planes: {@code [..., c · factor², h, w]}
   * becomes {@code [..., c, h · factor, w · factor]}} Channel {@code (c · factor + i) · factor + j}
   * gives row i and column j of each square of new places, as in PyTorch. (Shi et al., Real-Time
   * Single Image and Video Super-Resolution Using an Efficient Sub-Pixel Convolutional Neural
   * Network, 2016, section 2.2)
   *
   * @param factor how many times higher and wider, at least 1
   * @throws ShapeException if there are fewer than three axes, or the square of {@code factor} does
   *     not divide the number of channels
   */
  default Tensor pixelShuffle(int factor) {
    return Arrangements.pixelShuffle((Tensor) this, factor);
  }

  /**
   * {@return the elements of planes as channels of smaller ones, what {@link #pixelShuffle} undoes:
   * {@code [..., c, h · factor, w · factor]} becomes {@code [..., c · factor², h, w]}}
   *
   * @param factor how many times lower and narrower, at least 1
   * @throws ShapeException if there are fewer than three axes, or {@code factor} does not divide
   *     the last two extents
   */
  default Tensor pixelUnshuffle(int factor) {
    return Arrangements.pixelUnshuffle((Tensor) this, factor);
  }

  /**
   * {@return parts of this along an axis, one after the other; views}
   *
   * @param axis the axis that is cut
   * @param sizes the extent of each part; together the axis's extent
   * @throws ShapeException if a size is negative, or their sum is not the axis's extent
   */
  default List<Tensor> split(int axis, int... sizes) {
    return Arrangements.split((Tensor) this, axis, sizes);
  }

  /**
   * {@return what lies at each index of an axis, without that axis; views}
   *
   * @param axis the axis that disappears
   */
  default List<Tensor> unstack(int axis) {
    return Arrangements.unstack((Tensor) this, axis);
  }

  /**
   * {@return the lower triangle of each matrix of the last two axes, with 0 above}
   *
   * @param diagonal the last diagonal that is kept: 0 for the main one, 1 for the one above it, −1
   *     for the one below
   * @throws ShapeException if there are fewer than two axes
   * @throws dev.lanewise.array.DTypeException unless the tensor is f32 or f64
   */
  default Tensor tril(int diagonal) {
    return Arrangements.triangle("tril", (Tensor) this, diagonal, true);
  }

  /**
   * {@return the upper triangle of each matrix of the last two axes, with 0 below}
   *
   * @param diagonal the first diagonal that is kept: 0 for the main one, 1 for the one above it, −1
   *     for the one below
   * @throws ShapeException if there are fewer than two axes
   * @throws dev.lanewise.array.DTypeException unless the tensor is f32 or f64
   */
  default Tensor triu(int diagonal) {
    return Arrangements.triangle("triu", (Tensor) this, diagonal, false);
  }

  /**
   * {@return the main diagonal of each matrix of the last two axes: {@code [..., m, n]} becomes
   * {@code [..., min(m, n)]}; a view}
   *
   * @throws ShapeException if there are fewer than two axes
   */
  default Tensor diagonal() {
    return Arrangements.diagonal((Tensor) this);
  }

  /**
   * {@return this with another number where a mask is true}
   *
   * @param mask of type bool; it stretches to this tensor's shape
   * @param value the number
   * @throws ShapeException if the mask does not stretch to this tensor's shape
   * @throws dev.lanewise.array.DTypeException if the mask is not of type bool, or this not f32 or
   *     f64
   */
  default Tensor maskedFill(Tensor mask, double value) {
    return Arrangements.maskedFill((Tensor) this, mask, value);
  }
}
