package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.OptionalLong;

/**
 * What a cross-entropy compares: logits with their classes along one axis, and labels.
 *
 * {@snippet :
 * CrossEntropySpec spec = CrossEntropySpec.of(logits.shape(), -1).withLabelSmoothing(0.1);
 * backend.crossEntropy(spec, logits, labels, loss);   // [n, c] and [n] give [n]
 * }
 *
 * @param logits the shape of the logits
 * @param axis the axis of the classes, from 0
 * @param labelSmoothing the share of each target that is spread over all classes, from 0 to 1
 * @param ignored the label of rows that do not count
 */
public record CrossEntropySpec(
    Shape logits, int axis, double labelSmoothing, OptionalLong ignored) {

  /**
   * Checks the record.
   *
   * @throws ShapeException if there is no such axis
   * @throws IllegalArgumentException if the smoothing is outside its range
   */
  public CrossEntropySpec {
    axis = logits.axis("crossEntropy", axis);
    if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
      throw new IllegalArgumentException(
          "crossEntropy: label smoothing must be from 0 to 1, not " + labelSmoothing);
    }
  }

  /**
   * {@return the spec of labels that all count, without smoothing}
   *
   * @param logits the shape of the logits
   * @param axis the axis of the classes; negative counts from the last
   * @throws ShapeException if there is no such axis
   */
  public static CrossEntropySpec of(Shape logits, int axis) {
    return new CrossEntropySpec(logits, axis, 0, OptionalLong.empty());
  }

  /**
   * {@return the same with another label smoothing}
   *
   * @param share the share of each target that is spread over all classes, from 0 to 1 (Szegedy et
   *     al., "Rethinking the Inception Architecture", 2016, section 7)
   * @throws IllegalArgumentException if it is outside its range
   */
  public CrossEntropySpec withLabelSmoothing(double share) {
    return new CrossEntropySpec(logits, axis, share, ignored);
  }

  /**
   * {@return the same with a label whose rows have no loss and no gradient}
   *
   * @param label any number, for example −100 or the class of padding
   */
  public CrossEntropySpec withIgnoredLabel(long label) {
    return new CrossEntropySpec(logits, axis, labelSmoothing, OptionalLong.of(label));
  }

  /** {@return the number of classes} */
  public int classes() {
    return logits.dim(axis);
  }

  /** {@return the shape of the labels and of the loss} */
  public Shape rows() {
    return logits.reduced(new int[] {axis}, false);
  }

  /**
   * Checks the arrays of {@link Backend#crossEntropy}, the labels themselves too.
   *
   * @param x the logits
   * @param labels the labels
   * @param loss the output
   * @throws ShapeException if a shape or a label does not fit
   * @throws DTypeException if a type is wrong
   * @throws IllegalArgumentException if the output shares memory with an argument
   */
  public void checkForward(NdArray x, NdArray labels, NdArray loss) {
    check("crossEntropy", x, labels, loss);
    Checks.apart("crossEntropy", loss, x, labels);
    checkLabels("crossEntropy", labels);
  }

  /**
   * Checks the arrays of {@link Backend#crossEntropyWithGradient}, the labels themselves too.
   *
   * @param x the logits
   * @param labels the labels
   * @param weight the gradient by each loss
   * @param loss an output
   * @param xGrad an output
   * @return {@code weight}, stretched to the shape of the labels
   * @throws ShapeException if a shape or a label does not fit
   * @throws DTypeException if a type is wrong
   * @throws IllegalArgumentException if an output shares memory with another array
   */
  public NdArray checkGradient(
      NdArray x, NdArray labels, NdArray weight, NdArray loss, NdArray xGrad) {
    String operation = "crossEntropyWithGradient";
    check(operation, x, labels, loss);
    Checks.compute(operation, x, weight, xGrad);
    NdArray stretched = Checks.stretch(operation, "weight", weight, rows());
    Checks.shape(operation, "gradient", xGrad, logits);
    Checks.output(operation, xGrad);
    Checks.apart(operation, loss, x, labels, weight, xGrad);
    Checks.apart(operation, xGrad, x, labels, weight);
    checkLabels(operation, labels);
    return stretched;
  }

  private void check(String operation, NdArray x, NdArray labels, NdArray loss) {
    Checks.compute(operation, x, loss);
    Checks.shape(operation, "logits", x, logits);
    Checks.index(operation, labels);
    Checks.shape(operation, "labels", labels, rows());
    Checks.shape(operation, "loss", loss, rows());
    Checks.output(operation, loss);
  }

  /**
   * Checks the labels of a call whose shapes and types were checked before. Java code can look only
   * into the main memory; another backend checks labels there.
   *
   * @param operation who asks, for the error's text
   * @param labels the labels
   * @throws ShapeException if one is neither a class nor the ignored label
   */
  public void checkLabels(String operation, NdArray labels) {
    if (!labels.device().memory().isHost() || labels.storage().isImagined()) {
      return; // kernels look at them
    }
    MemorySegment segment = labels.storage().segment();
    DType dtype = labels.dtype();
    Layout layout = labels.layout();
    boolean contiguous = layout.isContiguous();
    for (long i = 0, n = labels.size(); i < n; i++) {
      long element = contiguous ? layout.offset() + i : layout.element(i);
      checkLabel(operation, dtype.getLong(segment, element));
    }
    Reference.reachabilityFence(labels);
  }

  private void checkLabel(String operation, long label) {
    boolean isClass = label >= 0 && label < classes();
    if (!isClass && !(ignored.isPresent() && label == ignored.getAsLong())) {
      throw outOfRange(operation, label);
    }
  }

  /**
   * {@return the error about a label that is neither a class nor the ignored one} For backends that
   * look at labels in memory of their own, where {@link #checkLabels} can not.
   *
   * @param operation who asks, for the error's text
   * @param label the label
   */
  public ShapeException outOfRange(String operation, long label) {
    return new ShapeException(
        operation
            + ": label "
            + label
            + " is outside the "
            + classes()
            + " classes along axis "
            + axis
            + " of "
            + logits
            + (ignored.isPresent() ? " and not the ignored label " + ignored.getAsLong() : ""));
  }
}
