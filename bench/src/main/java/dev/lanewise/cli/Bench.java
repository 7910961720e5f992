package dev.lanewise.cli;

import dev.lanewise.bench.cases.KernelCase;
import dev.lanewise.bench.cases.KernelCases;
import dev.lanewise.bench.measure.Peaks;
import dev.lanewise.bench.measure.Result;
import dev.lanewise.bench.measure.Rounds;
import dev.lanewise.bench.measure.Suite;
import dev.lanewise.bench.peer.Peer;
import dev.lanewise.bench.peer.Peers;
import dev.lanewise.bench.report.Jit;
import dev.lanewise.bench.report.Table;
import dev.lanewise.kernel.Availability;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
    header = "Measures every kernel against what this machine can do.",
    synopsisHeading = "%nUsage: ",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%n",
    footer = {
      "Each answer is proved before it is timed. 'rate' is the upper quartile of the",
      "rounds; 'roof' its share of the roofline, from peaks measured at the start;",
      "'noise' the distance between the quartiles; 'B/call' what a call takes of the",
      "heap; 'jit' is SLOW where the loop can hardly be vector code, and 'rising'",
      "where it was still becoming faster. The exit status is 1 if an answer is wrong."
    })
final class Bench implements Callable<Integer> {
  private static final String THREADS = "lanewise.threads";

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
  private boolean withPeers;

  @Option(names = "--quick", description = "Fewer cases and short rounds: about a minute.")
  private boolean quick;

  @Option(names = "--list", description = "Only list the cases.")
  private boolean list;

  private PrintWriter out;

  /** Makes the command; picocli calls this. */
  Bench() {}

  @Override
  public Integer call() {
    out = spec.commandLine().getOut();
    List<KernelCase> cases =
        KernelCases.selected(quick, id -> filter == null || filter.matcher(id).find());
    if (cases.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "no case fits --filter '" + filter + "'; --list names all");
    }
    if (list) {
      cases.forEach(kernelCase -> out.println(kernelCase.id()));
      return ExitCode.OK;
    }
    System.setProperty(THREADS, Integer.toString(threads));
    Backend backend = Backends.named("simd");
    Peaks peaks = printPeaks();
    List<Peer> peers = withPeers ? printPeers() : List.of();
    Suite suite = new Suite(backend, peers, peaks, quick ? Rounds.QUICK : Rounds.THOROUGH);
    Table table = new Table(cases, peers.stream().map(Peer::name).toList());
    out.println();
    out.println(table.header());
    List<Result> results = new ArrayList<>();
    for (KernelCase kernelCase : cases) {
      Result result = suite.measure(kernelCase);
      results.add(result);
      out.println(table.row(result, Jit.of(result, Double.NaN)));
    }
    List<String> means = table.means(results);
    if (!means.isEmpty()) {
      out.println();
      out.println("ratios to peers, geometric means over shapes:");
      means.forEach(out::println);
    }
    return results.stream().allMatch(Result::isRight) ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  /** {@return the peers that can run here} */
  private List<Peer> printPeers() {
    List<Peer> present = new ArrayList<>();
    for (Peer peer : Peers.all()) {
      Availability availability = peer.availability();
      out.println(String.format(Locale.ROOT, "%-10s %s", peer.name(), availability));
      if (availability.isAvailable()) {
        peer.useThreads(threads);
        present.add(peer);
      }
    }
    return present;
  }

  /** {@return the peaks with as many threads as were asked for} */
  private Peaks printPeaks() {
    out.println("processor  " + Machine.processor());
    out.println("Java       " + Machine.java());
    Peaks one = Peaks.measure(1);
    print(one);
    if (threads == 1) {
      return one;
    }
    Peaks all = Peaks.measure(threads);
    print(all);
    return all;
  }

  private void print(Peaks peaks) {
    out.println(
        String.format(
            Locale.ROOT,
            "peak       %d thread%s: FMA f32 %.0f, f64 %.0f GFLOP/s; triad %.1f, read %.1f, copy"
                + " %.1f, in cache %.0f GB/s",
            peaks.threads(),
            peaks.threads() == 1 ? "" : "s",
            peaks.f32(),
            peaks.f64(),
            peaks.triad(),
            peaks.read(),
            peaks.copy(),
            peaks.cacheTriad()));
  }
}
