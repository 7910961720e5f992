package dev.lanewise.nn.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Gradients;
import dev.lanewise.autodiff.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NoiseLayersTest {
  private static final int MANY = 40_000;

  static Stream<Layer> noises() {
    return Stream.of(
        new AlphaDropout(0.3), new Dropout(0.3), new GaussianDropout(0.3), new GaussianNoise(0.3));
  }

  @ParameterizedTest
  @MethodSource("noises")
  void disturbInTrainingAlone(Layer layer) {
    Built.of(layer, 6);
    Tensor x = Built.normal(50, 6);
    Generator generator = layer.generators().getFirst();
    assertSame(x, layer.apply(x, false));
    assertEquals(0, generator.position());
    double[] first = layer.apply(x, true).toDoubleArray();
    assertEquals(1, generator.position()); // one stream for each call
    double[] second = layer.apply(x, true).toDoubleArray();
    assertEquals(2, generator.position());
    assertFalse(Arrays.equals(x.toDoubleArray(), first));
    assertFalse(Arrays.equals(first, second));
  }

  @ParameterizedTest
  @MethodSource("noises")
  void gradientsAreThoseOfTheNumbersDrawn(Layer layer) {
    Built.of(layer, 6);
    Tensor x = Built.normal(4, 6).requiresGrad(true);
    Layer same = Built.of(LayerTypes.standard().make(layer.config()), 6);
    Tensor other = x.detach().add(1);
    Tensor y = layer.apply(x, true);
    // All are linear in x where what is drawn stays the same.
    double[] slopes = same.apply(other, true).sub(y.detach()).toDoubleArray();
    assertArrayEquals(slopes, Gradients.of(y.sum(), x)[0].toDoubleArray(), 1e-12);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.2, 0.5, 0.9})
  void dropoutKeepsTheMean(double rate) {
    double[] y =
        Built.of(new Dropout(rate), MANY).apply(Tensor.ones(1, MANY), true).toDoubleArray();
    int dropped = 0;
    for (double value : y) {
      dropped += value == 0 ? 1 : 0;
      assertTrue(value == 0 || Math.abs(value - 1 / (1 - rate)) < 1e-6, () -> "" + value);
    }
    // 5 standard deviations of a binomial distribution
    assertEquals(rate, dropped / (double) MANY, 5 * Math.sqrt(rate * (1 - rate) / MANY));
  }

  @Test
  void gaussianNumbersHaveTheirMoments() {
    Tensor ones = Built.normal(1, MANY).mul(0).add(1);
    Tensor noise = Built.of(new GaussianNoise(0.5), MANY).apply(ones, true);
    assertEquals(1, noise.mean().item(), 5 * 0.5 / Math.sqrt(MANY));
    assertEquals(0.5, noise.std().item(), 0.01);
    Tensor factors = Built.of(new GaussianDropout(0.2), MANY).apply(ones.mul(3), true);
    assertEquals(3, factors.mean().item(), 5 * 1.5 / Math.sqrt(MANY));
    assertEquals(3 * Math.sqrt(0.2 / 0.8), factors.std().item(), 0.03);
  }

  @Test
  void alphaDropoutKeepsMeanAndVariance() {
    Tensor x = Built.normal(1, MANY);
    Tensor y = Built.of(new AlphaDropout(0.4), MANY).apply(x, true);
    assertEquals(0, y.mean().item(), 0.03);
    assertEquals(1, y.variance().item(), 0.03);
    // Those that are dropped are all the same: about 40 of 100.
    double[] sorted = y.toDoubleArray();
    Arrays.sort(sorted);
    double alpha = -1.7580993408473766;
    double a = 1 / Math.sqrt(0.6 * (1 + 0.4 * alpha * alpha));
    double dropped = a * alpha - a * alpha * 0.4;
    long count = Arrays.stream(sorted).filter(v -> Math.abs(v - dropped) < 1e-9).count();
    assertEquals(0.4, count / (double) MANY, 0.02);
  }

  @Test
  void spatialDropoutDropsWholeChannels() {
    Tensor ones = Built.normal(20, 30, 2, 3).mul(0).add(1);
    Tensor y = Built.of(new SpatialDropout2D(0.5), 30, 2, 3).apply(ones, true);
    double[] channels = y.sum(2, 3).toDoubleArray();
    assertTrue(Arrays.stream(channels).allMatch(sum -> sum == 0 || sum == 12));
    assertEquals(300, Arrays.stream(channels).filter(sum -> sum == 0).count(), 75);
    Tensor series = ones.sum(3).slice(0, 0, 1);
    Tensor z = Built.of(new SpatialDropout1D(0.5), 30, 2).apply(series, true);
    double[] sums = z.sum(2).toDoubleArray();
    assertTrue(Arrays.stream(sums).allMatch(sum -> sum == 0 || sum == 12));
  }

  @Test
  void whatIsDroppedDoesNotCountEvenIfItIsNoNumber() {
    Tensor x = Built.normal(1, 100).mul(Double.NaN);
    double[] y = Built.of(new Dropout(0.5), 100).apply(x, true).toDoubleArray();
    long zeros = Arrays.stream(y).filter(value -> value == 0).count();
    assertEquals(50, zeros, 25);
    assertEquals(100 - zeros, Arrays.stream(y).filter(Double::isNaN).count());
  }

  @Test
  void theStateIsThePositionOfTheGenerator() {
    Dropout layer = Built.of(new Dropout(0.5), 20);
    Dropout other = Built.of(new Dropout(0.5), 20);
    Tensor x = Built.normal(2, 20);
    layer.apply(x, true);
    List<double[]> steps =
        List.of(layer.apply(x, true).toDoubleArray(), layer.apply(x, true).toDoubleArray());
    other.apply(x, true);
    assertArrayEquals(steps.get(0), other.apply(x, true).toDoubleArray());
    assertArrayEquals(steps.get(1), other.apply(x, true).toDoubleArray());
  }

  @Test
  void emptyBatchesStayEmpty() {
    assertEquals(0, Built.of(new Dropout(0.5), 3).apply(Tensor.zeros(0, 3), true).size());
  }

  @Test
  void activityRegularizationAddsItsPenalty() {
    ActivityRegularization layer = Built.of(new ActivityRegularization(0.1, 0.01), 2);
    Tensor x = Tensor.of(new double[] {1, -2, 3, -4}, 2, 2);
    assertSame(x, layer.apply(x, true));
    List<Tensor> penalties = layer.penalties();
    assertEquals(1, penalties.size());
    // (0.1 · 10 + 0.01 · 30) over 2 samples
    assertEquals(0.65, penalties.getFirst().item(), 1e-12);
  }

  @Test
  void wrongSettingsAndInputs() {
    assertEquals(
        "Dropout: rate must be at least 0 and less than 1, not 1.0",
        assertThrows(IllegalArgumentException.class, () -> new Dropout(1)).getMessage());
    assertThrows(IllegalArgumentException.class, () -> new Dropout(-0.1));
    assertThrows(IllegalArgumentException.class, () -> new SpatialDropout2D(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> new AlphaDropout(1));
    assertThrows(IllegalArgumentException.class, () -> new GaussianDropout(2));
    assertThrows(IllegalArgumentException.class, () -> new GaussianNoise(-1));
    assertThrows(IllegalArgumentException.class, () -> new ActivityRegularization(-1, 0));
    assertEquals(
        "SpatialDropout1D 'spatial_dropout1d': input must be series, [n, c, steps], not [n, 3]; put"
            + " new Reshape(1, 3) before it",
        Built.refusal(() -> new SpatialDropout1D(0.5).outputShape(Shape.of(3))));
  }
}
