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
 */
public record BuildContext(Backend backend, DType dtype, Generator generator) {}
