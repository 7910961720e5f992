/**
 * Matrix multiplication of the SIMD backend, on raw addresses that the backend has checked.
 *
 * <p>Start with {@link dev.lanewise.simd.gemm.Product}. {@code Blocking} holds the sizes for each
 * vector width, {@code Workspace} what a thread needs, {@code TiledProduct} the loops, {@code Pack}
 * and {@code Transpose} the copying, {@code Dots} matrix times vector. The inner kernels are not
 * written but generated when first used, by {@code TileCode}, {@code DotsCode} and {@code
 * TransposeCode} on top of {@code VectorCode}, which also says what keeps C1 and C2 from spoiling
 * them; {@code WarmUp} gets them compiled.
 *
 * <p>{@link dev.lanewise.simd.gemm.IndirectGemm} and {@link dev.lanewise.simd.gemm.IndirectDots}
 * multiply matrices whose rows lie anywhere, for convolutions.
 *
 * <p>Threads are not made here: a caller runs the tasks of a product on its own.
 */
package dev.lanewise.simd.gemm;
