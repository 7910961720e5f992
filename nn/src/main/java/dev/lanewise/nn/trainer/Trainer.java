package dev.lanewise.nn.trainer;

import dev.lanewise.array.Scope;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backend;
import dev.lanewise.nn.Examples;
import dev.lanewise.nn.Scores;
import dev.lanewise.nn.data.Batches;
import dev.lanewise.nn.optim.Optimizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Trains, validates and tests a {@link TrainingModule}, and predicts with it. See there for a whole
 * program; this one goes on from a checkpoint, bit by bit as if nothing had been between:
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * class Line extends TrainingModule {
 *   private final Dense dense = addLayer(new Dense(1));
 *
 *   @Override
 *   protected Tensor call(Tensor x, boolean training) {
 *     return dense.apply(x, training);
 *   }
 *
 *   @Override
 *   protected Tensor trainingStep(Batch batch, int index) {
 *     return forward(batch.x()).sub(batch.y()).square().mean();
 *   }
 *
 *   @Override
 *   protected Optimizer configureOptimizers() {
 *     return new Adam(0.1);
 *   }
 * }
 *
 * void main() throws IOException {
 *   Tensor x = Tensor.linspace(0, 3, 64).reshape(-1, 1);
 *   Examples points = Examples.of(x, x.mul(2).add(1));
 *   var checkpoints = TrainerCheckpoints.in(Files.createTempDirectory("run"));
 *   new Trainer(TrainerOptions.maxEpochs(5).callbacks(checkpoints)).fit(new Line(), points);
 *   Path last = checkpoints.best().orElseThrow();
 *   TrainerRun run = new Trainer(TrainerOptions.maxEpochs(10)).from(last).fit(new Line(), points);
 *   IO.println(run.history().epochs()); // 5 more
 * }
 * }
 *
 * <p>A module is built where and when it is first used, by the first batch. Do not call these
 * methods inside of a {@link Scope} that closes before you are done with it.
 */
public final class Trainer {
  private final TrainerSettings settings;
  private final TrainerState from;

  /**
   * Makes a trainer.
   *
   * @param options how it works
   */
  public Trainer(TrainerOptions options) {
    this(options.settings(), null);
  }

  private Trainer(TrainerSettings settings, TrainerState from) {
    this.settings = settings;
    this.from = from;
  }

  /**
   * {@return this trainer, which goes on from a checkpoint} What {@code fit} needs is weights, the
   * optimizer's state and learning rate, the positions of random numbers, counters, means of a
   * begun epoch and what callbacks and module keep; the other methods take weights and what the
   * module keeps. Options, data and callbacks must be those of before for the same bits.
   *
   * @param checkpoint what {@link TrainerCheckpoints} or {@link TrainerRun#save} wrote
   * @throws java.nio.file.NoSuchFileException if there is no such file
   * @throws dev.lanewise.io.FileFormatException if it is not whole, or no checkpoint
   * @throws IOException if reading fails
   */
  public Trainer from(Path checkpoint) throws IOException {
    return new Trainer(settings, TrainerState.read(checkpoint));
  }

  /**
   * Trains without validation.
   *
   * @param module what is trained
   * @param train an epoch of these for each epoch
   * @return what has been going on
   * @throws IllegalStateException as from {@link #fit(TrainingModule, Batches, Batches)}
   * @throws IllegalArgumentException as from there
   */
  public TrainerRun fit(TrainingModule module, Batches train) {
    return run(module, train, null);
  }

  /**
   * Trains, and validates after epochs.
   *
   * @param module what is trained
   * @param train an epoch of these for each epoch
   * @param validation epoch 0 of these, after epochs
   * @return what has been going on
   * @throws IllegalStateException if the module lacks a step or an optimizer
   * @throws IllegalArgumentException if its weights are on another device, none is trainable, a
   *     share of an unknown number of batches is asked for, or a checkpoint is of another module
   * @throws dev.lanewise.kernel.BackendUnavailableException if the device can not run here
   */
  public TrainerRun fit(TrainingModule module, Batches train, Batches validation) {
    return run(module, train, validation);
  }

  /**
   * Trains without validation. Batches come in another random order in every epoch.
   *
   * @param module what is trained
   * @param train what it learns from
   * @return what has been going on
   * @throws IllegalStateException as from {@link #fit(TrainingModule, Batches, Batches)}
   * @throws IllegalArgumentException as from there
   */
  public TrainerRun fit(TrainingModule module, Examples train) {
    return run(module, shuffled(train), null);
  }

  /**
   * Trains, and validates after epochs. Batches of training come in another random order in every
   * epoch.
   *
   * @param module what is trained
   * @param train what it learns from
   * @param validation what it is judged by
   * @return what has been going on
   * @throws IllegalStateException as from {@link #fit(TrainingModule, Batches, Batches)}
   * @throws IllegalArgumentException as from there
   */
  public TrainerRun fit(TrainingModule module, Examples train, Examples validation) {
    return run(module, shuffled(train), inOrder(validation));
  }

  private Batches inOrder(Examples examples) {
    return examples.batches(settings.batchSize);
  }

  private Batches shuffled(Examples examples) {
    return settings.overfit != null
        ? inOrder(examples)
        : examples.shuffledBatches(settings.batchSize, settings.seed.orElse(0));
  }

  private TrainerRun run(TrainingModule module, Batches train, Batches validation) {
    Overrides.require(module, "trainingStep", "return the loss of the batch");
    if (validation != null) {
      Overrides.require(
          module, "validationStep", "log what the batch shows, or fit without validation");
    }
    Backend backend = Preparation.prepare(settings, module, train);
    Optimizer optimizer = module.configureOptimizers();
    if (optimizer == null) {
      throw Overrides.missing(module, "optimizer", "configureOptimizers must not give null");
    }
    optimizer.over(module.weights());
    TrainerLoop loop = new TrainerLoop(settings, module, optimizer, backend, train, validation);
    say(backend);
    if (settings.showsSummary) {
      settings.out.print(ParameterTable.of(module));
    }
    return loop.run(from);
  }

  private void say(Backend backend) {
    if (settings.showsProgress) {
      settings.out.println("Doing computations on " + Devices.describe(backend));
    }
  }

  /**
   * {@return the means of what {@code validationStep} logs}
   *
   * @param module what is judged
   * @param batches by what: those of epoch 0
   * @throws IllegalStateException if the module has no {@code validationStep}
   * @throws IllegalArgumentException as from {@code fit}
   */
  public Scores validate(TrainingModule module, Batches batches) {
    Overrides.require(module, "validationStep", "log what the batch shows");
    return evaluate(
        "validation",
        module,
        batches,
        settings.validationLimit,
        module::validationStep,
        module::onValidationEpochEnd);
  }

  /**
   * {@return the means of what {@code validationStep} logs}
   *
   * @param module what is judged
   * @param examples by what
   * @throws IllegalStateException if the module has no {@code validationStep}
   * @throws IllegalArgumentException as from {@code fit}
   */
  public Scores validate(TrainingModule module, Examples examples) {
    return validate(module, inOrder(examples));
  }

  /**
   * {@return the means of what {@code testStep} logs}
   *
   * @param module what is judged
   * @param batches by what: those of epoch 0
   * @throws IllegalStateException if the module has no {@code testStep}
   * @throws IllegalArgumentException as from {@code fit}
   */
  public Scores test(TrainingModule module, Batches batches) {
    Overrides.require(module, "testStep", "log what the batch shows");
    return evaluate("test", module, batches, settings.testLimit, module::testStep, () -> {});
  }

  /**
   * {@return the means of what {@code testStep} logs}
   *
   * @param module what is judged
   * @param examples by what
   * @throws IllegalStateException if the module has no {@code testStep}
   * @throws IllegalArgumentException as from {@code fit}
   */
  public Scores test(TrainingModule module, Examples examples) {
    return test(module, inOrder(examples));
  }

  /**
   * {@return what {@code predictStep} gives for all batches, one after the other: {@code [n, …]}}
   *
   * @param module what predicts
   * @param batches for what: those of epoch 0; targets do not matter
   * @throws IllegalArgumentException as from {@code fit}, or if there is no batch
   * @throws dev.lanewise.array.ShapeException if what is predicted does not fit together
   */
  public Tensor predict(TrainingModule module, Batches batches) {
    Evaluation evaluation = evaluation(module, batches);
    long most = settings.most("prediction", settings.testLimit, batches.steps());
    List<Tensor> parts = evaluation.predict(batches, most);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("Trainer.predict: there are no batches");
    }
    return Tensor.concat(0, parts.toArray(Tensor[]::new));
  }

  /**
   * {@return what {@code predictStep} gives for all samples, in their order: {@code [n, …]}}
   *
   * @param module what predicts
   * @param examples for what; targets do not matter
   * @throws IllegalArgumentException as from {@code fit}
   * @throws dev.lanewise.array.ShapeException if what is predicted does not fit together
   */
  public Tensor predict(TrainingModule module, Examples examples) {
    return predict(module, inOrder(examples));
  }

  private Scores evaluate(
      String what,
      TrainingModule module,
      Batches batches,
      BatchLimit limit,
      Evaluation.Step step,
      Runnable end) {
    long most = settings.most(what, limit, batches.steps());
    return new Scores(evaluation(module, batches).run(what, batches, most, step, end));
  }

  private Evaluation evaluation(TrainingModule module, Batches batches) {
    Backend backend = Preparation.prepare(settings, module, batches);
    if (from != null) {
      from.restoreWeights(module);
    }
    return new Evaluation(
        module,
        backend,
        new Profiler(settings.clock),
        settings.jit ? new StepGraphs(module) : null);
  }
}
