package dev.lanewise.bench.peer;

import dev.lanewise.bench.cases.Kernel;
import dev.lanewise.bench.cases.KernelCase;
import dev.lanewise.kernel.Availability;
import java.util.List;
import java.util.Optional;

/**
 * Somebody else's library, measured in the same JVM. One that needs classes of its own to compile
 * against is found by {@link java.util.ServiceLoader}, so that this module does without them.
 */
public interface Peer {
  /** {@return the name in tables, for example {@code "OpenBLAS"}} */
  String name();

  /** {@return whether it can run here: version and settings, or reason and cure} */
  Availability availability();

  /**
   * Says how many threads to use, before anything else is asked of an available peer.
   *
   * @param threads at least 1
   */
  void useThreads(int threads);

  /**
   * {@return the same computation with arrays of the peer's own, or empty if it has none such}
   *
   * @param kernelCase what is computed
   * @param inputs of {@link KernelCase#inputs}; are not changed
   */
  Optional<Kernel> prepare(KernelCase kernelCase, List<float[]> inputs);
}
