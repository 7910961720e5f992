/**
 * The backend for processors with vector instructions.
 *
 * <p>Start with {@link dev.lanewise.simd.SimdBackend}, which hands each operation to the class of
 * its family. Elementwise expressions and reductions are compiled: {@link
 * dev.lanewise.simd.Lowering} makes instructions of an expression, {@link
 * dev.lanewise.simd.LoopCompiler} a loop of the instructions, {@link dev.lanewise.simd.Kernels}
 * keeps the loops, and {@link dev.lanewise.simd.Elementwise} and {@link
 * dev.lanewise.simd.Reduction} run them over arrays of any layout. Matrix products are in {@code
 * dev.lanewise.simd.gemm}; convolutions are made of them.
 *
 * <p>A call that is made again is not prepared again, and allocates nothing: loops are found by
 * {@link dev.lanewise.simd.KnownCalls}, and what takes more, such as a convolution, keeps {@link
 * dev.lanewise.simd.Plans}.
 */
package dev.lanewise.simd;
