/**
 * Numbers in memory: element types, shapes, layouts, storages and their lifetimes; no mathematics.
 *
 * <p>Start with {@link dev.lanewise.array.NdArray}: a {@link dev.lanewise.array.Layout} (shape,
 * strides, offset) over a {@link dev.lanewise.array.Storage} of one {@link
 * dev.lanewise.array.DType}. {@link dev.lanewise.array.Scope} frees arrays at the end of a block;
 * without one the garbage collector does. {@link dev.lanewise.array.ArrayFormat} writes arrays as
 * text. Kernels are in {@code dev.lanewise.kernel}.
 */
package dev.lanewise.array;
