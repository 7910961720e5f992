package dev.lanewise.nn.trainer;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.io.FileFormatException;
import dev.lanewise.io.Safetensors;
import dev.lanewise.nn.internal.NamedWeights;
import dev.lanewise.nn.layer.Weight;
import dev.lanewise.nn.optim.Optimizer;
import dev.lanewise.nn.optim.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A checkpoint: all that decides how a run goes on. It is a file of safetensors, with weights and
 * the optimizer's state as arrays and the rest as texts.
 */
final class TrainerState {
  private static final String FORMAT = "lanewise-trainer";
  private static final String VERSION = "1";
  private static final String WEIGHTS = "weights/";
  private static final String OPTIMIZER = "optimizer/";
  private static final String LOGS = "logs/";
  private static final String MODULE = "module/";
  private static final String CALLBACK = "callback/";
  private static final String RATE = "learningRate";

  private final String file;
  private final Map<String, NdArray> arrays;
  private final Map<String, String> texts;
  private final int epoch;
  private final long batch;
  private final long step;

  /** Seed and position of each generator. */
  private final List<long[]> streams;

  private final Optional<Double> rate;

  private TrainerState(String file, Safetensors content) throws FileFormatException {
    this.file = file;
    this.arrays = content.arrays();
    this.texts = content.metadata();
    expect("format", FORMAT);
    expect("version", VERSION);
    try {
      epoch = Integer.parseInt(text("epoch"));
      batch = Long.parseLong(text("batch"));
      step = Long.parseLong(text("step"));
      String generators = text("generators");
      streams =
          generators.isEmpty()
              ? List.of()
              : Arrays.stream(generators.split(",")).map(TrainerState::stream).toList();
      rate = Optional.ofNullable(texts.get(RATE)).map(Double::valueOf);
      new LogBook(LogWhen.STEP).load(part(LOGS));
    } catch (IllegalArgumentException e) {
      throw new FileFormatException(
          file, "the metadata of its header", "counters of a checkpoint", e.getMessage());
    }
  }

  private static long[] stream(String text) {
    long[] stream = Arrays.stream(text.split(":", 2)).mapToLong(Long::parseLong).toArray();
    if (stream.length != 2) {
      throw new IllegalArgumentException("a seed and a position are expected, not " + text);
    }
    return stream;
  }

  private void expect(String name, String value) throws FileFormatException {
    if (!text(name).equals(value)) {
      throw new FileFormatException(
          file, "'" + name + "' of its metadata", "'" + value + "'", "'" + text(name) + "'");
    }
  }

  private String text(String name) throws FileFormatException {
    String found = texts.get(name);
    if (found == null) {
      throw new FileFormatException(file, "its metadata", "a '" + name + "'", "none");
    }
    return found;
  }

  /** {@return the texts whose names begin so, without that} */
  private Map<String, String> part(String prefix) {
    Map<String, String> part = new LinkedHashMap<>();
    texts.forEach(
        (name, value) -> {
          if (name.startsWith(prefix)) {
            part.put(name.substring(prefix.length()), value);
          }
        });
    return part;
  }

  static TrainerState read(Path file) throws IOException {
    return new TrainerState(file.toString(), Safetensors.read(Devices.named("cpu"), file));
  }

  static void write(Path file, TrainerRun run) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("format", FORMAT);
    texts.put("version", VERSION);
    texts.put("module", run.module().type());
    texts.put("epoch", Integer.toString(run.nextEpoch()));
    texts.put("batch", Long.toString(run.nextBatch()));
    texts.put("step", Long.toString(run.step()));
    texts.put(
        "generators",
        run.module().generators().stream()
            .map(generator -> generator.seed() + ":" + generator.position())
            .collect(Collectors.joining(",")));
    double rate = run.optimizer().learningRate();
    if (run.optimizer().schedule().equals(Schedule.constant(rate))) {
      texts.put(RATE, Double.toString(rate));
    }
    run.logs().state().forEach((name, value) -> texts.put(LOGS + name, value));
    run.module().extraState().forEach((name, value) -> texts.put(MODULE + name, value));
    named(run.callbacks())
        .forEach(
            (prefix, callback) ->
                callback.state().forEach((name, value) -> texts.put(prefix + name, value)));
    // What is copied dies when the file is written.
    try (Scope _ = Scope.open("checkpoint")) {
      Map<String, NdArray> arrays = new LinkedHashMap<>();
      NamedWeights.of(run.module()).forEach((name, array) -> arrays.put(WEIGHTS + name, array));
      run.optimizer()
          .state()
          .forEach((name, value) -> arrays.put(OPTIMIZER + name, NamedWeights.inHost(value)));
      new Safetensors(arrays, texts).write(file);
    }
  }

  /** {@return callbacks by what the names of their texts begin with: class, and place among it} */
  private static Map<String, TrainerCallback> named(List<TrainerCallback> callbacks) {
    Map<String, TrainerCallback> named = new LinkedHashMap<>();
    Map<String, Integer> counts = new HashMap<>();
    for (TrainerCallback callback : callbacks) {
      String type = callback.getClass().getName();
      named.put(CALLBACK + type + "#" + counts.merge(type, 1, Integer::sum) + "/", callback);
    }
    return named;
  }

  /**
   * Goes on from here. Weights and the optimizer's state are checked before anything changes.
   *
   * @throws IllegalArgumentException if the file is of another module or optimizer
   */
  void restore(TrainerRun run) {
    checkWeights(run.module());
    List<Generator> generators = run.module().generators();
    List<Long> seeds = streams.stream().map(stream -> stream[0]).toList();
    if (!generators.stream().map(Generator::seed).toList().equals(seeds)) {
      throw new IllegalArgumentException(
          ("Trainer: %s was made with other random numbers; choose the module's layers and seed of"
                  + " that time")
              .formatted(file));
    }
    Map<String, Tensor> state = new LinkedHashMap<>();
    arrays.forEach(
        (name, array) -> {
          if (name.startsWith(OPTIMIZER)) {
            state.put(name.substring(OPTIMIZER.length()), Tensor.of(array));
          }
        });
    Optimizer optimizer = run.optimizer();
    optimizer.loadState(state);
    if (rate.isPresent()
        && optimizer.schedule().equals(Schedule.constant(optimizer.learningRate()))) {
      optimizer.learningRate(rate.get());
    }
    copyWeights(run.module());
    for (int i = 0; i < generators.size(); i++) {
      generators.get(i).seek(streams.get(i)[1]);
    }
    run.goTo(epoch, batch, step);
    run.logs().load(part(LOGS));
    named(run.callbacks())
        .forEach(
            (prefix, callback) -> {
              Map<String, String> kept = part(prefix);
              if (!kept.isEmpty()) {
                callback.loadState(kept);
              }
            });
  }

  /**
   * Takes the weights alone, all or none of them, and what the module itself has kept.
   *
   * @throws IllegalArgumentException if the file is of another module
   */
  void restoreWeights(TrainingModule module) {
    checkWeights(module);
    copyWeights(module);
  }

  private void checkWeights(TrainingModule module) {
    module.nameWeights();
    TreeSet<String> missing = new TreeSet<>();
    TreeSet<String> unknown = new TreeSet<>(arrays.keySet());
    unknown.removeIf(name -> !name.startsWith(WEIGHTS));
    for (Weight weight : module.weights()) {
      String name = WEIGHTS + weight.name();
      if (!unknown.remove(name)) {
        missing.add(name);
      }
    }
    if (!missing.isEmpty() || !unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "Trainer: %s is of another module than '%s': it lacks %s and has %s"
              .formatted(file, module.name(), missing, unknown));
    }
    for (Weight weight : module.weights()) {
      NdArray kept = arrays.get(WEIGHTS + weight.name());
      Tensor value = weight.value();
      String misfit =
          "Trainer: %s: '%s' is %s %s there, but %s %s in the module"
              .formatted(
                  file, weight.name(), kept.dtype(), kept.shape(), value.dtype(), value.shape());
      if (!kept.shape().equals(value.shape())) {
        throw new ShapeException(misfit);
      }
      if (kept.dtype() != value.dtype()) {
        throw new DTypeException(misfit);
      }
    }
  }

  private void copyWeights(TrainingModule module) {
    for (Weight weight : module.weights()) {
      weight.assign(Tensor.of(arrays.get(WEIGHTS + weight.name())));
    }
    module.loadExtraState(part(MODULE));
  }
}
