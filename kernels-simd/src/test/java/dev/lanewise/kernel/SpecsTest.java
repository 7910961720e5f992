package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The geometry of the specs, and the texts of their errors. */
class SpecsTest {
  private static final Shape IMAGES = Shape.of(8, 3, 28, 28);

  @Test
  void convolutionsHaveTheUsualOutputExtents() {
    assertEquals(Shape.of(8, 16, 26, 26), conv(Window.of(3, 3)));
    assertEquals(Shape.of(8, 16, 28, 28), conv(Window.of(3, 3).withSamePadding()));
    assertEquals(Shape.of(8, 16, 14, 14), conv(Window.of(3, 3).withPadding(1, 1).withStride(2, 2)));
    assertEquals(Shape.of(8, 16, 24, 20), conv(Window.of(3, 3).withDilation(2, 4)));
    assertEquals(
        Shape.of(8, 16, 28, 28), conv(Window.of(3, 3).withDilation(2, 4).withSamePadding()));
  }

  private static Shape conv(Window window) {
    return ConvSpec.of(IMAGES, Shape.of(16, 3, 3, 3), window, 1).output();
  }

  @Test
  void convolutionsThatDoNotFitSayWhy() {
    Window w = Window.of(3, 3);
    assertEquals(
        "conv: input has 3 channels but the filter expects 4 (input [8, 3, 28, 28], filter [16, 4,"
            + " 3, 3], groups 1)",
        message(() -> ConvSpec.of(IMAGES, Shape.of(16, 4, 3, 3), w, 1)));
    assertEquals(
        "conv: groups must be at least 1 and divide the filter's 16 outputs (input [8, 3, 28, 28],"
            + " filter [16, 1, 3, 3], groups 3)",
        message(() -> ConvSpec.of(IMAGES, Shape.of(16, 1, 3, 3), w, 3)));
    assertEquals(
        "conv: the window's kernel [3, 3] is not the filter's (input [8, 3, 28, 28], filter [16, 3,"
            + " 5, 5], groups 1)",
        message(() -> ConvSpec.of(IMAGES, Shape.of(16, 3, 5, 5), w, 1)));
    assertEquals(
        "conv: the window spans 3 elements of spatial axis 1 but the padded input has 2 (input [1,"
            + " 3, 5, 2], kernel [3, 3], stride [1, 1], padding [0, 0], dilation [1, 1])",
        message(() -> ConvSpec.of(Shape.of(1, 3, 5, 2), Shape.of(2, 3, 3, 3), w, 1)));
    assertThrows(
        ShapeException.class, () -> ConvSpec.of(Shape.of(8, 3), Shape.of(16, 3), Window.of(), 1));
  }

  @Test
  void windowsNeedOneEntryForEachAxis() {
    assertEquals(
        "window: stride [2] needs one entry for each axis of kernel [3, 3]",
        message(() -> Window.of(3, 3).withStride(2)));
    assertEquals(
        "window: dilation must be at least 1 ([0, 1])",
        message(() -> Window.of(3, 3).withDilation(0, 1)));
    assertThrows(ShapeException.class, () -> Window.of(0));
    assertThrows(ShapeException.class, () -> Window.of(3).withPadding(-1));
  }

  @Test
  void transposedConvolutionsHaveTheOutputThatTheirConvolutionHadAsInput() {
    Window window = Window.of(3, 3).withStride(2, 2).withPadding(1, 1);
    Shape filter = Shape.of(6, 4, 3, 3);
    ConvSpec spec = ConvSpec.transposed(Shape.of(8, 6, 14, 14), filter, window, 2, 1, 1);
    assertEquals(Shape.of(8, 8, 28, 28), spec.input());
    assertEquals(Shape.of(8, 6, 14, 14), spec.output());
    assertEquals(
        Shape.of(8, 8, 27, 27),
        ConvSpec.transposed(Shape.of(8, 6, 14, 14), filter, window, 2).input());
    assertEquals(
        "conv: input has 5 channels but the transposed filter expects 6 (input [8, 5, 14, 14],"
            + " filter [6, 4, 3, 3], groups 2, kernel [3, 3], stride [2, 2], padding [1, 1],"
            + " dilation [1, 1], output padding [])",
        message(() -> ConvSpec.transposed(Shape.of(8, 5, 14, 14), filter, window, 2)));
    assertTrue(
        message(() -> ConvSpec.transposed(Shape.of(8, 6, 14, 14), filter, window, 2, 1, 2))
            .startsWith("conv: output padding must be at least 0 and less than the stride"));
  }

  @Test
  void poolingsNeverLieInThePaddingAlone() {
    assertEquals(
        Shape.of(8, 3, 14, 14), PoolSpec.of(IMAGES, Window.of(2, 2).withStride(2, 2)).output());
    assertEquals(
        "pool: padding can be at most half the kernel (input [8, 3, 28, 28], kernel [2, 2], stride"
            + " [1, 1], padding [2, 0], dilation [1, 1])",
        message(() -> PoolSpec.of(IMAGES, Window.of(2, 2).withPadding(2, 0))));
    // The taps would be at -1 and 2, on either side of two elements.
    assertEquals(
        "pool: a padded axis must be at least as long as the dilation, or a window could lie in the"
            + " padding alone (input [1, 1, 2], kernel [2], stride [1], padding [1], dilation [3])",
        message(() -> PoolSpec.of(Shape.of(1, 1, 2), Window.of(2).withPadding(1).withDilation(3))));
    assertThrows(
        ShapeException.class, () -> PoolSpec.of(Shape.of(1, 1, 0), Window.of(2).withPadding(1)));
  }

  @Test
  void inCeilModeALastWindowTakesInWhatIsLeft() {
    Shape input = Shape.of(8, 3, 7, 9);
    Window halves = Window.of(2, 2).withStride(2, 2);
    PoolSpec spec = PoolSpec.of(input, halves, true);
    assertEquals(Shape.of(8, 3, 4, 5), spec.output());
    assertEquals(6, spec.start(0, 3));
    assertEquals(List.of(2, 2, 2, 1), taps(spec, 0));
    assertNotEquals(PoolSpec.of(input, halves), spec);
    // Positions 4, 5 and 6; 7 and 8 lie behind the padding.
    assertEquals(
        List.of(5, 5, 3),
        taps(PoolSpec.of(Shape.of(1, 1, 5), Window.of(5).withStride(3).withPadding(2), true), 0));
    // Positions 4 and 6; 8 lies behind the input.
    Window wide = Window.of(3).withStride(2).withDilation(2);
    assertEquals(List.of(3, 3, 2), taps(PoolSpec.of(Shape.of(1, 1, 8), wide, true), 0));
    // A window longer than its input, and one of nothing left over.
    assertEquals(
        List.of(2), taps(PoolSpec.of(Shape.of(1, 1, 2), Window.of(3).withStride(2), true), 0));
    Shape even = Shape.of(1, 1, 8, 6);
    assertEquals(PoolSpec.of(even, halves), PoolSpec.of(even, halves, true));
  }

  @Test
  void noWindowStartsInThePaddingBehindTheInput() {
    // The third would start at 4, the first element of the padding.
    Window window = Window.of(2).withStride(2).withPadding(new int[1], new int[] {1});
    assertEquals(List.of(2, 2), taps(PoolSpec.of(Shape.of(1, 1, 4), window, true), 0));
    Window far = Window.of(2).withStride(5).withPadding(1);
    assertEquals(List.of(2), taps(PoolSpec.of(Shape.of(1, 1, 4), far, true), 0));
    assertEquals(List.of(2, 2), taps(PoolSpec.of(Shape.of(1, 1, 5), far, true), 0));
    assertThrows(
        ShapeException.class,
        () -> PoolSpec.of(Shape.of(1, 1, 0), Window.of(1).withStride(3), true));
    assertThrows(
        ShapeException.class,
        () -> PoolSpec.of(Shape.of(1, 1, 2), Window.of(4).withStride(2), true));
    // The taps would be at -1 and 2, behind two elements.
    Window jump = Window.of(2).withStride(4).withDilation(3).withPadding(new int[] {1}, new int[1]);
    assertThrows(ShapeException.class, () -> PoolSpec.of(Shape.of(1, 1, 2), jump, true));
  }

  private static List<Integer> taps(PoolSpec spec, int axis) {
    int outputs = spec.output().dim(axis + 2);
    return IntStream.range(0, outputs).mapToObj(o -> spec.taps(axis, o)).toList();
  }

  @Test
  void adaptivePoolingsCoverTheInput() {
    Shape input = Shape.of(8, 3, 28, 10);
    PoolSpec even = PoolSpec.adaptive(input, 7, 5);
    assertEquals(
        Window.of(4, 2).withStride(4, 2).toString(), even.window().orElseThrow().toString());
    PoolSpec uneven = PoolSpec.adaptive(input, 1, 4);
    assertEquals(Shape.of(8, 3, 1, 4), uneven.output());
    assertEquals(Optional.empty(), uneven.window());
    // ⌊o · 10 / 4⌋ to ⌈(o + 1) · 10 / 4⌉: 0 to 3, 2 to 5, 5 to 8, 7 to 10.
    int[] starts = {0, 2, 5, 7};
    for (int o = 0; o < 4; o++) {
      assertEquals(starts[o], uneven.start(1, o));
      assertEquals(3, uneven.taps(1, o));
    }
    assertEquals(28, uneven.taps(0, 0));
    assertEquals(Shape.of(8, 3, 1, 1), PoolSpec.global(input).output());
    assertEquals(
        "pool: spatial extents must be at least 1 (input [8, 3, 28, 10], output [2, 0])",
        message(() -> PoolSpec.adaptive(input, 2, 0)));
    assertEquals(
        "pool: input must be [n, c, spatial...] with 1 to 3 spatial axes, and the output needs one"
            + " extent for each (input [8, 3, 28, 10], output [2])",
        message(() -> PoolSpec.adaptive(input, 2)));
    assertThrows(ShapeException.class, () -> PoolSpec.global(Shape.of(8, 3)));
  }

  @Test
  void productsHaveBroadcastBatches() {
    assertEquals(
        Shape.of(7, 5, 2, 4), MatmulSpec.outputShape(Shape.of(5, 2, 3), Shape.of(7, 1, 3, 4)));
    assertEquals(
        "matmul: inner dimensions differ: a is [2, 3], b is [4, 5] (3 != 4)",
        message(() -> MatmulSpec.outputShape(Shape.of(2, 3), Shape.of(4, 5))));
  }

  @Test
  void onlyArgumentsInAnotherLayoutOverAnOutputAreAliased() {
    NdArray square = NdArray.of(Placed.REFERENCE, new float[9], 3, 3);
    NdArray row = square.slice(0, 0, 1);
    NdArray other = NdArray.of(Placed.REFERENCE, new float[3]);
    Expr sum = Expr.arg(0).add(Expr.arg(1)).add(Expr.arg(2)).add(Expr.arg(3));
    ElementwiseSpec spec =
        ElementwiseSpec.of(
            List.of(sum),
            new NdArray[] {square},
            new double[0],
            square,
            square.permute(1, 0),
            row,
            other);
    assertArrayEquals(new boolean[] {false, true, true, false}, spec.aliased());
    assertEquals(square.shape(), spec.ins()[3].shape());
  }

  @Test
  void stripsOfRowsDoNotOverlap() {
    NdArray rows = NdArray.of(Placed.REFERENCE, new float[24], 4, 6);
    NdArray left = rows.slice(1, 0, 2);
    NdArray middle = rows.slice(1, 2, 4);
    assertFalse(Checks.overlap(left, middle));
    assertFalse(Checks.overlap(middle, left));
    assertFalse(Checks.overlap(left.slice(0, 0, 1), middle));
    assertTrue(Checks.overlap(rows.slice(1, 0, 3), middle));
    assertTrue(Checks.overlap(rows, middle));
    assertTrue(Checks.overlap(left, left));
    // Columns of a transposed view share rows of memory, and what goes around a row's end too.
    assertTrue(Checks.overlap(rows.permute(1, 0), middle));
    NdArray shifted =
        rows.view(Layout.contiguous(Shape.of(24)).slice(0, 5, 23, 1).reshape(Shape.of(3, 6)));
    assertTrue(Checks.overlap(shifted.slice(1, 0, 2), left));
    assertFalse(Checks.overlap(shifted.slice(1, 4, 5), left));
  }

  @Test
  void reduceOpsCombineAsTheirNamesSay() {
    for (ReduceOp op : ReduceOp.values()) {
      for (double x : new double[] {-2, -0.0, 0, 3, Double.NaN, Double.POSITIVE_INFINITY}) {
        for (double y : new double[] {-2, -0.0, 0, 3, Double.NaN}) {
          double expected =
              switch (op) {
                case SUM -> x + y;
                case PROD -> x * y;
                case MAX -> Math.max(x, y);
                case MIN -> Math.min(x, y);
              };
          assertEquals(expected, op.combine(x, y));
          assertEquals(expected, op.binary().apply(x, y));
        }
        assertEquals(x + 0.0, op.combine(op.identity(), x) + 0.0);
      }
    }
  }

  private static String message(Executable call) {
    return assertThrows(ShapeException.class, call).getMessage();
  }
}
