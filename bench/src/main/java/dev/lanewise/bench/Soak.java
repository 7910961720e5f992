package dev.lanewise.bench;

import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.BackendUnavailableException;
import dev.lanewise.nn.Examples;
import dev.lanewise.nn.FitOptions;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.layer.Weight;
import dev.lanewise.nn.trainer.Devices;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/**
 * Trains for a long time: the same networks from the same seeds, again and again. Every round must
 * end with the same weights, bit for bit, and once the first rounds have filled the pool, arrays
 * must take no more memory. {@code java … dev.lanewise.bench.Soak cuda 10} does so for ten minutes;
 * the exit status is 0 if all went well, 1 if not, 2 if there is no such device.
 */
public final class Soak {
  private static final int SAMPLES = 512;

  /** Rounds in which the pool may still grow. */
  private static final int FIRST_ROUNDS = 3;

  private final Backend backend;
  private final Examples digits;
  private final Examples images;
  private int[] expected;
  private long most;

  /**
   * Prepares samples of noise.
   *
   * @param backend who computes
   */
  Soak(Backend backend) {
    this.backend = backend;
    this.digits = noise(Network.DIGITS_MLP);
    this.images = noise(Network.FASHION_CNN);
  }

  private static Examples noise(Network network) {
    int[] labels = new int[SAMPLES];
    Arrays.setAll(labels, i -> i * 7 % 10);
    float[] x = RandomFloats.of(SAMPLES * network.sampleSize(), 1, 3);
    return Examples.of(x, network.sampleShape(), labels);
  }

  /**
   * Runs it.
   *
   * @param args the device, as {@code Devices} knows it, and for how many minutes
   */
  public static void main(String[] args) {
    if (args.length != 2) {
      System.err.println("soak: give a device and a number of minutes, as in: cuda 10");
      System.exit(2);
    }
    try {
      Soak soak = new Soak(Devices.named(args[0]));
      System.out.println(soak.run(Duration.ofSeconds((long) (60 * Double.parseDouble(args[1])))));
    } catch (BackendUnavailableException unavailable) {
      System.err.println("soak: " + unavailable.getMessage());
      System.exit(2);
    } catch (WrongAnswerException wrong) {
      System.err.println("soak: " + wrong.getMessage());
      System.exit(1);
    }
  }

  /**
   * {@return what was done, in one line}
   *
   * @param time for how long; the round that has begun ends
   * @throws WrongAnswerException if a round ends with other weights, or takes more memory
   */
  String run(Duration time) {
    long start = System.nanoTime();
    int rounds = 0;
    while (rounds <= FIRST_ROUNDS || System.nanoTime() - start < time.toNanos()) {
      round(rounds++);
    }
    return String.format(
        Locale.ROOT,
        "%s: %d rounds in %.0f s, all with the same weights; arrays hold %.1f MiB throughout",
        backend.name(),
        rounds,
        (System.nanoTime() - start) * 1e-9,
        most / 1048576.0);
  }

  private void round(int number) {
    int[] weights = {train(Network.DIGITS_MLP, digits), train(Network.FASHION_CNN, images)};
    if (expected == null) {
      expected = weights;
    } else if (!Arrays.equals(expected, weights)) {
      throw new WrongAnswerException(
          "round " + number + " ended with other weights than the first");
    }
    // The weights of earlier rounds wait for the garbage collector.
    System.gc();
    long held = backend.memory().pool().mappedBytes();
    if (number < FIRST_ROUNDS) {
      most = Math.max(most, 2 * held);
    } else if (held > most) {
      throw new WrongAnswerException(
          "round %d: arrays hold %d bytes, more than twice those of the first rounds (%d)"
              .formatted(number, held, most / 2));
    }
  }

  /** {@return a hash of the weights after two epochs} */
  private int train(Network network, Examples examples) {
    Sequential model = network.create(42, backend);
    model.fit(examples, FitOptions.epochs(2).batchSize(64).verbose(0));
    int hash = 1;
    for (Weight weight : model.weights()) {
      hash = 31 * hash + Arrays.hashCode(weight.value().toFloatArray());
    }
    return hash;
  }
}
