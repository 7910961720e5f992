package dev.lanewise.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.io.Json;
import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.layer.Weight;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Optimizers and schedules as configs, and made again. */
class OptimizerConfigTest {
  /** {@return a config after a way through a file} */
  private static Config stored(Config config) {
    try {
      Map<String, Object> read = new LinkedHashMap<>();
      ((Map<?, ?>) Json.parse(Json.write(config.asMap())))
          .forEach((name, value) -> read.put((String) name, value));
      return Config.of(read);
    } catch (Json.SyntaxException e) {
      throw new AssertionError(e);
    }
  }

  static List<Schedule> schedules() {
    return List.of(
        Schedule.constant(0.1),
        Schedule.step(0.1, 0.5, 3),
        Schedule.multiStep(0.1, 0.3, 2, 5),
        Schedule.exponential(0.1, 0.99),
        Schedule.cosine(0.1, 9, 1e-3),
        Schedule.cosineAnnealing(0.1, 3, 0),
        Schedule.oneCycle(0.1, 20),
        Schedule.linear(0.1, 0.3, 1, 4),
        Schedule.polynomial(0.1, 0.01, 7, 2),
        Schedule.piecewise(new long[] {1, 4}, 0.3, 0.2, 0.1),
        Schedule.inverseTime(0.1, 2, 3),
        Schedule.cosine(0.1, 5, 0).withWarmup(3, 0.01).perEpoch(2));
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void schedulesAreMadeAgain(Schedule schedule) {
    assertEquals(schedule, Schedule.of(stored(schedule.config())));
  }

  static List<Optimizer> optimizers() {
    Schedule rate = Schedule.cosine(0.1, 9, 1e-3);
    return List.of(
        new SGD(rate),
        new SGD(0.1, 0.9, true).weightDecay(0.1).clipValue(0.5),
        SGD.pytorch(rate).momentum(0.8).dampening(0.25).weightDecay(0.1),
        new Adam(rate).betas(0.8, 0.9).eps(1e-5).amsgrad(true).globalClipNorm(0.5),
        Adam.pytorch(0.01).weightDecay(0.3),
        new AdamW(0.01).ema(0.9),
        AdamW.pytorch(rate).decoupledWeightDecay(false),
        new Adamax(0.01).betas(0.7, 0.8),
        Adamax.pytorch(0.01),
        new Nadam(rate).momentumDecay(0.5).repeatedMomentum(true),
        Nadam.pytorch(0.01),
        new RAdam(0.01).eps(1e-3),
        new RMSprop(rate).rho(0.5).momentum(0.5).centered(true),
        RMSprop.pytorch(0.01).momentum(0.3),
        new Adagrad(0.1).initialAccumulator(0.3),
        Adagrad.pytorch(0.1),
        new Adadelta(0.1).rho(0.5),
        Adadelta.pytorch(0.1).eps(1e-3),
        new Lion(rate).betas(0.5, 0.6));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void optimizersAreMadeAgain(Optimizer optimizer) {
    Optimizer again = Optimizer.of(stored(optimizer.config()));

    assertEquals(optimizer.getClass(), again.getClass());
    assertArrayEquals(trained(optimizer), trained(again));
    assertEquals(stored(optimizer.config()).asMap(), stored(again.config()).asMap());
  }

  private static float[] trained(Optimizer optimizer) {
    Tensor w = Tensor.of(new float[] {3, -4, 0.5f}).requiresGrad(true);
    optimizer.over(w);
    for (int step = 0; step < 4; step++) {
      optimizer.zeroGrad();
      w.square().sum().backward();
      optimizer.step();
    }
    return w.toFloatArray();
  }

  @Test
  void groupsAreToldByTheirWeights() {
    Weight kernel = new Weight("dense/kernel", Tensor.ones(2).requiresGrad(true));
    Weight bias = new Weight("dense/bias", Tensor.ones(2).requiresGrad(true));
    SGD sgd = new SGD(0.1).weightDecay(0.5).group(w -> w.name().endsWith("bias"), 2, 0);
    var early = assertThrows(UnsupportedOperationException.class, sgd::config);
    assertTrue(early.getMessage().contains("groups"), early.getMessage());
    sgd.build(List.of(kernel, bias));
    Config config = stored(sgd.config());
    assertEquals(List.of("dense/bias"), config.configs("groups").getFirst().texts("weights"));

    Optimizer again = Optimizer.of(config);
    again.build(List.of(kernel, bias));
    again.apply(Tensor.zeros(2), Tensor.ones(2));

    assertArrayEquals(new float[] {0.95f, 0.95f}, kernel.value().toFloatArray());
    assertArrayEquals(new float[] {0.8f, 0.8f}, bias.value().toFloatArray());
  }

  @Test
  void whatIsOfAClassOfOnesOwnIsNotTold() {
    Schedule own = step -> 0.1;
    var e = assertThrows(UnsupportedOperationException.class, own::config);
    assertTrue(
        e.getMessage().startsWith("the schedule is of a class of one's own"), e.getMessage());
    assertThrows(UnsupportedOperationException.class, () -> new Adam(own).config());
    assertThrows(UnsupportedOperationException.class, () -> own.withWarmup(3, 0).config());
    Optimizer mine =
        new Optimizer(0.1) {
          @Override
          protected Update update() {
            return Update.of(Update.WEIGHT.sub(Update.GRADIENT.mul(Expr.param(0))));
          }

          @Override
          protected void scalars(double learningRate, long iteration, double[] scalars) {
            scalars[0] = learningRate;
          }
        };
    assertThrows(UnsupportedOperationException.class, mine::config);
  }

  @Test
  void unknownTypesAndWrongSettingsAreRefused() {
    Config rate = Schedule.constant(0.1).config();
    assertThrows(
        IllegalArgumentException.class,
        () -> Optimizer.of(Config.of("Adamant").with("learningRate", rate)));
    assertThrows(
        IllegalArgumentException.class,
        () -> Optimizer.of(Config.of("Adam").with("learningRate", rate)));
    assertThrows(IllegalArgumentException.class, () -> Schedule.of(Config.of("Constant")));
    assertThrows(IllegalArgumentException.class, () -> Schedule.of(Config.of("Cosinus")));
  }
}
