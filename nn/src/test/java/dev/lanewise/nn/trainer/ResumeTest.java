package dev.lanewise.nn.trainer;

import static dev.lanewise.nn.trainer.ToyModule.points;
import static dev.lanewise.nn.trainer.ToyModule.quiet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.io.FileFormatException;
import dev.lanewise.io.Safetensors;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.optim.SGD;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that was cut goes on as if it had not been. */
class ResumeTest {
  @TempDir Path folder;

  private static ToyModule module() {
    ToyModule module = new ToyModule();
    module.jittersInValidation = true;
    return module;
  }

  private static TrainerOptions options(int epochs) {
    return quiet(epochs).gradientClipNorm(0.5);
  }

  /** {@return the last values of a list} */
  private static List<Double> tail(List<Double> all, int count) {
    return all.subList(all.size() - count, all.size());
  }

  @Test
  void atTheEndOfAnEpoch() throws IOException {
    ToyModule whole = module();
    TrainerRun uncut = new Trainer(options(4)).fit(whole, points(20), points(8));
    TrainerCheckpoints checkpoints = TrainerCheckpoints.in(folder);
    new Trainer(options(2).callbacks(checkpoints)).fit(module(), points(20), points(8));
    ToyModule resumed = module();
    TrainerRun rest =
        new Trainer(options(4))
            .from(checkpoints.best().orElseThrow())
            .fit(resumed, points(20), points(8));
    assertEquals(whole.bits(), resumed.bits());
    assertEquals(tail(uncut.history().get("loss"), 2), rest.history().get("loss"));
    assertEquals(tail(uncut.history().get("val_loss"), 2), rest.history().get("val_loss"));
    assertEquals(uncut.step(), rest.step());
  }

  @Test
  void inTheMiddleOfAnEpochWhereverItIs() throws IOException {
    ToyModule whole = module();
    MemoryLogger logger = new MemoryLogger();
    TrainerOptions accumulating = options(3).accumulateGradients(2).logEveryNSteps(1);
    TrainerRun uncut = new Trainer(accumulating.loggers(logger)).fit(whole, points(20), points(8));
    assertEquals(9, uncut.step()); // 3 steps an epoch, the last of one batch
    for (int cut = 1; cut <= 8; cut++) {
      Path file = folder.resolve("cut-" + cut + ".safetensors");
      new Trainer(accumulating.maxSteps(cut)).fit(module(), points(20), points(8)).save(file);
      ToyModule resumed = module();
      MemoryLogger restLogger = new MemoryLogger();
      TrainerRun rest =
          new Trainer(accumulating.loggers(restLogger))
              .from(file)
              .fit(resumed, points(20), points(8));
      assertEquals(whole.bits(), resumed.bits(), "cut after step " + cut);
      assertEquals(tail(uncut.history().get("loss"), 3 - cut / 3), rest.history().get("loss"));
      int entries = restLogger.entries().size();
      assertEquals(
          logger.entries().subList(logger.entries().size() - entries, logger.entries().size()),
          restLogger.entries());
    }
  }

  @Test
  void fromACheckpointOfSteps() throws IOException {
    ToyModule whole = module();
    new Trainer(options(3)).fit(whole, points(20), points(8));
    TrainerCheckpoints checkpoints = TrainerCheckpoints.in(folder).everySteps(5).keepLatest(9);
    new Trainer(options(3).callbacks(checkpoints)).fit(module(), points(20), points(8));
    // Every fifth step is the last of an epoch: what is left of it is validation.
    assertEquals(3, checkpoints.files().size());
    for (Path file : checkpoints.files()) {
      ToyModule resumed = module();
      new Trainer(options(3)).from(file).fit(resumed, points(20), points(8));
      assertEquals(whole.bits(), resumed.bits(), file.toString());
    }
  }

  /** Halves the rate each epoch, and remembers how often. */
  private static final class Halving implements TrainerCallback {
    private int halved;

    @Override
    public void onTrainEpochEnd(TrainerRun run) {
      run.optimizer().learningRate(run.optimizer().learningRate() / 2);
      halved++;
    }

    @Override
    public Map<String, String> state() {
      return Map.of("halved", Integer.toString(halved));
    }

    @Override
    public void loadState(Map<String, String> state) {
      halved = Integer.parseInt(state.get("halved"));
    }
  }

  @Test
  void rateCallbacksAndTheModulesOwnStateAreKept() throws IOException {
    class Counting extends ToyModule {
      private int epochs;

      @Override
      protected void onTrainEpochEnd() {
        epochs++;
      }

      @Override
      protected Map<String, String> extraState() {
        return Map.of("epochs", Integer.toString(epochs));
      }

      @Override
      protected void loadExtraState(Map<String, String> state) {
        epochs = Integer.parseInt(state.get("epochs"));
      }
    }

    TrainerCheckpoints checkpoints = TrainerCheckpoints.in(folder);
    EarlyStop stop = EarlyStop.whenStopsFalling("val_loss", 2).minDelta(100);
    TrainerCallback[] first = {checkpoints, new Halving(), stop};
    new Trainer(options(2).callbacks(first)).fit(new Counting(), points(20), points(8));
    Halving halving = new Halving();
    Counting resumed = new Counting();
    TrainerCallback[] second = {
      halving,
      EarlyStop.whenStopsFalling("val_loss", 2).minDelta(100),
      TrainerCheckpoints.in(folder)
    };
    TrainerRun run =
        new Trainer(options(9).callbacks(second))
            .from(checkpoints.best().orElseThrow())
            .fit(resumed, points(20), points(8));
    // The first epoch was the best, and one more has waited before the cut.
    assertEquals(1, run.history().epochs());
    assertTrue(run.stopped().orElseThrow().startsWith("val_loss got no better than"));
    assertEquals(3, halving.halved);
    assertEquals(0.05 / 8, run.optimizer().learningRate());
    assertEquals(3, resumed.epochs);
    // The file of before was replaced, not left.
    try (var files = Files.list(folder)) {
      assertEquals(
          List.of("epoch-2-step-15.safetensors"),
          files.map(file -> file.getFileName().toString()).toList());
    }
  }

  @Test
  void theBestAreKept() {
    double[] losses = {5, 3, Double.NaN, 4, 3, 9};
    ToyModule module =
        new ToyModule() {
          @Override
          protected void onTrainEpochEnd() {
            log("judged", losses[currentEpoch()], LogWhen.EPOCH);
          }
        };
    TrainerCheckpoints lowest = TrainerCheckpoints.in(folder).keepLowest("judged", 2);
    TrainerCheckpoints highest =
        TrainerCheckpoints.in(folder.resolve("high")).keepHighest("judged", 1);
    new Trainer(quiet(6).limitTrainBatches(1).callbacks(lowest, highest)).fit(module, points(20));
    assertEquals(
        List.of("epoch-4-step-5.safetensors", "epoch-1-step-2.safetensors"),
        lowest.files().stream().map(file -> file.getFileName().toString()).toList());
    assertEquals(Optional.of(folder.resolve("high/epoch-5-step-6.safetensors")), highest.best());
    assertTrue(Files.exists(lowest.best().orElseThrow()));
  }

  @Test
  void weightsAloneServeTests() throws IOException {
    ToyModule module = module();
    Trainer trainer = new Trainer(options(2));
    Path file = folder.resolve("trained.safetensors");
    trainer.fit(module, points(20)).save(file);
    ToyModule fresh = module();
    double loss = new Trainer(options(0)).from(file).test(fresh, points(20)).get("test_loss");
    assertEquals(module.bits(), fresh.bits());
    assertEquals(trainer.test(module, points(20)).get("test_loss"), loss);
  }

  @Test
  void anotherModuleOrOptimizerIsRefusedAndStaysAsItIs() throws IOException {
    Path file = folder.resolve("run.safetensors");
    new Trainer(options(1)).fit(module(), points(20)).save(file);

    class Other extends ToyModule {
      final Dense more = addLayer(new Dense(2));

      @Override
      protected Tensor call(Tensor x, boolean training) {
        return super.call(more.apply(x, training), training);
      }
    }

    Other other = new Other();
    Trainer trainer = new Trainer(options(2)).from(file);
    String names =
        assertThrows(IllegalArgumentException.class, () -> trainer.fit(other, points(20)))
            .getMessage();
    assertTrue(names.contains("it lacks [weights/dense_2/bias, weights/dense_2/kernel]"), names);
    ToyModule plain = new ToyModule(() -> new SGD(0.1));
    plain.build(2);
    List<Float> before = plain.bits();
    assertThrows(IllegalArgumentException.class, () -> trainer.fit(plain, points(20)));
    assertEquals(before, plain.bits());
    ToyModule seeded = new ToyModule();
    seeded.seed(8);
    String seed =
        assertThrows(IllegalArgumentException.class, () -> trainer.fit(seeded, points(20)))
            .getMessage();
    assertTrue(seed.contains("choose the module's layers and seed of that time"), seed);
    // Fewer batches than were done.
    Path late = folder.resolve("late.safetensors");
    new Trainer(options(1).maxSteps(4)).fit(module(), points(20)).save(late);
    Trainer fewer = new Trainer(options(2)).from(late);
    String batches =
        assertThrows(IllegalArgumentException.class, () -> fewer.fit(module(), points(8)))
            .getMessage();
    assertTrue(batches.contains("after 4 batches of an epoch, but the data have 2"), batches);
  }

  @Test
  void damagedFilesAreRefused() throws IOException {
    Path file = folder.resolve("run.safetensors");
    new Trainer(options(1)).fit(module(), points(20)).save(file);
    Trainer trainer = new Trainer(options(1));
    assertThrows(NoSuchFileException.class, () -> trainer.from(folder.resolve("none")));
    byte[] bytes = Files.readAllBytes(file);
    Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(bytes, bytes.length - 1));
    assertThrows(FileFormatException.class, () -> trainer.from(cut));
    Safetensors content = Safetensors.read(file);
    for (var change :
        List.of(
            Map.entry("format", "pt"),
            Map.entry("version", "2"),
            Map.entry("epoch", "one"),
            Map.entry("generators", "5"),
            Map.entry("logs/", "1"))) {
      Map<String, String> texts = new HashMap<>(content.metadata());
      texts.put(change.getKey(), change.getValue());
      Path changed = folder.resolve("changed");
      new Safetensors(content.arrays(), texts).write(changed);
      assertThrows(FileFormatException.class, () -> trainer.from(changed), change.toString());
      texts.remove(change.getKey());
      new Safetensors(content.arrays(), texts).write(changed);
      if (!change.getKey().equals("logs/")) {
        assertThrows(FileFormatException.class, () -> trainer.from(changed), change.toString());
      }
    }
  }

  @Test
  void aRunWithoutItsStateTakesAnotherWay() throws IOException {
    // What the other tests compare can differ: random numbers that begin anew give other bits.
    Path file = folder.resolve("run.safetensors");
    new Trainer(options(1)).fit(module(), points(20)).save(file);
    Safetensors content = Safetensors.read(file);
    Map<String, String> texts = new HashMap<>(content.metadata());
    String seed = texts.get("generators").split(":", 2)[0];
    texts.put("generators", seed + ":0");
    Path reset = folder.resolve("reset");
    new Safetensors(content.arrays(), texts).write(reset);
    List<List<Float>> ends = new ArrayList<>();
    for (Path each : List.of(file, reset)) {
      ToyModule module = module();
      new Trainer(options(2)).from(each).fit(module, points(20));
      ends.add(module.bits());
    }
    assertNotEquals(ends.get(0), ends.get(1));
  }
}
