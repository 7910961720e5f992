package dev.lanewise.nn.trainer;

import dev.lanewise.kernel.Availability;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.BackendProvider;
import dev.lanewise.kernel.BackendUnavailableException;
import dev.lanewise.kernel.Backends;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Who computes, by the names that users of other systems know. */
final class Devices {
  private Devices() {}

  /**
   * {@return the backend of a name}
   *
   * @param name {@code "auto"}, {@code "cpu"}, {@code "gpu"} or a backend's own; case does not
   *     matter
   * @throws BackendUnavailableException if it can not run here; the text says why
   */
  static Backend named(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return switch (lower) {
      case "auto" -> Backends.best();
      case "cpu" -> withMemory(lower, true);
      case "gpu" -> withMemory(lower, false);
      default -> Backends.named(lower);
    };
  }

  /** {@return the best one that computes in main memory, or in memory of its own} */
  static Backend withMemory(String name, boolean host) {
    for (BackendProvider provider : Backends.providers()) {
      if (provider.availability().isAvailable()) {
        Backend backend = Backends.named(provider.name());
        if (backend.memory().isHost() == host) {
          return backend;
        }
      }
    }
    throw new BackendUnavailableException(
        "device '%s': no such backend can run here: %s; take \"auto\""
            .formatted(
                name,
                Backends.providers().stream()
                    .map(p -> p.name() + " is " + p.availability())
                    .collect(Collectors.joining("; "))));
  }

  /** {@return name and details} */
  static String describe(Backend backend) {
    Optional<String> detail =
        Backends.providers().stream()
            .filter(provider -> provider.name().equals(backend.name()))
            .map(BackendProvider::availability)
            .map(
                availability ->
                    availability instanceof Availability.Available(String text)
                        ? " (" + text + ")"
                        : "")
            .findFirst();
    return backend.name() + detail.orElse("");
  }
}
