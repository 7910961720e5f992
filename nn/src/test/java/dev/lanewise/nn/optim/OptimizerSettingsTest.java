package dev.lanewise.nn.optim;

import static dev.lanewise.nn.optim.ScalarRule.GRADIENTS;
import static dev.lanewise.nn.optim.ScalarRule.START;
import static dev.lanewise.nn.optim.ScalarRule.check;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DTypeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.layer.Weight;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Weight decay, clipping, averages and groups. */
class OptimizerSettingsTest {

  private static Weight weight(String name, double... values) {
    return new Weight(name, Tensor.of(values));
  }

  @Test
  void weightDecayIsDecoupledOrNot() {
    check(() -> new SGD(0.1).weightDecay(0.5), (w, g, _, _) -> w * (1 - 0.05) - 0.1 * g);
    check(
        () -> new SGD(0.1).weightDecay(0.5).decoupledWeightDecay(false),
        (w, g, _, _) -> w - 0.1 * (g + 0.5 * w));
    check(
        () -> SGD.pytorch(0.1).weightDecay(0.5).decoupledWeightDecay(true),
        (w, g, _, _) -> w * (1 - 0.05) - 0.1 * g);
    check(
        () -> new Lion(0.1).weightDecay(0.5).decoupledWeightDecay(false).betas(0, 0),
        (w, g, _, _) -> w - 0.1 * Math.signum(g + 0.5 * w));
  }

  @Test
  void valuesAreClippedBeforeTheDecay() {
    check(
        () -> SGD.pytorch(0.1).clipValue(0.5).weightDecay(0.5),
        (w, g, _, _) -> w - 0.1 * (Math.clamp(g, -0.5, 0.5) + 0.5 * w));
  }

  @Test
  void theNormOfAllGradientsIsClipped() {
    Weight a = weight("a", 1, 2);
    Weight b = weight("b", 3);
    Weight c = weight("c", 4);
    Optimizer sgd = new SGD(1).globalClipNorm(2.5);
    sgd.build(List.of(a, b, c));
    Tensor ofA = Tensor.of(new double[] {3, 0});
    sgd.apply(ofA, Tensor.of(new double[] {-4}), null);
    assertArrayEquals(new double[] {-0.5, 2}, a.value().toDoubleArray());
    assertArrayEquals(new double[] {5}, b.value().toDoubleArray());
    assertArrayEquals(new double[] {4}, c.value().toDoubleArray());
    assertArrayEquals(new double[] {3, 0}, ofA.toDoubleArray(), "gradients stay as they are");
    // A missing gradient counts as 0, not as what was there before; a short one is left alone.
    sgd.apply(null, null, Tensor.of(new double[] {2.5}));
    assertArrayEquals(new double[] {1.5}, c.value().toDoubleArray());
    sgd.apply(Tensor.of(new double[] {0, Double.POSITIVE_INFINITY}), null, null);
    assertArrayEquals(new double[] {Double.NaN, Double.NaN}, a.value().toDoubleArray());
    assertArrayEquals(new double[] {5}, b.value().toDoubleArray());
  }

  @Test
  void aNormIsOfOneType() {
    Optimizer sgd = new SGD().globalClipNorm(1);
    List<Weight> mixed = List.of(weight("a", 1), new Weight("b", Tensor.ones(1)));
    assertEquals(
        "globalClipNorm: weights must be of one type, but 'a' is f64 and 'b' f32",
        assertThrows(DTypeException.class, () -> sgd.build(mixed)).getMessage());
    sgd.build(List.of(mixed.getFirst()));
    assertThrows(IllegalStateException.class, () -> new SGD().clipValue(1).globalClipNorm(1));
    assertThrows(IllegalStateException.class, () -> new SGD().globalClipNorm(1).clipValue(1));
  }

  @Test
  void averagesFollowTheWeights() {
    Weight a = weight("a", START);
    Weight late = weight("late", START);
    Optimizer adam = new Adam(0.1).ema(0.75);
    adam.build(List.of(a, late));
    double[] average = new double[START.length];
    double[] lateAverage = new double[START.length];
    for (int t = 0; t < GRADIENTS.length; t++) {
      Tensor gradient = Tensor.of(GRADIENTS[t]);
      adam.apply(gradient, t % 2 == 0 ? null : gradient);
      for (int i = 0; i < average.length; i++) {
        double momentum = t == 0 ? 0 : 0.75;
        average[i] = momentum * average[i] + (1 - momentum) * a.value().toDoubleArray()[i];
        lateAverage[i] =
            momentum * lateAverage[i] + (1 - momentum) * late.value().toDoubleArray()[i];
      }
    }
    double[] weights = a.value().toDoubleArray();
    adam.swapAverages();
    assertArrayEquals(average, a.value().toDoubleArray(), 1e-15);
    assertArrayEquals(lateAverage, late.value().toDoubleArray(), 1e-15);
    assertEquals(
        "Adam: averages are in the weights' places; call swapAverages() once more first",
        assertThrows(IllegalStateException.class, () -> adam.apply(null, null)).getMessage());
    assertThrows(IllegalStateException.class, adam::state);
    adam.swapAverages();
    assertArrayEquals(weights, a.value().toDoubleArray());
    assertArrayEquals(average, adam.state().get("a/average").toDoubleArray(), 1e-15);
  }

  @Test
  void averagesMustBeKeptAndBegun() {
    Optimizer none = new Adam();
    none.build(List.of(weight("w", 1)));
    none.apply(Tensor.of(new double[] {1}));
    assertEquals(
        "Adam: keeps no averages; choose ema(momentum) before build or fit",
        assertThrows(IllegalStateException.class, none::swapAverages).getMessage());
    Optimizer early = new Adam().ema(0.9);
    assertThrows(IllegalStateException.class, early::swapAverages);
    early.build(List.of(weight("w", 1)));
    assertEquals(
        "Adam: there are no averages before the first step",
        assertThrows(IllegalStateException.class, early::swapAverages).getMessage());
  }

  @Test
  void groupsHaveRatesAndDecaysOfTheirOwn() {
    Weight kernel = weight("dense/kernel", 1);
    Weight bias = weight("dense/bias", 1);
    Weight frozen = weight("frozen/kernel", 1);
    Weight slow = weight("slow/kernel", 1);
    Optimizer sgd =
        new SGD(Schedule.exponential(0.5, 0.5))
            .weightDecay(0.5)
            .group(w -> w.name().endsWith("bias"), 1, 0)
            .group(List.of(frozen), 0, 1)
            .group(w -> !w.name().startsWith("dense"), 0.5, 1);
    sgd.build(List.of(kernel, bias, frozen, slow));
    Tensor one = Tensor.of(new double[] {1});
    sgd.apply(one, one, one, one);
    assertEquals(1 * (1 - 0.25) - 0.5, kernel.value().item());
    assertEquals(1 - 0.5, bias.value().item());
    assertEquals(1, frozen.value().item());
    assertEquals(1 * (1 - 0.25) - 0.25, slow.value().item());
    sgd.apply(one, one, one, one);
    assertEquals(0.25 * (1 - 0.125) - 0.25, kernel.value().item());
    assertEquals(0.5 * (1 - 0.125) - 0.125, slow.value().item());
  }

  @Test
  void aGroupTakesSomeWeight() {
    Optimizer sgd = new SGD().group(w -> w.name().equals("bais"), 1, 0);
    assertEquals(
        "SGD: group 0 takes none of the weights [kernel, bias]",
        assertThrows(
                IllegalArgumentException.class,
                () -> sgd.build(List.of(weight("kernel", 1), weight("bias", 1))))
            .getMessage());
  }

  @Test
  void settingsAreChecked() {
    SGD sgd = new SGD();
    assertThrows(IllegalArgumentException.class, () -> sgd.weightDecay(-1));
    assertThrows(IllegalArgumentException.class, () -> sgd.clipValue(0));
    assertThrows(IllegalArgumentException.class, () -> sgd.globalClipNorm(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> sgd.ema(1));
    assertThrows(IllegalArgumentException.class, () -> sgd.ema(0));
    assertThrows(IllegalArgumentException.class, () -> sgd.group(_ -> true, -1, 0));
    assertTrue(
        assertThrows(
                IllegalArgumentException.class,
                () -> sgd.group(_ -> true, 1, Double.POSITIVE_INFINITY))
            .getMessage()
            .startsWith("group: weightDecay must be a number of at least 0"));
  }
}
