package dev.lanewise.kernel;

import dev.lanewise.array.NdArray;

/**
 * Operations that look at the elements along one axis together: softmax, its logarithm, and the
 * cross-entropy of logits, each with its gradient.
 *
 * <p>Each has a default made of other operations of the contract; a backend overrides those that it
 * can do in one go over the memory. The elements along the axis are called a row, whichever axis
 * that is.
 *
 * <p>With ε the distance from 1 to the next number, n the length of a row, d the distance of an
 * element from the largest of its row, and c = (min(n, 4√n) + ln n) / 2 + 6, which is what a sum of
 * n positive terms is off by: a softmax is off by at most ε · (c + d / 2) times itself and a few of
 * the smallest subnormal numbers, its logarithm by ε · (c + d + |out|). Terms are summed in parts,
 * so that c does not grow further for rows of many thousand elements.
 *
 * <p>As the definitions say, a row with a NaN or ∞, or nothing but −∞, gives NaN.
 */
public sealed interface RowOperations permits Backend {

  /**
   * Computes {@code out = exp(x − largest) / Σ exp(x − largest)} along an axis.
   *
   * @param x the logits
   * @param axis the axis along which the result sums to 1; negative counts from the last
   * @param out of the shape of {@code x}; may be {@code x} itself
   */
  default void softmax(NdArray x, int axis, NdArray out) {
    ComposedRows.softmax((Backend) this, SoftmaxSpec.of("softmax", axis, out, x));
  }

  /**
   * Computes the gradient of {@link #softmax}: {@code xGrad = y · (outGrad − Σ outGrad · y)}.
   *
   * @param y what the forward call gave
   * @param outGrad the gradient by it
   * @param axis the axis of the forward call
   * @param xGrad receives the gradient by the input
   */
  default void softmaxBackward(NdArray y, NdArray outGrad, int axis, NdArray xGrad) {
    ComposedRows.softmaxBackward(
        (Backend) this, SoftmaxSpec.of("softmaxBackward", axis, xGrad, y, outGrad));
  }

  /**
   * Computes {@code out = (x − largest) − log Σ exp(x − largest)} along an axis.
   *
   * @param x the logits
   * @param axis the axis of the softmax; negative counts from the last
   * @param out of the shape of {@code x}; may be {@code x} itself
   */
  default void logSoftmax(NdArray x, int axis, NdArray out) {
    ComposedRows.logSoftmax((Backend) this, SoftmaxSpec.of("logSoftmax", axis, out, x));
  }

  /**
   * Computes the gradient of {@link #logSoftmax}: {@code xGrad = outGrad − exp(y) · Σ outGrad}.
   *
   * @param y what the forward call gave
   * @param outGrad the gradient by it
   * @param axis the axis of the forward call
   * @param xGrad receives the gradient by the input
   */
  default void logSoftmaxBackward(NdArray y, NdArray outGrad, int axis, NdArray xGrad) {
    ComposedRows.logSoftmaxBackward(
        (Backend) this, SoftmaxSpec.of("logSoftmaxBackward", axis, xGrad, y, outGrad));
  }

  /**
   * Computes how unexpected each row's label is: {@code loss = −log softmax(x)[label]}, or, with
   * label smoothing s, {@code −Σ target · log softmax(x)} with a target of {@code 1 − s + s / c} at
   * the label and {@code s / c} at the other of c classes.
   *
   * @param spec which axis the classes lie along, and what is done with labels
   * @param x the logits
   * @param labels i32 or i64, of the shape of {@code x} without the axis
   * @param loss of the shape of {@code labels}; 0 where a label is the ignored one
   */
  default void crossEntropy(CrossEntropySpec spec, NdArray x, NdArray labels, NdArray loss) {
    spec.checkForward(x, labels, loss);
    ComposedRows.crossEntropy((Backend) this, spec, x, labels, loss);
  }

  /**
   * Computes {@link #crossEntropy} and the gradient of {@code Σ weight · loss} by the logits in one
   * go: {@code xGrad = weight · (softmax(x) − target)}.
   *
   * @param spec which axis the classes lie along, and what is done with labels
   * @param x the logits
   * @param labels i32 or i64, of the shape of {@code x} without the axis
   * @param weight the gradient by each loss; stretches to the shape of {@code labels}. Where it is
   *     0, or the label is the ignored one, the gradient is 0, whatever the logits are
   * @param loss of the shape of {@code labels}, without the weight
   * @param xGrad receives the gradient by the logits
   */
  default void crossEntropyWithGradient(
      CrossEntropySpec spec,
      NdArray x,
      NdArray labels,
      NdArray weight,
      NdArray loss,
      NdArray xGrad) {
    NdArray stretched = spec.checkGradient(x, labels, weight, loss, xGrad);
    ComposedRows.crossEntropyWithGradient((Backend) this, spec, x, labels, stretched, loss, xGrad);
  }
}
