package dev.lanewise.cli;

import dev.lanewise.bench.cases.KernelCase;
import dev.lanewise.bench.cases.KernelCases;
import dev.lanewise.bench.measure.Result;
import dev.lanewise.bench.report.Html;
import dev.lanewise.bench.report.Report;
import dev.lanewise.nn.data.FashionMnist;
import dev.lanewise.nn.data.LabeledDataset;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lanewise bench}: measures kernels against what the machine can do. */
@Command(
    name = "bench",
    sortOptions = false,
    abbreviateSynopsis = true,
    usageHelpAutoWidth = true,
    header = "Measures every kernel against what this machine can do, and against others.",
    synopsisHeading = "%nUsage: ",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nColumns:%n",
    footer = {
      "  rate    the upper quartile of the rounds; beside it median and best",
      "  roof    its share of the roofline, from peaks measured at the start",
      "  noise   the distance between the quartiles",
      "  B/call  what a call takes of the heap",
      "  jit     SLOW where the loop can hardly be vector code, 'rising' where it was",
      "          still becoming faster when the warm-up ended",
      "  others  how many times as fast as they Lanewise is, measured in turn",
      "Each answer is proved before it is timed. The exit status is 1 if one is wrong."
    })
final class Bench implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--filter",
      paramLabel = "RE",
      converter = Converters.Regex.class,
      description = "Only cases in whose kernel and shape this regular expression is found.")
  private Pattern filter;

  @Option(
      names = "--threads",
      paramLabel = "N",
      converter = Converters.ThreadCount.class,
      defaultValue = "1",
      description =
          "Threads of everybody, 1 to " + Converters.MOST_THREADS + " (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Option(
      names = "--peers",
      description = "Measure OpenBLAS, MKL, libtorch and ONNX Runtime in turn with each case.")
  private boolean peers;

  @Option(
      names = "--quick",
      description =
          "Fewer cases and short rounds, two minutes; names what fell by more than 20 %% below"
              + " the baseline of this kind of processor.")
  private boolean quick;

  @Option(
      names = "--gate",
      description = "With --quick: the exit status is 1 too if something fell.")
  private boolean gate;

  @Option(
      names = "--write-baseline",
      paramLabel = "FILE",
      description =
          "With --quick: measure all once more, and put the better results into this baseline,"
              + " for this processor.")
  private Path writeBaseline;

  @Option(
      names = "--shuffle",
      paramLabel = "SEED",
      converter = Converters.Seed.class,
      description =
          "Measure in an order drawn with this seed, after random numbers were drawn: what ran"
              + " before changes what the JIT makes of a kernel.")
  private Long shuffle;

  @Option(
      names = "--launches",
      paramLabel = "N",
      converter = Converters.Count.class,
      description =
          "Measure in N JVMs one after the other, the i-th with --shuffle i, and print the worst"
              + " launch of each case; the exit status is 1 if one ran at less than half of the"
              + " median, or made objects of vectors.")
  private Integer launches;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the results as JSON.")
  private Path json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write the results as a page with a roofline and the ratios as pictures.")
  private Path html;

  @Option(
      names = "--train",
      description =
          "Train the networks for Fashion-MNIST instead, epoch by epoch in turn with libtorch;"
              + " --filter chooses networks.")
  private boolean train;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      converter = Converters.Count.class,
      description = "With --train: how often to go through the samples (default: 2 to 6).")
  private Integer epochs;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "With --train: the folder of the images (default: ${DEFAULT-VALUE}).")
  private Path dataDir = FashionMnist.DEFAULT_DIR;

  @Option(names = "--list", description = "Only list the cases.")
  private boolean list;

  /** Makes the command; picocli calls this. */
  Bench() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (train) {
      return train(out);
    }
    List<KernelCase> cases = cases();
    if (list) {
      cases.forEach(kernelCase -> out.println(kernelCase.id()));
      return ExitCode.OK;
    }
    if (launches != null) {
      return launches(out);
    }
    for (Path file : new Path[] {writeBaseline, json, html}) {
      requireFolder(file);
    }
    BenchRun run = new BenchRun(out, cases, threads, quick, peers);
    if (shuffle != null) {
      run.shuffle(shuffle);
    }
    Report report = run.report();
    if (json != null) {
      Files.writeString(json, report.toJson());
    }
    if (html != null) {
      Files.writeString(html, Html.of(report));
    }
    List<Result> fallen = quick && threads == 1 ? run.compareWithBaseline() : List.of();
    if (writeBaseline != null) {
      run.writeBaseline(writeBaseline);
    }
    boolean right = report.results().stream().allMatch(Result::isRight);
    return right && !(gate && !fallen.isEmpty()) ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private int launches(PrintWriter out) throws IOException {
    if (gate || peers || shuffle != null || writesFiles()) {
      throw wrong("'--launches' goes with --filter, --threads and --quick alone");
    }
    List<String> arguments = new ArrayList<>(List.of("bench", "--threads=" + threads));
    if (quick) {
      arguments.add("--quick");
    }
    if (filter != null) {
      arguments.add("--filter=" + filter);
    }
    return new BenchLaunches(out, arguments).run(launches) ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private boolean writesFiles() {
    return json != null || html != null || writeBaseline != null;
  }

  private int train(PrintWriter out) throws IOException {
    if (quick || gate || list || shuffle != null || launches != null || writesFiles()) {
      throw wrong("'--train' goes with --threads, --filter, --epochs and --data-dir alone");
    }
    if (!BenchTrain.isAnyWanted(filter)) {
      throw wrong(
          "no network fits --filter '"
              + filter
              + "'; there are fashion-mlp batch 64,"
              + " fashion-wide-mlp batch 128, fashion-cnn batch 64");
    }
    LabeledDataset data = FashionMnist.load(dataDir).train();
    new BenchRun(out, List.of(), threads, false, true).train(data, filter, epochs);
    return ExitCode.OK;
  }

  private ParameterException wrong(String text) {
    return new ParameterException(spec.commandLine(), text);
  }

  private List<KernelCase> cases() {
    if ((gate || writeBaseline != null) && (!quick || threads > 1)) {
      throw wrong((gate ? "'--gate'" : "'--write-baseline'") + " needs --quick, and one thread");
    }
    List<KernelCase> cases =
        KernelCases.selected(quick, id -> filter == null || filter.matcher(id).find());
    if (cases.isEmpty()) {
      throw wrong("no case fits --filter '" + filter + "'; --list names all");
    }
    return cases;
  }

  /** Before a long measurement, not after it. */
  private void requireFolder(Path file) {
    if (file == null) {
      return;
    }
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file) || folder == null || !Files.isWritable(folder)) {
      throw wrong("'" + file + "' cannot be written");
    }
  }
}
