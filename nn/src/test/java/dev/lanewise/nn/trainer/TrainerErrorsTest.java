package dev.lanewise.nn.trainer;

import static dev.lanewise.nn.trainer.ToyModule.points;
import static dev.lanewise.nn.trainer.ToyModule.quiet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.GradientException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.BackendUnavailableException;
import dev.lanewise.nn.data.Batch;
import dev.lanewise.nn.data.Batches;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.optim.Optimizer;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class TrainerErrorsTest {
  /** A module that has nothing but its output. */
  private static class Bare extends TrainingModule {
    private final Dense dense = addLayer(new Dense(1));

    @Override
    protected Tensor call(Tensor x, boolean training) {
      return dense.apply(x, training);
    }
  }

  private static String error(Class<? extends RuntimeException> type, Runnable fails) {
    return assertThrows(type, fails::run).getMessage();
  }

  private static void says(String expected, String found) {
    assertTrue(found.contains(expected), found);
  }

  private static Trainer trainer() {
    return new Trainer(quiet(1));
  }

  /** {@return a module whose step gives this for a batch} */
  private static ToyModule stepping(Function<Tensor, Tensor> step) {
    return new ToyModule() {
      @Override
      protected Tensor trainingStep(Batch batch, int index) {
        return step.apply(forward(batch.x()));
      }
    };
  }

  @Test
  void missingStepsAreNamedBeforeAnythingIsBuilt() {
    Bare bare = new Bare();
    says(
        "Bare 'bare' has no trainingStep(Batch, int); override it",
        error(IllegalStateException.class, () -> trainer().fit(bare, points(8))));
    assertEquals(false, bare.isBuilt());
    says(
        "has no testStep",
        error(IllegalStateException.class, () -> trainer().test(bare, points(8))));
    says(
        "has no validationStep",
        error(IllegalStateException.class, () -> trainer().validate(bare, points(8))));

    class Learning extends Bare {
      @Override
      protected Tensor trainingStep(Batch batch, int index) {
        return forward(batch.x()).mean();
      }
    }

    says(
        "has no configureOptimizers",
        error(IllegalStateException.class, () -> trainer().fit(new Learning(), points(8))));
    says(
        "or fit without validation",
        error(
            IllegalStateException.class,
            () -> trainer().fit(new Learning(), points(8), points(8))));

    class Without extends Learning {
      @Override
      protected Optimizer configureOptimizers() {
        return null;
      }
    }

    says(
        "has no optimizer",
        error(IllegalStateException.class, () -> trainer().fit(new Without(), points(8))));
  }

  @Test
  void lossesAreOneNumber() {
    says(
        "the loss must be one number, not [4, 1]; return its mean()",
        error(ShapeException.class, () -> trainer().fit(stepping(y -> y), points(8))));
    says(
        "gave no loss",
        error(IllegalStateException.class, () -> trainer().fit(stepping(_ -> null), points(8))));
    assertThrows(
        GradientException.class, () -> trainer().fit(stepping(y -> y.mean().detach()), points(8)));
  }

  @Test
  void anomaliesNameTheOperation() {
    Trainer searching = new Trainer(quiet(1).detectAnomaly(true));
    ToyModule module = stepping(y -> y.square().add(1).neg().log().mean());
    says(
        "log: the result of shape",
        error(GradientException.class, () -> searching.fit(module, points(8))));
    // Otherwise it goes on with NaN.
    TrainerRun run = trainer().fit(stepping(y -> y.square().add(1).neg().log().mean()), points(8));
    assertTrue(Double.isNaN(run.metrics().get("loss")));
  }

  @Test
  void devicesThatAreNotThere() {
    for (String name : List.of("cuda", "gpu", "tpu")) {
      Trainer elsewhere = new Trainer(quiet(1).device(name));
      ToyModule module = new ToyModule();
      String text =
          error(BackendUnavailableException.class, () -> elsewhere.fit(module, points(8)));
      says(name, text);
      says("reference", text); // what there is
      assertEquals(false, module.isBuilt());
    }
  }

  @Test
  void logging() {
    class Logging extends ToyModule {
      private final String name;
      private final Tensor value;

      Logging(String name, Tensor value) {
        this.name = name;
        this.value = value;
      }

      @Override
      protected void validationStep(Batch batch, int index) {
        log(name, value);
      }

      void logNow() {
        log("now", 1);
      }
    }

    says(
        "log: 'wide' must be one number, not [2]",
        error(
            ShapeException.class,
            () -> trainer().fit(new Logging("wide", Tensor.ones(2)), points(8), points(8))));
    says(
        "'loss' is reported by training and by validation; call one val_loss",
        error(
            IllegalStateException.class,
            () -> trainer().fit(new Logging("loss", Tensor.scalar(1)), points(8), points(8))));
    Logging module = new Logging("fine", Tensor.scalar(1));
    trainer().fit(module, points(8), points(8));
    says("log: 'now'", error(IllegalStateException.class, module::logNow));
    Trainer stopping = new Trainer(quiet(2).callbacks(EarlyStop.whenStopsFalling("val_los", 2)));
    says(
        "nobody has reported 'val_los'",
        error(
            IllegalStateException.class,
            () -> stopping.fit(new ToyModule(), points(8), points(8))));
  }

  @Test
  void batchesAreThere() {
    Batches none =
        new Batches() {
          @Override
          public Iterator<Batch> epoch(long epoch) {
            return Collections.emptyIterator();
          }

          @Override
          public OptionalLong steps() {
            return OptionalLong.empty();
          }
        };
    says(
        "there are no batches",
        error(IllegalArgumentException.class, () -> trainer().fit(new ToyModule(), none)));
    ToyModule built = new ToyModule();
    built.build(2);
    says(
        "epoch 0 has no batches",
        error(IllegalArgumentException.class, () -> trainer().fit(built, none)));
    says(
        "there are no batches",
        error(IllegalArgumentException.class, () -> trainer().predict(built, none)));
    Trainer half = new Trainer(quiet(1).limitTrainBatches(0.5));
    says(
        "nobody knows how many there are",
        error(IllegalArgumentException.class, () -> half.fit(built, none)));
    Trainer tenth = new Trainer(quiet(1).limitTrainBatches(0.1));
    says(
        "0.1 of 2 training batches is none",
        error(IllegalArgumentException.class, () -> tenth.fit(new ToyModule(), points(8))));
  }

  @Test
  void options() {
    List<UnaryOperator<TrainerOptions>> wrong =
        List.of(
            o -> o.maxSteps(-1),
            o -> o.maxTime(Duration.ofSeconds(-1)),
            o -> o.fastDevRun(-1),
            o -> o.limitTrainBatches(0),
            o -> o.limitTrainBatches(1.5),
            o -> o.limitValidationBatches(-1),
            o -> o.limitValidationBatches(Double.NaN),
            o -> o.limitTestBatches(0),
            o -> o.limitTestBatches(0.0),
            o -> o.overfitBatches(0),
            o -> o.overfitBatches(-0.5),
            o -> o.sanityValidationSteps(-1),
            o -> o.checkValidationEveryEpochs(0),
            o -> o.gradientClipNorm(0),
            o -> o.gradientClipValue(Double.NaN),
            o -> o.gradientClipValue(1).gradientClipNorm(1),
            o -> o.accumulateGradients(0),
            o -> o.logEveryNSteps(0),
            o -> o.batchSize(0));
    for (int i = 0; i < wrong.size(); i++) {
      UnaryOperator<TrainerOptions> change = wrong.get(i);
      says(
          "TrainerOptions",
          assertThrows(IllegalArgumentException.class, () -> change.apply(quiet(1))).getMessage());
    }
    says(
        "maxEpochs must be at least 0, not -1",
        error(IllegalArgumentException.class, () -> TrainerOptions.maxEpochs(-1)));
    assertThrows(IllegalArgumentException.class, () -> EarlyStop.whenStopsRising("a", 0));
    assertThrows(IllegalArgumentException.class, () -> points(8).batches(0));
  }
}
