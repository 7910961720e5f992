package dev.lanewise.autodiff;

import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;

/** Backends to test on, and numbers to test with. */
final class Numbers {
  private Numbers() {}

  /** {@return the judge, and what users get} */
  static Stream<Backend> backends() {
    return Set.copyOf(
        new LinkedHashSet<>(java.util.List.of(Backends.named("reference"), Backends.best())))
        .stream();
  }

  /** {@return numbers of both signs, at least 0.3 from 0 and all different: from bends, too} */
  static Tensor signed(Backend backend, int salt, int... dims) {
    return fill(backend, salt, true, dims);
  }

  /** {@return different numbers from 0.3 to 2.3} */
  static Tensor positive(Backend backend, int salt, int... dims) {
    return fill(backend, salt, false, dims);
  }

  private static Tensor fill(Backend backend, int salt, boolean signs, int... dims) {
    Shape shape = Shape.of(dims);
    double[] values = new double[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      double turn = (i + 1 + 0.37 * salt) * 0.6180339887498949;
      double size = 0.3 + 2 * (turn - Math.floor(turn));
      values[i] = signs && (i * 7 + salt) % 3 == 0 ? -size : size;
    }
    return Tensor.of(backend, values, values.length).reshape(shape);
  }

  static Tensor indices(Backend backend, int[] values, int... dims) {
    return Tensor.of(backend, values, dims);
  }
}
