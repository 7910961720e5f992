package dev.lanewise.bench.peer;

import dev.lanewise.bench.Network;
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

  /**
   * {@return a training of a network with Adam and the cross-entropy of logits, or empty if the
   * peer does not train}
   *
   * @param network which network
   * @param weights to begin with, in the order of {@link Network#weightShapes}
   * @param samples the samples, one after the other
   * @param labels the class of each
   * @param batch the samples of a step
   */
  default Optional<Trainer> train(
      Network network, List<float[]> weights, float[] samples, int[] labels, int batch) {
    return Optional.empty();
  }
}
