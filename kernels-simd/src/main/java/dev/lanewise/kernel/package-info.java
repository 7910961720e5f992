/**
 * The contract of every backend, and the lists of operations that it is built from.
 *
 * <p>Start with {@link dev.lanewise.kernel.Backend}, whose methods are all that a backend does, and
 * get one from {@link dev.lanewise.kernel.Backends}. Elementwise operations are lines of {@link
 * dev.lanewise.kernel.UnaryOp} and {@link dev.lanewise.kernel.BinaryOp}; an {@link
 * dev.lanewise.kernel.Expr} combines them, and a backend compiles it into one loop. Classes named
 * {@code …Spec} check a call's arguments once. The backends themselves are elsewhere: {@code
 * dev.lanewise.kernel.reference} and {@code dev.lanewise.simd}.
 */
package dev.lanewise.kernel;
