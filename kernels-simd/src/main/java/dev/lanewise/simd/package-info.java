/**
 * The backend for processors with vector instructions.
 *
 * <p>Start with {@link dev.lanewise.simd.SimdBackend}, which hands each operation to the class of
 * its family. Elementwise expressions and reductions are compiled: {@link
 * dev.lanewise.simd.Lowering} makes instructions of an expression, {@link
 * dev.lanewise.simd.LoopCompiler} a loop of the instructions, or {@link
 * dev.lanewise.simd.PartedLoop} several of very many; {@link dev.lanewise.simd.Kernels} keeps the
 * loops, and {@link dev.lanewise.simd.Elementwise} and {@link dev.lanewise.simd.Reduction} run them
 * over arrays of any layout. Matrix products are in {@code dev.lanewise.simd.gemm}; convolutions
 * are made of them.
 *
 * <p>A call that is made again is not prepared again, and allocates nothing: families keep {@link
 * dev.lanewise.simd.Plans}, which are found by a {@link dev.lanewise.simd.Signature}.
 */
package dev.lanewise.simd;
