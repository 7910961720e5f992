package dev.lanewise.nn.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PoolLayersTest {
  private static double[] apply(Layer layer, Tensor x) {
    int[] dims = x.shape().dims();
    Built.of(layer, Arrays.copyOfRange(dims, 1, dims.length));
    return layer.apply(x, false).toDoubleArray();
  }

  @Test
  void series() {
    Tensor x = Tensor.of(new double[] {3, 1, 4, 1, 5, 9, 2}, 1, 1, 7);
    assertArrayEquals(new double[] {3, 4, 9}, apply(new MaxPool1D(2), x));
    assertArrayEquals(new double[] {4, 5, 9}, apply(new MaxPool1D(3, 2), x));
    assertArrayEquals(new double[] {2, 2.5, 7}, apply(new AvgPool1D(2), x));
    // The last window has one element, and what is added does not count.
    assertArrayEquals(new double[] {2, 2.5, 7, 2}, apply(new AvgPool1D(2).padding("same"), x));
    assertArrayEquals(
        new double[] {2, 8 / 3.0, 2, 10 / 3.0, 5, 16 / 3.0, 5.5},
        apply(new AvgPool1D(3, 1).padding(Padding.SAME), x),
        1e-15);
    assertArrayEquals(new double[] {9}, apply(new GlobalMaxPool1D(), x));
    assertArrayEquals(new double[] {25 / 7.0}, apply(new GlobalAvgPool1D(), x), 1e-15);
  }

  @Test
  void images() {
    Tensor x = Built.counted(1, 1, 3, 4);
    assertArrayEquals(new double[] {3.5, 5.5}, apply(new AvgPool2D(2), x));
    assertArrayEquals(new double[] {6, 8}, apply(new MaxPool2D(2), x));
    assertArrayEquals(new double[] {6, 8, 10, 12}, apply(new MaxPool2D(2).padding("same"), x));
    assertArrayEquals(
        new double[] {3.5, 5.5, 9.5, 11.5}, apply(new AvgPool2D(2).padding("same"), x));
    AvgPool2D wide = new AvgPool2D(new int[] {1, 3}).stride(2, 1);
    assertArrayEquals(new double[] {2, 3, 10, 11}, apply(wide, x), 1e-15);
    MaxPool2D tall = new MaxPool2D(new int[] {3, 1});
    assertArrayEquals(new double[] {9, 10, 11, 12}, apply(tall, x));
  }

  @Test
  void volumes() {
    Tensor x = Built.counted(1, 1, 2, 2, 3);
    assertArrayEquals(new double[] {11}, apply(new MaxPool3D(2), x));
    assertArrayEquals(new double[] {6, 7}, apply(new AvgPool3D(2, 1), x));
    assertArrayEquals(new double[] {3, 6, 9, 12}, apply(new MaxPool3D(new int[] {1, 1, 3}), x));
    assertArrayEquals(new double[] {12}, apply(new GlobalMaxPool3D(), x));
    assertArrayEquals(new double[] {6.5}, apply(new GlobalAvgPool3D(), x));
  }

  @Test
  void asManyWindowsAsAreWanted() {
    Tensor x = Built.counted(1, 1, 2, 5);
    // Columns 0 to 2 and 2 to 4.
    assertArrayEquals(new double[] {4.5, 6.5}, apply(new AdaptiveAvgPool2D(1, 2), x));
    assertArrayEquals(new double[] {3, 5, 8, 10}, apply(new AdaptiveMaxPool2D(2, 2), x));
    assertThrows(IllegalArgumentException.class, () -> new AdaptiveAvgPool2D(0, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> new AdaptiveMaxPool2D(1, 1).outputShape(Shape.of(1, 0, 3)));
  }

  @Test
  void globalPoolingsKeepAxesIfTheyShall() {
    Tensor x = Built.counted(2, 3, 1, 2);
    double[] means = {1.5, 3.5, 5.5, 7.5, 9.5, 11.5};
    assertArrayEquals(means, apply(new GlobalAvgPool2D(), x));
    assertArrayEquals(new double[] {2, 4, 6, 8, 10, 12}, apply(new GlobalMaxPool2D(), x));
    assertEquals(Shape.of(3), new GlobalAvgPool2D().outputShape(Shape.of(3, 1, 2)));
    GlobalAvgPool2D kept = Built.of(new GlobalAvgPool2D().keepDims(true), 3, 1, 2);
    assertEquals(Shape.of(2, 3, 1, 1), kept.apply(x, false).shape());
    assertEquals(Shape.of(3, 1), new GlobalMaxPool1D().keepDims(true).outputShape(Shape.of(3, 4)));
  }

  @Test
  void negativeNumbersWinAgainstPadding() {
    Tensor x = Built.counted(1, 1, 3).neg();
    assertArrayEquals(new double[] {-1, -3}, apply(new MaxPool1D(2).padding("same"), x));
  }

  @Test
  void wrongSettingsAndInputs() {
    assertThrows(IllegalArgumentException.class, () -> new MaxPool1D(0));
    assertThrows(IllegalArgumentException.class, () -> new AvgPool2D(2, 0));
    assertThrows(IllegalArgumentException.class, () -> new AvgPool2D(2).padding("full"));
    assertEquals(
        "AvgPool2D: the size must have 1 or 2 extents, not 3",
        Built.refusal(() -> new AvgPool2D(new int[] {1, 2, 3})));
    assertEquals(
        "MaxPool1D 'max_pool1d': input must be at least as large as the window, 3, not 2 (input [n,"
            + " 1, 2])",
        Built.refusal(() -> new MaxPool1D(3).outputShape(Shape.of(1, 2))));
    assertEquals(
        "GlobalAvgPool1D 'global_avg_pool1d': input must be series, [n, c, steps], not [n, 1, 2,"
            + " 3]",
        Built.refusal(() -> new GlobalAvgPool1D().outputShape(Shape.of(1, 2, 3))));
    assertEquals(
        "GlobalMaxPool2D 'global_max_pool2d': there is nothing to pool in [n, 1, 0, 3]",
        Built.refusal(() -> new GlobalMaxPool2D().outputShape(Shape.of(1, 0, 3))));
    MaxPool2D built = Built.of(new MaxPool2D(1), 1, 2, 2);
    assertThrows(IllegalStateException.class, () -> built.stride(1));
    assertThrows(IllegalStateException.class, () -> built.padding("same"));
  }
}
