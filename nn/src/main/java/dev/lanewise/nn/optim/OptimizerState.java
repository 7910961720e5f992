package dev.lanewise.nn.optim;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/** The state of an optimizer by name. */
final class OptimizerState {
  private static final String ITERATIONS = "iterations";

  private final String optimizer;
  private final Map<String, NdArray> arrays = new LinkedHashMap<>();

  OptimizerState(String optimizer, Slot... slots) {
    this.optimizer = optimizer;
    for (Slot slot : slots) {
      for (int i = 0; i < slot.names().size(); i++) {
        String name = slot.names().get(i);
        if (arrays.put(name, slot.state().get(i)) != null) {
          throw new IllegalStateException(
              "%s: two weights are called '%s'; a state needs names that differ"
                  .formatted(optimizer, slot.weight().name()));
        }
      }
    }
  }

  /** {@return copies of all arrays, and the number of steps} */
  Map<String, Tensor> save(long iterations) {
    Map<String, Tensor> saved = new LinkedHashMap<>();
    arrays.forEach((name, array) -> saved.put(name, copy(array)));
    saved.put(ITERATIONS, Tensor.of(new long[] {iterations}).reshape(Shape.SCALAR));
    return Collections.unmodifiableMap(saved);
  }

  private static Tensor copy(NdArray array) {
    Backend backend = Backends.of(array);
    NdArray copy = backend.uninitialized(array.dtype(), array.shape());
    backend.copy(array, copy);
    return Tensor.of(copy);
  }

  /**
   * Overwrites all arrays, if each fits.
   *
   * @return the number of steps
   */
  long load(Map<String, Tensor> saved) {
    TreeSet<String> missing = new TreeSet<>(arrays.keySet());
    missing.add(ITERATIONS);
    TreeSet<String> unknown = new TreeSet<>(saved.keySet());
    unknown.removeAll(missing);
    missing.removeAll(saved.keySet());
    if (!missing.isEmpty() || !unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: the state does not fit: missing are %s, unknown %s"
              .formatted(optimizer, missing, unknown));
    }
    arrays.forEach((name, array) -> check(name, saved.get(name), array.dtype(), array.shape()));
    Tensor steps = saved.get(ITERATIONS);
    check(ITERATIONS, steps, DType.I64, Shape.SCALAR);
    long iterations = steps.toLongArray()[0];
    if (iterations < 0) {
      throw new IllegalArgumentException(
          "%s: the state's iterations are %d, not at least 0".formatted(optimizer, iterations));
    }
    arrays.forEach(
        (name, array) -> {
          Backend backend = Backends.of(array);
          backend.copy(saved.get(name).to(backend).data(), array);
        });
    return iterations;
  }

  private void check(String name, Tensor given, DType dtype, Shape shape) {
    given.storage().requireAlive(optimizer);
    String misfit =
        "%s: the state's '%s' must be %s %s, not %s %s"
            .formatted(optimizer, name, dtype, shape, given.dtype(), given.shape());
    if (!given.shape().equals(shape)) {
      throw new ShapeException(misfit);
    }
    if (given.dtype() != dtype) {
      throw new DTypeException(misfit);
    }
  }
}
