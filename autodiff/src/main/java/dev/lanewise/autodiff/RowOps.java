package dev.lanewise.autodiff;

import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.CrossEntropySpec;
import java.util.Optional;

/**
 * Operations on rows of logits.
 *
 * <p>All throw {@link dev.lanewise.array.ShapeException} if there is no such axis, and {@link
 * dev.lanewise.array.DTypeException} unless the tensor is f32 or f64.
 */
public sealed interface RowOps permits Tensor {

  /**
   * {@return {@code eˣ} divided by its sum along an axis}
   *
   * @param axis the axis along which the result sums to 1; negative counts from the last
   */
  default Tensor softmax(int axis) {
    return Rows.softmax((Tensor) this, axis);
  }

  /**
   * {@return the logits that this tensor is the softmax of, if it came straight from {@link
   * #softmax} over the last axis, and neither was changed in place since} A loss that is given
   * probabilities finds the exact way back by them: a probability that has been rounded to 0 has no
   * logarithm and no slope.
   */
  default Optional<Tensor> logits() {
    Tensor x = (Tensor) this;
    boolean stale = x.logits == null || Change.since(x.born, x) || Change.since(x.born, x.logits);
    return stale ? Optional.empty() : Optional.of(x.logits);
  }

  /**
   * {@return the logarithm of {@link #softmax}, exact where that is near 0}
   *
   * @param axis the axis of the softmax; negative counts from the last
   */
  default Tensor logSoftmax(int axis) {
    return Rows.logSoftmax((Tensor) this, axis);
  }

  /**
   * {@return for each row of logits how unexpected its label is: {@code −log softmax(x)[label]}, of
   * shape {@code [n]}} The sparse categorical cross-entropy, from logits; take the mean for a loss.
   *
   * {@snippet :
   * Tensor loss = logits.crossEntropy(labels).mean();   // [n, c] and [n] give a scalar
   * }
   *
   * @param labels {@code [n]}, i32 or i64, each from 0 to {@code c - 1}; this is {@code [n, c]}
   * @throws ShapeException if a shape or a label does not fit
   * @throws dev.lanewise.array.DTypeException if a type is wrong
   */
  default Tensor crossEntropy(Tensor labels) {
    return Rows.crossEntropy((Tensor) this, labels);
  }

  /**
   * {@return the cross-entropy along any axis, with label smoothing or with a label that does not
   * count: a loss for each label, 0 where it does not count}
   *
   * {@snippet :
   * CrossEntropySpec spec = CrossEntropySpec.of(logits.shape(), 1).withIgnoredLabel(-100);
   * Tensor losses = logits.crossEntropy(spec, labels);   // [n, c, h, w] and [n, h, w]
   * }
   *
   * @param spec what is compared, for logits of this shape
   * @param labels this tensor's shape without the axis of the classes, i32 or i64, each a class or
   *     the ignored label
   * @throws ShapeException if a shape or a label does not fit
   * @throws dev.lanewise.array.DTypeException if a type is wrong
   */
  default Tensor crossEntropy(CrossEntropySpec spec, Tensor labels) {
    return Rows.crossEntropy(spec, (Tensor) this, labels);
  }
}
