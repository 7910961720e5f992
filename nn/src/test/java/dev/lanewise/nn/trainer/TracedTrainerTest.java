package dev.lanewise.nn.trainer;

import static dev.lanewise.nn.trainer.ToyModule.points;
import static dev.lanewise.nn.trainer.ToyModule.quiet;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.graph.GraphException;
import dev.lanewise.nn.Examples;
import dev.lanewise.nn.data.Batch;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.Dropout;
import dev.lanewise.nn.layer.Regularizer;
import dev.lanewise.nn.loss.MeanSquaredError;
import dev.lanewise.nn.optim.Adam;
import dev.lanewise.nn.optim.Optimizer;
import dev.lanewise.nn.optim.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps of the trainer as graphs give the bits of steps that are computed at once. */
class TracedTrainerTest {
  /** With random numbers, a penalty, a schedule, and what it logs. */
  private static class Net extends TrainingModule {
    private final Dense hidden =
        addLayer(new Dense(5, "relu").kernelRegularizer(Regularizer.l2(0.01)));
    private final Dropout dropout = addLayer(new Dropout(0.2));
    private final Dense output = addLayer(new Dense(1));
    private final MeanSquaredError loss = new MeanSquaredError();
    int called;

    Net() {
      seed(5);
    }

    @Override
    protected Tensor call(Tensor x, boolean training) {
      return output.apply(dropout.apply(hidden.apply(x, training), training), training);
    }

    @Override
    protected Tensor trainingStep(Batch batch, int index) {
      called++;
      Tensor value = loss.apply(forward(batch.x()), batch.y());
      log("train_mse", value, LogWhen.STEP_AND_EPOCH);
      return value;
    }

    @Override
    protected void validationStep(Batch batch, int index) {
      log("val_mse", loss.apply(forward(batch.x()), batch.y()));
    }

    @Override
    protected void testStep(Batch batch, int index) {
      log("test_mse", loss.apply(forward(batch.x()), batch.y()));
    }

    @Override
    protected Optimizer configureOptimizers() {
      return new Adam(Schedule.exponential(0.05, 0.99));
    }

    float[] numbers() {
      return Tensor.concat(
              0, weights().stream().map(w -> w.value().detach().reshape(-1)).toArray(Tensor[]::new))
          .toFloatArray();
    }
  }

  static Stream<Named<UnaryOperator<TrainerOptions>>> options() {
    return Stream.of(
        Named.of("plain", o -> o),
        Named.of("clipped", o -> o.gradientClipNorm(0.5)),
        Named.of("several batches", o -> o.accumulateGradients(3)),
        Named.of("every third batch", o -> o.batchSize(3)));
  }

  @ParameterizedTest
  @MethodSource("options")
  void givesTheBitsOfStepsAtOnce(UnaryOperator<TrainerOptions> change) {
    Examples train = points(22); // the last batch is short
    Net eager = new Net();
    Net traced = new Net();
    TrainerOptions options = change.apply(quiet(4));
    TrainerRun expected = new Trainer(options).fit(eager, train, points(9));
    TrainerRun found = new Trainer(options.jit(true)).fit(traced, train, points(9));
    assertArrayEquals(eager.numbers(), traced.numbers());
    for (String name : new String[] {"loss", "train_mse_epoch", "val_mse"}) {
      assertEquals(expected.history().get(name), found.history().get(name), name);
    }
    assertEquals(expected.metrics(), found.metrics());
    assertTrue(traced.called <= 2, traced.called + " calls: one for each size of a batch");
    assertTrue(eager.called > 20);

    Trainer judge = new Trainer(options);
    Trainer jit = new Trainer(options.jit(true));
    Map<String, Double> scores = judge.test(eager, points(9)).asMap();
    assertEquals(scores, jit.test(traced, points(9)).asMap());
    assertArrayEquals(
        judge.predict(eager, points(9)).toFloatArray(),
        jit.predict(traced, points(9)).toFloatArray());
  }

  @Test
  void everyRunIsProfiled() {
    for (int window : new int[] {1, 2}) {
      TrainerOptions options = quiet(2).jit(true).accumulateGradients(window);
      TrainerRun run = new Trainer(options).fit(new Net(), points(20));
      Map<String, Long> calls =
          run.profile().stream().collect(Collectors.toMap(ProfileRow::action, ProfileRow::calls));
      assertEquals(10L, calls.get("training step"), calls::toString);
      assertEquals(window > 1, calls.containsKey("optimizer step"), calls::toString);
    }
  }

  @Test
  void aRateThatACallbackChangesIsFollowed() {
    List<float[]> found = new ArrayList<>();
    for (boolean jit : new boolean[] {false, true}) {
      Net net =
          new Net() {
            @Override
            protected Optimizer configureOptimizers() {
              return new Adam(0.05);
            }
          };
      TrainerCallback slower =
          new TrainerCallback() {
            @Override
            public void onTrainStep(TrainerRun run) {
              run.optimizer().learningRate(0.05 / (1 + run.step()));
            }
          };
      new Trainer(quiet(3).jit(jit).callbacks(slower)).fit(net, points(20));
      found.add(net.numbers());
    }
    assertArrayEquals(found.get(0), found.get(1));
  }

  @Test
  void anExceptionInAStepLeavesAModuleThatCanBeTrained() {
    boolean[] fails = {true};
    Net net =
        new Net() {
          @Override
          protected Tensor trainingStep(Batch batch, int index) {
            Tensor loss = super.trainingStep(batch, index);
            if (fails[0]) {
              throw new IllegalStateException("of the user");
            }
            return loss;
          }
        };
    Trainer jit = new Trainer(quiet(2).jit(true));
    assertThrows(IllegalStateException.class, () -> jit.fit(net, points(12)));
    fails[0] = false;
    Net fresh = new Net();
    jit.fit(net, points(12));
    new Trainer(quiet(2)).fit(fresh, points(12));
    assertArrayEquals(fresh.numbers(), net.numbers());
  }

  @Test
  void whatAGraphCanNotRepeatIsRefused() {
    Net reads =
        new Net() {
          @Override
          protected Tensor trainingStep(Batch batch, int index) {
            log("first", batch.x().toFloatArray()[0]);
            return super.trainingStep(batch, index);
          }
        };
    refused("numbers of a tensor", reads);
    Net counts =
        new Net() {
          @Override
          protected Tensor trainingStep(Batch batch, int index) {
            log("batch", index);
            return super.trainingStep(batch, index);
          }
        };
    refused("'batch' is a number of Java", counts);
    // Nothing was changed, and it can be trained without.
    Net fresh = new Net();
    new Trainer(quiet(1)).fit(fresh, points(8));
    new Trainer(quiet(1)).fit(counts, points(8));
    assertArrayEquals(fresh.numbers(), counts.numbers());
    var both =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Trainer(quiet(1).jit(true).detectAnomaly(true)).fit(new Net(), points(8)));
    assertTrue(both.getMessage().contains("search without jit"), both.getMessage());
  }

  private static void refused(String what, Net module) {
    GraphException e =
        assertThrows(
            GraphException.class, () -> new Trainer(quiet(1).jit(true)).fit(module, points(8)));
    assertTrue(e.getMessage().contains(what), e.getMessage());
  }
}
