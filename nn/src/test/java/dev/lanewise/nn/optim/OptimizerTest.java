package dev.lanewise.nn.optim;

import static dev.lanewise.nn.optim.ScalarRule.START;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.HostMemory;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.GradientException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.layer.Weight;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What all optimizers have in common. */
class OptimizerTest {

  @Test
  void theRateCanChange() {
    Optimizer sgd = new SGD(0.5);
    Tensor value = Tensor.of(START).requiresGrad(true);
    sgd.build(List.of(new Weight("w", value)));
    sgd.apply(Tensor.of(new double[] {1, 1, 1}));
    sgd.learningRate(2);
    sgd.apply(Tensor.of(new double[] {1, 1, 1}));
    assertEquals(2, sgd.learningRate());
    assertArrayEquals(new double[] {-1.5, -4.5, 0.5}, value.toDoubleArray());
  }

  @Test
  void aScheduleIsAskedForTheStepsBefore() {
    Schedule halved = Schedule.exponential(1, 0.5);
    Optimizer sgd = new SGD(halved);
    Tensor value = Tensor.of(new double[] {8}).requiresGrad(true);
    sgd.build(List.of(new Weight("w", value)));
    assertEquals(1, sgd.learningRate());
    assertEquals(halved, sgd.schedule());
    for (double expected : new double[] {7, 6.5, 6.25}) {
      sgd.apply(Tensor.of(new double[] {1}));
      assertArrayEquals(new double[] {expected}, value.toDoubleArray());
    }
    assertEquals(0.125, sgd.learningRate());
    sgd.learningRate(step -> step == 3 ? 6.25 : Double.NaN);
    sgd.apply(Tensor.of(new double[] {1}));
    assertArrayEquals(new double[] {0}, value.toDoubleArray());
    Tensor last = Tensor.of(new double[] {1});
    assertEquals(
        "SGD: the schedule's rate at step 4 must be a number of at least 0, not NaN",
        assertThrows(IllegalStateException.class, () -> sgd.apply(last)).getMessage());
    assertEquals(4, sgd.iterations());
  }

  @Test
  void aMissingGradientLeavesTheWeightAlone() {
    Optimizer adam = new Adam();
    Tensor value = Tensor.of(START).requiresGrad(true);
    adam.build(List.of(new Weight("w", value)));
    adam.apply((Tensor) null);
    assertArrayEquals(START, value.toDoubleArray());
  }

  @Test
  void emptyAndScalarWeights() {
    Tensor scalar = Tensor.scalar(3);
    Optimizer adam = new Adam(0.5).globalClipNorm(1).ema(0.5);
    adam.build(List.of(new Weight("empty", Tensor.zeros(0, 2)), new Weight("scalar", scalar)));
    adam.apply(Tensor.zeros(0, 2), Tensor.scalar(7));
    assertEquals(2.5, scalar.item(), 1e-5);
  }

  @Test
  void gradientsMayBeViews() {
    Tensor value = Tensor.zeros(2, 3);
    Optimizer sgd = new SGD(1);
    sgd.build(List.of(new Weight("w", value)));
    sgd.apply(Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2).transpose());
    sgd.apply(Tensor.of(new float[] {10}).broadcastTo(Shape.of(2, 3)));
    assertArrayEquals(new float[] {-11, -13, -15, -12, -14, -16}, value.toFloatArray());
  }

  @Test
  void anOptimizerServesTheWeightsItWasBuiltFor() {
    Optimizer adam = new Adam();
    assertEquals(
        "Adam: has no weights to change yet; call build(weights) or over(weights) first",
        assertThrows(IllegalStateException.class, () -> adam.apply(Tensor.zeros(1))).getMessage());
    Weight a = new Weight("a", Tensor.zeros(2));
    adam.build(List.of(a));
    adam.build(List.of(a));
    assertThrows(
        IllegalStateException.class, () -> adam.build(List.of(new Weight("a", Tensor.zeros(2)))));
    assertEquals(
        "Adam: 2 gradients are given for 1 weights",
        assertThrows(
                IllegalArgumentException.class, () -> adam.apply(Tensor.zeros(2), Tensor.zeros(2)))
            .getMessage());
  }

  @Test
  void gradientsAreCheckedBeforeAnythingChanges() {
    Optimizer sgd = new SGD(1);
    Tensor first = Tensor.of(START);
    Tensor second = Tensor.of(START);
    sgd.build(List.of(new Weight("a", first), new Weight("b", second)));
    Tensor fits = Tensor.of(START);
    assertEquals(
        "SGD: the gradient of 'b' must be f64 [3], as the weight is, not f64 [1]",
        assertThrows(ShapeException.class, () -> sgd.apply(fits, Tensor.of(new double[] {1})))
            .getMessage());
    assertEquals(
        "SGD: the gradient of 'b' must be f64 [3], as the weight is, not f32 [3]",
        assertThrows(DTypeException.class, () -> sgd.apply(fits, Tensor.ones(3))).getMessage());
    Tensor dead;
    try (Scope _ = Scope.open("earlier")) {
      dead = Tensor.of(START);
    }
    assertThrows(IllegalStateException.class, () -> sgd.apply(fits, dead));
    assertArrayEquals(START, first.toDoubleArray());
    assertEquals(0, sgd.iterations());
  }

  @Test
  void settingsAreChecked() {
    refused(() -> new SGD(-1));
    refused(() -> new SGD(Double.NaN));
    refused(() -> new SGD(0.1, 1.5, false));
    refused(() -> new SGD().momentum(-0.1));
    refused(() -> new SGD().dampening(2));
    refused(() -> SGD.pytorch(Double.POSITIVE_INFINITY));
    refused(() -> new Adam(0.1, 1, 0.9, 1e-7));
    refused(() -> new Adam(0.1, 0.9, 0.9, -1));
    refused(() -> new AdamW().betas(0.9, 1));
    refused(() -> new Adamax().eps(Double.NaN));
    refused(() -> new Nadam().momentumDecay(-1));
    refused(() -> new RAdam().betas(-0.1, 0.9));
    refused(() -> new Lion().betas(0.9, 1));
    refused(() -> new RMSprop().rho(1));
    refused(() -> new RMSprop().momentum(1.1));
    refused(() -> new RMSprop().eps(-1));
    refused(() -> new Adagrad().initialAccumulator(-1));
    refused(() -> new Adagrad().eps(-1));
    refused(() -> new Adadelta().rho(-1));
    refused(() -> new Adadelta().eps(-1));
    assertThrows(NullPointerException.class, () -> new SGD((Schedule) null));
    assertThrows(
        IllegalStateException.class, () -> new SGD().dampening(0.5).momentum(0.9).nesterov(true));
    assertThrows(IllegalStateException.class, () -> new SGD(0.1, 0.9, true).dampening(0.5));
  }

  private static void refused(Executable setting) {
    assertThrows(IllegalArgumentException.class, setting);
  }

  @Test
  void settingsComeBeforeTheWeights() {
    Adam adam = new Adam();
    adam.build(List.of(new Weight("w", Tensor.zeros(1))));
    assertEquals(
        "Adam: amsgrad comes too late, as the optimizer is built; choose settings before build or"
            + " fit",
        assertThrows(IllegalStateException.class, () -> adam.amsgrad(true)).getMessage());
    assertThrows(IllegalStateException.class, () -> adam.betas(0.9, 0.9));
    assertThrows(IllegalStateException.class, () -> adam.weightDecay(0.1));
    assertThrows(IllegalStateException.class, () -> adam.group(_ -> true, 1, 0));
  }

  @Test
  void names() {
    Map<String, Double> rates =
        Map.of(
            "adadelta",
            0.001,
            "adagrad",
            0.001,
            "Adam",
            0.001,
            "adamax",
            0.001,
            "AdamW",
            0.001,
            "lion",
            0.001,
            "nadam",
            0.001,
            "radam",
            0.001,
            "RMSprop",
            0.001,
            "SGD",
            0.01);
    rates.forEach(
        (name, rate) -> {
          Optimizer named = Optimizer.named(name);
          assertEquals(rate, named.learningRate(), name);
          assertTrue(name.equalsIgnoreCase(named.getClass().getSimpleName()), name);
        });
    assertInstanceOf(SGD.class, Optimizer.named("sgd"));
    assertEquals(
        "optimizer: there is no 'adaw'; names are adadelta, adagrad, adam, adamax, adamw, lion,"
            + " nadam, radam, rmsprop, sgd",
        assertThrows(IllegalArgumentException.class, () -> Optimizer.named("adaw")).getMessage());
  }

  /** Descent along the sign alone, as someone else would write it. */
  private static final class SignDescent extends Optimizer
      implements OptimizerSettings<SignDescent> {
    SignDescent() {
      super(0.5);
    }

    @Override
    protected Update update() {
      Expr count = Update.state(0).add(Expr.constant(1));
      return Update.of(Update.WEIGHT.sub(Update.GRADIENT.sign().mul(Expr.param(0))))
          .keeping("count", 10, count);
    }

    @Override
    protected void scalars(double learningRate, long iteration, double[] scalars) {
      scalars[0] = learningRate / iteration;
    }
  }

  @Test
  void anOptimizerOfOnesOwn() {
    Tensor value = Tensor.of(START);
    SignDescent own = new SignDescent().weightDecay(0.5);
    own.build(List.of(new Weight("w", value)));
    own.apply(Tensor.of(new double[] {-3, 0, 7}));
    assertArrayEquals(new double[] {0.75 + 0.5, -1.5, 2.25 - 0.5}, value.toDoubleArray());
    own.apply(Tensor.of(new double[] {1, 1, 1}));
    assertArrayEquals(new double[] {12, 12, 12}, own.state().get("w/count").toDoubleArray());
    Update update = Update.of(Update.WEIGHT).keeping("a", Expr.constant(0));
    assertThrows(IllegalArgumentException.class, () -> update.keeping("a", Expr.constant(0)));
    assertThrows(IllegalArgumentException.class, () -> Update.state(-1));
  }

  @Test
  void stepsTakeNoMoreMemory() {
    Weight a = new Weight("a", Tensor.ones(300, 40));
    Weight b = new Weight("b", Tensor.ones(40));
    Optimizer adam = new Adam().globalClipNorm(1).ema(0.9).weightDecay(0.1);
    adam.build(List.of(a, b));
    Tensor[] gradients = {Tensor.ones(300, 40), Tensor.ones(40)};
    // Warm loops are compiled; what is mapped then stays.
    for (int i = 0; i < 200; i++) {
      adam.apply(gradients);
    }
    long mapped = HostMemory.INSTANCE.pool().mappedBytes();
    for (int i = 0; i < 2000; i++) {
      adam.apply(gradients);
    }
    long late = HostMemory.INSTANCE.pool().mappedBytes();
    assertTrue(late <= mapped, mapped + " -> " + late + " bytes");
    assertFalse(Double.isNaN(a.value().toFloatArray()[0]));
  }

  @Test
  void gradientsOfWeightsThatHaveChangedAreRefused() {
    Tensor value = Tensor.of(new double[] {1, -2, 3}).requiresGrad(true);
    SGD sgd = new SGD(0.1);
    sgd.build(List.of(new Weight("w", value)));
    Tensor late = value.square().sum();
    sgd.apply(Tensor.of(new double[] {0.5, -2, 0.001}));
    String text = assertThrows(GradientException.class, late::backward).getMessage();
    assertTrue(text.contains("'square'") && text.contains("'SGD'"), text);
    value.square().sum().backward();
    assertArrayEquals(new double[] {1.9, -3.6, 5.9998}, value.grad().toDoubleArray(), 1e-12);
  }
}
