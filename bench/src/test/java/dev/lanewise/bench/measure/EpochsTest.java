package dev.lanewise.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.Shape;
import dev.lanewise.bench.Network;
import dev.lanewise.bench.WrongAnswerException;
import dev.lanewise.bench.cases.Kernel;
import dev.lanewise.bench.cases.KernelCase;
import dev.lanewise.bench.peer.Peer;
import dev.lanewise.bench.peer.Trainer;
import dev.lanewise.kernel.Availability;
import dev.lanewise.kernel.Backends;
import dev.lanewise.nn.data.Digits;
import dev.lanewise.nn.data.LabeledDataset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EpochsTest {
  private static final LabeledDataset DIGITS = Digits.load();

  /** Says that it trained, and to which losses. */
  private static final class Pretender implements Peer, Trainer {
    private final double[] losses;
    private int epoch;
    private boolean closed;

    Pretender(double... losses) {
      this.losses = losses;
    }

    @Override
    public String name() {
      return "pretender";
    }

    @Override
    public Availability availability() {
      return new Availability.Available("always");
    }

    @Override
    public void useThreads(int threads) {}

    @Override
    public Optional<Kernel> prepare(KernelCase kernelCase, List<float[]> inputs) {
      return Optional.empty();
    }

    @Override
    public Optional<Trainer> train(
        Network network, List<float[]> weights, float[] samples, int[] labels, int batch) {
      List<Shape> shapes = network.weightShapes();
      for (int i = 0; i < shapes.size(); i++) {
        assertEquals(shapes.get(i).size(), weights.get(i).length);
      }
      assertEquals(labels.length * network.sampleSize(), samples.length);
      return Optional.of(this);
    }

    @Override
    public double epoch() {
      return losses[epoch++];
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  /** One that only computes kernels. */
  private record Other(String name) implements Peer {
    @Override
    public Availability availability() {
      return new Availability.Available("always");
    }

    @Override
    public void useThreads(int threads) {}

    @Override
    public Optional<Kernel> prepare(KernelCase kernelCase, List<float[]> inputs) {
      return Optional.empty();
    }
  }

  private static Epochs epochs(Peer... peers) {
    return new Epochs(
        Network.DIGITS_MLP, 64, DIGITS, "ours", Backends.named("simd"), List.of(peers));
  }

  @Test
  void everybodyWhoTrainsTakesTurns() {
    double first;
    double second;
    try (Epochs alone = epochs(new Other("kernels only"))) {
      assertEquals(List.of("ours"), alone.names());
      alone.next();
      first = alone.loss("ours");
      alone.next();
      second = alone.loss("ours");
      assertTrue(second < first, first + ", then " + second);
    }
    Pretender pretender = new Pretender(1.1 * first, 0.9 * second);
    try (Epochs epochs = epochs(pretender)) {
      assertEquals(List.of("ours", "pretender"), epochs.names());
      epochs.next();
      Map<String, Double> taken = epochs.next();
      assertEquals(second, epochs.loss("ours"));
      // The first epoch is the JIT's.
      assertEquals(taken.get("ours"), epochs.timing("ours").best());
      assertEquals(taken.get("pretender"), epochs.timing("pretender").median());
    }
    assertTrue(pretender.closed);
  }

  @Test
  void whoDoesSomethingElseIsFound() {
    for (double loss : new double[] {100, Double.NaN}) {
      try (Epochs epochs = epochs(new Pretender(loss))) {
        var e = assertThrows(WrongAnswerException.class, epochs::next);
        assertTrue(e.getMessage().startsWith("training: the loss of pretender is "));
      }
    }
  }
}
