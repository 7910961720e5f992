package dev.lanewise.bench.measure;

import dev.lanewise.bench.WrongAnswerException;
import dev.lanewise.bench.cases.Exact;
import dev.lanewise.bench.cases.Kernel;
import dev.lanewise.bench.cases.KernelCase;
import dev.lanewise.bench.peer.Peer;
import dev.lanewise.kernel.Backend;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures cases: proves each answer, ours and the peers', then times all in alternation.
 *
 * @param backend who computes
 * @param peers who computes beside it
 * @param peaks what the machine can do, with as many threads
 * @param rounds how long to measure
 */
public record Suite(Backend backend, List<Peer> peers, Peaks peaks, Rounds rounds) {
  /** Below this share of the roof, a kernel may not have been compiled yet. */
  private static final double EXPECTED_SHARE = 0.1;

  /** {@return the same without the peers} */
  public Suite withoutPeers() {
    return new Suite(backend, List.of(), peaks, rounds);
  }

  /** {@return what came out for a case; a wrong answer is in its {@link Result#problem}} */
  public Result measure(KernelCase kernelCase) {
    List<float[]> inputs = kernelCase.inputs();
    List<Kernel> kernels = new ArrayList<>();
    try {
      kernels.add(kernelCase.on(backend, inputs));
      List<String> names = new ArrayList<>();
      for (Peer peer : peers) {
        peer.prepare(kernelCase, inputs)
            .ifPresent(
                kernel -> {
                  kernels.add(kernel);
                  names.add(peer.name());
                });
      }
      Exact exact = kernelCase.exact(inputs);
      prove(kernelCase, exact, "Lanewise", kernels.getFirst());
      for (int i = 0; i < names.size(); i++) {
        prove(kernelCase, exact, names.get(i), kernels.get(i + 1));
      }
      return time(kernelCase, kernels, names);
    } catch (WrongAnswerException e) {
      return Result.wrong(
          kernelCase.kernel(),
          kernelCase.shape(),
          kernelCase.work(),
          peaks.roof(kernelCase.work()),
          e.getMessage());
    } finally {
      // Scopes close in the reverse order of their opening.
      kernels.reversed().forEach(Kernel::close);
    }
  }

  private static void prove(KernelCase kernelCase, Exact exact, String who, Kernel kernel) {
    kernel.run();
    exact.check(who + ", " + kernelCase.id(), kernel);
  }

  private Result time(KernelCase kernelCase, List<Kernel> kernels, List<String> names) {
    List<Runnable> computations = new ArrayList<>();
    kernels.forEach(kernel -> computations.add(kernel::run));
    double expected = kernelCase.work().amount() / (EXPECTED_SHARE * peaks.roof(kernelCase.work()));
    boolean rising = rounds.warmUp(computations.getFirst(), expected);
    for (int i = 1; i < computations.size(); i++) {
      rounds.warmUp(computations.get(i), Double.POSITIVE_INFINITY); // native code is fast at once
    }
    List<Timing> timings = rounds.alternate(computations);
    Map<String, Timing> theirs = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      theirs.put(names.get(i), timings.get(i + 1));
    }
    Timing ours = timings.getFirst();
    return new Result(
        kernelCase.kernel(),
        kernelCase.shape(),
        kernelCase.work(),
        peaks.roof(kernelCase.work()),
        ours,
        theirs,
        rounds.allocation(computations.getFirst(), ours.median()),
        rising,
        "");
  }
}
