package dev.lanewise.cli;

import dev.lanewise.bench.Network;
import dev.lanewise.kernel.Backend;
import dev.lanewise.nn.data.FashionMnist;
import dev.lanewise.nn.data.TrainTestSplit;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code lanewise train fashion-mnist}. */
@Command(
    name = "fashion-mnist",
    sortOptions = false,
    abbreviateSynopsis = true,
    usageHelpAutoWidth = true,
    header = "Trains a network on 60,000 images of clothes and tests it on 10,000 others.",
    description =
        "%nThe images are those of Debian's package dataset-fashion-mnist, or of the folder that"
            + " --data-dir names.",
    synopsisHeading = "%nUsage: ",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nModels:%n",
    footer = {
      "  mlp    784-128-10 with ReLU",
      "  cnn    3x3 convolutions of 32 and 64 filters with ReLU, each before a 2x2 max",
      "         pooling, then 128 units with ReLU, then 10",
      "Both learn with Adam at a rate of 0.001."
    })
final class TrainFashionMnist implements Callable<Integer> {
  /** The networks to choose from. */
  enum Model {
    /** Two dense layers. */
    MLP(Network.FASHION_MLP, 5),
    /** Two convolutions before them. */
    CNN(Network.FASHION_CNN, 1);

    private final Network network;

    /** How many to train for where nobody chose; the help of --epochs says them too. */
    final int epochs;

    Model(Network network, int epochs) {
      this.network = network;
      this.epochs = epochs;
    }

    /** {@return the name for the command line} */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Spec private CommandSpec spec;

  @ParentCommand private Train parent;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      converter = Converters.ModelName.class,
      defaultValue = "mlp",
      description = "The network: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Model model;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      converter = Converters.Count.class,
      description = "How often to go through the samples (default: 5 for mlp, 1 for cnn).")
  private Integer epochs;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "The folder of the four IDX files, plain or .gz (default: ${DEFAULT-VALUE}).")
  private Path dataDir = FashionMnist.DEFAULT_DIR;

  @Mixin private RunOptions options;

  /** Makes the command; picocli calls this. */
  TrainFashionMnist() {}

  @Override
  public Integer call() throws IOException {
    PrintStream out = parent.out();
    // Before the images, which take a while to read.
    Backend backend = Training.backend(options, spec.commandLine());
    TrainTestSplit data = FashionMnist.load(dataDir);
    int rounds = epochs == null ? model.epochs : epochs;
    Training.Outcome outcome = Training.run(model.network, backend, data, rounds, options, out);
    out.println(String.format(Locale.ROOT, "epoch seconds %.3f", outcome.typicalSeconds()));
    out.println(String.format(Locale.ROOT, "test accuracy %.4f", outcome.accuracy()));
    return ExitCode.OK;
  }
}
