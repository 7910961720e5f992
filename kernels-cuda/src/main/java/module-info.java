/**
 * The CUDA backend of Lanewise. It exports nothing: {@code dev.lanewise.kernel.Backends} finds it
 * under the name {@code "cuda"}.
 *
 * @provides dev.lanewise.kernel.BackendProvider the backend {@code "cuda"}
 */
module dev.lanewise.cuda {
  requires dev.lanewise.bindings;
  requires dev.lanewise.kernels;

  provides dev.lanewise.kernel.BackendProvider with
      dev.lanewise.cuda.CudaBackendProvider;
}
