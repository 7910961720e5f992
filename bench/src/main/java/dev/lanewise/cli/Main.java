package dev.lanewise.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code lanewise}. Without a subcommand it prints its help. */
@Command(
    name = "lanewise",
    versionProvider = Version.class,
    subcommands = {
      Doctor.class,
      Train.class,
      Run.class,
      GraphCommand.class,
      Bench.class,
      Conformance.class
    },
    sortOptions = false,
    usageHelpAutoWidth = true,
    header =
        "Numerics kernels for the JVM: checks and measures this machine, trains and runs programs.",
    synopsisSubcommandLabel = "COMMAND",
    synopsisHeading = "%nUsage: ",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  lanewise doctor                             is SIMD really compiled here?",
      "  lanewise train digits                       a first network, in seconds",
      "  lanewise train fashion-mnist --model cnn    a convolutional network",
      "  lanewise run First.java                     a program of your own",
      "  lanewise bench --filter gemm                how fast are matrix products?",
      "",
      "'lanewise COMMAND --help' explains a command."
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Print this help.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print the version.")
  private boolean version;

  private final PrintStream out;

  /**
   * Makes the command.
   *
   * @param out where commands print
   */
  Main(PrintStream out) {
    this.out = out;
  }

  /**
   * Runs the command and ends the JVM with its exit status: 0 for success, 1 for a failure, 2 for
   * wrong arguments or a backend that can not run here.
   *
   * @param args the arguments
   */
  public static void main(String[] args) {
    System.exit(run(System.out, System.err, args));
  }

  /** {@return the exit status of the command with these arguments} */
  static int run(PrintStream out, PrintStream err, String... args) {
    CommandLine command =
        new CommandLine(new Main(out))
            .setOut(new PrintWriter(out, true, out.charset()))
            .setErr(new PrintWriter(err, true, err.charset()))
            .setExpandAtFiles(false)
            .setParameterExceptionHandler(Failures::wrongArguments)
            .setExecutionExceptionHandler(Failures::failed);
    // What follows the program's name is the program's.
    command.getSubcommands().get("run").setStopAtPositional(true);
    try {
      return command.execute(args);
    } catch (OutOfMemoryError e) {
      return Failures.outOfMemory(e, command);
    }
  }

  /** {@return where to print} */
  PrintStream out() {
    return out;
  }

  @Override
  public void run() {
    CommandLine command = spec.commandLine();
    command.usage(command.getOut());
  }
}
