/**
 * The CUDA backend, as far as it goes: it finds out whether CUDA works here, and says so.
 *
 * <p>Start with {@link dev.lanewise.cuda.CudaBackendProvider}, which {@code Backends} finds under
 * the name {@code "cuda"}. {@code CudaProbe} asks the libraries, the driver and the devices in
 * turn, and has one answer with one cure for each thing that can be wrong. This release has no CUDA
 * kernels, so the answer is "unavailable" where everything else is in place too.
 *
 * <p>The functions of the NVIDIA libraries, and the search for the libraries, are in {@code
 * dev.lanewise.bindings.cuda}, the module that needs native access.
 */
package dev.lanewise.cuda;
