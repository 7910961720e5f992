package dev.lanewise.kernel;

/**
 * Offers a {@link SealedBackend} over the backend that a program would get, to tests of the floors
 * above that name it in a file of services. {@code -Dlanewise.backend=sealed} runs all of a test
 * class on it.
 */
public final class SealedBackendProvider implements BackendProvider {

  /** Makes the provider. */
  public SealedBackendProvider() {}

  @Override
  public String name() {
    return SealedBackend.NAME;
  }

  @Override
  public int priority() {
    return Integer.MIN_VALUE; // for whoever asks by name
  }

  @Override
  public Availability availability() {
    return SealedBackend.NAME.equals(System.getProperty(Backends.PROPERTY))
        ? new Availability.Available("main memory behind sealed segments")
        : new Availability.Unavailable(
            "it is for tests alone", "start Java with -D" + Backends.PROPERTY + "=sealed");
  }

  @Override
  public Backend create() {
    BackendProvider fastest =
        Backends.providers().stream()
            .filter(provider -> !provider.name().equals(name()))
            .filter(provider -> provider.availability().isAvailable())
            .findFirst()
            .orElseThrow();
    return SealedBackend.over(Backends.named(fastest.name()));
  }
}
