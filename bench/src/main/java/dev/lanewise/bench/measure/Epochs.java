package dev.lanewise.bench.measure;

import dev.lanewise.bench.Network;
import dev.lanewise.bench.WrongAnswerException;
import dev.lanewise.bench.peer.Peer;
import dev.lanewise.bench.peer.Trainer;
import dev.lanewise.kernel.Backend;
import dev.lanewise.nn.Examples;
import dev.lanewise.nn.FitOptions;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.data.LabeledDataset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Trains a network by Lanewise and by each peer that can, epoch by epoch in turn. All begin with
 * the same weights; the order of samples is everybody's own.
 */
public final class Epochs implements AutoCloseable {
  /** Losses of the same epoch lie closer together, whatever the order of samples was. */
  private static final double CLOSE = 0.25;

  private static final long SEED = 42;

  private final Map<String, Trainer> trainers = new LinkedHashMap<>();
  private final Map<String, List<Double>> seconds = new LinkedHashMap<>();
  private final Map<String, Double> losses = new LinkedHashMap<>();

  /**
   * Prepares everybody.
   *
   * @param network which network
   * @param batch the samples of a step
   * @param data what to learn from
   * @param ours the name of Lanewise's column
   * @param backend who computes for Lanewise
   * @param peers who computes beside it
   */
  public Epochs(
      Network network,
      int batch,
      LabeledDataset data,
      String ours,
      Backend backend,
      List<Peer> peers) {
    Sequential model = network.create(SEED, backend);
    List<float[]> weights = new ArrayList<>();
    model.weights().forEach(weight -> weights.add(weight.value().data().toFloatArray()));
    trainers.put(ours, new Ours(model, network.examples(data), batch));
    for (Peer peer : peers) {
      Optional<Trainer> trainer =
          peer.train(network, weights, data.features(), data.labels(), batch);
      trainer.ifPresent(found -> trainers.put(peer.name(), found));
    }
    trainers.keySet().forEach(name -> seconds.put(name, new ArrayList<>()));
  }

  private record Ours(Sequential model, Examples examples, int batch) implements Trainer {
    @Override
    public double epoch() {
      FitOptions options = FitOptions.epochs(1).batchSize(batch).verbose(0);
      return model.fit(examples, options).last("loss");
    }

    @Override
    public void close() {
      // The garbage collector frees a model.
    }
  }

  /** {@return the columns: Lanewise, then the peers that train} */
  public List<String> names() {
    return List.copyOf(trainers.keySet());
  }

  /**
   * Trains everybody for one epoch.
   *
   * @return how long each took, in seconds
   * @throws WrongAnswerException if a peer's loss is far from ours: then they do not do the same
   */
  public Map<String, Double> next() {
    Map<String, Double> taken = new LinkedHashMap<>();
    trainers.forEach(
        (name, trainer) -> {
          long begin = System.nanoTime();
          double loss = trainer.epoch();
          double elapsed = 1e-9 * (System.nanoTime() - begin);
          taken.put(name, elapsed);
          seconds.get(name).add(elapsed);
          losses.put(name, loss);
        });
    double ours = losses.values().iterator().next();
    losses.forEach((name, loss) -> requireClose(name, loss, ours));
    return taken;
  }

  private static void requireClose(String name, double loss, double ours) {
    // Negated, so that a NaN does not pass.
    if (!(Math.abs(loss - ours) <= CLOSE * Math.max(ours, 0.1))) {
      throw new WrongAnswerException(
          String.format(
              Locale.ROOT,
              "training: the loss of %s is %.4f after an epoch in which that of Lanewise is %.4f",
              name,
              loss,
              ours));
    }
  }

  /**
   * {@return how long an epoch takes, without the first, in which the JIT compiles, if there is
   * another}
   *
   * @param name the column
   */
  public Timing timing(String name) {
    double[] all = seconds.get(name).stream().mapToDouble(Double::doubleValue).toArray();
    return Timing.of(all.length > 1 ? Arrays.copyOfRange(all, 1, all.length) : all);
  }

  /**
   * {@return the mean loss of the latest epoch}
   *
   * @param name the column
   */
  public double loss(String name) {
    return losses.get(name);
  }

  @Override
  public void close() {
    trainers.values().forEach(Trainer::close);
  }
}
