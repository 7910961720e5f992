package dev.lanewise.nn.layer;

import dev.lanewise.array.DType;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.kernel.Backend;

/**
 * What a layer makes its weights with.
 *
 * @param backend who computes on them
 * @param dtype f32 or f64
 * @param generator where random numbers come from
 * @param path what names of weights begin with: the layer's own name and those of the layers around
 *     it, each with a slash; {@code null} for the layer's own name alone
 */
public record BuildContext(Backend backend, DType dtype, Generator generator, String path) {

  /**
   * Makes the context of a layer that is in no other.
   *
   * @param backend who computes on the weights
   * @param dtype f32 or f64
   * @param generator where random numbers come from
   */
  public BuildContext(Backend backend, DType dtype, Generator generator) {
    this(backend, dtype, generator, null);
  }

  /** {@return this context with other names of weights} */
  BuildContext at(String path) {
    return new BuildContext(backend, dtype, generator, path);
  }
}
