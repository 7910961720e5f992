package dev.lanewise.nn.trainer;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.Model;
import dev.lanewise.nn.data.Batch;
import dev.lanewise.nn.optim.Optimizer;
import dev.lanewise.nn.optim.Schedule;
import java.util.Map;
import java.util.Optional;

/**
 * A model that says how it is trained, as PyTorch Lightning's {@code LightningModule} does: what a
 * step computes, by which optimizer it learns, and what is reported. A {@link Trainer} does the
 * rest.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * class Line extends TrainingModule {
 *   private final Dense dense = addLayer(new Dense(1));
 *   private final Loss loss = new MeanSquaredError();
 *
 *   @Override
 *   protected Tensor call(Tensor x, boolean training) {
 *     return dense.apply(x, training);
 *   }
 *
 *   @Override
 *   protected Tensor trainingStep(Batch batch, int index) {
 *     return loss.apply(forward(batch.x()), batch.y());
 *   }
 *
 *   @Override
 *   protected void validationStep(Batch batch, int index) {
 *     log("val_loss", loss.apply(forward(batch.x()), batch.y()));
 *   }
 *
 *   @Override
 *   protected Optimizer configureOptimizers() {
 *     return new Adam(0.1);
 *   }
 * }
 *
 * void main() {
 *   Tensor x = Tensor.linspace(0, 3, 64).reshape(-1, 1);
 *   Examples points = Examples.of(x, x.mul(2).add(1));
 *   var trainer = new Trainer(TrainerOptions.maxEpochs(20));
 *   TrainerRun run = trainer.fit(new Line(), points, points);
 *   IO.println(run.history().last("val_loss")); // small
 * }
 * }
 *
 * <p>What {@code call} computes is Lightning's {@code forward}. Penalties of layers are added to
 * what {@code trainingStep} gives. Tensors of a step live until it ends; keep numbers, not tensors.
 * There is one optimizer.
 */
public abstract class TrainingModule extends Model {
  private LogBook logs;
  private TrainerRun run;
  private boolean training;

  /** Makes a module, called by its class. */
  protected TrainingModule() {}

  /**
   * {@return the loss of a batch, a tensor of one element, which a step makes smaller} A module
   * that is trained has this method.
   *
   * @param batch the batch, where the weights are
   * @param index which batch of the epoch it is, from 0
   */
  protected Tensor trainingStep(Batch batch, int index) {
    throw Overrides.missing(this, "trainingStep", "return the loss of the batch");
  }

  /**
   * Judges a batch of validation, and logs what it finds. A module that is validated has this
   * method.
   *
   * @param batch the batch, where the weights are
   * @param index which batch it is, from 0
   */
  protected void validationStep(Batch batch, int index) {
    throw Overrides.missing(this, "validationStep", "log what the batch shows");
  }

  /**
   * Judges a batch of a test, and logs what it finds. A module that is tested has this method.
   *
   * @param batch the batch, where the weights are
   * @param index which batch it is, from 0
   */
  protected void testStep(Batch batch, int index) {
    throw Overrides.missing(this, "testStep", "log what the batch shows");
  }

  /**
   * {@return what is predicted for a batch, {@code [n, …]}: the output of the model, unless this is
   * overridden}
   *
   * @param batch the batch, where the weights are
   * @param index which batch it is, from 0
   */
  protected Tensor predictStep(Batch batch, int index) {
    return forward(batch.x());
  }

  /**
   * {@return a new optimizer, without weights: the trainer gives it those of this module} Its
   * schedule, if it has one, counts steps. A module that is trained has this method.
   */
  protected Optimizer configureOptimizers() {
    throw Overrides.missing(this, "configureOptimizers", "return new Adam(0.001), for example");
  }

  /**
   * {@return the learning rate of each epoch, asked at its beginning, in place of the optimizer's;
   * none unless this is overridden}
   */
  protected Optional<Schedule> epochSchedule() {
    return Optional.empty();
  }

  /** {@return what loggers write about this module; nothing unless this is overridden} */
  protected Map<String, Object> hyperparameters() {
    return Map.of();
  }

  /**
   * {@return what a checkpoint keeps beside weights, optimizer and random numbers; nothing unless
   * this is overridden}
   */
  protected Map<String, String> extraState() {
    return Map.of();
  }

  /**
   * Goes on with what {@link #extraState} gave.
   *
   * @param state the same texts
   */
  protected void loadExtraState(Map<String, String> state) {}

  /** Is called before the first epoch. */
  protected void onTrainStart() {}

  /** Is called before each epoch. */
  protected void onTrainEpochStart() {}

  /** Is called after each epoch, when it has been validated; may log. */
  protected void onTrainEpochEnd() {}

  /** Is called after each validation, but that of the check; may log. */
  protected void onValidationEpochEnd() {}

  /** Is called at the end, also if training was stopped or failed. */
  protected void onTrainEnd() {}

  /**
   * {@return the output for a batch, in the way of training while a step of training goes on}
   *
   * @param x the batch, {@code [n, sample…]}
   */
  protected final Tensor forward(Tensor x) {
    return apply(x, training);
  }

  /** {@return which epoch it is, from 0} */
  protected final int currentEpoch() {
    return run == null ? 0 : run.epoch();
  }

  /** {@return how many steps the optimizer has taken} */
  protected final long globalStep() {
    return run == null ? 0 : run.step();
  }

  /**
   * Reports a number: in training with the step, elsewhere the mean over the epoch.
   *
   * @param name what it is called, for example {@code "val_loss"}
   * @param value the number
   * @throws IllegalStateException if no step goes on
   */
  protected final void log(String name, double value) {
    book(name).log(name, value, null);
  }

  /**
   * Reports a number: in training with the step, elsewhere the mean over the epoch.
   *
   * @param name what it is called, for example {@code "val_loss"}
   * @param value a tensor of one element
   * @throws IllegalStateException if no step goes on
   * @throws dev.lanewise.array.ShapeException if the tensor has more elements
   */
  protected final void log(String name, Tensor value) {
    book(name).log(name, value, null);
  }

  /**
   * Reports a number.
   *
   * @param name what it is called, for example {@code "train_accuracy"}
   * @param value the number
   * @param when with the step, as a mean over the epoch, or both
   * @throws IllegalStateException if no step goes on
   */
  protected final void log(String name, double value, LogWhen when) {
    book(name).log(name, value, when);
  }

  /**
   * Reports a number.
   *
   * @param name what it is called, for example {@code "train_accuracy"}
   * @param value a tensor of one element
   * @param when with the step, as a mean over the epoch, or both
   * @throws IllegalStateException if no step goes on
   * @throws dev.lanewise.array.ShapeException if the tensor has more elements
   */
  protected final void log(String name, Tensor value, LogWhen when) {
    book(name).log(name, value, when);
  }

  private LogBook book(String name) {
    if (logs == null) {
      throw new IllegalStateException(
          "log: '%s' can be logged in steps of a Trainer and at the end of epochs alone"
              .formatted(name));
    }
    return logs;
  }

  /** Tells what goes on; {@code null} where nothing is logged. */
  final void enter(LogBook book, boolean trains) {
    logs = book;
    training = trains;
  }

  final void attach(TrainerRun current) {
    run = current;
  }
}
