package dev.lanewise.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.DeviceException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.bindings.cuda.Cudnn;
import dev.lanewise.cuda.fake.DriverDouble;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.NormSpec;
import dev.lanewise.kernel.PoolSpec;
import dev.lanewise.kernel.Window;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What cuDNN is asked, and how often. */
final class DnnDoubleTest {
  private final DriverDouble cuda = DriverDouble.install();
  private CudaBackend backend;

  @BeforeEach
  void open() {
    backend = DoubleBackend.open();
  }

  @AfterEach
  void close() {
    DoubleBackend.close(backend);
  }

  private NdArray ones(Shape shape) {
    float[] values = new float[(int) shape.size()];
    Arrays.fill(values, 1);
    return NdArray.of(backend, values, shape.dims());
  }

  private NdArray empty(Shape shape) {
    return backend.uninitialized(DType.F32, shape);
  }

  @Test
  void aConvolutionIsPlannedOnceWithoutTf32AndDeterministic() {
    Window window = Window.of(3, 3).withPadding(1, 1);
    ConvSpec spec = ConvSpec.of(Shape.of(2, 16, 8, 8), Shape.of(8, 16, 3, 3), window, 1);
    NdArray x = ones(spec.input());
    NdArray filter = ones(spec.filter());
    NdArray out = empty(spec.output());
    for (int i = 0; i < 3; i++) {
      backend.conv(spec, x, filter, out);
      backend.convBackwardData(spec, out, filter, empty(spec.input()));
      backend.convBackwardFilter(spec, x, out, empty(spec.filter()));
    }
    assertEquals(144, out.get(0, 0, 4, 4));
    assertEquals(64, out.get(0, 0, 0, 0));
    assertEquals(1, cuda.calls("cudnnGetConvolutionForwardAlgorithm_v7"));
    assertEquals(1, cuda.calls("cudnnGetConvolutionBackwardDataAlgorithm_v7"));
    assertEquals(1, cuda.calls("cudnnGetConvolutionBackwardFilterAlgorithm_v7"));
    assertEquals("[F32]", cuda.math().precisions().toString());
    assertEquals(List.of(), cuda.math().nonDeterministicCalls());
  }

  @Test
  void paddingOnOneSideIsPutAroundTheImage() {
    Window window = Window.of(2).withPadding(new int[] {0}, new int[] {1});
    ConvSpec spec = ConvSpec.of(Shape.of(1, 1, 3), Shape.of(1, 1, 2), window, 1);
    NdArray x = NdArray.of(backend, new float[] {1, 2, 4}, 1, 1, 3);
    NdArray filter = NdArray.of(backend, new float[] {1, 10}, 1, 1, 2);
    NdArray out = empty(spec.output());
    backend.conv(spec, x, filter, out);
    assertArrayEquals(new float[] {21, 42, 4}, out.toFloatArray());
    NdArray xGrad = empty(spec.input());
    backend.convBackwardData(spec, x, filter, xGrad);
    assertArrayEquals(new float[] {1, 12, 24}, xGrad.toFloatArray());
    NdArray filterGrad = empty(spec.filter());
    backend.convBackwardFilter(spec, x, x, filterGrad);
    assertArrayEquals(new float[] {21, 10}, filterGrad.toFloatArray());
  }

  @Test
  void sumsOfNothingAreZero() {
    ConvSpec noChannels = ConvSpec.of(Shape.of(1, 0, 3), Shape.of(2, 0, 2), Window.of(2), 1);
    NdArray out = ones(noChannels.output());
    backend.conv(noChannels, empty(noChannels.input()), empty(noChannels.filter()), out);
    assertArrayEquals(new float[4], out.toFloatArray());
    ConvSpec noImages = ConvSpec.of(Shape.of(0, 1, 3), Shape.of(2, 1, 2), Window.of(2), 1);
    NdArray grad = ones(noImages.filter());
    backend.convBackwardFilter(noImages, empty(noImages.input()), empty(noImages.output()), grad);
    assertArrayEquals(new float[4], grad.toFloatArray());
    assertEquals(0, cuda.calls("cudnnConvolutionForward"));
    assertEquals(0, cuda.calls("cudnnConvolutionBackwardFilter"));
  }

  @Test
  void whichPoolingsAreCudnns() {
    Shape images = Shape.of(2, 3, 9, 9);
    Window two = Window.of(2, 2).withStride(2, 2);
    assertTrue(DnnPooling.canDo(PoolSpec.of(images, two)));
    assertTrue(DnnPooling.canDo(PoolSpec.global(images)));
    assertTrue(DnnPooling.canDo(PoolSpec.of(images, Window.of(3, 3).withPadding(1, 1))));
    assertFalse(DnnPooling.canDo(PoolSpec.of(images, two, true)));
    assertFalse(DnnPooling.canDo(PoolSpec.adaptive(images, 4, 4)));
    assertFalse(DnnPooling.canDo(PoolSpec.of(images, two.withDilation(2, 2))));
    Window lopsided = two.withPadding(new int[] {0, 0}, new int[] {1, 1});
    assertFalse(DnnPooling.canDo(PoolSpec.of(images, lopsided)));
  }

  @Test
  void whichNormalizationsAreCudnns() {
    Shape images = Shape.of(2, 3, 4, 4);
    assertTrue(BatchNormalization.canDo(NormSpec.batch(images, 0)));
    assertTrue(BatchNormalization.canDo(NormSpec.batch(Shape.of(2, 3), 1e-5)));
    assertFalse(BatchNormalization.canDo(NormSpec.group(images, 3, 1e-5)));
    assertFalse(BatchNormalization.canDo(NormSpec.layer(images, 1, 1e-5)));
    assertFalse(BatchNormalization.canDo(NormSpec.batch(Shape.of(0, 3, 4), 1e-5)));
    assertFalse(BatchNormalization.canDo(NormSpec.batch(Shape.of(65_536, 3), 1e-5)));
  }

  @Test
  void partsOfAnArrayAreAsWellAlignedAsTheWhole() {
    assertEquals(65_535, Dnn.atOnce(65_535, 5));
    assertEquals(65_532, Dnn.atOnce(65_536, 5));
    assertEquals(20, Dnn.atOnce(1000, Integer.MAX_VALUE / 21));
    assertEquals(3, Dnn.atOnce(1000, Integer.MAX_VALUE / 3));
    assertEquals(1, Dnn.atOnce(1000, Integer.MAX_VALUE + 1L));
    NdArray x = ones(Shape.of(70_000, 3));
    NdArray out = empty(x.shape());
    backend.softmax(x, 1, out);
    assertEquals(2, cuda.calls("cudnnSoftmaxForward"));
    for (float value : out.toFloatArray()) {
      assertEquals(1 / 3f, value, 1e-6f);
    }
  }

  @Test
  void plansThatFallOutAreClosed() {
    for (int i = 1; i <= 600; i++) {
      ConvSpec spec = ConvSpec.of(Shape.of(1, 1, i), Shape.of(1, 1, 1), Window.of(1), 1);
      backend.conv(spec, ones(spec.input()), ones(spec.filter()), empty(spec.output()));
    }
    assertEquals(88, cuda.calls("cudnnDestroyConvolutionDescriptor"));
  }

  @Test
  void aPlanThatFailsLeavesNothingBehind() {
    cuda.fail("cudnnSetConvolutionGroupCount", Cudnn.CUDNN_STATUS_BAD_PARAM());
    ConvSpec spec = ConvSpec.of(Shape.of(1, 1, 3), Shape.of(1, 1, 2), Window.of(2), 1);
    NdArray x = ones(spec.input());
    NdArray filter = ones(spec.filter());
    NdArray out = empty(spec.output());
    String message =
        assertThrows(DeviceException.class, () -> backend.conv(spec, x, filter, out)).getMessage();
    assertTrue(message.contains("conv of f32 [1, 1, 3]"), message);
    backend.conv(spec, x, filter, out);
    assertArrayEquals(new float[] {2, 2}, out.toFloatArray());
  }
}
