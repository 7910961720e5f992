package dev.lanewise.kernel;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.ShapeException;

/**
 * A checked call of {@link Backend#copy}.
 *
 * @param from what to copy, stretched to the output's shape
 * @param to receives the copy
 */
public record CopySpec(NdArray from, NdArray to) {

  /**
   * {@return the checked call}
   *
   * @param from what to copy; stretches to the output's shape
   * @param to receives the copy; any type and layout
   * @throws ShapeException if {@code from} does not stretch, or {@code to} is a broadcast view
   * @throws IllegalArgumentException if the two share memory
   */
  public static CopySpec of(NdArray from, NdArray to) {
    Checks.alive("copy", from, to);
    Checks.output("copy", to);
    Checks.apart("copy", to, from);
    return new CopySpec(Checks.stretch("copy", "the input", from, to.shape()), to);
  }
}
