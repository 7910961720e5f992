/**
 * Fast kernels on Java arrays and memory segments, for programs that need no tensors: static calls
 * in the manner of BLAS, without allocation, without native code.
 *
 * {@snippet :
 * int m = 64, k = 784, n = 128;
 * float[] x = new float[m * k], weights = new float[k * n], out = new float[m * n];
 * Blas.sgemm(Transpose.NO, Transpose.NO, m, n, k, 1, x, 0, k, weights, 0, n, 0, out, 0, n, 0);
 * }
 *
 * <p>{@link dev.lanewise.blas.Blas} multiplies matrices and vectors, {@link
 * dev.lanewise.blas.Functions} computes functions of each number, {@link dev.lanewise.blas.Rows}
 * softmax and norms of each row, and {@link dev.lanewise.blas.Similarity} compares queries with
 * candidates. They take {@code float[]} and {@code double[]} with offsets; {@link
 * dev.lanewise.blas.NativeBlas}, {@link dev.lanewise.blas.NativeFunctions}, {@link
 * dev.lanewise.blas.NativeRows} and {@link dev.lanewise.blas.NativeSimilarity} do the same on
 * memory segments off the heap. Matrices are row-major: {@code a[offset + row * lda + column]},
 * where {@code lda} is at least as long as a row. Calls check their arguments and say what is
 * wrong; they may be made from any number of threads at a time.
 *
 * <p>The JDK's module {@code jdk.incubator.vector} must be resolved: on the module path it is; on
 * the class path, start Java with {@code --add-modules jdk.incubator.vector}.
 */
package dev.lanewise.blas;
