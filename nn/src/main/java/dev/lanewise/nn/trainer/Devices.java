package dev.lanewise.nn.trainer;

import dev.lanewise.kernel.Availability;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.BackendProvider;
import dev.lanewise.kernel.BackendUnavailableException;
import dev.lanewise.kernel.Backends;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Who computes, by the names that users of other systems know.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var model = Sequential.of(new Dense(8, "relu"), new Dense(1)).to(Devices.named("auto"));
 *   IO.println(Devices.describe(Devices.named("cpu"))); // as: simd (256-bit vectors, 8 threads)
 *   model.build(3);
 * }
 * }
 */
public final class Devices {
  /** The names that are no backend's own. */
  public static final List<String> ALIASES = List.of("auto", "cpu", "gpu");

  /** A device of several, as PyTorch names it. */
  private static final Pattern NUMBERED = Pattern.compile("(cuda|gpu):.*", Pattern.DOTALL);

  private Devices() {}

  /**
   * {@return the backend of a name}
   *
   * @param name {@code "auto"} for {@link Backends#best}; {@code "cpu"} for the fastest in main
   *     memory, {@code "gpu"} for the first with memory of its own; or a backend's own name, as
   *     {@code "simd"} or {@code "cuda"}; case does not matter
   * @throws BackendUnavailableException if it can not run here; the text says why
   */
  public static Backend named(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return switch (lower) {
      case "auto" -> Backends.best();
      case "cpu" -> withMemory(lower, true);
      case "gpu" -> withMemory(lower, false);
      default -> {
        if (NUMBERED.matcher(lower).matches()) {
          throw new BackendUnavailableException(
              ("device '%s': a name has no number; take \"%s\", and choose among several devices"
                      + " with -Dlanewise.cuda.device=NUMBER")
                  .formatted(name, lower.substring(0, lower.indexOf(':'))));
        }
        yield Backends.named(lower);
      }
    };
  }

  /** {@return the best one that computes in main memory, or in memory of its own} */
  private static Backend withMemory(String name, boolean host) {
    for (BackendProvider provider : Backends.providers()) {
      if (provider.availability().isAvailable()) {
        Backend backend = Backends.named(provider.name());
        if (backend.memory().isHost() == host) {
          return backend;
        }
      }
    }
    throw new BackendUnavailableException(
        ("device '%s': no backend that computes in %s can run here: %s; or take \"auto\", or one"
                + " of %s")
            .formatted(
                name,
                host ? "main memory" : "memory of its own",
                obstacles(),
                Backends.providers().stream()
                    .filter(provider -> provider.availability().isAvailable())
                    .map(BackendProvider::name)
                    .collect(Collectors.joining(", "))));
  }

  /** {@return why each backend that can not run here can not} */
  private static String obstacles() {
    List<String> unavailable =
        Backends.providers().stream()
            .filter(provider -> !provider.availability().isAvailable())
            .map(provider -> provider.name() + " is " + provider.availability())
            .toList();
    return unavailable.isEmpty()
        ? "there is none on the module or class path; cure: put kernels-cuda.jar and"
            + " jextract-bindings.jar there"
        : String.join("; ", unavailable);
  }

  /**
   * {@return a backend's name, and what it says of itself}
   *
   * @param backend the backend
   */
  public static String describe(Backend backend) {
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
