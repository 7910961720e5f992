package dev.lanewise.kernel;

import java.util.List;

/**
 * Offers one backend to {@link Backends}, which finds providers with {@link
 * java.util.ServiceLoader}.
 *
 * <p>A provider's own class touches no vector class and no native function, so that it can be
 * loaded and asked on any Java; what needs them sits in classes loaded by {@link #availability()}
 * or {@link #create()}.
 */
public interface BackendProvider {

  /**
   * {@return the name by which users ask for the backend: lower case, for example {@code "simd"}}
   */
  String name();

  /** {@return the rank among available backends when nobody asks by name: the highest wins} */
  int priority();

  /**
   * {@return whether the backend can run here}
   *
   * @throws IllegalArgumentException if a system property of the backend's has a value that it can
   *     not have: that is a mistake to be told, not a reason to take another backend in silence
   */
  Availability availability();

  /**
   * {@return what more there is to know for somebody who looks for a fault, a line each: devices,
   * libraries, versions, files; nothing for most} Asked after {@link #availability()}, whatever
   * that answered.
   */
  default List<String> details() {
    return List.of();
  }

  /**
   * {@return a new backend} {@link Backends} calls this once and keeps the result.
   *
   * @throws BackendUnavailableException if {@link #availability()} says that it can not run
   */
  Backend create();
}
