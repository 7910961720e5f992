/**
 * Parses and runs a subset of CUDA C on the CPU, in place of NVRTC and the GPU where tests have
 * neither.
 *
 * <p>Start at {@link dev.lanewise.cuda.simt.SimtProgram}: its text says what the subset is, and
 * which mistakes of a kernel are told. A parser makes nodes ({@code Node}: expressions, {@code
 * Statement}: the rest) that evaluate for all threads of a block at once; {@code Mask} says which
 * threads take part, {@code BlockState} where they are. Global memory is somebody else's, behind
 * {@link dev.lanewise.cuda.simt.DeviceAccess}.
 *
 * <p>This is not a model of time, of warps or of the memory hierarchy: it says what a right GPU
 * computes.
 */
package dev.lanewise.cuda.simt;
