package dev.lanewise.cli;

import dev.lanewise.array.HostMemory;
import dev.lanewise.array.Pool;
import dev.lanewise.bench.WrongAnswerException;
import dev.lanewise.kernel.Availability;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.BackendProvider;
import dev.lanewise.kernel.BackendUnavailableException;
import dev.lanewise.kernel.Backends;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import jdk.incubator.vector.VectorShape;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lanewise doctor}: says what runs here and how fast. */
@Command(
    name = "doctor",
    usageHelpAutoWidth = true,
    header = "Says which backends run here, and measures whether SIMD is really compiled.",
    synopsisHeading = "%nUsage: ",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%n",
    footer = {
      "Takes a second or two, longer where the machine is busy or SIMD is slow. The",
      "exit status is 0 if the default backend can run and SIMD is fast, 1 if SIMD is",
      "slow, and 2 if the default backend, or the one asked for, can not run."
    })
final class Doctor implements Callable<Integer> {
  private static final String VECTOR_MODULE = "jdk.incubator.vector";
  private static final String SIMD = "simd";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Apart, since loading it needs the vector module. */
  private static final class PreferredWidth {
    static int bits() {
      return VectorShape.preferredShape().vectorBitSize();
    }
  }

  @Spec private CommandSpec spec;
  private PrintWriter out;

  /** Makes the command; picocli calls this. */
  Doctor() {}

  @Override
  public Integer call() {
    out = spec.commandLine().getOut();
    out.println("Lanewise " + Version.get());
    out.println();
    printMachine();
    out.println();
    List<BackendProvider> providers = Backends.providers();
    for (BackendProvider provider : providers) {
      row(provider.name(), answer(provider));
      provider.details().forEach(detail -> row("", detail));
    }
    Optional<Backend> best = bestBackend();
    out.println();
    boolean fast = printSimd(providers);
    out.println();
    printArrays();
    if (best.isEmpty()) {
      return ExitCode.USAGE;
    }
    return fast ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private void printMachine() {
    row("Java", Machine.java());
    row("system", Machine.system());
    row("processor", Machine.processor());
    int cores = Runtime.getRuntime().availableProcessors();
    row("cores", cores + " given to this JVM");
    row(
        "vectors",
        ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent()
            ? PreferredWidth.bits() + " bits preferred by this processor"
            : "unknown: the module " + VECTOR_MODULE + " is not resolved");
  }

  /** {@return the provider's answer, or which system property keeps it from one} */
  private static String answer(BackendProvider provider) {
    try {
      return provider.availability().toString();
    } catch (IllegalArgumentException e) {
      return "wrongly configured: " + e.getMessage();
    }
  }

  private Optional<Backend> bestBackend() {
    try {
      Backend best = Backends.best();
      row("default", best.name());
      return Optional.of(best);
    } catch (BackendUnavailableException | IllegalArgumentException e) {
      row("default", "none: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** {@return whether the SIMD backend runs as vector code} */
  private boolean printSimd(List<BackendProvider> providers) {
    BackendProvider simd =
        providers.stream()
            .filter(provider -> provider.name().equals(SIMD))
            .findFirst()
            .orElseThrow();
    try {
      return switch (simd.availability()) {
        case Availability.Unavailable reason -> {
          row("SIMD", "NOT compiled: backend '" + SIMD + "' is " + reason);
          yield false;
        }
        case Availability.Available _ -> measureSimd();
      };
    } catch (IllegalArgumentException e) {
      row("SIMD", "NOT measured: " + e.getMessage());
      return false;
    }
  }

  private boolean measureSimd() {
    List<SpeedCheck.Result> results;
    try {
      results = new SpeedCheck(Backends.named(SIMD), PATIENCE).run();
    } catch (WrongAnswerException e) {
      row("SIMD", "WRONG: " + e.getMessage() + "; cure: use the backend 'reference'");
      return false;
    }
    for (SpeedCheck.Result result : results) {
      row(
          "speed",
          String.format(
              Locale.ROOT,
              "%-24s%8.2f %s; a plain Java loop %.2f; ratio %.1f",
              result.what(),
              result.kernel(),
              result.unit(),
              result.plain(),
              result.ratio()));
    }
    row("SIMD", SpeedCheck.verdict(results));
    return results.stream().allMatch(SpeedCheck.Result::isVectorCode);
  }

  private void printArrays() {
    Pool pool = HostMemory.INSTANCE.pool();
    row("heap", "up to " + Machine.bytes(Runtime.getRuntime().maxMemory()));
    row(
        "arrays",
        "outside the heap, not limited by -Xmx: %s held after this check, %s of it free for reuse"
            .formatted(Machine.bytes(pool.mappedBytes()), Machine.bytes(pool.cachedBytes())));
  }

  private void row(String label, Object text) {
    out.println(String.format(Locale.ROOT, "%-10s %s", label, text));
  }
}
