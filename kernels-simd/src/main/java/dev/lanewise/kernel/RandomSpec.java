package dev.lanewise.kernel;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.ShapeException;

/**
 * A checked call of {@link Backend#random}.
 *
 * @param distribution how the numbers are spread
 * @param seed which numbers
 * @param stream which of the seed's streams
 * @param out f32 or f64
 */
public record RandomSpec(Distribution distribution, long seed, long stream, NdArray out) {

  /**
   * {@return the checked call}
   *
   * @param distribution how the numbers are spread
   * @param seed which numbers
   * @param stream which of the seed's streams
   * @param out f32 or f64
   * @throws DTypeException if the type is not computed in
   * @throws ShapeException if {@code out} is a broadcast view
   */
  public static RandomSpec of(Distribution distribution, long seed, long stream, NdArray out) {
    Checks.compute("random", out);
    Checks.output("random", out);
    return new RandomSpec(distribution, seed, stream, out);
  }
}
