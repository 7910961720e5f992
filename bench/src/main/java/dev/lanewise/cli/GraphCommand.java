package dev.lanewise.cli;

import dev.lanewise.graph.Graph;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lanewise graph}: says what is in the file of a traced graph. */
@Command(
    name = "graph",
    usageHelpAutoWidth = true,
    header = "Prints the kernel calls of a traced graph that was saved.",
    synopsisHeading = "%nUsage: ",
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%n",
    footer = {
      "Shown is what a run on the default backend does, after the passes. As a picture:",
      "  lanewise graph --dot model.safetensors | dot -Tsvg > model.svg"
    })
final class GraphCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "What Graph.save wrote.")
  private Path file;

  @ArgGroup private Form form;

  /** What is printed instead of the calls. */
  private static final class Form {
    @Option(names = "--dot", description = "Print the language of Graphviz.")
    private boolean dot;

    @Option(names = "--report", description = "Print what the passes did, and the memory of a run.")
    private boolean report;
  }

  /** Makes the command; picocli calls this. */
  GraphCommand() {}

  @Override
  public Integer call() throws IOException {
    Graph graph = Graph.load(file);
    PrintWriter out = spec.commandLine().getOut();
    if (form != null && form.dot) {
      out.print(graph.toDot());
    } else if (form != null && form.report) {
      out.println(graph.report().toString().stripTrailing());
    } else {
      out.print(graph.program());
    }
    out.flush();
    return ExitCode.OK;
  }
}
