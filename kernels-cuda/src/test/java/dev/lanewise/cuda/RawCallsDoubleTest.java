package dev.lanewise.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.array.DType;
import dev.lanewise.array.DeviceException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.bindings.cuda.Cudnn;
import dev.lanewise.cuda.fake.DriverDouble;
import dev.lanewise.kernel.reference.ReferenceBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the backend is measured against computes the same. */
class RawCallsDoubleTest {
  private final DriverDouble cuda = DriverDouble.install();
  private CudaBackend backend;
  private RawCalls raw;

  @BeforeEach
  void open() {
    backend = DoubleBackend.open();
    raw = RawCalls.of(backend);
  }

  @AfterEach
  void close() {
    DoubleBackend.close(backend);
  }

  private NdArray empty(int... dims) {
    return backend.uninitialized(DType.F32, Shape.of(dims));
  }

  @Test
  void aProduct() {
    NdArray a = NdArray.of(backend, new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    NdArray b = NdArray.of(backend, new float[] {1, 10, 2, 20, 3, 30}, 3, 2);
    NdArray out = empty(2, 2);
    raw.matmul(a, b, out);
    raw.synchronize();
    assertArrayEquals(new float[] {14, 140, 32, 320}, out.toFloatArray());
  }

  @Test
  void aCopyOfAView() {
    NdArray from = NdArray.of(backend, new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
    NdArray to = NdArray.of(backend, new float[] {0, 0, 0, 0});
    raw.copy(from.slice(0, 1, 2), to.slice(0, 1, 3));
    assertArrayEquals(new float[] {0, 3, 4, 0}, to.toFloatArray());
  }

  @Test
  void aConvolutionUntilItIsClosed() {
    NdArray x = NdArray.of(backend, new float[] {1, 2, 3, 4}, 1, 1, 2, 2);
    NdArray filter = NdArray.of(backend, new float[] {0, 0, 0, 0, 1, 10, 0, 0, 0}, 1, 1, 3, 3);
    NdArray out = empty(1, 1, 2, 2);
    RawCalls.Convolution conv = raw.conv(x, filter, 1, out);
    conv.run();
    assertArrayEquals(new float[] {21, 2, 43, 4}, out.toFloatArray());
    conv.close();
    conv.close(); // twice is once
    IllegalStateException closed = assertThrows(IllegalStateException.class, conv::run);
    assertEquals("raw conv: it was closed; make another", closed.getMessage());
  }

  @Test
  void aConvolutionThatCanNotBeMadeLeavesNothing() {
    NdArray x = empty(1, 1, 2, 2);
    NdArray filter = empty(1, 1, 1, 1);
    cuda.fail("cudnnSetConvolutionNdDescriptor", Cudnn.CUDNN_STATUS_BAD_PARAM());
    // Closing the backend fails if a descriptor lives on.
    assertThrows(DeviceException.class, () -> raw.conv(x, filter, 0, x));
  }

  @Test
  void freeMemoryIsTold() {
    long before = raw.freeBytes();
    NdArray large = empty(1 << 20);
    assertEquals(4 << 20, before - raw.freeBytes());
    assertEquals(1 << 20, large.size());
  }

  @Test
  void otherBackendsAreRefused() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> RawCalls.of(new ReferenceBackend()));
    assertEquals("raw calls: the backend is 'reference', not 'cuda'", refused.getMessage());
  }
}
