package dev.lanewise.nn.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.init.Initializer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Convolutions against plain loops. */
class ConvLayersTest {
  private static final int[] ONE = {1};
  private static final int[] NO_PADDING = {};

  private static Tensor kernel(Layer layer) {
    return Built.weight(layer, "kernel").value();
  }

  private static void check(
      Layer layer, int[] stride, int[] dilation, int[] low, int groups, int... batch) {
    Tensor x = Built.normal(batch);
    int[] sample = Arrays.copyOfRange(batch, 1, batch.length);
    Built.of(layer, sample);
    Tensor y = layer.apply(x, false);
    Tensor kernel = kernel(layer);
    double[] expected =
        ScalarConv.of(x, kernel, y, stride, dilation, low, groups)
            .forward(x.toDoubleArray(), kernel.toDoubleArray());
    assertArrayEquals(expected, y.toDoubleArray(), 1e-12);
  }

  @Test
  void series() {
    check(new Conv1D(3, 4), ONE, ONE, NO_PADDING, 1, 2, 2, 9);
    check(new Conv1D(4, 3).stride(2).groups(2), new int[] {2}, ONE, NO_PADDING, 2, 2, 4, 10);
    // 2 · 3 elements are added for 4 taps that lie 2 apart.
    check(
        new Conv1D(2, 4).dilation(2).padding("same"),
        ONE,
        new int[] {2},
        new int[] {3},
        1,
        1,
        3,
        8);
  }

  @Test
  void imagesWithFiltersOfAnyExtents() {
    Conv2D tall = new Conv2D(3, new int[] {3, 1}).stride(2, 3);
    assertEquals(Shape.of(3, 3, 3), tall.outputShape(Shape.of(2, 8, 9)));
    check(tall, new int[] {2, 3}, ONE, NO_PADDING, 1, 2, 2, 8, 9);
    Conv2D gaps = new Conv2D(4, 3).dilation(2, 1).padding("same").groups(2);
    assertEquals(Shape.of(4, 6, 5), gaps.outputShape(Shape.of(2, 6, 5)));
    check(gaps, new int[] {1, 1}, new int[] {2, 1}, new int[] {2, 1}, 2, 2, 2, 6, 5);
  }

  @Test
  void volumes() {
    Conv3D conv = new Conv3D(2, new int[] {2, 3, 1}).stride(1, 2, 1);
    assertEquals(Shape.of(2, 3, 2, 3), conv.outputShape(Shape.of(2, 4, 5, 3)));
    check(conv, new int[] {1, 2, 1}, ONE, NO_PADDING, 1, 2, 2, 4, 5, 3);
    assertEquals(
        Shape.of(5, 2, 3, 4),
        new Conv3D(5, 3, "relu").padding("same").outputShape(Shape.of(1, 2, 3, 4)));
  }

  @Test
  void depthwiseFiltersSeeOneChannelEach() {
    DepthwiseConv2D conv = new DepthwiseConv2D(2).depthMultiplier(3).stride(2);
    check(conv, new int[] {2, 2}, ONE, NO_PADDING, 2, 2, 2, 5, 4);
    assertEquals(Shape.of(6, 1, 2, 2), kernel(conv).shape());
  }

  @Test
  void separableIsDepthwiseThenPointwise() {
    SeparableConv2D both = Built.of(new SeparableConv2D(3, 2, "relu").depthMultiplier(2), 2, 4, 5);
    DepthwiseConv2D first =
        Built.of(new DepthwiseConv2D(2).depthMultiplier(2).useBias(false), 2, 4, 5);
    Conv2D second = Built.of(new Conv2D(3, 1, "relu"), 4, 3, 4);
    Built.set(both, "bias", 0.1f, -0.2f, 0.3f);
    Built.set(second, "bias", 0.1f, -0.2f, 0.3f);
    copy(both, "depthwise_kernel", first);
    copy(both, "pointwise_kernel", second);
    Tensor x = Built.normal(2, 2, 4, 5);
    assertArrayEquals(
        second.apply(first.apply(x, false), false).toDoubleArray(),
        both.apply(x, false).toDoubleArray());
    assertEquals(3, both.weights().size());
  }

  private static void copy(Layer from, String role, Layer to) {
    Tensor kernel = Built.weight(to, "kernel").value();
    kernel.backend().copy(Built.weight(from, role).value().data(), kernel.data());
  }

  @Test
  void transposedExtentsAreThoseOfKeras() {
    Shape in = Shape.of(2, 4, 5);
    assertEquals(Shape.of(3, 6, 7), new Conv2DTranspose(3, 3).outputShape(in));
    assertEquals(Shape.of(3, 9, 11), new Conv2DTranspose(3, 3).stride(2).outputShape(in));
    assertEquals(
        Shape.of(3, 8, 10), new Conv2DTranspose(3, 3).stride(2).padding("same").outputShape(in));
    // Filters that leave gaps between them: (4 − 1) · 3 + 3.
    assertEquals(Shape.of(3, 12, 15), new Conv2DTranspose(3, 2).stride(3).outputShape(in));
    assertEquals(Shape.of(1, 8, 9), new Conv2DTranspose(1, 3).dilation(2).outputShape(in));
  }

  @Test
  void transposedConvolutionsAreThoseOfLoops() {
    checkTransposed(new Conv2DTranspose(3, 3).stride(2), 2, 1, 0);
    checkTransposed(new Conv2DTranspose(3, 3).stride(2).padding("same"), 2, 1, 0);
    checkTransposed(new Conv2DTranspose(3, 5).padding("same"), 1, 1, 2);
    checkTransposed(new Conv2DTranspose(2, 2).stride(3), 3, 1, 0);
    checkTransposed(new Conv2DTranspose(2, 2).dilation(3), 1, 3, 0);
  }

  private static void checkTransposed(Conv2DTranspose layer, int stride, int dilation, int low) {
    Built.of(layer.biasInitializer(Initializer.constant(0.5)), 2, 4, 3);
    Tensor x = Built.normal(2, 2, 4, 3);
    Tensor y = layer.apply(x, false);
    int[] lows = {low, low};
    double[] expected =
        ScalarConv.of(
                y,
                kernel(layer),
                x,
                new int[] {stride, stride},
                new int[] {dilation, dilation},
                lows,
                1)
            .transposed(x.toDoubleArray(), kernel(layer).toDoubleArray());
    for (int i = 0; i < expected.length; i++) {
      expected[i] += 0.5;
    }
    assertArrayEquals(expected, y.toDoubleArray(), 1e-12);
  }

  @Test
  void emptyBatches() {
    Conv1D conv = Built.of(new Conv1D(2, 3), 2, 5);
    assertEquals(Shape.of(0, 2, 3), conv.apply(Built.normal(0, 2, 5), false).shape());
  }

  @Test
  void wrongSettings() {
    assertEquals(
        "Conv1D: filters must be at least 1, not 0",
        assertThrows(IllegalArgumentException.class, () -> new Conv1D(0, 3)).getMessage());
    assertEquals(
        "Conv2D: the kernel must have 1 or 2 extents, not 3",
        Built.refusal(() -> new Conv2D(1, new int[] {1, 2, 3})));
    assertEquals(
        "Conv2D: groups must be at least 1 and divide the 4 filters, not 3",
        assertThrows(IllegalArgumentException.class, () -> new Conv2D(4, 1).groups(3))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> new Conv2D(4, 1).groups(0));
    assertThrows(IllegalArgumentException.class, () -> new Conv2D(4, 1).stride(1, 2, 3));
    assertThrows(IllegalArgumentException.class, () -> new Conv2D(4, 1).stride(0));
    assertThrows(IllegalArgumentException.class, () -> new Conv2D(4, 1).dilation(0));
    assertThrows(IllegalArgumentException.class, () -> new Conv3D(4, 0));
    assertThrows(IllegalArgumentException.class, () -> new DepthwiseConv2D(1).depthMultiplier(0));
    assertThrows(IllegalArgumentException.class, () -> new SeparableConv2D(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Conv2DTranspose(0, 1));
    Conv1D built = Built.of(new Conv1D(1, 1), 1, 1);
    assertThrows(IllegalStateException.class, () -> built.stride(2));
    assertThrows(IllegalStateException.class, () -> built.dilation(2));
    assertThrows(IllegalStateException.class, () -> built.groups(1));
  }

  @Test
  void wrongInputs() {
    assertEquals(
        "Conv1D 'conv1d': input must be series, [n, c, steps], not [n, 7]; put new Reshape(1, 7)"
            + " before it",
        Built.refusal(() -> new Conv1D(1, 3).outputShape(Shape.of(7))));
    assertEquals(
        "Conv3D 'conv3d': input must be volumes, [n, c, d, h, w], not [n, 2, 3, 4]; put new"
            + " Reshape(1, 2, 3, 4) before it",
        Built.refusal(() -> new Conv3D(1, 3).outputShape(Shape.of(2, 3, 4))));
    assertEquals(
        "Conv1D 'conv1d': input must be at least as large as the window, 5, not 4 (input [n, 1,"
            + " 4])",
        Built.refusal(() -> new Conv1D(1, 3).dilation(2).outputShape(Shape.of(1, 4))));
    assertEquals(
        "Conv2D 'conv2d': groups, 2, must divide the 3 channels of the input, [n, 3, 5, 5]",
        Built.refusal(() -> new Conv2D(4, 3).groups(2).outputShape(Shape.of(3, 5, 5))));
    DepthwiseConv2D built = Built.of(new DepthwiseConv2D(1), 2, 3, 3);
    assertEquals(
        "DepthwiseConv2D 'depthwise_conv2d': input must have 2 channels, not 3 (input [n, 3, 3, 3],"
            + " kernel [2, 1, 1, 1])",
        Built.refusal(() -> built.apply(Built.normal(1, 3, 3, 3), false)));
    assertEquals(
        "Conv2DTranspose 'conv2d_transpose': an axis can not have 3000000000 elements (input [n, 1,"
            + " 3, 1])",
        Built.refusal(
            () -> new Conv2DTranspose(1, 1).stride(1_000_000_000).outputShape(Shape.of(1, 3, 1))));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Conv2DTranspose(1, 1).outputShape(Shape.of(1, 0, 1)));
  }
}
