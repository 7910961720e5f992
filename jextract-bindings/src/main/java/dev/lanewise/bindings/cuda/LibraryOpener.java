package dev.lanewise.bindings.cuda;

import java.util.Optional;

/** Asks the system to open libraries; tests put another one in its place. */
@FunctionalInterface
interface LibraryOpener {

  /**
   * {@return the open library, or empty if the system can not open it}
   *
   * @param file a path, or a bare file name for the system's own search
   * @throws IllegalCallerException if Java refuses native access
   * @throws UnsupportedOperationException if this Java has no native linker
   */
  Optional<OpenLibrary> open(String file);
}
