package dev.lanewise.cuda;

import dev.lanewise.kernel.Availability;
import dev.lanewise.kernel.Availability.Unavailable;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.BackendProvider;
import dev.lanewise.kernel.BackendUnavailableException;
import java.util.List;

/**
 * Offers the backend {@code "cuda"}, for whoever asks for it by name. The system property {@code
 * lanewise.cuda.device} chooses among several devices.
 *
 * {@snippet :
 * Backend cuda = Backends.named("cuda"); // asks this provider; tells the cure if there is no device
 * NdArray x = NdArray.of(cuda, new float[] {1, 2, 3});
 * }
 */
public final class CudaBackendProvider implements BackendProvider {

  /** Makes the provider; nothing is opened or asked. */
  public CudaBackendProvider() {}

  @Override
  public String name() {
    return CudaBackend.NAME;
  }

  @Override
  public int priority() {
    // Below the CPU's backends: asked first, the provider would open several hundred MB of NVIDIA
    // libraries in every program, and small problems are faster on the processor.
    return 10;
  }

  /**
   * {@return whether the backend can run here; if not why, and the cure}
   *
   * <p>The first call opens the NVIDIA libraries and asks for devices, which needs native access
   * for {@code dev.lanewise.bindings}; later calls return the same answer.
   *
   * @throws IllegalArgumentException if {@code lanewise.cuda.device} is no number of a device
   */
  @Override
  public Availability availability() {
    return CudaProbe.answer();
  }

  /** {@return each library with version and file, and each device} */
  @Override
  public List<String> details() {
    return CudaDetails.of(new BoundCudaCalls());
  }

  /**
   * {@return a new backend on the device that {@code lanewise.cuda.device} names}
   *
   * @throws BackendUnavailableException if {@link #availability()} says that it can not run
   */
  @Override
  public Backend create() {
    if (availability() instanceof Unavailable reason) {
      throw new BackendUnavailableException(name(), reason);
    }
    return new CudaBackend(new CudaDevice(DeviceFacts.of(CudaProbe.configuredOrdinal())));
  }
}
