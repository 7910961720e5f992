package dev.lanewise.cli;

import dev.lanewise.bench.Network;
import dev.lanewise.nn.data.Digits;
import java.io.PrintStream;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code lanewise train digits}. */
@Command(
    name = "digits",
    sortOptions = false,
    abbreviateSynopsis = true,
    usageHelpAutoWidth = true,
    header = "Trains a network of two layers (64-128-10) on 1,797 small images of digits.",
    description =
        "%nThe images are part of Lanewise. Four fifths are trained with, the rest are for the"
            + " test.",
    synopsisHeading = "%nUsage: ",
    optionListHeading = "%nOptions:%n")
final class TrainDigits implements Runnable {
  private static final double TRAIN_SHARE = 0.8;

  /** Not the user's seed: accuracies of several seeds are on the same test samples. */
  private static final long SPLIT_SEED = 42;

  @Spec private CommandSpec spec;

  @ParentCommand private Train parent;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      converter = Converters.Count.class,
      defaultValue = "30",
      description = "How often to go through the samples (default: ${DEFAULT-VALUE}).")
  private int epochs;

  @Mixin private RunOptions options;

  /** Makes the command; picocli calls this. */
  TrainDigits() {}

  @Override
  public void run() {
    long start = System.nanoTime();
    PrintStream out = parent.out();
    Training.Outcome outcome =
        Training.run(
            Network.DIGITS_MLP,
            Training.backend(options, spec.commandLine()),
            Digits.load().stratifiedSplit(TRAIN_SHARE, SPLIT_SEED),
            epochs,
            options,
            out);
    double seconds = (System.nanoTime() - start) * 1e-9;
    out.println(String.format(Locale.ROOT, "test accuracy %.4f", outcome.accuracy()));
    out.println(String.format(Locale.ROOT, "time %.2f s", seconds));
  }
}
