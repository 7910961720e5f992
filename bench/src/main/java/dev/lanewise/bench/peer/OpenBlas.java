package dev.lanewise.bench.peer;

import dev.lanewise.bench.cases.Kernel;
import dev.lanewise.bench.cases.KernelCase;
import dev.lanewise.kernel.Availability;
import java.util.List;
import java.util.Optional;

/** OpenBLAS of bytedeco's jar. */
final class OpenBlas implements Peer {
  private static final String LIBRARY = "libopenblas.so.0";

  /** Chooses a kernel in OpenBLAS; one that the processor has outgrown is slow. */
  private static final String CORE_TYPE = "OPENBLAS_CORETYPE";

  private Cblas blas;

  @Override
  public String name() {
    return "OpenBLAS";
  }

  @Override
  public Availability availability() {
    String folder = "org/bytedeco/openblas/" + NativeJar.platform();
    Optional<NativeJar> jar = NativeJar.with(folder, LIBRARY);
    if (jar.isEmpty()) {
      return NativeJar.MISSING;
    }
    if (System.getenv(CORE_TYPE) != null) {
      return new Availability.Unavailable(
          CORE_TYPE + " is set to " + System.getenv(CORE_TYPE) + ", which would slow it",
          "unset " + CORE_TYPE);
    }
    if (blas == null) {
      blas = new Cblas(jar.get().folder().resolve(LIBRARY));
    }
    return new Availability.Available(
        "%s; kernel %s"
            .formatted(blas.text("openblas_get_config"), blas.text("openblas_get_corename")));
  }

  @Override
  public void useThreads(int threads) {
    blas.call("openblas_set_num_threads", threads);
  }

  @Override
  public Optional<Kernel> prepare(KernelCase kernelCase, List<float[]> inputs) {
    return blas.prepare(kernelCase, inputs);
  }
}
