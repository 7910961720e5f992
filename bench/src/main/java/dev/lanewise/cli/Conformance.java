package dev.lanewise.cli;

import dev.lanewise.bench.golden.GoldenFolder;
import dev.lanewise.bench.golden.Replay;
import dev.lanewise.kernel.Backend;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lanewise conformance}: replays what another framework has computed. */
@Command(
    name = "conformance",
    usageHelpAutoWidth = true,
    sortOptions = false,
    header = "Compares results and gradients with those that another framework has computed.",
    synopsisHeading = "%nUsage: ",
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%n",
    footer = {
      "A folder has an index.json, which lists cases, and their arrays: all in an",
      "arrays.npz, or each in an .npy file. Prints a line for each case that fails,",
      "then how many passed and failed. The exit status is 0 if none failed, else 1."
    })
final class Conformance implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "The folder of cases.")
  private Path folder;

  @Option(
      names = "--filter",
      paramLabel = "RE",
      converter = Converters.Regex.class,
      description = "Only cases whose name has a match of this regular expression.")
  private Pattern filter;

  @Option(
      names = {"--device", "--backend"},
      paramLabel = "NAME",
      converter = Converters.DeviceName.class,
      defaultValue = "auto",
      description = Converters.DeviceName.HELP)
  private String device;

  @Option(names = "--traced", description = "Trace each case into a graph, and run that.")
  private boolean traced;

  /** Makes the command; picocli calls this. */
  Conformance() {}

  @Override
  public Integer call() throws IOException {
    Backend chosen = Training.device(device);
    Replay replay = new Replay(new GoldenFolder(folder, chosen), traced);
    PrintWriter out = spec.commandLine().getOut();
    List<String> ids = replay.ids();
    int passed = 0;
    int failed = 0;
    for (int i = 0; i < ids.size(); i++) {
      if (filter != null && !filter.matcher(ids.get(i)).find()) {
        continue;
      }
      Replay.Outcome outcome = replay.run(i);
      outcome
          .failure()
          .ifPresent(
              text -> out.println(outcome.id() + ": " + text.replaceAll("\\p{Cntrl}+", " ")));
      passed += outcome.failure().isEmpty() ? 1 : 0;
      failed += outcome.failure().isEmpty() ? 0 : 1;
    }
    if (passed + failed == 0 && filter != null) {
      throw new ParameterException(
          spec.commandLine(), "no case of " + folder + " has a match of '" + filter + "'");
    }
    out.println(passed + " passed, " + failed + " failed");
    return failed == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
  }
}
