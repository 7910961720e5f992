package dev.lanewise.kernel.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.PoolSpec;
import dev.lanewise.kernel.Window;
import org.junit.jupiter.api.Test;

/** Convolutions and poolings computed by hand. */
class WindowAnchorsTest {
  private final ReferenceBackend backend = new ReferenceBackend();

  @Test
  void convSlidesWithoutFlipping() {
    Window window = Window.of(2);
    ConvSpec spec = ConvSpec.of(Shape.of(1, 1, 4), Shape.of(1, 1, 2), window, 1);
    NdArray x = NdArray.of(backend, new float[] {1, 2, 3, 4}, 1, 1, 4);
    NdArray w = NdArray.of(backend, new float[] {10, 1}, 1, 1, 2);
    NdArray out = NdArray.of(backend, new float[3], 1, 1, 3);
    backend.conv(spec, x, w, out);
    assertArrayEquals(new float[] {12, 23, 34}, out.toFloatArray());

    NdArray grad = NdArray.of(backend, new float[] {1, 0, 2}, 1, 1, 3);
    NdArray xGrad = NdArray.of(backend, new float[4], 1, 1, 4);
    backend.convBackwardData(spec, grad, w, xGrad);
    assertArrayEquals(new float[] {10, 1, 20, 2}, xGrad.toFloatArray());
    NdArray wGrad = NdArray.of(backend, new float[2], 1, 1, 2);
    backend.convBackwardFilter(spec, x, grad, wGrad);
    assertArrayEquals(new float[] {7, 10}, wGrad.toFloatArray());
  }

  @Test
  void convPadsStridesAndDilates() {
    Window window = Window.of(2).withPadding(1).withStride(2).withDilation(2);
    // Padded: 0 1 2 3 4 5 0; windows at 0, 2, 4 take elements two apart.
    ConvSpec spec = ConvSpec.of(Shape.of(1, 1, 5), Shape.of(1, 1, 2), window, 1);
    NdArray x = NdArray.of(backend, new float[] {1, 2, 3, 4, 5}, 1, 1, 5);
    NdArray w = NdArray.of(backend, new float[] {10, 1}, 1, 1, 2);
    NdArray out = NdArray.of(backend, new float[3], 1, 1, 3);
    backend.conv(spec, x, w, out);
    assertArrayEquals(new float[] {2, 24, 40}, out.toFloatArray());
  }

  @Test
  void convPutsAnOddRestOfSamePaddingBehind() {
    ConvSpec spec =
        ConvSpec.of(Shape.of(1, 1, 3), Shape.of(1, 1, 2), Window.of(2).withSamePadding(), 1);
    NdArray x = NdArray.of(backend, new float[] {1, 2, 3}, 1, 1, 3);
    NdArray w = NdArray.of(backend, new float[] {10, 1}, 1, 1, 2);
    NdArray out = NdArray.of(backend, new float[3], 1, 1, 3);
    backend.conv(spec, x, w, out);
    assertArrayEquals(new float[] {12, 23, 30}, out.toFloatArray());
  }

  @Test
  void convKeepsGroupsApart() {
    ConvSpec spec = ConvSpec.of(Shape.of(1, 4, 1), Shape.of(2, 2, 1), Window.of(1), 2);
    NdArray x = NdArray.of(backend, new float[] {1, 2, 3, 4}, 1, 4, 1);
    NdArray w = NdArray.of(backend, new float[] {1, 10, 100, 1000}, 2, 2, 1);
    NdArray out = NdArray.of(backend, new float[2], 1, 2, 1);
    backend.conv(spec, x, w, out);
    assertArrayEquals(new float[] {21, 4300}, out.toFloatArray());
    NdArray xGrad = NdArray.of(backend, new float[4], 1, 4, 1);
    backend.convBackwardData(spec, NdArray.of(backend, new float[] {1, 2}, 1, 2, 1), w, xGrad);
    assertArrayEquals(new float[] {1, 10, 200, 2000}, xGrad.toFloatArray());
  }

  @Test
  void convSumsChannelsInTwoDimensions() {
    ConvSpec spec = ConvSpec.of(Shape.of(1, 2, 2, 2), Shape.of(1, 2, 2, 2), Window.of(2, 2), 1);
    NdArray x = NdArray.of(backend, new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, 2, 2, 2);
    NdArray w = NdArray.of(backend, new float[] {1, 0, 0, 1, 0, 2, 2, 0}, 1, 2, 2, 2);
    NdArray out = NdArray.of(backend, new float[1], 1, 1, 1, 1);
    backend.conv(spec, x, w, out);
    assertArrayEquals(new float[] {1 + 4 + 12 + 14}, out.toFloatArray());
  }

  @Test
  void maxPoolTakesTheFirstOfEqualsAndNan() {
    PoolSpec spec = PoolSpec.of(Shape.of(1, 1, 2, 6), Window.of(2, 2).withStride(2, 2));
    float nan = Float.NaN;
    NdArray x =
        NdArray.of(backend, new float[] {1, 5, 0, 0, 9, nan, 5, 2, 0, 0, nan, 1}, 1, 1, 2, 6);
    NdArray out = NdArray.of(backend, new float[3], 1, 1, 1, 3);
    NdArray indices = NdArray.of(backend, new int[3], 1, 1, 1, 3);
    backend.maxPool(spec, x, out, indices);
    assertArrayEquals(new float[] {5, 0, nan}, out.toFloatArray());
    assertArrayEquals(new long[] {1, 2, 5}, indices.toLongArray());
  }

  @Test
  void maxPoolNeverTakesPaddingAndAddsGradients() {
    PoolSpec spec = PoolSpec.of(Shape.of(1, 2, 3), Window.of(3).withPadding(1));
    NdArray x = NdArray.of(backend, new float[] {-1, -2, -3, -9, -7, -8}, 1, 2, 3);
    NdArray out = NdArray.of(backend, new float[6], 1, 2, 3);
    NdArray indices = NdArray.of(backend, new int[6], 1, 2, 3);
    backend.maxPool(spec, x, out, indices);
    assertArrayEquals(new float[] {-1, -1, -2, -7, -7, -7}, out.toFloatArray());
    assertArrayEquals(new long[] {0, 0, 1, 1, 1, 1}, indices.toLongArray());
    NdArray grad = NdArray.of(backend, new float[] {1, 2, 3, 4, 5, 6}, 1, 2, 3);
    backend.maxPoolBackward(spec, grad, indices, x);
    assertArrayEquals(new float[] {3, 3, 0, 0, 15, 0}, x.toFloatArray());
  }

  @Test
  void avgPoolCountsPaddingOrNot() {
    PoolSpec spec = PoolSpec.of(Shape.of(1, 1, 3), Window.of(3).withPadding(1));
    NdArray x = NdArray.of(backend, new float[] {3, 6, 12}, 1, 1, 3);
    NdArray out = NdArray.of(backend, new float[3], 1, 1, 3);
    backend.avgPool(spec, true, x, out);
    assertArrayEquals(new float[] {3, 7, 6}, out.toFloatArray());
    backend.avgPool(spec, false, x, out);
    assertArrayEquals(new float[] {4.5f, 7, 9}, out.toFloatArray());
    NdArray grad = NdArray.of(backend, new float[] {6, 3, 12}, 1, 1, 3);
    backend.avgPoolBackward(spec, true, grad, x);
    assertArrayEquals(new float[] {3, 7, 5}, x.toFloatArray());
    backend.avgPoolBackward(spec, false, grad, x);
    assertArrayEquals(new float[] {4, 10, 7}, x.toFloatArray());
  }

  @Test
  void aLastWindowInCeilModeEndsBehindThePadding() {
    // Outputs look at -1 to 1, 1 to 3, 3 to 5, and 5 and the padding at 6: 7 is cut off.
    Window window = Window.of(3).withStride(2).withPadding(1);
    PoolSpec spec = PoolSpec.of(Shape.of(1, 1, 6), window, true);
    NdArray x = NdArray.of(backend, new float[] {3, 6, 12, 1, 2, 10}, 1, 1, 6);
    NdArray out = NdArray.of(backend, new float[4], 1, 1, 4);
    NdArray indices = NdArray.of(backend, new int[4], 1, 1, 4);
    backend.avgPool(spec, true, x, out);
    assertArrayEquals(new float[] {3, 19 / 3f, 13 / 3f, 5}, out.toFloatArray());
    backend.avgPool(spec, false, x, out);
    assertArrayEquals(new float[] {4.5f, 19 / 3f, 13 / 3f, 10}, out.toFloatArray());
    backend.maxPool(spec, x, out, indices);
    assertArrayEquals(new float[] {6, 12, 10, 10}, out.toFloatArray());
    assertArrayEquals(new long[] {1, 2, 5, 5}, indices.toLongArray());
    NdArray grad = NdArray.of(backend, new float[] {3, 6, 9, 12}, 1, 1, 4);
    backend.avgPoolBackward(spec, true, grad, x);
    assertArrayEquals(new float[] {1, 3, 2, 5, 3, 9}, x.toFloatArray());
  }

  @Test
  void adaptivePoolsCutAsEvenlyAsTheyCan() {
    PoolSpec spec = PoolSpec.adaptive(Shape.of(1, 1, 5), 3);
    NdArray x = NdArray.of(backend, new float[] {1, 3, 5, 2, 8}, 1, 1, 5);
    NdArray out = NdArray.of(backend, new float[3], 1, 1, 3);
    NdArray indices = NdArray.of(backend, new int[3], 1, 1, 3);
    backend.avgPool(spec, true, x, out);
    assertArrayEquals(new float[] {2, 10 / 3f, 5}, out.toFloatArray());
    backend.maxPool(spec, x, out, indices);
    assertArrayEquals(new float[] {3, 5, 8}, out.toFloatArray());
    assertArrayEquals(new long[] {1, 2, 4}, indices.toLongArray());
  }
}
