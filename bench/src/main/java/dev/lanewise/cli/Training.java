package dev.lanewise.cli;

import dev.lanewise.bench.Network;
import dev.lanewise.kernel.Availability;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.BackendProvider;
import dev.lanewise.kernel.BackendUnavailableException;
import dev.lanewise.kernel.Backends;
import dev.lanewise.nn.FitOptions;
import dev.lanewise.nn.History;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.data.TrainTestSplit;
import dev.lanewise.nn.trainer.Devices;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** One training with everything it prints on the way. */
final class Training {
  /** The system property that the SIMD backend reads when it is created. */
  private static final String THREADS = "lanewise.threads";

  private static final String SIMD = "simd";

  /**
   * What came out.
   *
   * @param accuracy the share of test samples whose class was found
   * @param epochSeconds how long each epoch took
   */
  record Outcome(double accuracy, List<Double> epochSeconds) {
    /** {@return the median of the epochs but the first, during which the JIT compiles} */
    double typicalSeconds() {
      List<Double> counted =
          epochSeconds.size() == 1
              ? epochSeconds
              : epochSeconds.subList(1, epochSeconds.size()).stream().sorted().toList();
      int middle = counted.size() / 2;
      return counted.size() % 2 == 1
          ? counted.get(middle)
          : (counted.get(middle - 1) + counted.get(middle)) / 2;
    }
  }

  private Training() {}

  /**
   * {@return the outcome of training a network and judging it}
   *
   * @param network which network
   * @param backend who computes
   * @param data what to train with, and what to judge by
   * @param epochs how often to go through the training samples
   * @param options what the user chose
   * @param out where to print
   */
  static Outcome run(
      Network network,
      Backend backend,
      TrainTestSplit data,
      int epochs,
      RunOptions options,
      PrintStream out) {
    out.println(backend.name() + ": " + detail(backend));
    Sequential model = network.create(options.seed(), backend);
    model.jit(options.jit());
    out.println(model.summary());
    History history =
        model.fit(
            network.examples(data.train()),
            FitOptions.epochs(epochs).batchSize(options.batch()).out(out));
    double accuracy = model.evaluate(network.examples(data.test())).get("accuracy");
    return new Outcome(accuracy, history.seconds());
  }

  /**
   * {@return the backend that the user chose, or else the fastest}
   *
   * @param options what the user chose
   * @param command who asks
   * @throws ParameterException if a number of threads was chosen and the backend does not ask for
   *     one
   */
  static Backend backend(RunOptions options, CommandLine command) {
    if (options.threads() != null) {
      System.setProperty(THREADS, options.threads().toString());
    }
    Backend backend = device(options.device());
    if (options.threads() != null && !backend.name().equals(SIMD)) {
      throw new ParameterException(
          command, "'--threads' is not for '" + backend.name() + "', only for '" + SIMD + "'");
    }
    return backend;
  }

  /**
   * {@return the backend of a name}
   *
   * @param name as {@code Devices} knows it
   * @throws BackendUnavailableException if it can not run here, or one of its system properties has
   *     a wrong value
   */
  static Backend device(String name) {
    try {
      return Devices.named(name);
    } catch (IllegalArgumentException wrongProperty) {
      // Said on the command line, as the device was: the exit status is the same.
      throw new BackendUnavailableException(wrongProperty.getMessage());
    }
  }

  /** {@return what a backend says of itself} */
  static String detail(Backend backend) {
    return Backends.providers().stream()
        .filter(provider -> provider.name().equals(backend.name()))
        .map(BackendProvider::availability)
        .map(
            availability ->
                switch (availability) {
                  case Availability.Available available -> available.detail();
                  case Availability.Unavailable unavailable -> unavailable.toString();
                })
        .findFirst()
        .orElseThrow();
  }
}
