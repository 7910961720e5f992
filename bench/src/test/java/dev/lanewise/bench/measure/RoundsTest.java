package dev.lanewise.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.bench.cases.Elementwise;
import dev.lanewise.bench.cases.Gemm;
import dev.lanewise.bench.cases.Kernel;
import dev.lanewise.bench.cases.KernelCase;
import dev.lanewise.bench.cases.Work;
import dev.lanewise.bench.peer.Peer;
import dev.lanewise.kernel.Availability;
import dev.lanewise.kernel.Backends;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoundsTest {
  private static final Peaks PEAKS = new Peaks(1, 100, 50, 20, 25, 18, 80);
  private static final Rounds SHORT =
      new Rounds(3, Duration.ofNanos(1), Duration.ofNanos(1), Duration.ofMillis(50));

  @Test
  void quartilesLieBetweenRounds() {
    Timing timing = Timing.of(5, 1, 3, 2, 4);
    assertEquals(new Timing(1, 2, 3, 2.0 / 3), timing);
    assertEquals(new Timing(1, 1.25, 1.5, 0.5 / 1.5), Timing.of(2, 1));
    assertEquals(new Timing(7, 7, 7, 0), Timing.of(7));
  }

  @Test
  void computationsTakeTurns() {
    List<String> calls = new ArrayList<>();
    SHORT.alternate(List.of(() -> calls.add("a"), () -> calls.add("b")));
    // Rounds may have been repeated, since these take next to no time.
    assertEquals(0, calls.size() % 6);
    for (int i = 0; i < calls.size(); i++) {
      assertEquals(i % 2 == 0 ? "a" : "b", calls.get(i));
    }
  }

  @Test
  void noisyRoundsAreRepeatedAndTheQuietestCount() {
    long[] millis = {1, 20, 40, 5, 5, 5};
    int[] call = new int[1];
    List<Timing> timings = SHORT.alternate(List.of(() -> sleep(millis[call[0]++ % 6])));
    assertTrue(call[0] == 6 || call[0] == 9, call[0] + " calls");
    assertTrue(timings.getFirst().noise() < 1, timings.toString());
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatIsExpectedToBeFasterIsWaitedFor() {
    long begin = System.nanoTime();
    SHORT.warmUp(() -> {}, 0);
    assertTrue(System.nanoTime() - begin >= SHORT.patience().toNanos());
  }

  @Test
  void allocationIsCountedByTheCall() {
    List<byte[]> kept = new ArrayList<>(10_000);
    assertEquals(0, SHORT.allocation(() -> {}, 1e-6));
    long bytes = SHORT.allocation(() -> kept.add(new byte[1000]), 1e-9);
    assertTrue(bytes >= 1000 && bytes < 1100, bytes + " bytes");
  }

  @Test
  void roofsAreTheLowerOfArithmeticAndMemory() {
    assertEquals(100, PEAKS.roof(new Work(1e9, 1e7, DType.F32)));
    assertEquals(50, PEAKS.roof(new Work(1e9, 1e7, DType.F64)));
    assertEquals(2 * 20, PEAKS.roof(new Work(2e7, 1e7, DType.F32)));
    assertEquals(20, PEAKS.roof(new Work(0, 1e7, DType.F32)));
    assertEquals(80, PEAKS.roof(new Work(0, 1e5, DType.F32)));
  }

  @Test
  void peaksAreMeasuredForOneThreadAndMore() {
    Peaks peaks = Peaks.measure(2);
    assertEquals(2, peaks.threads());
    for (double peak :
        new double[] {
          peaks.f32(), peaks.f64(), peaks.triad(), peaks.read(), peaks.copy(), peaks.cacheTriad()
        }) {
      assertTrue(peak > 0 && peak < 1e6, peaks.toString());
    }
  }

  /** Answers with what it is told to. */
  private record FakePeer(double answer) implements Peer {
    @Override
    public String name() {
      return "fake";
    }

    @Override
    public Availability availability() {
      return new Availability.Available("always");
    }

    @Override
    public void useThreads(int threads) {}

    @Override
    public Optional<Kernel> prepare(KernelCase kernelCase, List<float[]> inputs) {
      if (!(kernelCase instanceof Elementwise)) {
        return Optional.empty();
      }
      return Optional.of(
          new Kernel() {
            @Override
            public void run() {}

            @Override
            public double element(int index) {
              return answer + Math.max(0, inputs.getFirst()[index]);
            }

            @Override
            public void close() {}
          });
    }
  }

  private static Result measure(KernelCase kernelCase, double peersError) {
    var suite = new Suite(Backends.named("simd"), List.of(new FakePeer(peersError)), PEAKS, SHORT);
    return suite.measure(kernelCase);
  }

  @Test
  void peersAreTimedWhereTheyCompute() {
    Result relu = measure(new Elementwise(Elementwise.Op.RELU, 1000), 0);
    assertTrue(relu.isRight(), relu.problem());
    assertEquals(Set.of("fake"), relu.peers().keySet());
    assertEquals(
        relu.peers().get("fake").quartile() / relu.ours().quartile(), relu.ratioTo("fake"));
    assertEquals(8e-6 / relu.ours().quartile(), relu.rate(), 1e-9 * relu.rate());
    Result gemm = measure(new Gemm(DType.F32, Gemm.Form.NN, 4, 4, 4), 0);
    assertTrue(gemm.peers().isEmpty());
    assertTrue(Double.isNaN(gemm.ratioTo("fake")));
  }

  @Test
  void aWrongAnswerIsNotTimed() {
    Result wrong = measure(new Elementwise(Elementwise.Op.RELU, 1000), 1e-3);
    assertFalse(wrong.isRight());
    assertTrue(wrong.problem().startsWith("fake, relu 1000: element 0 is "), wrong.problem());
    assertTrue(Double.isNaN(wrong.ours().best()));
  }
}
