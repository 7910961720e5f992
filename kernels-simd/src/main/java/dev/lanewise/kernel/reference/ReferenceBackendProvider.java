package dev.lanewise.kernel.reference;

import dev.lanewise.kernel.Availability;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.BackendProvider;

/** Offers {@link ReferenceBackend}, which runs everywhere. */
public final class ReferenceBackendProvider implements BackendProvider {

  /** Makes the provider; {@link java.util.ServiceLoader} calls this. */
  public ReferenceBackendProvider() {}

  @Override
  public String name() {
    return ReferenceBackend.NAME;
  }

  @Override
  public int priority() {
    return 50;
  }

  @Override
  public Availability availability() {
    return new Availability.Available("plain Java loops, for judging other backends");
  }

  @Override
  public Backend create() {
    return new ReferenceBackend();
  }
}
