package dev.lanewise.nn.data;

import dev.lanewise.array.DType;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.internal.Checks;
import java.util.List;
import java.util.Optional;

/**
 * One sample, what is right for it, and how much it counts: a {@link Batch} without its first axis.
 *
 * @param inputs one tensor for each input of the model
 * @param targets one tensor for each output of the model; none where nothing is known to be right
 * @param weight how much the sample counts, a scalar; as much as every other if empty
 */
public record Sample(List<Tensor> inputs, List<Tensor> targets, Optional<Tensor> weight) {

  /**
   * Makes a sample.
   *
   * @throws IllegalArgumentException if there is no input
   * @throws ShapeException if the weight is no scalar
   */
  public Sample {
    inputs = List.copyOf(inputs);
    targets = List.copyOf(targets);
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException("sample: there must be at least one input");
    }
    weight.ifPresent(
        w -> {
          if (w.shape().rank() != 0) {
            throw new ShapeException("sample: the weight must be a scalar, not " + w.shape());
          }
        });
  }

  /**
   * {@return a sample of one input, of which nothing is known to be right}
   *
   * @param x the input
   */
  public static Sample of(Tensor x) {
    return new Sample(List.of(x), List.of(), Optional.empty());
  }

  /**
   * {@return a sample of one input and one target}
   *
   * @param x the input
   * @param y what is right for it
   */
  public static Sample of(Tensor x, Tensor y) {
    return new Sample(List.of(x), List.of(y), Optional.empty());
  }

  /**
   * {@return a sample of one input and its class, an i32 scalar}
   *
   * @param x the input
   * @param label its class
   */
  public static Sample of(Tensor x, int label) {
    return of(x, Tensor.scalar(x.backend(), DType.I32, label));
  }

  /**
   * {@return this sample with a weight: an f64 scalar beside an f64 input, else f32}
   *
   * @param weight how much it counts, at least 0
   * @throws IllegalArgumentException if the weight is negative, infinite or NaN
   */
  public Sample weighted(double weight) {
    Checks.notNegative("weighted: the weight", weight);
    DType dtype = x().dtype() == DType.F64 ? DType.F64 : DType.F32;
    return new Sample(inputs, targets, Optional.of(Tensor.scalar(x().backend(), dtype, weight)));
  }

  /** {@return the first input} */
  public Tensor x() {
    return inputs.getFirst();
  }

  /**
   * {@return the first target}
   *
   * @throws java.util.NoSuchElementException if there is none
   */
  public Tensor y() {
    return targets.getFirst();
  }
}
