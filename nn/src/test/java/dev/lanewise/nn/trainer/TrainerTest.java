package dev.lanewise.nn.trainer;

import static dev.lanewise.nn.trainer.ToyModule.points;
import static dev.lanewise.nn.trainer.ToyModule.quiet;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.Examples;
import dev.lanewise.nn.Scores;
import dev.lanewise.nn.data.Batch;
import dev.lanewise.nn.data.Batches;
import dev.lanewise.nn.init.Initializer;
import dev.lanewise.nn.layer.Constraint;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.Regularizer;
import dev.lanewise.nn.optim.Optimizer;
import dev.lanewise.nn.optim.SGD;
import dev.lanewise.nn.optim.Schedule;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TrainerTest {
  /** A line through 0 without random numbers: the loss is the mean of squares. */
  private static class Line extends TrainingModule {
    final Dense dense;

    Line(Dense dense) {
      this.dense = addLayer(dense);
    }

    Line() {
      this(new Dense(1).useBias(false));
      seed(3);
    }

    @Override
    protected Tensor call(Tensor x, boolean training) {
      return dense.apply(x, training);
    }

    @Override
    protected Tensor trainingStep(Batch batch, int index) {
      return forward(batch.x()).sub(batch.y()).square().mean();
    }

    @Override
    protected Optimizer configureOptimizers() {
      return new SGD(0.001);
    }

    float[] weights32() {
      return weights().getFirst().value().toFloatArray();
    }
  }

  @Test
  void lossFalls() {
    ToyModule module = new ToyModule();
    TrainerRun run = new Trainer(quiet(30)).fit(module, points(20), points(8));
    List<Double> losses = run.history().get("val_loss");
    assertEquals(30, losses.size());
    assertTrue(losses.getLast() < losses.getFirst() / 4, losses::toString);
    assertEquals(150, run.step());
    assertEquals(29, run.epoch());
    assertEquals(Optional.of("maxEpochs=30 reached"), run.stopped());
    // Without a name of its own, the mean of the loss is the same number as what was logged.
    assertEquals(run.history().get("train_loss_epoch"), run.history().get("loss"));
  }

  @Test
  void shufflesByEpochAndSeed() {
    ToyModule module = new ToyModule();
    new Trainer(quiet(2).seed(5)).fit(module, points(20));
    ToyModule again = new ToyModule();
    new Trainer(quiet(2).seed(5)).fit(again, points(20));
    ToyModule other = new ToyModule();
    new Trainer(quiet(2).seed(6)).fit(other, points(20));
    assertEquals(again.seen, module.seen);
    assertNotEquals(other.seen, module.seen);
    assertNotEquals(module.seen.subList(0, 5), module.seen.subList(5, 10));
    assertNotEquals(other.bits(), module.bits()); // the seed makes the weights too
  }

  @Test
  void aTrialRunsExactlySoManyBatches() {
    ToyModule module = new ToyModule();
    MemoryLogger logger = new MemoryLogger();
    TrainerOptions trial = quiet(9).fastDevRun(3).loggers(logger).logEveryNSteps(1);
    TrainerRun run = new Trainer(trial).fit(module, points(20), points(20));
    assertEquals(3, module.seen.size());
    assertEquals(3, module.validated);
    assertEquals(3, run.step());
    assertEquals(1, run.history().epochs());
    assertEquals(List.of(), logger.entries());
    new Trainer(trial).test(module, points(20));
    new Trainer(trial).validate(module, points(20));
    assertEquals(12, new Trainer(trial).predict(module, points(20)).shape().dim(0));
    assertEquals(List.of(3, 6, 3), List.of(module.tested, module.validated, module.predicted));
  }

  @Test
  void limitsAreCountsOrShares() {
    ToyModule module = new ToyModule();
    TrainerOptions options =
        quiet(2)
            .sanityValidationSteps(0)
            .limitTrainBatches(3)
            .limitValidationBatches(0.5)
            .limitTestBatches(0.3);
    new Trainer(options).fit(module, points(20), points(20));
    assertEquals(2 * 3, module.seen.size());
    assertEquals(2 * 2, module.validated); // half of 5
    new Trainer(options).test(module, points(20));
    assertEquals(1, module.tested);
    ToyModule unjudged = new ToyModule();
    new Trainer(quiet(2).limitValidationBatches(0)).fit(unjudged, points(20), points(20));
    assertEquals(0, unjudged.validated);
  }

  @Test
  void overfittingRepeatsTheSameBatches() {
    ToyModule module = new ToyModule();
    new Trainer(quiet(3).overfitBatches(2)).fit(module, points(20));
    assertEquals(List.of(0f, 4f, 0f, 4f, 0f, 4f), module.seen);
    // Batches of others come as those of epoch 0, whatever their order is.
    ToyModule given = new ToyModule();
    new Trainer(quiet(3).overfitBatches(0.4)).fit(given, points(20).shuffledBatches(4, 1));
    assertEquals(6, given.seen.size());
    assertEquals(2, new HashSet<>(given.seen).size());
  }

  @Test
  void timeEndsTraining() {
    AtomicLong clock = new AtomicLong();
    ToyModule module =
        new ToyModule() {
          @Override
          protected Tensor trainingStep(Batch batch, int index) {
            clock.addAndGet(1_000_000_000);
            return super.trainingStep(batch, index);
          }
        };
    TrainerOptions options = quiet(9).maxTime(Duration.ofSeconds(7)).clock(clock::get);
    TrainerRun run = new Trainer(options).fit(module, points(20), points(4));
    assertEquals(7, run.step());
    assertEquals(Optional.of("maxTime=PT7S reached"), run.stopped());
    // The second epoch was cut: it is reported, but not validated.
    assertEquals(2, run.history().epochs());
    assertEquals(1, run.history().get("val_loss").size());
    assertEquals(List.of(5.0, 2.0), run.history().seconds());
  }

  @Test
  void stepsEndTraining() {
    TrainerRun run = new Trainer(quiet(9).maxSteps(5)).fit(new ToyModule(), points(20), points(4));
    assertEquals(5, run.step());
    assertEquals(1, run.history().get("val_loss").size()); // the epoch was whole
    TrainerRun none = new Trainer(quiet(9).maxSteps(0)).fit(new ToyModule(), points(20));
    assertEquals(0, none.step());
    assertEquals(0, none.history().epochs());
  }

  @Test
  void theCheckOfValidationLeavesNoTrace() {
    ToyModule checked = new ToyModule();
    checked.jittersInValidation = true;
    MemoryLogger logger = new MemoryLogger();
    TrainerRun run = new Trainer(quiet(2).loggers(logger)).fit(checked, points(20), points(20));
    assertEquals(2 + 2 * 5, checked.validated);
    ToyModule unchecked = new ToyModule();
    unchecked.jittersInValidation = true;
    TrainerRun other =
        new Trainer(quiet(2).sanityValidationSteps(0)).fit(unchecked, points(20), points(20));
    assertEquals(2 * 5, unchecked.validated);
    assertEquals(unchecked.bits(), checked.bits());
    assertEquals(other.history().get("val_loss"), run.history().get("val_loss"));
    assertEquals(2, logger.entries().size());
  }

  @Test
  void meansAreWeightedByTheSizesOfBatches() {
    List<Double> atEnd = new ArrayList<>();
    Line module =
        new Line() {
          @Override
          protected Tensor trainingStep(Batch batch, int index) {
            log("each", index == 0 ? 1 : 4, LogWhen.EPOCH);
            log("both", Tensor.scalar(index), LogWhen.STEP_AND_EPOCH);
            log("step", 10 + index);
            return super.trainingStep(batch, index);
          }

          @Override
          protected void validationStep(Batch batch, int index) {
            log("val", index == 0 ? 1 : 4);
            log("val_step", index, LogWhen.STEP); // nobody hears of single steps of validation
          }

          @Override
          protected void onTrainEpochEnd() {
            log("end", 5, LogWhen.EPOCH);
            atEnd.add((double) globalStep());
          }
        };
    MemoryLogger logger = new MemoryLogger();
    TrainerRun run =
        new Trainer(quiet(1).loggers(logger).logEveryNSteps(2)).fit(module, points(6), points(6));
    Map<String, Double> metrics = run.metrics();
    // Batches of 4 and 2: (4 · 1 + 2 · 4) / 6.
    assertEquals(2.0, metrics.get("each"), 1e-12);
    assertEquals(2.0, metrics.get("val"), 1e-12);
    assertEquals(2 / 6.0, metrics.get("both_epoch"), 1e-12);
    assertEquals(1.0, metrics.get("both_step"));
    assertEquals(11.0, metrics.get("step"));
    assertEquals(5.0, metrics.get("end"));
    assertEquals(List.of(2.0), atEnd);
    // The second step alone is logged, and then the epoch.
    assertEquals(Map.of("both_step", 1.0, "step", 11.0), logger.entries().get(0).values());
    assertEquals(2, logger.entries().get(0).step());
    assertEquals(List.of(2.0), logger.values("val"));
    assertEquals(List.of(), logger.values("val_step"));
    assertEquals(2, logger.entries().size());
  }

  @Test
  void validationComesEverySoManyEpochs() {
    TrainerRun run =
        new Trainer(quiet(5).checkValidationEveryEpochs(2))
            .fit(new ToyModule(), points(20), points(4));
    assertEquals(5, run.history().get("loss").size());
    assertEquals(2, run.history().get("val_loss").size());
  }

  @Test
  void accumulatedGradientsAreThoseOfOneLargeBatch() {
    // Three batches of 4 and a last one of 4 alone, against one of 12 and one of 4.
    Line accumulated = new Line();
    TrainerRun run =
        new Trainer(quiet(3).accumulateGradients(3)).fit(accumulated, points(16).batches(4));
    Line large = new Line();
    Examples all = points(16);
    new Trainer(quiet(3)).fit(large, given(all.slice(0, 12), all.slice(12, 16)));
    assertEquals(6, run.step());
    assertArrayEquals(large.weights32(), accumulated.weights32(), 1e-6f);
  }

  /** {@return batches, each of other examples} */
  private static Batches given(Examples... parts) {
    return new Batches() {
      @Override
      public Iterator<Batch> epoch(long epoch) {
        return Arrays.stream(parts)
            .map(part -> part.batches(part.size()).iterator().next())
            .iterator();
      }

      @Override
      public OptionalLong steps() {
        return OptionalLong.empty();
      }
    };
  }

  @Test
  void gradientsAreClipped() {
    float[] before = new float[2];
    Line module =
        new Line() {
          @Override
          protected void onTrainStart() {
            System.arraycopy(weights32(), 0, before, 0, 2);
          }

          @Override
          protected Optimizer configureOptimizers() {
            return new SGD(1);
          }
        };
    Examples steep = Examples.of(new float[][] {{300, 400}}, new float[] {1e4f});
    new Trainer(quiet(1).gradientClipNorm(0.5)).fit(module, steep);
    float[] first = module.weights32();
    // The gradient by a weight is a multiple of its feature: 3 to 4, of length 0.5.
    assertEquals(0.3, Math.abs(first[0] - before[0]), 1e-6);
    assertEquals(0.4, Math.abs(first[1] - before[1]), 1e-6);
    new Trainer(quiet(1).gradientClipValue(0.125)).fit(module, steep);
    float[] second = module.weights32();
    assertEquals(0.125, Math.abs(second[0] - first[0]), 1e-6);
    assertEquals(0.125, Math.abs(second[1] - first[1]), 1e-6);
  }

  @Test
  void penaltiesCountAndConstraintsHold() {
    Line module =
        new Line(
            new Dense(1)
                .useBias(false)
                .kernelInitializer(Initializer.constant(2))
                .kernelRegularizer(Regularizer.l2(0.5))
                .kernelConstraint(Constraint.nonNegative()));
    // The targets are what the first weights give: the penalty alone is left, 0.5 · (4 + 4).
    TrainerRun run =
        new Trainer(quiet(1)).fit(module, Examples.of(new float[][] {{1, -1}}, new float[] {0}));
    assertEquals(4.0, run.history().last("loss"), 1e-6);
    Line negative =
        new Line(
            new Dense(1)
                .useBias(false)
                .kernelInitializer(Initializer.constant(0))
                .kernelConstraint(Constraint.nonNegative()));
    new Trainer(quiet(1)).fit(negative, Examples.of(new float[][] {{1, 1}}, new float[] {-5}));
    assertArrayEquals(new float[] {0, 0}, negative.weights32());
  }

  @Test
  void ratesFollowTheEpoch() {
    List<Double> rates = new ArrayList<>();
    ToyModule module =
        new ToyModule() {
          @Override
          protected Optional<Schedule> epochSchedule() {
            return Optional.of(Schedule.step(0.1, 0.5, 2));
          }
        };
    TrainerCallback watch =
        new TrainerCallback() {
          @Override
          public void onTrainStep(TrainerRun run) {
            rates.add(run.optimizer().learningRate());
          }
        };
    new Trainer(quiet(3).limitTrainBatches(2).callbacks(watch)).fit(module, points(20));
    assertEquals(List.of(0.1, 0.1, 0.1, 0.1, 0.05, 0.05), rates);
  }

  @Test
  void theProfileCountsCalls() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AtomicLong clock = new AtomicLong();
    TrainerOptions options =
        quiet(2)
            .accumulateGradients(2)
            .profiler(true)
            .out(new PrintStream(out, true, StandardCharsets.UTF_8))
            .clock(() -> clock.addAndGet(1_000_000));
    TrainerRun run = new Trainer(options).fit(new ToyModule(), points(20), points(8));
    // 5 batches an epoch make 3 steps; what is added to a sum counts as work of the optimizer.
    Map<String, Long> expected =
        Map.of(
            "get batch", 10L,
            "training step", 10L,
            "backward", 10L,
            "optimizer step", 16L,
            "validation step", 4L);
    for (ProfileRow row : run.profile()) {
      assertEquals(expected.get(row.action()), row.calls(), row.action());
      assertEquals(row.calls() * 1e-3, row.seconds(), 1e-9, row.action());
      assertEquals(1e-3, row.mean(), 1e-9);
    }
    assertEquals(expected.size(), run.profile().size());
    String table = out.toString(StandardCharsets.UTF_8);
    assertTrue(table.contains("training step            10     0.0100 s    1.0000 ms"), table);
  }

  @Test
  void printsDeviceTableAndEpochs() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    TrainerOptions options =
        quiet(2).enableProgress(true).enableModelSummary(true).out(out).device("cpu");
    new Trainer(options).fit(new ToyModule(), points(20), points(8));
    String text = bytes.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
    assertTrue(text.startsWith("Doing computations on "), text);
    assertTrue(
        text.contains(
            """
              | Name    | Type   | Params
            -----------------------------
            0 | dense   | Dense  | 9
            1 | jitter  | Jitter | 0
            2 | dense_1 | Dense  | 4
            -----------------------------
            13        Trainable params
            0         Non-trainable params
            13        Total params
            """),
        text);
    assertTrue(text.contains("Sanity check of validation"), text);
    assertTrue(text.contains("Epoch 2/2 - 5 batches - "), text);
    assertTrue(text.contains(" - val_loss: "), text);
    assertTrue(text.endsWith("Trainer.fit stopped: maxEpochs=2 reached\n"), text);
  }

  @Test
  void judgesAndPredictsWithoutLearning() {
    ToyModule module = new ToyModule();
    Trainer trainer = new Trainer(quiet(1));
    trainer.fit(module, points(20));
    List<Float> bits = module.bits();
    Tensor predicted = trainer.predict(module, points(10));
    assertArrayEquals(
        module.apply(points(10).batches(10).iterator().next().x(), false).toFloatArray(),
        predicted.toFloatArray(),
        1e-6f);
    Scores scores = trainer.test(module, points(10));
    double sum = 0;
    float[] values = predicted.toFloatArray();
    float[] targets = points(10).batches(10).iterator().next().y().toFloatArray();
    for (int i = 0; i < 10; i++) {
      sum += Math.pow(values[i] - targets[i], 2);
    }
    assertEquals(sum / 10, scores.get("test_loss"), 1e-5);
    assertEquals(
        scores.get("test_loss"), trainer.validate(module, points(10)).get("val_loss"), 1e-9);
    assertEquals(bits, module.bits());
  }

  @Test
  void aModuleOnAnotherBackendGetsItsBatchesThere() {
    Line module = new Line();
    new Trainer(quiet(2).device("reference")).fit(module, points(8));
    assertEquals("reference", module.weights().getFirst().value().backend().name());
    Line simd = new Line();
    new Trainer(quiet(2)).fit(simd, points(8));
    assertArrayEquals(simd.weights32(), module.weights32(), 1e-4f);
    new Trainer(quiet(1)).fit(module, points(8)); // "auto" takes what there is
    assertEquals("reference", module.weights().getFirst().value().backend().name());
    new Trainer(quiet(1).device("simd")).fit(module, points(8));
    assertEquals("simd", module.weights().getFirst().value().backend().name());
  }
}
