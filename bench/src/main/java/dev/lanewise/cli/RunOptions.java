package dev.lanewise.cli;

import picocli.CommandLine.Option;

/** The options of every training command. */
final class RunOptions {
  @Option(
      names = "--batch",
      paramLabel = "N",
      converter = Converters.Count.class,
      defaultValue = "64",
      description = "Samples in a batch (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--threads",
      paramLabel = "N",
      converter = Converters.ThreadCount.class,
      description =
          "Threads of the SIMD backend, 1 to "
              + Converters.MOST_THREADS
              + " (default: one for each core).")
  private Integer threads;

  @Option(
      names = "--seed",
      paramLabel = "N",
      converter = Converters.Seed.class,
      defaultValue = "42",
      description = "The same seed gives the same result (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = {"--device", "--backend"},
      paramLabel = "NAME",
      converter = Converters.DeviceName.class,
      defaultValue = "auto",
      description = Converters.DeviceName.HELP)
  private String device;

  @Option(
      names = "--jit",
      description =
          "Run each step as a graph: traced once, then the same numbers in less time and memory.")
  private boolean jit;

  /** Makes the options; picocli calls this. */
  RunOptions() {}

  int batch() {
    return batch;
  }

  /** {@return the number of threads, or {@code null} if nobody chose one} */
  Integer threads() {
    return threads;
  }

  long seed() {
    return seed;
  }

  /** {@return who computes, by a name that {@code Devices} knows} */
  String device() {
    return device;
  }

  /** {@return whether steps are run as graphs} */
  boolean jit() {
    return jit;
  }
}
