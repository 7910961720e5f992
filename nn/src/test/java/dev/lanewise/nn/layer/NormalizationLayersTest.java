package dev.lanewise.nn.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class NormalizationLayersTest {

  /** {@return numbers as they are after normalization by their own mean and variance} */
  private static double[] normal(double epsilon, double... x) {
    double mean = Arrays.stream(x).average().orElseThrow();
    double variance = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    return Arrays.stream(x).map(v -> (v - mean) / Math.sqrt(variance + epsilon)).toArray();
  }

  private static double[] joined(double[]... parts) {
    return Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray();
  }

  @Test
  void layerNormalizationTakesLastAxes() {
    Tensor x = Tensor.of(new double[] {1, 2, 6, -1, 0, 4}, 1, 2, 3);
    LayerNormalization rows = Built.of(new LayerNormalization(), 2, 3);
    assertArrayEquals(
        joined(normal(1e-3, 1, 2, 6), normal(1e-3, -1, 0, 4)),
        rows.apply(x, true).toDoubleArray(),
        1e-12);
    LayerNormalization all = Built.of(new LayerNormalization().axes(2).epsilon(0.5), 2, 3);
    Built.set(all, "gamma", 1, 2, 3, 4, 5, 6);
    Built.set(all, "beta", 0, 0, 0, 0, 0, 7);
    double[] expected = normal(0.5, 1, 2, 6, -1, 0, 4);
    for (int i = 0; i < 6; i++) {
      expected[i] = expected[i] * (i + 1) + (i == 5 ? 7 : 0);
    }
    assertArrayEquals(expected, all.apply(x, false).toDoubleArray(), 1e-12);
  }

  @Test
  void rootMeanSquare() {
    RMSNormalization layer = Built.of(new RMSNormalization(), 2);
    Built.set(layer, "gamma", 1, 10);
    Tensor x = Tensor.of(new double[] {3, 4}, 1, 2);
    double root = Math.sqrt(12.5 + 1e-6);
    assertArrayEquals(
        new double[] {3 / root, 40 / root}, layer.apply(x, true).toDoubleArray(), 1e-12);
    assertEquals(1, layer.weights().size());
    assertEquals(0, Built.of(new RMSNormalization().scale(false), 2).weights().size());
  }

  @Test
  void groupsOfChannels() {
    Tensor x = Tensor.of(new double[] {1, 5, 2, 2, 7, 8, 0, -1}, 1, 4, 2);
    double[] pairs = joined(normal(1e-3, 1, 5, 2, 2), normal(1e-3, 7, 8, 0, -1));
    assertArrayEquals(
        pairs, Built.of(new GroupNormalization(2), 4, 2).apply(x, true).toDoubleArray(), 1e-12);
    double[] each =
        joined(normal(1e-3, 1, 5), normal(1e-3, 2, 2), normal(1e-3, 7, 8), normal(1e-3, 0, -1));
    assertArrayEquals(
        each, Built.of(new GroupNormalization(-1), 4, 2).apply(x, true).toDoubleArray(), 1e-12);
    GroupNormalization scaled = Built.of(new GroupNormalization(1).center(false), 4, 2);
    Built.set(scaled, "gamma", 0, 0, 0, 2);
    double[] whole = normal(1e-3, 1, 5, 2, 2, 7, 8, 0, -1);
    assertArrayEquals(
        new double[] {0, 0, 0, 0, 0, 0, 2 * whole[6], 2 * whole[7]},
        scaled.apply(x, true).toDoubleArray(),
        1e-12);
  }

  @Test
  void unitVectors() {
    Tensor x = Tensor.of(new double[] {3, 4, 0, 0}, 2, 2);
    assertArrayEquals(
        new double[] {0.6, 0.8, 0, 0},
        Built.of(new UnitNormalization(), 2).apply(x, true).toDoubleArray(),
        1e-15);
    Tensor columns = Tensor.of(new double[] {3, 0, 4, 2}, 1, 2, 2);
    assertArrayEquals(
        new double[] {0.6, 0, 0.8, 1},
        Built.of(new UnitNormalization(1), 2, 2).apply(columns, true).toDoubleArray(),
        1e-15);
  }

  @Test
  void rescaling() {
    Tensor x = Tensor.of(new double[] {0, 255, 127.5}, 1, 3);
    Layer layer = Built.of(new Rescaling(1 / 127.5, -1), 3);
    assertArrayEquals(new double[] {-1, 1, 0}, layer.apply(x, false).toDoubleArray(), 1e-15);
    Layer half = Built.of(new Rescaling(0.5), 3);
    assertArrayEquals(new double[] {0, 127.5, 63.75}, half.apply(x, true).toDoubleArray());
  }

  @Test
  void featuresAreNormalizedByTheData() {
    Tensor data = Tensor.of(new float[] {1, 5, 3, 5, 5, 5}, 3, 2);
    FeatureNormalization before = new FeatureNormalization();
    try (Scope _ = Scope.open("short life")) {
      before.adapt(data.add(0));
    }
    Built.of(before, 2);
    Tensor x = Tensor.of(new double[] {1, 5, 3, 6}, 2, 2);
    double far = 2 / Math.sqrt(8 / 3.0);
    // A feature that does not vary is divided by 1e-7.
    double[] expected = {-far, 0, 0, 1e7};
    assertArrayEquals(expected, before.apply(x, false).toDoubleArray(), 1e-6);
    FeatureNormalization after = Built.of(new FeatureNormalization(), 2);
    assertArrayEquals(x.toDoubleArray(), after.apply(x, false).toDoubleArray());
    after.adapt(data.mul(100));
    after.adapt(data);
    assertArrayEquals(expected, after.apply(x, true).toDoubleArray(), 1e-6);
    assertArrayEquals(new double[] {3, 5}, Built.numbers(after, "mean"));
    assertEquals(0, after.weights().stream().filter(Weight::isTrainable).count());
  }

  @Test
  void featuresCanBeChannels() {
    FeatureNormalization layer = new FeatureNormalization(1);
    layer.adapt(Built.counted(2, 2, 1, 2));
    Built.of(layer, 2, 1, 2);
    assertArrayEquals(new double[] {3.5, 5.5}, Built.numbers(layer, "mean"));
    assertArrayEquals(new double[] {4.25, 4.25}, Built.numbers(layer, "variance"));
    Tensor y = layer.apply(Built.counted(2, 2, 1, 2), false);
    assertArrayEquals(new double[] {0, 0}, y.mean(0, 2, 3).toDoubleArray(), 1e-15);
  }

  @Test
  void wrongSettings() {
    assertThrows(IllegalArgumentException.class, () -> new LayerNormalization().axes(0));
    assertThrows(IllegalArgumentException.class, () -> new RMSNormalization().epsilon(-1));
    assertEquals(
        "GroupNormalization: groups must be at least 1, or -1 for each channel, not 0",
        assertThrows(IllegalArgumentException.class, () -> new GroupNormalization(0)).getMessage());
    LayerNormalization built = Built.of(new LayerNormalization(), 2);
    assertThrows(IllegalStateException.class, () -> built.axes(1));
    assertThrows(IllegalStateException.class, () -> built.epsilon(1));
  }

  @Test
  void wrongInputs() {
    assertEquals(
        "LayerNormalization 'layer_normalization': samples must have at least 2 axes, not 1 (input"
            + " [n, 3])",
        Built.refusal(() -> new LayerNormalization().axes(2).outputShape(Shape.of(3))));
    LayerNormalization built = Built.of(new LayerNormalization(), 4, 2);
    assertEquals(Shape.of(7, 2), built.outputShape(Shape.of(7, 2))); // series of any length
    assertEquals(
        "LayerNormalization 'layer_normalization': the last axes must have the extents [2], not [3]"
            + " (input [n, 4, 3])",
        Built.refusal(() -> built.outputShape(Shape.of(4, 3))));
    assertEquals(
        "GroupNormalization 'group_normalization': 32 groups must divide the 4 channels of the"
            + " input, [n, 4, 2]",
        Built.refusal(() -> new GroupNormalization().outputShape(Shape.of(4, 2))));
    assertThrows(
        IllegalArgumentException.class, () -> new GroupNormalization(-1).outputShape(Shape.SCALAR));
    GroupNormalization groups = Built.of(new GroupNormalization(1), 2);
    assertThrows(IllegalArgumentException.class, () -> groups.outputShape(Shape.of(3)));
    assertThrows(
        IllegalArgumentException.class, () -> new UnitNormalization().outputShape(Shape.SCALAR));
    assertThrows(
        IllegalArgumentException.class, () -> new UnitNormalization(0).outputShape(Shape.of(2)));
    assertEquals(
        "FeatureNormalization 'feature_normalization': adapt: data must be at least one sample with"
            + " features, [n, ...], not [0, 2]",
        Built.refusal(() -> new FeatureNormalization().adapt(Tensor.zeros(0, 2))));
    FeatureNormalization adapted = new FeatureNormalization();
    adapted.adapt(Tensor.ones(1, 2));
    assertEquals(
        "FeatureNormalization 'feature_normalization': input must have 2 features, not 3 (input [n,"
            + " 3])",
        Built.refusal(() -> adapted.outputShape(Shape.of(3))));
    adapted.adapt(Tensor.ones(1, 3)); // it has no weights yet
    Built.of(adapted, 3);
    assertThrows(IllegalArgumentException.class, () -> adapted.adapt(Tensor.ones(1, 2)));
  }
}
