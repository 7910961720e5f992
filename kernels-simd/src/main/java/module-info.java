/** Arrays, the kernel contract, the reference and SIMD backends, and BLAS for embedders. */
module dev.lanewise.kernels {
  requires jdk.incubator.vector;

  exports dev.lanewise.array;
  exports dev.lanewise.blas;
  exports dev.lanewise.io;
  exports dev.lanewise.kernel;

  uses dev.lanewise.kernel.BackendProvider;

  provides dev.lanewise.kernel.BackendProvider with
      dev.lanewise.kernel.reference.ReferenceBackendProvider,
      dev.lanewise.simd.SimdBackendProvider;
}
