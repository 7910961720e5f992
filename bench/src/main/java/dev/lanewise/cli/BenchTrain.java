package dev.lanewise.cli;

import dev.lanewise.bench.Network;
import dev.lanewise.bench.measure.Epochs;
import dev.lanewise.bench.measure.Timing;
import dev.lanewise.bench.peer.Peer;
import dev.lanewise.kernel.Backend;
import dev.lanewise.nn.data.LabeledDataset;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Epochs of the networks for Fashion-MNIST, by Lanewise and peers in turn. */
final class BenchTrain {
  private static final String OURS = "Lanewise";

  /** Which networks are trained, with which batches, and for how long if nobody says. */
  private enum Plan {
    /** Two dense layers. */
    MLP(Network.FASHION_MLP, 64, 6),
    /** Three. */
    WIDE_MLP(Network.FASHION_WIDE_MLP, 128, 4),
    /** Two convolutions before two. */
    CNN(Network.FASHION_CNN, 64, 2);

    private final Network network;
    private final int batch;
    private final int epochs;

    Plan(Network network, int batch, int epochs) {
      this.network = network;
      this.batch = batch;
      this.epochs = epochs;
    }

    /** {@return the name that a filter looks at} */
    String title() {
      return network.name().toLowerCase(Locale.ROOT).replace('_', '-') + " batch " + batch;
    }
  }

  private final PrintWriter out;
  private final Backend backend;
  private final List<Peer> peers;

  /**
   * Makes a run.
   *
   * @param out where to print
   * @param backend who computes for Lanewise
   * @param peers who trains beside it, if it can
   */
  BenchTrain(PrintWriter out, Backend backend, List<Peer> peers) {
    this.out = out;
    this.backend = backend;
    this.peers = peers;
  }

  /** {@return whether there is a network that a filter wants} */
  static boolean isAnyWanted(Pattern filter) {
    for (Plan plan : Plan.values()) {
      if (isWanted(plan, filter)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isWanted(Plan plan, Pattern filter) {
    return filter == null || filter.matcher(plan.title()).find();
  }

  /**
   * Trains.
   *
   * @param data what to learn from
   * @param filter which networks, or null for all
   * @param epochs how many of each, or null for as many as give a figure
   */
  void run(LabeledDataset data, Pattern filter, Integer epochs) {
    for (Plan plan : Plan.values()) {
      if (isWanted(plan, filter)) {
        train(plan, data, epochs == null ? plan.epochs : epochs);
      }
    }
  }

  private void train(Plan plan, LabeledDataset data, int count) {
    out.println();
    try (Epochs epochs = new Epochs(plan.network, plan.batch, data, OURS, backend, peers)) {
      out.printf(Locale.ROOT, "%s, %,d samples%n", plan.title(), data.labels().length);
      StringBuilder header = new StringBuilder("epoch ");
      epochs.names().forEach(name -> header.append(String.format(" %12s", name)));
      out.println(header);
      for (int i = 1; i <= count; i++) {
        StringBuilder row = new StringBuilder(String.format("%-6d", i));
        for (double seconds : epochs.next().values()) {
          row.append(String.format(Locale.ROOT, " %10.3f s", seconds));
        }
        out.println(row);
      }
      print(epochs);
    }
  }

  private void print(Epochs epochs) {
    Timing ours = epochs.timing(OURS);
    for (String name : epochs.names()) {
      Timing timing = epochs.timing(name);
      out.printf(
          Locale.ROOT,
          "%-9s upper quartile %.3f s, median %.3f s, best %.3f s, loss %.4f%s%n",
          name,
          timing.quartile(),
          timing.median(),
          timing.best(),
          epochs.loss(name),
          name.equals(OURS)
              ? ""
              : String.format(Locale.ROOT, "; ratio %.2f", timing.quartile() / ours.quartile()));
    }
  }
}
