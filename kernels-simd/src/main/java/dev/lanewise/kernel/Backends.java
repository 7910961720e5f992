package dev.lanewise.kernel;

import dev.lanewise.array.NdArray;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/**
 * Finds backends, by name or from the arrays given. Nothing here is a switch: asking for one
 * backend changes nothing for others.
 *
 * {@snippet :
 * Backend best = Backends.best();              // the fastest that can run here
 * Backend judge = Backends.named("reference"); // by name; an error if it can not run
 * Backend theirs = Backends.of(array);         // the one that the array belongs to
 * }
 */
public final class Backends {
  /** The system property that names the backend which {@link #best} returns. */
  public static final String PROPERTY = "lanewise.backend";

  private static final System.Logger LOG = System.getLogger("dev.lanewise.kernel");
  private static final Map<String, Backend> CREATED = new LinkedHashMap<>();

  private static Backend best;

  private Backends() {}

  /** {@return the providers on the module or class path, the highest priority first} */
  public static List<BackendProvider> providers() {
    List<BackendProvider> found = new ArrayList<>();
    ServiceLoader.load(BackendProvider.class, Backends.class.getClassLoader()).forEach(found::add);
    found.sort(
        Comparator.comparingInt(BackendProvider::priority)
            .reversed()
            .thenComparing(BackendProvider::name));
    return found;
  }

  /**
   * {@return the backend of this name}
   *
   * @param name for example {@code "simd"}, {@code "reference"} or {@code "cuda"}
   * @throws BackendUnavailableException if there is none of this name, or it can not run here
   */
  public static Backend named(String name) {
    return StandIn.in(created(name));
  }

  private static synchronized Backend created(String name) {
    Backend known = CREATED.get(name);
    if (known != null) {
      return known;
    }
    List<BackendProvider> all = providers();
    for (BackendProvider provider : all) {
      if (provider.name().equals(name)) {
        return create(provider);
      }
    }
    throw new BackendUnavailableException(
        "backend '"
            + name
            + "' is not known; there are "
            + all.stream().map(BackendProvider::name).collect(Collectors.joining(", "))
            + "; cure: correct the name, or put the jars that bring it on the module or class"
            + " path");
  }

  /**
   * {@return the backend that the system property {@value #PROPERTY} names, or else the available
   * one of the highest priority}
   *
   * @throws BackendUnavailableException if the named one can not run here
   * @throws IllegalArgumentException if a system property of a backend's has a wrong value
   */
  public static Backend best() {
    return StandIn.in(fastest());
  }

  private static synchronized Backend fastest() {
    String asked = System.getProperty(PROPERTY);
    if (asked != null) {
      return created(asked);
    }
    if (best != null) {
      return best;
    }
    for (BackendProvider provider : providers()) {
      if (provider.availability().isAvailable()) {
        best = created(provider.name());
        return best;
      }
    }
    throw new BackendUnavailableException(
        "no backend can run here: "
            + providers().stream()
                .map(p -> p.name() + " is " + p.availability())
                .collect(Collectors.joining("; ")));
  }

  /**
   * {@return the backend that an array belongs to}
   *
   * @param array the array
   * @throws IllegalArgumentException if its device is not a backend
   */
  public static Backend of(NdArray array) {
    if (array.device() instanceof Backend backend) {
      return StandIn.in(backend);
    }
    throw new IllegalArgumentException(
        "device '" + array.device().name() + "' holds arrays but computes nothing");
  }

  private static Backend create(BackendProvider provider) {
    Availability availability = provider.availability();
    if (availability instanceof Availability.Unavailable reason) {
      throw new BackendUnavailableException(provider.name(), reason);
    }
    Backend backend = provider.create();
    CREATED.put(provider.name(), backend);
    LOG.log(System.Logger.Level.DEBUG, "{0} {1}", provider.name(), availability);
    return backend;
  }
}
