package dev.lanewise.graph;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import java.util.List;

/**
 * What tracing needs to know of an input.
 *
 * @param dtype its type
 * @param shape its shape
 * @param requiresGrad whether operations on it are recorded for gradients
 */
record Example(DType dtype, Shape shape, boolean requiresGrad) {

  static List<Example> of(List<Tensor> tensors) {
    return tensors.stream()
        .map(tensor -> new Example(tensor.dtype(), tensor.shape(), tensor.requiresGrad()))
        .toList();
  }
}
