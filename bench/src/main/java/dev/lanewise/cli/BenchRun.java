package dev.lanewise.cli;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.bench.cases.KernelCase;
import dev.lanewise.bench.measure.Peaks;
import dev.lanewise.bench.measure.Result;
import dev.lanewise.bench.measure.Rounds;
import dev.lanewise.bench.measure.Suite;
import dev.lanewise.bench.peer.Peer;
import dev.lanewise.bench.peer.Peers;
import dev.lanewise.bench.report.Baseline;
import dev.lanewise.bench.report.Jit;
import dev.lanewise.bench.report.Processor;
import dev.lanewise.bench.report.Report;
import dev.lanewise.bench.report.Table;
import dev.lanewise.bench.report.Yardstick;
import dev.lanewise.kernel.Availability;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.nn.data.LabeledDataset;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One measurement of cases, with everything it prints on the way. */
final class BenchRun {
  /** The system property that the SIMD backend reads when it is created. */
  private static final String THREADS = "lanewise.threads";

  private static final String SIMD = "simd";

  /** A disturbance may look like a regression, but seldom thrice. */
  private static final int CHANCES = 2;

  private final PrintWriter out;
  private final List<KernelCase> cases;
  private final int threads;
  private final Rounds rounds;
  private final boolean withPeers;
  private final List<Result> results = new ArrayList<>();
  private Long shuffledBy;
  private Suite suite;
  private Yardstick yardstick;
  private Baseline.Entry baseline;

  /**
   * Makes a run.
   *
   * @param out where to print
   * @param cases what to measure
   * @param threads of everybody
   * @param quick whether rounds are short
   * @param withPeers whether peers are measured too
   */
  BenchRun(PrintWriter out, List<KernelCase> cases, int threads, boolean quick, boolean withPeers) {
    this.out = out;
    this.cases = new ArrayList<>(cases);
    this.threads = threads;
    this.rounds = quick ? Rounds.QUICK : Rounds.THOROUGH;
    this.withPeers = withPeers;
  }

  /**
   * Makes this a run in another order, after random numbers were drawn, as in a program that draws
   * the weights of a network first: they need vectors of several widths, and C2 makes of a kernel
   * what it saw other code do.
   *
   * @param seed of the order
   */
  void shuffle(long seed) {
    Collections.shuffle(cases, new Random(seed));
    shuffledBy = seed;
  }

  /**
   * Trains networks instead of measuring cases.
   *
   * @param data what to learn from
   * @param filter which networks, or null for all
   * @param epochs how many of each, or null for as many as give a figure
   */
  void train(LabeledDataset data, Pattern filter, Integer epochs) {
    begin();
    new BenchTrain(out, Backends.named(SIMD), peers()).run(data, filter, epochs);
  }

  private void begin() {
    System.setProperty(THREADS, Integer.toString(threads));
    out.println("Lanewise " + Version.get() + ", " + simd());
    out.println("processor  " + Machine.processor());
    out.println("Java       " + Machine.java());
    if (shuffledBy != null) {
      out.println("order      drawn with seed " + shuffledBy);
    }
  }

  /** {@return what came out, after it was printed row by row} */
  Report report() {
    begin();
    String date =
        DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
            ZonedDateTime.now().truncatedTo(ChronoUnit.SECONDS));
    List<Peaks> peaks = new ArrayList<>(List.of(peaks(1)));
    if (threads > 1) {
      peaks.add(peaks(threads));
    }
    List<Peer> peers = withPeers ? peers() : List.of();
    Map<String, String> settings = new LinkedHashMap<>();
    peers.forEach(peer -> settings.put(peer.name(), settings(peer)));
    if (shuffledBy != null) {
      drawNumbers();
    }
    suite = new Suite(Backends.named(SIMD), peers, peaks.getLast(), rounds);
    yardstick = Yardstick.measure(suite);
    baseline = Baseline.bundled().entry(processor());
    measure(new Table(cases, List.copyOf(settings.keySet())));
    return new Report(
        Version.get(),
        date,
        Machine.processor(),
        Machine.java(),
        Machine.system(),
        simd(),
        settings,
        peaks,
        results);
  }

  private static void drawNumbers() {
    Backend backend = Backends.named(SIMD);
    try (Scope _ = Scope.open("drawn first")) {
      for (DType dtype : List.of(DType.F32, DType.F64)) {
        NdArray numbers = backend.uninitialized(dtype, Shape.of(100_000));
        backend.random(Distribution.NORMAL, 1, 1, numbers);
      }
    }
  }

  private void measure(Table table) {
    out.println();
    out.println(table.header());
    for (KernelCase kernelCase : cases) {
      Result result = suite.measure(kernelCase);
      results.add(result);
      double share = threads == 1 ? baseline.share(result, yardstick) : Double.NaN;
      out.println(table.row(result, Jit.of(result, share)));
    }
    List<String> means = table.means(results);
    if (!means.isEmpty()) {
      out.println();
      out.println("ratios to the others, geometric means over shapes:");
      means.forEach(out::println);
    }
  }

  /** {@return the peers that can run here} */
  private List<Peer> peers() {
    List<Peer> present = new ArrayList<>();
    for (Peer peer : Peers.all()) {
      out.println(String.format(Locale.ROOT, "%-10s %s", peer.name(), settings(peer)));
      if (peer.availability().isAvailable()) {
        peer.useThreads(threads);
        present.add(peer);
      }
    }
    return present;
  }

  private static String settings(Peer peer) {
    return switch (peer.availability()) {
      case Availability.Available available -> available.detail();
      case Availability.Unavailable reason -> reason.toString();
    };
  }

  private Peaks peaks(int ofThreads) {
    Peaks peaks = Peaks.measure(ofThreads);
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
    return peaks;
  }

  /**
   * {@return the results that are more than a fifth below the baseline, each measured again before
   * it is named}
   */
  List<Result> compareWithBaseline() {
    out.println();
    if (baseline.processor().isEmpty()) {
      out.println("baseline: none for " + processor().key());
      return List.of();
    }
    List<Result> fallen = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      Result result = results.get(i);
      for (int again = 0; again < CHANCES && isFallen(result); again++) {
        result = suite.withoutPeers().measure(cases.get(i));
      }
      if (isFallen(result)) {
        fallen.add(result);
      }
    }
    out.println(
        "baseline of "
            + baseline.processor()
            + ": "
            + (fallen.isEmpty() ? "nothing" : fallen.size() + " of " + results.size())
            + " fell by more than 20 %");
    fallen.forEach(result -> out.println("  " + baseline.describe(result, yardstick)));
    return fallen;
  }

  private boolean isFallen(Result result) {
    return result.isRight() && baseline.isRegression(result, yardstick);
  }

  /**
   * Puts this processor's ratios into a file, which may have those of others. Each case is measured
   * once more, and the better result counts: a disturbance must not lower what later runs have to
   * reach.
   */
  void writeBaseline(Path file) throws IOException {
    String before = Files.exists(file) ? Files.readString(file) : "{}";
    List<Result> better = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      Result first = results.get(i);
      Result second = suite.withoutPeers().measure(cases.get(i));
      better.add(second.rate() > first.rate() ? second : first);
    }
    Baseline renewed = Baseline.fromJson(before).with(processor(), better, yardstick);
    Files.writeString(file, renewed.toJson());
  }

  private static Processor processor() {
    Matcher bits = Pattern.compile("(\\d+)-bit").matcher(simd());
    int width = bits.find() ? Integer.parseInt(bits.group(1)) : 0;
    return new Processor(System.getProperty("os.arch"), width, Machine.family());
  }

  private static String simd() {
    return Training.detail(Backends.named(SIMD));
  }
}
