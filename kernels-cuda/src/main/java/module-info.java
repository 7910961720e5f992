/**
 * The CUDA backend of Lanewise. Programs see nothing of it: {@code dev.lanewise.kernel.Backends}
 * finds it under the name {@code "cuda"}. Benchmarks see the bare calls that it is measured by.
 *
 * @provides dev.lanewise.kernel.BackendProvider the backend {@code "cuda"}
 */
// The export names a module that is compiled after this one, and that may be absent.
@SuppressWarnings("module")
module dev.lanewise.cuda {
  requires dev.lanewise.bindings;
  requires dev.lanewise.kernels;

  exports dev.lanewise.cuda to
      dev.lanewise.bench;

  provides dev.lanewise.kernel.BackendProvider with
      dev.lanewise.cuda.CudaBackendProvider;
}
