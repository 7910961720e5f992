package dev.lanewise.cuda;

import dev.lanewise.kernel.Availability;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.BackendProvider;
import dev.lanewise.kernel.BackendUnavailableException;

/**
 * Offers the backend {@code "cuda"}.
 *
 * <p>This release has no CUDA kernels. The provider says so where a CUDA device is ready, and
 * otherwise what keeps CUDA from working here; it never offers a backend.
 */
public final class CudaBackendProvider implements BackendProvider {

  /** Makes the provider; nothing is opened or asked. */
  public CudaBackendProvider() {}

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public int priority() {
    // Below the CPU's backends as long as there are no kernels: asked first, the provider would
    // open several hundred MB of NVIDIA libraries for an answer that is always "unavailable".
    return 10;
  }

  /**
   * {@return why the backend can not run here, and the cure; never throws}
   *
   * <p>The first call opens the NVIDIA libraries and asks for devices, which needs native access
   * for {@code dev.lanewise.bindings}; later calls return the same answer.
   */
  @Override
  public Availability availability() {
    return CudaProbe.answer();
  }

  /**
   * Refuses.
   *
   * @throws BackendUnavailableException always, with the reason and the cure of {@link
   *     #availability()}
   */
  @Override
  public Backend create() {
    throw new BackendUnavailableException(name(), CudaProbe.answer());
  }
}
