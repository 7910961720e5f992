package dev.lanewise.simd;

import dev.lanewise.kernel.Availability;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.BackendProvider;
import dev.lanewise.kernel.BackendUnavailableException;

/** Offers the backend that uses the processor's vector instructions. */
public final class SimdBackendProvider implements BackendProvider {
  private static final String MODULE = "jdk.incubator.vector";

  /** Makes the provider; found by {@link java.util.ServiceLoader}. */
  public SimdBackendProvider() {}

  @Override
  public String name() {
    return "simd";
  }

  @Override
  public int priority() {
    return 100;
  }

  @Override
  public Availability availability() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return new Availability.Unavailable(
          "the JDK's module " + MODULE + " is not resolved",
          "start Java with --add-modules " + MODULE + ", or put Lanewise on the module path");
    }
    if (!FusedMultiplyAdd.isInHardware()) {
      return new Availability.Unavailable(
          "this processor, or the virtual machine around it, has no fused multiply-add",
          "use a processor with FMA3 or NEON, or the reference backend");
    }
    // What is wrong in a property is said now, and not in the first call that reads it.
    LoopMode.configured();
    int threads = Workers.configuredThreads();
    return new Availability.Available(
        VectorWidth.configured()
            + "-bit vectors, "
            + threads
            + (threads == 1 ? " thread" : " threads"));
  }

  @Override
  public Backend create() {
    if (availability() instanceof Availability.Unavailable reason) {
      throw new BackendUnavailableException(name(), reason);
    }
    return new SimdBackend(Workers.shared());
  }
}
