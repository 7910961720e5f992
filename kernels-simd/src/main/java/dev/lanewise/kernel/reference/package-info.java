/**
 * The reference backend: plain Java loops, slow and obvious, with double accumulation. It judges
 * the other backends and shares nothing with them but the contract.
 *
 * <p>Start with {@link dev.lanewise.kernel.reference.ReferenceBackend}; each family of operations
 * has a class of its own.
 */
package dev.lanewise.kernel.reference;
