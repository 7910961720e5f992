package dev.lanewise.nn.trainer;

import static dev.lanewise.nn.trainer.ToyModule.points;
import static dev.lanewise.nn.trainer.ToyModule.quiet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.data.Batch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Callbacks, early stopping and loggers. */
class TrainerCallbacksTest {
  @TempDir Path folder;

  /** Reports numbers that are given. */
  private static final class Scripted extends ToyModule {
    private final double[] values;

    Scripted(double... values) {
      this.values = values;
    }

    @Override
    protected void onTrainEpochEnd() {
      log("judged", values[currentEpoch()], LogWhen.EPOCH);
    }

    @Override
    protected Map<String, Object> hyperparameters() {
      return Map.of("hidden", 3);
    }
  }

  private static TrainerRun stopped(EarlyStop stop, double... values) {
    return new Trainer(quiet(values.length).limitTrainBatches(1).callbacks(stop))
        .fit(new Scripted(values), points(4));
  }

  @Test
  void stopsWhenNothingGetsBetter() {
    TrainerRun falling = stopped(EarlyStop.whenStopsFalling("judged", 2), 5, 4, 4, 3, 3, 3.5, 2);
    assertEquals(6, falling.history().epochs());
    assertEquals(Optional.of("judged got no better than 3.0 in 2 epochs"), falling.stopped());
    TrainerRun rising = stopped(EarlyStop.whenStopsRising("judged", 1), 1, 2, 2, 9);
    assertEquals(3, rising.history().epochs());
    TrainerRun slowly =
        stopped(EarlyStop.whenStopsFalling("judged", 2).minDelta(1), 5, 4.5, 3.9, 3.5, 3, 0);
    assertEquals(5, slowly.history().epochs()); // 5 and 3.9 count
    TrainerRun broken = stopped(EarlyStop.whenStopsFalling("judged", 9), 5, Double.NaN, 4);
    assertEquals(Optional.of("judged is NaN"), broken.stopped());
    TrainerRun never = stopped(EarlyStop.whenStopsFalling("judged", 1), 3, 2, 1);
    assertEquals(Optional.of("maxEpochs=3 reached"), never.stopped());
  }

  @Test
  void epochsWithoutValidationDoNotCount() {
    EarlyStop stop = EarlyStop.whenStopsFalling("val_loss", 1).minDelta(1000);
    TrainerRun run =
        new Trainer(quiet(9).checkValidationEveryEpochs(2).callbacks(stop))
            .fit(new ToyModule(), points(8), points(8));
    assertEquals(4, run.history().epochs());
  }

  @Test
  void everythingIsCalledInItsOrder() {
    List<String> calls = new ArrayList<>();
    ToyModule module =
        new ToyModule() {
          @Override
          protected void onTrainStart() {
            calls.add("start");
          }

          @Override
          protected void onTrainEpochStart() {
            calls.add("epoch " + currentEpoch());
          }

          @Override
          protected void validationStep(Batch batch, int index) {
            calls.add("validation " + index);
          }

          @Override
          protected void onValidationEpochEnd() {
            calls.add("validated");
          }

          @Override
          protected void onTrainEpochEnd() {
            calls.add("epoch's end");
          }

          @Override
          protected void onTrainEnd() {
            calls.add("end");
          }
        };
    TrainerCallback callback =
        new TrainerCallback() {
          @Override
          public void onTrainStart(TrainerRun run) {
            calls.add("> start");
          }

          @Override
          public void onTrainEpochStart(TrainerRun run) {
            calls.add("> epoch " + run.epoch());
          }

          @Override
          public void onTrainStep(TrainerRun run) {
            calls.add("> step " + run.step());
            if (run.step() == 3) {
              run.stop("enough");
            }
          }

          @Override
          public void onTrainEpochEnd(TrainerRun run) {
            calls.add("> epoch's end, " + run.history().epochs());
          }

          @Override
          public void onTrainEnd(TrainerRun run) {
            calls.add("> end");
          }
        };
    TrainerOptions options =
        quiet(5).sanityValidationSteps(0).limitValidationBatches(1).callbacks(callback);
    TrainerRun run = new Trainer(options).fit(module, points(8), points(8));
    assertEquals(
        List.of(
            "start",
            "> start",
            "epoch 0",
            "> epoch 0",
            "> step 1",
            "> step 2",
            "validation 0",
            "validated",
            "epoch's end",
            "> epoch's end, 1",
            "epoch 1",
            "> epoch 1",
            "> step 3",
            "end",
            "> end"),
        calls);
    assertEquals(Optional.of("enough"), run.stopped());
  }

  @Test
  void loggersHearTheEndOfAFailure() {
    List<Map<String, Double>> ends = new ArrayList<>();
    TrainingLogger logger =
        new TrainingLogger() {
          @Override
          public void scalars(long step, int epoch, Map<String, Double> values) {
            throw new IllegalStateException("full");
          }

          @Override
          public void finish(Map<String, Double> last) {
            ends.add(last);
          }
        };
    Trainer trainer = new Trainer(quiet(2).loggers(logger).logEveryNSteps(1));
    assertThrows(IllegalStateException.class, () -> trainer.fit(new ToyModule(), points(8)));
    assertEquals(1, ends.size());
    assertTrue(ends.getFirst().containsKey("train_loss_step"));
  }

  @Test
  void tables() throws IOException {
    Path file = folder.resolve("metrics.csv");
    CsvTrainingLogger logger = new CsvTrainingLogger(file);
    logger.scalars(1, 0, Map.of("a", 0.5));
    logger.scalars(2, 0, Map.of("say \"b\", c", Double.NaN));
    logger.scalars(2, 0, Map.of("a", 1.0));
    logger.finish(Map.of());
    assertEquals(
        """
        epoch,step,a,"say ""b"", c"
        0,1,0.5,
        0,2,1.0,NaN
        """,
        Files.readString(file));
    new Trainer(quiet(3).loggers(new CsvTrainingLogger(file)))
        .fit(new ToyModule(), points(8), points(8));
    List<String> lines = Files.readAllLines(file);
    assertEquals("epoch,step,loss,train_loss_epoch,val_loss", lines.getFirst());
    assertEquals(4, lines.size());
  }

  @Test
  void tensorBoard() throws IOException {
    MemoryLogger memory = new MemoryLogger();
    try (TensorBoardLogger logger = TensorBoardLogger.open(folder)) {
      TrainerOptions options = quiet(2).loggers(logger, memory);
      new Trainer(options).fit(new Scripted(1, 2), points(8));
      new Trainer(options).fit(new Scripted(1, 2), points(8)); // hyperparameters come once
    }
    assertEquals(Map.of("hidden", 3), memory.hyperparameters());
    assertEquals(List.of(1.0, 2.0, 1.0, 2.0), memory.values("judged"));
    try (var files = Files.list(folder)) {
      String text = Files.readString(files.findFirst().orElseThrow(), StandardCharsets.ISO_8859_1);
      for (String tag : List.of("judged", "hidden", "final/judged", "train_loss_epoch")) {
        assertTrue(text.contains(tag), tag);
      }
    }
  }

  /** A callback that serves a second run knows nothing of the first. */
  @Test
  void everyRunBeginsAnew() {
    EarlyStop stop = EarlyStop.whenStopsFalling("judged", 1);
    assertEquals(3, stopped(stop, 1, 0.5, 0.7).history().epochs());
    assertEquals(4, stopped(stop, 9, 8, 7, 7.5).history().epochs());
    TrainerCheckpoints kept = TrainerCheckpoints.in(folder);
    new Trainer(quiet(2).callbacks(kept)).fit(new ToyModule(), points(4));
    Path first = kept.files().getFirst();
    new Trainer(quiet(1).callbacks(kept)).fit(new ToyModule(), points(4));
    assertEquals(1, kept.files().size());
    assertTrue(Files.exists(first), "the file of the first run is not the second's to delete");
  }

  /** A checkpoint tells names in its folder; others are none of ours to delete. */
  @Test
  void aStateNamesNoOtherFiles() throws IOException {
    Path precious = Files.writeString(folder.resolve("precious.txt"), "keep me");
    TrainerCheckpoints kept = TrainerCheckpoints.in(folder.resolve("runs"));
    kept.loadState(
        Map.of(
            precious.toString(), "1", "../precious.txt", "2", "epoch-1-step-2.safetensors", "3"));
    assertEquals(
        List.of(folder.resolve("runs").resolve("epoch-1-step-2.safetensors")), kept.files());
    assertEquals(Map.of("epoch-1-step-2.safetensors", "3.0"), kept.state());
  }

  @Test
  void aFailureAtTheEndKeepsNoneFromTheirs() {
    MemoryLogger logger = new MemoryLogger();
    List<String> calls = new ArrayList<>();
    TrainerCallback failing =
        new TrainerCallback() {
          @Override
          public void onTrainEnd(TrainerRun run) {
            calls.add("failing");
            throw new IllegalStateException("at the end");
          }
        };
    TrainerCallback other =
        new TrainerCallback() {
          @Override
          public void onTrainEnd(TrainerRun run) {
            calls.add("other");
          }
        };
    Trainer trainer = new Trainer(quiet(1).callbacks(failing, other).loggers(logger));
    assertThrows(IllegalStateException.class, () -> trainer.fit(new ToyModule(), points(4)));
    assertEquals(List.of("other", "failing"), calls);
  }
}
