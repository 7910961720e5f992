package dev.lanewise.nn.layer;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Distribution;
import java.util.Arrays;
import org.junit.jupiter.api.function.Executable;

/** Layers in F64 with their weights, and what tests give them. */
final class Built {
  private Built() {}

  /** {@return the layer, built for samples of a shape with the seed 1} */
  static <L extends Layer> L of(L layer, int... sample) {
    layer.build(Shape.of(sample), new BuildContext(Backends.best(), DType.F64, new Generator(1)));
    return layer;
  }

  /** {@return normally distributed numbers, always the same} */
  static Tensor normal(int... shape) {
    return Tensor.random(
        Backends.best(), DType.F64, Distribution.NORMAL, new Generator(5), Shape.of(shape));
  }

  /** {@return 1, 2, 3, …} */
  static Tensor counted(int... shape) {
    double[] values = new double[(int) Shape.of(shape).size()];
    Arrays.setAll(values, i -> i + 1);
    return Tensor.of(values, shape);
  }

  /** Overwrites a weight. */
  static void set(Layer layer, String role, float... values) {
    weight(layer, role).assign(values);
  }

  static Weight weight(Layer layer, String role) {
    return layer.weights().stream()
        .filter(w -> w.name().endsWith("/" + role))
        .findFirst()
        .orElseThrow();
  }

  static double[] numbers(Layer layer, String role) {
    return weight(layer, role).value().toDoubleArray();
  }

  /** {@return what a refusal of a shape says} */
  static String refusal(Executable wrong) {
    return assertThrows(ShapeException.class, wrong).getMessage();
  }
}
