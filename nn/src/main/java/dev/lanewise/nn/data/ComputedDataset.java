package dev.lanewise.nn.data;

import java.util.Objects;
import java.util.function.IntFunction;

/** Samples that a function computes, anew each time. */
final class ComputedDataset implements Dataset {
  private final int size;
  private final IntFunction<Sample> function;

  ComputedDataset(int size, IntFunction<Sample> function) {
    if (size < 0) {
      throw new IllegalArgumentException("Dataset: size must be at least 0, not " + size);
    }
    this.size = size;
    this.function = Objects.requireNonNull(function, "function");
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Sample get(int index) {
    return function.apply(Rows.check("get", index, size));
  }
}
