package dev.lanewise.cli;

import java.io.PrintStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code lanewise train}: holds the commands that train a network, one for each data set. */
@Command(
    name = "train",
    subcommands = {TrainDigits.class, TrainFashionMnist.class},
    usageHelpAutoWidth = true,
    header = "Trains a network and prints its accuracy on samples that it has not seen.",
    synopsisSubcommandLabel = "DATASET",
    synopsisHeading = "%nUsage: ",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nData sets:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  lanewise train digits",
      "  lanewise train fashion-mnist --model cnn --epochs 3",
      "",
      "'lanewise train DATASET --help' lists the options."
    })
final class Train implements Runnable {
  @Spec private CommandSpec spec;

  @ParentCommand private Main parent;

  /** Makes the command; picocli calls this. */
  Train() {}

  @Override
  public void run() {
    CommandLine command = spec.commandLine();
    throw new ParameterException(
        command,
        "which data set? there are " + String.join(", ", command.getSubcommands().keySet()));
  }

  /** {@return where to print} */
  PrintStream out() {
    return parent.out();
  }
}
