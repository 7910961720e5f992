/**
 * The CUDA backend: the whole contract of {@code dev.lanewise.kernel.Backend} on an NVIDIA device.
 *
 * <p>{@link dev.lanewise.cuda.CudaBackendProvider} is what {@code Backends} finds under the name
 * {@code "cuda"}; {@code CudaProbe} asks the libraries, the driver and the devices in turn, and has
 * one answer with one cure for each thing that can be wrong.
 *
 * <p>Start reading with {@code CudaBackend}, one line for each operation, and from there with the
 * class of the operation's family. {@code CudaDevice} is what they all use: memory ({@code
 * DeviceMemory}, {@code Staging}), kernels compiled at run time ({@code KernelSource}, {@code
 * Kernels}, {@code Compiler}, {@code KernelCache}) and the handles of cuBLAS and cuDNN ({@code
 * Handles}). An {@code Operation} is one call: it holds the device for the calling thread, and is
 * the one place where addresses of arrays come from. {@code Status} looks at what every function
 * returns.
 *
 * <p>The functions of the NVIDIA libraries, and the search for the libraries, are in {@code
 * dev.lanewise.bindings.cuda}, the module that needs native access.
 */
package dev.lanewise.cuda;
