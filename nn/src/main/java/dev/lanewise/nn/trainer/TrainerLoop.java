package dev.lanewise.nn.trainer;

import dev.lanewise.array.Scope;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Grad;
import dev.lanewise.autodiff.Gradients;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backend;
import dev.lanewise.nn.Scores;
import dev.lanewise.nn.data.Batch;
import dev.lanewise.nn.data.Batches;
import dev.lanewise.nn.layer.Weight;
import dev.lanewise.nn.optim.Optimizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** The epochs of one call of {@link Trainer#fit}. */
final class TrainerLoop {
  private static final String VALIDATION = "validationStep";

  private final TrainerSettings settings;
  private final TrainingModule module;
  private final Optimizer optimizer;
  private final Backend backend;
  private final Batches train;
  private final long trainMost;

  /** {@code null} if nothing is validated. */
  private final Batches validation;

  private final long validationMost;
  private final List<TrainerCallback> callbacks;
  private final List<TrainingLogger> loggers;
  private final List<Weight> constrained;
  private final Tensor[] values;
  private final GradientWindow window;
  private final LogBook logs = new LogBook(LogWhen.STEP);
  private final Profiler profiler;

  /** {@code null} if steps are computed at once. */
  private final StepGraphs graphs;

  private final Evaluation evaluation;
  private final TrainerRun run;
  private long start;

  TrainerLoop(
      TrainerSettings settings,
      TrainingModule module,
      Optimizer optimizer,
      Backend backend,
      Batches train,
      Batches validation) {
    if (settings.jit && settings.detectsAnomaly) {
      throw new IllegalArgumentException(
          "Trainer.fit: jit and detectAnomaly exclude each other, as a graph has no results between"
              + " its operations to look at; search without jit");
    }
    this.settings = settings;
    this.module = module;
    this.optimizer = optimizer;
    this.backend = backend;
    this.train = train;
    BatchLimit some = settings.overfit;
    trainMost = settings.most("training", some == null ? settings.trainLimit : some, train.steps());
    validationMost =
        validation == null
            ? 0
            : settings.most(
                "validation", some == null ? settings.validationLimit : some, validation.steps());
    this.validation = validationMost == 0 ? null : validation;
    callbacks = callbacks(settings);
    loggers = settings.fastDevRun > 0 ? List.of() : settings.loggers;
    List<Weight> weights = module.weights().stream().filter(Weight::isTrainable).toList();
    constrained = weights.stream().filter(weight -> weight.constraint().isPresent()).toList();
    values = weights.stream().map(Weight::value).toArray(Tensor[]::new);
    window = new GradientWindow(settings, values);
    profiler = new Profiler(settings.clock);
    graphs = settings.jit ? new StepGraphs(module) : null;
    evaluation = new Evaluation(module, backend, profiler, graphs);
    run = new TrainerRun(module, optimizer, callbacks, logs, profiler);
  }

  /** {@return the callbacks: what writes checkpoints comes last, and not in a trial} */
  private static List<TrainerCallback> callbacks(TrainerSettings settings) {
    List<TrainerCallback> ordered = new ArrayList<>(settings.callbacks);
    ordered.removeIf(TrainerCheckpoints.class::isInstance);
    if (settings.fastDevRun == 0) {
      settings.callbacks.stream()
          .filter(TrainerCheckpoints.class::isInstance)
          .forEach(ordered::add);
    }
    return List.copyOf(ordered);
  }

  /**
   * {@return the run, when it is over}
   *
   * @param from where it goes on; {@code null} to begin
   */
  TrainerRun run(TrainerState from) {
    if (from != null) {
      from.restore(run);
    }
    module.attach(run);
    try {
      checkValidation();
      start = settings.clock.getAsLong();
      train();
    } finally {
      module.attach(null);
    }
    String end = run.stopped().orElse("");
    say("Trainer.fit stopped: " + end);
    if (settings.printsProfile) {
      double seconds = (settings.clock.getAsLong() - start) / 1e9;
      settings.out.print(Profiler.table(profiler.rows(), seconds));
    }
    return run;
  }

  private void say(String line) {
    if (settings.showsProgress) {
      settings.out.println(line);
    }
  }

  /** Tries some batches of validation, which leaves no trace. */
  private void checkValidation() {
    long steps = Math.min(settings.sanityValidationSteps, validationMost);
    if (validation == null || steps == 0 || settings.fastDevRun > 0) {
      return;
    }
    say("Sanity check of validation");
    List<Generator> generators = module.generators();
    long[] positions = generators.stream().mapToLong(Generator::position).toArray();
    try {
      new Evaluation(module, backend, new Profiler(settings.clock), graphs)
          .run(VALIDATION, validation, steps, module::validationStep, () -> {});
    } finally {
      for (int i = 0; i < positions.length; i++) {
        generators.get(i).seek(positions[i]);
      }
    }
  }

  private void train() {
    try (Ending _ = this::end) {
      Map<String, Object> hyperparameters = module.hyperparameters();
      loggers.forEach(logger -> logger.hyperparameters(hyperparameters));
      module.onTrainStart();
      tell(callback -> callback.onTrainStart(run));
      checkLimits();
      for (int epoch = run.nextEpoch(); !isStopped(); epoch++) {
        if (epoch >= settings.epochs()) {
          run.stop("maxEpochs=" + settings.epochs() + " reached");
        } else {
          epoch(epoch);
        }
      }
    }
  }

  /**
   * What is done at the end, whatever came before; a failure of the one keeps none from the rest.
   */
  private void end() {
    module.enter(null, false);
    List<Ending> endings = new ArrayList<>();
    loggers.forEach(logger -> endings.add(() -> logger.finish(run.metrics())));
    callbacks.forEach(callback -> endings.add(() -> callback.onTrainEnd(run)));
    endings.add(module::onTrainEnd);
    end(endings);
  }

  /** Runs the last one first. */
  private static void end(List<Ending> endings) {
    if (!endings.isEmpty()) {
      try (Ending _ = () -> end(endings.subList(0, endings.size() - 1))) {
        endings.getLast().close();
      }
    }
  }

  /** Something to do at the end. */
  private interface Ending extends AutoCloseable {
    @Override
    void close();
  }

  private boolean isStopped() {
    return run.stopped().isPresent();
  }

  private void tell(Consumer<TrainerCallback> event) {
    if (!callbacks.isEmpty()) {
      try (var _ = profiler.start(Profiler.Action.CALLBACKS)) {
        callbacks.forEach(event);
      }
    }
  }

  private void write(int epoch, Map<String, Double> numbers) {
    if (!loggers.isEmpty() && !numbers.isEmpty()) {
      try (var _ = profiler.start(Profiler.Action.LOGGERS)) {
        // A copy: the next step writes into the same map.
        Map<String, Double> copy = Collections.unmodifiableMap(new LinkedHashMap<>(numbers));
        loggers.forEach(logger -> logger.scalars(run.step(), epoch, copy));
      }
    }
  }

  private void epoch(int epoch) {
    long begun = settings.clock.getAsLong();
    long done = run.nextBatch();
    run.beginEpoch(epoch);
    module.epochSchedule().ifPresent(schedule -> optimizer.learningRate(schedule.at(epoch)));
    // An epoch that goes on in its middle has begun before.
    if (done == 0) {
      module.onTrainEpochStart();
      tell(callback -> callback.onTrainEpochStart(run));
    }
    Iterator<Batch> batches = train.epoch(settings.overfit == null ? epoch : 0);
    skip(batches, done);
    boolean complete = done > 0 && isLast(batches, done);
    while (!complete && !isStopped()) {
      if (!batches.hasNext()) {
        throw new IllegalArgumentException(
            "Trainer.fit: epoch %d has no batches to train with".formatted(epoch));
      }
      complete = batch(batches, done++);
    }
    Map<String, Double> reported = complete ? finish(epoch) : logs.means();
    run.reported(reported);
    double seconds = (settings.clock.getAsLong() - begun) / 1e9;
    if (reported.isEmpty()) {
      return;
    }
    run.addHistory(seconds);
    if (complete) {
      run.endEpoch(validation == null || isValidated(epoch));
      write(epoch, reported);
      tell(callback -> callback.onTrainEpochEnd(run));
    }
    say(
        String.format(
            Locale.ROOT,
            "Epoch %d/%d - %d batches - %.2fs - %s",
            epoch + 1,
            settings.epochs(),
            done,
            seconds,
            new Scores(reported)));
  }

  private void skip(Iterator<Batch> batches, long count) {
    for (long i = 0; i < count; i++) {
      if (!batches.hasNext()) {
        throw new IllegalArgumentException(
            ("Trainer.fit: the checkpoint was made after %d batches of an epoch, but the data have"
                    + " %d; go on with the data of that time")
                .formatted(count, i));
      }
      batches.next();
    }
  }

  private boolean isLast(Iterator<Batch> batches, long done) {
    return done == trainMost || !batches.hasNext();
  }

  private boolean isValidated(int epoch) {
    return validation != null && (epoch + 1) % settings.checkValidationEveryEpochs == 0;
  }

  /** {@return whether the next batch, which is learned from, was the last of the epoch} */
  private boolean batch(Iterator<Batch> batches, long index) {
    Batch given;
    try (var _ = profiler.start(Profiler.Action.BATCH)) {
      given = batches.next();
    }
    gradients(given, (int) index);
    boolean last = isLast(batches, index + 1);
    if (window.passes() || window.isFull() || last) {
      if (!window.passes()) {
        try (var _ = profiler.start(Profiler.Action.OPTIMIZER);
            Scope _ = Scope.open("optimizer step")) {
          optimizer.apply(window.take());
        }
      }
      stepped(index + 1);
    }
    return last;
  }

  /** Computes the gradients of a batch; follows them, if no others are waited for. */
  private void gradients(Batch given, int index) {
    logs.beginStep(given.size());
    try (Scope _ = Scope.open("training step");
        Grad _ = Grad.on()) {
      Batch batch = Preparation.moved(given, backend);
      if (graphs != null) {
        traced(batch, index);
      } else if (settings.detectsAnomaly) {
        try (Grad _ = Grad.detectAnomaly(true)) {
          computed(batch, index);
        }
      } else {
        computed(batch, index);
      }
    }
  }

  private void computed(Batch batch, int index) {
    Tensor loss;
    try (var _ = profiler.start(Profiler.Action.TRAINING)) {
      loss = forward(batch, index);
      logs.loss(loss.item());
    }
    Tensor[] gradients;
    try (var _ = profiler.start(Profiler.Action.BACKWARD)) {
      gradients = Gradients.of(loss, values);
    }
    follow(gradients);
  }

  /** The same as a graph, which has the optimizer's step in it if that follows each batch. */
  private void traced(Batch given, int index) {
    List<Tensor> found;
    try (var _ = profiler.start(Profiler.Action.TRAINING)) {
      found = graphs.run("trainingStep", given, logs, batch -> results(batch, index));
      logs.loss(found.getFirst().item());
    }
    if (!window.passes()) {
      follow(found.subList(1, found.size()).toArray(Tensor[]::new));
    }
  }

  /** {@return the loss, and the gradients if they are not followed at once} */
  private List<Tensor> results(Batch batch, int index) {
    Tensor loss = forward(batch, index);
    Tensor[] gradients = Gradients.of(loss, values);
    List<Tensor> results = new ArrayList<>(List.of(loss));
    if (window.passes()) {
      optimizer.apply(gradients);
    } else {
      results.addAll(Arrays.asList(gradients));
    }
    return results;
  }

  private Tensor forward(Batch batch, int index) {
    module.enter(logs, true);
    module.forgetPenalties();
    Tensor loss = module.trainingStep(batch, index);
    module.enter(null, false);
    if (loss == null) {
      throw new IllegalStateException(
          "trainingStep: '%s' gave no loss; return a tensor of one element"
              .formatted(module.name()));
    }
    if (loss.size() != 1) {
      throw new ShapeException(
          "trainingStep: the loss must be one number, not %s; return its mean()"
              .formatted(loss.shape()));
    }
    for (Tensor penalty : module.penalties()) {
      loss = loss.add(penalty);
    }
    return loss;
  }

  private void follow(Tensor... gradients) {
    try (var _ = profiler.start(Profiler.Action.OPTIMIZER)) {
      if (window.passes()) {
        optimizer.apply(gradients);
      } else {
        window.add(gradients);
      }
    }
  }

  /** Ends a step of the optimizer, after so many batches of the epoch. */
  private void stepped(long batches) {
    if (!constrained.isEmpty()) {
      try (Scope _ = Scope.open("constraints");
          Grad _ = Grad.off()) {
        constrained.forEach(weight -> weight.constraint().get().apply(weight.value()));
      }
    }
    run.stepped(batches, logs.numbers());
    if (run.step() % settings.logEveryNSteps == 0) {
      write(run.epoch(), logs.numbers());
    }
    tell(callback -> callback.onTrainStep(run));
    checkLimits();
  }

  private void checkLimits() {
    if (run.step() >= settings.maxSteps) {
      run.stop("maxSteps=" + settings.maxSteps + " reached");
    } else if (settings.maxTime != null
        && settings.clock.getAsLong() - start >= settings.maxTime.toNanos()) {
      run.stop("maxTime=" + settings.maxTime + " reached");
    }
  }

  /** {@return what a whole epoch reports, its validation included} */
  private Map<String, Double> finish(int epoch) {
    Map<String, Double> validated =
        isValidated(epoch)
            ? evaluation.run(
                VALIDATION,
                validation,
                validationMost,
                module::validationStep,
                module::onValidationEpochEnd)
            : Map.of();
    logs.endSteps();
    module.enter(logs, false);
    module.onTrainEpochEnd();
    module.enter(null, false);
    Map<String, Double> all = new LinkedHashMap<>(logs.means());
    validated.forEach(
        (name, value) -> {
          if (all.put(name, value) != null) {
            throw new IllegalStateException(
                "log: '%s' is reported by training and by validation; call one val_%s"
                    .formatted(name, name));
          }
        });
    return all;
  }
}
