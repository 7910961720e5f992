/**
 * A double of the CUDA libraries in Java: upcall stubs behind the same bindings, device memory in
 * host arrays, kernels run by an interpreter. Start with {@link
 * dev.lanewise.cuda.fake.DriverDouble}.
 *
 * <p>What a test on it proves: that arguments arrive in the right order and in the right layout,
 * that addresses and sizes fit the blocks they point into, that what is made is destroyed once and
 * not used afterwards, that every status is looked at, and (with lazy streams) that nothing relies
 * on work that nobody has waited for. What it does not prove: any speed, the numerics of the real
 * libraries and of the real compiler, and the behaviour of a device that runs things at the same
 * time.
 *
 * <p>Where the double is not sure what CUDA allows, it is the stricter of the two.
 */
package dev.lanewise.cuda.fake;
