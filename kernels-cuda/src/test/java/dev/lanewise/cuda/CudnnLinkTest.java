package dev.lanewise.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.Shape;
import dev.lanewise.bindings.cuda.Cudnn;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.PoolSpec;
import dev.lanewise.kernel.Window;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** cuDNN's descriptors, and that its shapes are those of the specs. */
class CudnnLinkTest {

  /** One spatial axis; the input is as long as it must be, and by {@code more} longer. */
  record Axis(int kernel, int stride, int dilation, int padding, int more) {
    /** cuDNN has no convolution over one axis: it is given a second one like this. */
    static final Axis ONE = new Axis(1, 1, 1, 0, 0);

    int extent() {
      return Math.max(1, dilation * (kernel - 1) + 1 - 2 * padding) + more;
    }
  }

  /** The spatial axes, and the parts of the channels. */
  record Geometry(List<Axis> axes, int batch, int groups, int inOfGroup, int outOfGroup) {
    int[] each(ToIntFunction<Axis> of) {
      return axes.stream().mapToInt(of).toArray();
    }

    /** The values for cuDNN, which has at least two axes. */
    int[] eachOfTwo(ToIntFunction<Axis> of) {
      return twoAxes().mapToInt(of).toArray();
    }

    private Stream<Axis> twoAxes() {
      return axes.size() > 1 ? axes.stream() : Stream.of(axes.getFirst(), Axis.ONE);
    }

    Shape input() {
      return shape(batch, groups * inOfGroup, each(Axis::extent));
    }

    Shape filter() {
      return shape(groups * outOfGroup, inOfGroup, each(Axis::kernel));
    }

    Window window() {
      return Window.of(each(Axis::kernel))
          .withStride(each(Axis::stride))
          .withDilation(each(Axis::dilation))
          .withPadding(each(Axis::padding));
    }

    private static Shape shape(int first, int second, int[] spatial) {
      return Shape.of(
          IntStream.concat(IntStream.of(first, second), Arrays.stream(spatial)).toArray());
    }
  }

  /** {@return the extents for cuDNN: those of a shape with one spatial axis get a second of 1} */
  private static int[] forCudnn(Shape shape) {
    int[] dims = Arrays.copyOf(shape.dims(), Math.max(4, shape.rank()));
    if (shape.rank() == 3) {
      dims[3] = 1;
    }
    return dims;
  }

  private static Arbitrary<Geometry> geometries(Arbitrary<Axis> axis, int axes) {
    Arbitrary<Integer> few = Arbitraries.integers().between(1, 4);
    return Combinators.combine(axis.list().ofMinSize(1).ofMaxSize(axes), few, few, few, few)
        .as(Geometry::new);
  }

  @Provide
  Arbitrary<Geometry> convolutions() {
    Arbitrary<Axis> axis =
        Combinators.combine(
                Arbitraries.integers().between(1, 5),
                Arbitraries.integers().between(1, 4),
                Arbitraries.integers().between(1, 3),
                Arbitraries.integers().between(0, 6),
                Arbitraries.integers().between(0, 9))
            .as(Axis::new);
    return geometries(axis, 3);
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void aConvolutionsOutputHasTheShapeOfTheSpec(@ForAll("convolutions") Geometry geometry) {
    ConvSpec spec =
        ConvSpec.of(geometry.input(), geometry.filter(), geometry.window(), geometry.groups());
    try (var shapes = new CudnnShapes()) {
      assertEquals(0, shapes.setTensor(forCudnn(spec.input())));
      assertEquals(0, shapes.setFilter(forCudnn(spec.filter())));
      assertEquals(
          0,
          shapes.setConvolution(
              geometry.eachOfTwo(Axis::padding),
              geometry.eachOfTwo(Axis::stride),
              geometry.eachOfTwo(Axis::dilation)));
      assertEquals(0, shapes.setGroups(geometry.groups()));
      int[] output = new int[forCudnn(spec.output()).length];
      assertEquals(0, shapes.convolutionOutput(output), CudnnShapes::lastError);
      assertArrayEquals(forCudnn(spec.output()), output);
    }
  }

  @Provide
  Arbitrary<Geometry> poolings() {
    Arbitrary<Axis> axis =
        Arbitraries.integers()
            .between(1, 5)
            .flatMap(
                kernel ->
                    Combinators.combine(
                            Arbitraries.integers().between(1, 6),
                            Arbitraries.integers().between(0, kernel / 2),
                            Arbitraries.integers().between(0, 9))
                        .as((stride, padding, more) -> new Axis(kernel, stride, 1, padding, more)));
    // Of cuDNN's question for three axes there is no binding.
    return geometries(axis, 2);
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void aPoolingsOutputHasTheShapeOfTheSpec(@ForAll("poolings") Geometry geometry) {
    PoolSpec spec = PoolSpec.of(geometry.input(), geometry.window());
    int[] kernel = geometry.eachOfTwo(Axis::kernel);
    int[] padding = geometry.eachOfTwo(Axis::padding);
    int[] stride = geometry.eachOfTwo(Axis::stride);
    try (var shapes = new CudnnShapes()) {
      assertEquals(0, shapes.setTensor(forCudnn(spec.input())));
      assertEquals(0, shapes.setPooling(kernel, padding, stride));
      int[] output = new int[4];
      assertEquals(0, shapes.poolingOutput(output), CudnnShapes::lastError);
      assertArrayEquals(forCudnn(spec.output()), output);

      Arrays.fill(output, -1);
      assertEquals(0, shapes.setPooling2d(kernel, padding, stride));
      assertEquals(0, shapes.poolingOutput(output), CudnnShapes::lastError);
      assertArrayEquals(forCudnn(spec.output()), output);
    }
  }

  @Test
  void aStrideOfTwoWithPaddingHalvesTheImage() {
    try (var shapes = new CudnnShapes()) {
      assertEquals(0, shapes.setTensor(2, 3, 32, 32));
      assertEquals(0, shapes.setFilter(8, 3, 3, 3));
      int[] ones = {1, 1};
      assertEquals(0, shapes.setConvolution(ones, new int[] {2, 2}, ones));
      int[] output = new int[4];
      assertEquals(0, shapes.convolutionOutput(output));
      assertArrayEquals(new int[] {2, 8, 16, 16}, output);
    }
  }

  @Test
  void aTensorKeepsItsExtentsAndStrides() {
    try (var shapes = new CudnnShapes()) {
      int[] dims = {2, 3, 4, 5, 6};
      int[] strides = {360, 1, 90, 18, 3}; // channels last
      assertEquals(0, shapes.setTensor(dims, strides));
      int[] readDims = new int[5];
      int[] readStrides = new int[5];
      assertEquals(0, shapes.getTensor(readDims, readStrides));
      assertArrayEquals(dims, readDims);
      assertArrayEquals(strides, readStrides);
    }
  }

  private static final int[] ONES = {1, 1};
  private static final int[] ZEROS = {0, 0};

  /** What is wrong, the call that is to fail, and cuDNN's word on it: the rule that is broken. */
  private static Stream<Arguments> badValues() {
    int[] dims = {2, 3, 4, 5};
    int[] strides = {60, 20, 5, 1};
    return Stream.of(
        bad("an empty axis", s -> s.setTensor(new int[] {2, 0, 4, 5}, strides), "dimA[i] <= 0"),
        bad("a step of 0", s -> s.setTensor(dims, new int[] {60, 20, 0, 1}), "strideA[i] == 0"),
        bad("an empty kernel", s -> s.setFilter(2, 3, 0, 1), "filterDimA[i] <= 0"),
        bad("no stride", s -> s.setConvolution(ZEROS, ZEROS, ONES), "strideA[i] <= 0"),
        bad("padding", s -> s.setConvolution(new int[] {-1, 0}, ONES, ONES), "padA[i] < 0"),
        bad("no dilation", s -> s.setConvolution(ZEROS, ONES, ZEROS), "dilationA[i] <= 0"),
        bad("pooling without stride", s -> s.setPooling(ONES, ZEROS, ZEROS), "strideA[i] <= 0"),
        bad("channels", CudnnLinkTest::outputOfOtherChannels, "inputTensorDesc->dimA[1] !="));
  }

  private static Arguments bad(String what, ToIntFunction<CudnnShapes> call, String rule) {
    return Arguments.of(what, call, rule);
  }

  /** {@return the status of asking for the output over 4 channels of a filter for 3} */
  private static int outputOfOtherChannels(CudnnShapes shapes) {
    assertEquals(0, shapes.setTensor(1, 4, 8, 8));
    assertEquals(0, shapes.setFilter(2, 3, 3, 3));
    assertEquals(0, shapes.setConvolution(ZEROS, ONES, ONES));
    return shapes.convolutionOutput(new int[4]);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badValues")
  void aBadValueIsRefusedWithTheRule(String what, ToIntFunction<CudnnShapes> call, String rule) {
    assertEquals(2000, Cudnn.CUDNN_STATUS_BAD_PARAM());
    assertEquals("CUDNN_STATUS_BAD_PARAM", Cudnn.cudnnGetErrorString(2000).getString(0));
    try (var shapes = new CudnnShapes()) {
      CudnnShapes.lastError(); // forgets an earlier one
      assertEquals(2000, call.applyAsInt(shapes), what);
      String reason = CudnnShapes.lastError();
      assertTrue(reason.contains(rule), reason);
    }
  }
}
