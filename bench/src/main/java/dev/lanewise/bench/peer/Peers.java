package dev.lanewise.bench.peer;

import dev.lanewise.bench.cases.Kernel;
import dev.lanewise.bench.cases.KernelCase;
import dev.lanewise.kernel.Availability;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.ServiceLoader.Provider;

/** Finds the peers. */
public final class Peers {
  /** Those whose classes are compiled only with Maven's profile "peers", in the table's order. */
  private static final List<String> SERVICES = List.of("libtorch", "ORT");

  private Peers() {}

  /**
   * {@return every peer, the missing ones too: those say why}
   *
   * <p>libtorch is asked first, and with it its own copy of OpenBLAS is loaded and bound: a library
   * that comes later under the same name would be given the other's copy, or functions of MKL.
   */
  public static List<Peer> all() {
    List<Peer> found =
        ServiceLoader.load(Peer.class, Peers.class.getClassLoader()).stream()
            .map(Provider::get)
            .toList();
    List<Peer> all = new ArrayList<>(List.of(new OpenBlas(), new Mkl()));
    for (String name : SERVICES) {
      all.add(
          found.stream()
              .filter(peer -> peer.name().equals(name))
              .findFirst()
              .orElseGet(() -> new Missing(name)));
    }
    all.reversed().forEach(Peer::availability);
    return all;
  }

  /** One that this build does not have. */
  private record Missing(String name) implements Peer {
    @Override
    public Availability availability() {
      return NativeJar.MISSING;
    }

    @Override
    public void useThreads(int threads) {
      throw new IllegalStateException(name + " is " + availability());
    }

    @Override
    public Optional<Kernel> prepare(KernelCase kernelCase, List<float[]> inputs) {
      return Optional.empty();
    }
  }
}
