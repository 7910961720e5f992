package dev.lanewise.nn.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.init.Initializer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Layers that put the same numbers elsewhere. */
class ArrangingLayersTest {
  private static double[] apply(Layer layer, Tensor x) {
    int[] dims = x.shape().dims();
    Built.of(layer, Arrays.copyOfRange(dims, 1, dims.length));
    return layer.apply(x, false).toDoubleArray();
  }

  @Test
  void marginsAreAddedAndTakenAway() {
    Tensor x = Built.counted(1, 1, 2, 2);
    assertArrayEquals(
        new double[] {0, 0, 0, 1, 2, 0, 3, 4, 0}, apply(new ZeroPadding2D(1, 0, 0, 1), x));
    assertEquals(Shape.of(1, 6, 6), new ZeroPadding2D(2).outputShape(Shape.of(1, 2, 2)));
    assertEquals(Shape.of(1, 4, 6), new ZeroPadding2D(1, 2).outputShape(Shape.of(1, 2, 2)));
    Tensor y = Built.counted(1, 1, 3, 4);
    assertArrayEquals(new double[] {6, 7}, apply(new Cropping2D(1), y));
    assertArrayEquals(new double[] {5, 6, 7, 9, 10, 11}, apply(new Cropping2D(1, 0, 0, 1), y));
    assertArrayEquals(y.toDoubleArray(), apply(new Cropping2D(0), y));
  }

  @Test
  void series() {
    Tensor x = Built.counted(1, 1, 3);
    assertArrayEquals(new double[] {0, 0, 1, 2, 3, 0}, apply(new ZeroPadding1D(2, 1), x));
    assertArrayEquals(new double[] {0, 1, 2, 3, 0}, apply(new ZeroPadding1D(1), x));
    assertArrayEquals(new double[] {2}, apply(new Cropping1D(1), x));
    assertArrayEquals(new double[] {1, 2}, apply(new Cropping1D(0, 1), x));
    assertArrayEquals(new double[] {1, 1, 2, 2, 3, 3}, apply(new UpSampling1D(2), x));
    // A causal convolution: each sum is of a step and the one two before.
    Tensor padded = Built.of(new ZeroPadding1D(2, 0), 1, 3).apply(x, false);
    Conv1D sum = new Conv1D(1, 2).dilation(2).kernelInitializer(Initializer.constant(1));
    assertArrayEquals(new double[] {1, 2, 4}, apply(sum, padded));
  }

  @Test
  void imagesBecomeLarger() {
    Tensor x = Built.counted(1, 1, 1, 3);
    assertArrayEquals(
        new double[] {1, 1, 2, 2, 3, 3, 1, 1, 2, 2, 3, 3}, apply(new UpSampling2D(2), x));
    assertArrayEquals(
        new double[] {1, 1.25, 1.75, 2.25, 2.75, 3},
        apply(new UpSampling2D(1, 2).interpolation("bilinear"), x),
        1e-12);
  }

  @Test
  void axesAreExchanged() {
    Tensor x = Built.counted(1, 2, 3);
    assertArrayEquals(new double[] {1, 4, 2, 5, 3, 6}, apply(new Permute(2, 1), x));
    assertEquals(Shape.of(4, 2, 3), new Permute(3, 1, 2).outputShape(Shape.of(2, 3, 4)));
    // What comes next works on what is only another view.
    Permute permute = Built.of(new Permute(2, 1), 2, 3);
    Dense dense = Built.of(new Dense(1).kernelInitializer(Initializer.constant(1)), 3, 2);
    assertArrayEquals(
        new double[] {5, 7, 9}, dense.apply(permute.apply(x, false), false).toDoubleArray());
  }

  @Test
  void rowsAreRepeated() {
    Tensor x = Built.counted(2, 2);
    assertArrayEquals(
        new double[] {1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4}, apply(new RepeatVector(3), x));
  }

  @Test
  void wrongSettings() {
    assertEquals(
        "Permute: the order must name each axis from 1 to 2 once, not [0, 1]",
        assertThrows(IllegalArgumentException.class, () -> new Permute(0, 1)).getMessage());
    assertThrows(IllegalArgumentException.class, () -> new Permute(1, 1));
    assertThrows(IllegalArgumentException.class, () -> new RepeatVector(0));
    assertThrows(IllegalArgumentException.class, () -> new ZeroPadding1D(0, -1));
    assertThrows(IllegalArgumentException.class, () -> new Cropping1D(-1));
    assertThrows(IllegalArgumentException.class, () -> new UpSampling1D(0));
    assertEquals(
        "UpSampling2D: the scale must be at least 1, not 0",
        assertThrows(IllegalArgumentException.class, () -> new UpSampling2D(0)).getMessage());
    assertEquals(
        "interpolation: there is no 'cubic'; names are nearest, bilinear",
        assertThrows(
                IllegalArgumentException.class, () -> new UpSampling2D(2).interpolation("cubic"))
            .getMessage());
    assertEquals(
        "ZeroPadding2D: a margin must be at least 0, not -1",
        assertThrows(IllegalArgumentException.class, () -> new ZeroPadding2D(-1)).getMessage());
    assertEquals(
        "Cropping2D: give 1 margin for all sides, 2 for rows and columns, or 4 for top, bottom,"
            + " left and right; not 3",
        assertThrows(IllegalArgumentException.class, () -> new Cropping2D(1, 2, 3)).getMessage());
  }

  @Test
  void wrongInputs() {
    assertEquals(
        "Permute 'permute': samples must have 2 axes, for the order [2, 1], not 3 (input [n, 1, 2,"
            + " 3])",
        Built.refusal(() -> new Permute(2, 1).outputShape(Shape.of(1, 2, 3))));
    assertEquals(
        "RepeatVector 'repeat_vector': input must be rows, [n, features], not [n, 1, 2]",
        Built.refusal(() -> new RepeatVector(2).outputShape(Shape.of(1, 2))));
    assertEquals(
        "Cropping2D 'cropping2d': nothing is left of [n, 1, 2, 5] without 1 + 1 rows and 1 + 1"
            + " columns",
        Built.refusal(() -> new Cropping2D(1).outputShape(Shape.of(1, 2, 5))));
    assertEquals(
        "Cropping1D 'cropping1d': nothing is left of [n, 1, 3] without 1 + 2 steps",
        Built.refusal(() -> new Cropping1D(1, 2).outputShape(Shape.of(1, 3))));
    assertEquals(
        "UpSampling2D 'up_sampling2d': an axis can not have 3000000000 elements (input [n, 1, 3,"
            + " 1])",
        Built.refusal(() -> new UpSampling2D(1_000_000_000).outputShape(Shape.of(1, 3, 1))));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ZeroPadding2D(Integer.MAX_VALUE).outputShape(Shape.of(1, 3, 1)));
    assertThrows(
        IllegalArgumentException.class, () -> new UpSampling2D(2).outputShape(Shape.of(3, 1)));
  }
}
